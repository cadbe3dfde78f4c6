"""Runs watches in processes of their own, which somebody else kills.

The first line of stdin, a options in JSON, is for a watch of its own, so that all is
loaded that takes time. For each further one it forks a process that watches, and says
its id; for the next line it says how that process ended. Forking leaves out the start
of Python, which is no phase of a watch and would take most of the time.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import Any

import roleclf
from fakes import FakeAnnotator
from roleclf.feeds import WatchOptions, watch_feeds
from roleclf.feeds.watch.pacing import FetchPolicy


def run(options: dict[str, Any]) -> None:
    roleclf.load = lambda path: FakeAnnotator()
    paths = {name: Path(options.pop(name)) for name in ("state", "output", "feeds")}
    whole = WatchOptions(**options, **paths, allow_private=True)
    with watch_feeds(whole, policy=FetchPolicy(host_delay=0.0)) as watching:
        for _ in watching.outcomes:
            pass


def on_a_slow_disk(handle: int, sync: Callable[[int], None] = os.fsync) -> None:
    """Take as long as a disk does, so that kills come in between."""
    sleep(0.005)
    sync(handle)


def main() -> None:
    run(json.loads(sys.stdin.readline()))
    os.fsync = on_a_slow_disk
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            try:
                run(json.loads(line))
                os._exit(0)
            except BaseException:  # nothing may return from here
                traceback.print_exc()
                os._exit(1)
        print(pid, flush=True)  # noqa: T201
        sys.stdin.readline()
        # Reaped only now, so that its id is nobody else's before.
        print(os.waitpid(pid, 0)[1], flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
