"""How many cores this process may use, and how many threads libraries may start.

Step 6 of the line, before `processes`: what a command asks before there is any work.
"""

from __future__ import annotations

import os
from typing import Final

__all__ = ["ONE_THREAD", "n_cores", "use_one_thread"]

# Threads of numpy's libraries would only take the cores from other workers.
ONE_THREAD: Final = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # pyarrow has one that tidies up memory, of a kind that is not used here.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


def n_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def use_one_thread() -> None:
    """Have numpy and pyarrow, unless they are there, use one thread if none says else.

    A process that has no other thread can be copied, and its workers need no start.
    """
    for name, value in ONE_THREAD.items():
        os.environ.setdefault(name, value)
