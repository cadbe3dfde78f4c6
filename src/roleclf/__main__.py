"""Run the command line, for `roleclf` and for `python -m roleclf`."""

from __future__ import annotations

import atexit
import gc
import os
import sys

__all__ = ["run"]


def run() -> None:
    """Import and run the command line; the process ends with its exit status.

    Imported objects live until the process ends, so they are kept out of garbage
    collection, which would search them again and again.
    """
    statuses: list[int] = []
    # Handlers run in reverse order, so this one runs after those of all libraries.
    atexit.register(_exit_fast, statuses)
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


def _exit_fast(statuses: list[int]) -> None:
    """End the process with its exit status, if there is one, without Python's clean-up.

    The operating system frees all memory at once. Python would free each object first,
    which takes as long as loading the model.
    """
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        # Python's own exit flushes again, reports the error and sets the status. With
        # status 1 the command line has reported it already.
        if 1 not in statuses:
            return
    if statuses:
        os._exit(statuses[0])


if __name__ == "__main__":
    run()
