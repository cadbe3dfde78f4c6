"""Run the command line: what `roleclf` and `python -m roleclf` begin with."""

from __future__ import annotations

import gc

__all__ = ["run"]


def run() -> None:
    """Import the command line and run it.

    What is imported stays to the end. Python would search it again and again for what
    can go, as if a program were at work.
    """
    gc.disable()
    from roleclf.cli import main

    gc.freeze()
    gc.enable()
    main(prog_name="roleclf")


if __name__ == "__main__":
    run()
