"""Profile by room where one core spends its time when a table is classified.

    .venv/bin/python benchmarks/stages.py TABLE OUTPUT

Samples the stack at intervals of processor time. Prints seconds by room, as JSON, the
largest first. The time of a library counts for the room that calls it.
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

# numpy reads it when it is imported.
os.environ["OMP_NUM_THREADS"] = "1"

import roleclf
from roleclf.batch.classify import classify_file

PACKAGE: Final = Path(roleclf.__file__).parent
# Seconds of processor time between two samples; the system may sample less often.
INTERVAL: Final = 0.001


def main(source: str, target: str) -> None:
    """Classify a table and print the profile."""
    n_samples: Counter[str] = Counter()

    def sample(number: int, frame: Any) -> None:
        name = _room(frame)
        n_samples.update([name] if name else [])

    annotator = roleclf.load()
    signal.signal(signal.SIGPROF, sample)
    start = process_time()
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    classify_file(annotator, source, target)
    signal.setitimer(signal.ITIMER_PROF, 0)
    each = (process_time() - start) / n_samples.total()
    print(json.dumps({name: n * each for name, n in n_samples.most_common()}))


def _room(frame: Any) -> str | None:
    """Return the room of the innermost function of roleclf on the stack."""
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(PACKAGE):
            return path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        frame = frame.f_back
    return None


if __name__ == "__main__":
    main(*sys.argv[1:])
