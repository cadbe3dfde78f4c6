"""Run the command line: what `roleclf` and `python -m roleclf` begin and end with."""

from __future__ import annotations

import atexit
import gc
import os
import sys

__all__ = ["run"]


def run() -> None:
    """Import the command line and run it.

    What is imported stays to the end. Python would search it again and again for what
    can go, as if a program were at work. The process ends as the command does, whoever
    called this.
    """
    statuses: list[int] = []
    # Called last, behind all that libraries register from here on.
    atexit.register(_end, statuses)
    gc.disable()
    from roleclf.cli import main

    gc.freeze()
    gc.enable()
    try:
        main(prog_name="roleclf")
    except SystemExit as end:
        if isinstance(end.code, int):
            statuses.append(end.code)
        raise


def _end(statuses: list[int]) -> None:
    """End the process with the status it has, if it has one.

    All that is there goes with the process. To take it apart piece by piece first, as
    Python does, takes as long as to read the model.
    """
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        # Python meets it again and says so, with its own status; but 1 is told already.
        if 1 not in statuses:
            return
    if statuses:
        os._exit(statuses[0])


if __name__ == "__main__":
    run()
