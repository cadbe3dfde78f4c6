"""Fork processes that run a watch, for a test that kills them.

The first line of stdin, options in JSON, is run in this process, which imports all
that takes time. For each further line of options a process is forked that runs them,
and its id is printed; after the next line, its exit status is. Forking saves the start
of Python, which would take most of the time.
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
    roleclf.load = lambda path, reader: FakeAnnotator()
    paths = {name: Path(options.pop(name)) for name in ("state", "output", "feeds")}
    watch_options = WatchOptions(**options, **paths, allow_private=True)
    with watch_feeds(watch_options, policy=FetchPolicy(host_delay=0.0)) as session:
        for _ in session.outcomes:
            pass


def on_a_slow_disk(handle: int, sync: Callable[[int], None] = os.fsync) -> None:
    """Take as long as a disk, so that kills come in between."""
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
            except BaseException:  # a child must not return
                traceback.print_exc()
                os._exit(1)
        print(pid, flush=True)  # noqa: T201
        sys.stdin.readline()
        # Reaped only now, so that no other process gets its id before.
        print(os.waitpid(pid, 0)[1], flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
