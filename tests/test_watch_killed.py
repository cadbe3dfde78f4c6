"""A watch that is killed at any moment reports each posting exactly once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import sleep
from typing import Any

import pytest

from fakes import FakeAnnotator
from roleclf.feeds import annotate_document
from roleclf.feeds.watch.sources import feed_file_name, parse_sources
from servers import FeedServer, serving

N_KILLS = 50
# Longer than a process needs for its first lines, so that kills come before and after.
LONGEST_LIFE = 0.12
N_CHANGING = 5
SHORT = "SQL " * 500

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")


class Feeds:
    """Two feeds that change with each request."""

    def __init__(self, server: FeedServer) -> None:
        self.server = server
        self.grown: list[dict[str, str]] = []
        self.versions = [0] * N_CHANGING
        self.n_asked = 0
        self.is_settled = False
        self.urls = [
            self._serve("/grows", "127.0.0.1", self.growing),
            self._serve("/changes", "localhost", self.changing),
        ]

    def _serve(self, path: str, host: str, document: Any) -> str:
        def answer(handler: Any) -> None:
            self.server.serve(path, document())
            served = self.server.answers[path]
            self.server.answers[path] = answer
            served(handler)

        self.server.answers[path] = answer
        return self.server.url(path, host)

    def growing(self) -> str:
        """Return a feed with two more postings, the newest first."""
        for _ in range(0 if self.is_settled else 2):
            number = str(len(self.grown))
            posting = {"id": number, "title": f"Job {number}", "description": SHORT}
            self.grown.insert(0, posting)
        return json.dumps(self.grown)

    def changing(self) -> str:
        """Return a feed of which one posting has a new version."""
        if not self.is_settled:
            self.n_asked += 1
            self.versions[self.n_asked % N_CHANGING] = self.n_asked
        return json.dumps(
            [
                {"id": str(n), "title": f"Job {n}", "description": f"Version {version}"}
                for n, version in enumerate(self.versions)
            ]
        )


class Forker:
    """Talks to `forker.py`, which forks processes that the test kills."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._asked, self._said = process.stdin, process.stdout

    def begin(self, options: dict[str, Any]) -> None:
        """Have the forker itself run a watch, to import everything."""
        self._asked.write(json.dumps(options) + "\n")

    def start(self, options: dict[str, Any]) -> int:
        return int(self._answer(json.dumps(options)))

    def end(self) -> int:
        """Return the exit status of the process, as `os.waitpid` does."""
        return int(self._answer("end"))

    def _answer(self, line: str) -> str:
        self._asked.write(line + "\n")
        self._asked.flush()
        return self._said.readline()


@contextmanager
def forking() -> Iterator[Forker]:
    path = Path(__file__).with_name("forker.py")
    with subprocess.Popen(  # noqa: S603
        [sys.executable, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        yield Forker(process)
    assert process.returncode == 0


def size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def test_a_killed_watch_reports_each_posting_once(tmp_path: Path) -> None:
    random = Random(7)  # noqa: S311
    output, wrote = tmp_path / "out.jsonl", Counter[bool]()
    options: dict[str, Any] = {
        "state": str(tmp_path / "state.db"),
        "output": str(output),
        "feeds": str(tmp_path / "feeds"),
        "every": 0.0,
    }
    with serving() as server, forking() as forker:
        feeds = Feeds(server)
        options["sources"] = feeds.urls
        own = {name: f"{options[name]}-own" for name in ("state", "output", "feeds")}
        forker.begin({**options, **own, "every": None})
        for _ in range(N_KILLS):
            before = size_of(output)
            pid = forker.start(options)
            sleep(random.uniform(0, LONGEST_LIFE))
            os.kill(pid, signal.SIGKILL)
            assert forker.end() == signal.SIGKILL
            wrote[size_of(output) > before] += 1
        feeds.is_settled = True
        forker.start({**options, "every": None})
        assert forker.end() == 0
        served = {"/grows": feeds.growing(), "/changes": feeds.changing()}
    assert min(wrote[True], wrote[False]) >= 5, wrote
    lines = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    told = Counter((line["source"], line["id"], line["description"]) for line in lines)
    assert set(told.values()) == {1}
    of_growing = [line["id"] for line in lines if line["source"] == feeds.urls[0]]
    assert Counter(of_growing) == Counter(posting["id"] for posting in feeds.grown)
    of_changing = (line for line in lines if line["source"] == feeds.urls[1])
    last = {line["id"]: line["description"] for line in of_changing}
    assert [last[str(n)] for n in range(N_CHANGING)] == [
        f"Version {version}" for version in feeds.versions
    ]
    for source, document in zip(
        parse_sources(feeds.urls), served.values(), strict=True
    ):
        feed = (tmp_path / "feeds" / feed_file_name(source)).read_text("utf-8")
        assert feed == annotate_document(FakeAnnotator(), document).document
