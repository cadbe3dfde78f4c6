"""Say where one core spends its time when a table is classified.

    .venv/bin/python benchmarks/stages.py TABLE OUTPUT

Prints seconds of processor time by module, as JSON, the largest first. The time of a
library counts for the module that calls it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from time import process_time
from typing import Any, Final

# Before numpy is loaded, which reads it then.
os.environ["OMP_NUM_THREADS"] = "1"

import roleclf
from roleclf.batch.classify import classify_file

PACKAGE: Final = Path(roleclf.__file__).parent
# Seconds of processor time between two looks; the system may look less often.
INTERVAL: Final = 0.001


def main(source: str, target: str) -> None:
    """Look again and again at what runs."""
    n_seen: Counter[str] = Counter()

    def look(number: int, frame: Any) -> None:
        name = _module(frame)
        n_seen.update([name] if name else [])

    annotator = roleclf.load()
    signal.signal(signal.SIGPROF, look)
    start = process_time()
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    classify_file(annotator, source, target)
    signal.setitimer(signal.ITIMER_PROF, 0)
    each = (process_time() - start) / n_seen.total()
    print(json.dumps({name: n * each for name, n in n_seen.most_common()}))


def _module(frame: Any) -> str | None:
    """Return the innermost module of roleclf among what called `frame`."""
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(PACKAGE):
            return path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        frame = frame.f_back
    return None


if __name__ == "__main__":
    main(*sys.argv[1:])
