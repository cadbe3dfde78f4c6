"""Run the command line: what `roleclf` and `python -m roleclf` begin with."""

from __future__ import annotations

import atexit
import gc

__all__ = ["run"]


def run() -> None:
    """Import the command line and run it.

    What is imported stays to the end. Python would search it again and again for what
    can go, as if a program were at work.
    """
    # All that is there at the end goes with the process. To search it for cycles first
    # takes three times as long as the rest of ending.
    atexit.register(gc.freeze)
    gc.disable()
    from roleclf.cli import main

    gc.freeze()
    gc.enable()
    main(prog_name="roleclf")


if __name__ == "__main__":
    run()
