"""Kill `roleclf watch` at random moments, and see that no posting is lost or repeated.

Half of the processes ask once, half of them again and again, each until it is killed.
The feed grows with each request. Run it by hand: `python benchmarks/kills.py`.
"""

from __future__ import annotations

import csv
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

ROOT = Path(__file__).parents[1]
N_KILLS = 50
N_NEW = 25
SEED = 20
# Of a single round's time, and in seconds.
LONGEST_LIFE = {"--once": 1.05, "--every": 4.0}


class Feed(ThreadingHTTPServer):
    """A feed with new postings, and one changed, each time somebody asks."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        with (ROOT / "corpora/sample/postings.csv").open(encoding="utf-8") as rows:
            self.texts = cycle(list(csv.DictReader(rows)))
        self.postings: list[dict[str, str]] = []
        self.is_growing = True
        self.n_asked = 0

    def document(self) -> bytes:
        """Return the feed as it is now."""
        for _ in range(N_NEW if self.is_growing else 0):
            text = next(self.texts)
            self.postings.append(
                {
                    "id": f"p{len(self.postings)}",
                    "title": text["title"],
                    "description": text["description"],
                }
            )
        return json.dumps(self.postings).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers every request with the feed."""

    server: Feed

    def do_GET(self) -> None:
        """Answer."""
        self.server.n_asked += 1
        body = self.server.document()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


def main() -> None:
    """Kill, and say what is left."""
    server = Feed()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        _try(server, Path(folder))
    server.shutdown()


def _try(server: Feed, folder: Path) -> None:
    random = Random(SEED)  # noqa: S311
    once, loop = _command(server, folder, "--once"), _command(server, folder, "--every")
    start = perf_counter()
    subprocess.run(once, check=True, stderr=subprocess.DEVNULL)  # noqa: S603
    life = perf_counter() - start
    print(f"a single round takes {life:.2f} s")
    phases: Counter[str] = Counter()
    while phases.total() - phases["ended before"] < N_KILLS:
        kind = random.choice(["--once", "--every"])
        longest = LONGEST_LIFE[kind] * (life if kind == "--once" else 1.0)
        command = once if kind == "--once" else loop
        before = _progress(server, folder)
        is_killed = _killed(command, random.uniform(0, longest))
        phases[_phase(before, _progress(server, folder), is_killed)] += 1
    for phase, n in phases.most_common():
        print(f"{n:4} {phase}")
    server.is_growing = False
    subprocess.run(once, check=True)  # noqa: S603
    _report(server, folder)


def _command(server: Feed, folder: Path, kind: str) -> list[str]:
    url = f"http://127.0.0.1:{server.server_address[1]}/jobs.json"
    paths = ["--state", str(folder / "state.db"), "-o", str(folder / "out.jsonl")]
    more = ["--feeds", str(folder / "feeds"), "--allow-private", kind]
    command = [sys.executable, "-m", "roleclf", "watch", url, *paths, *more]
    return [*command, "1s"] if kind == "--every" else command


def _killed(command: list[str], seconds: float) -> bool:
    """Kill a process after some time; tell whether it was still there."""
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.wait() == -signal.SIGKILL


def _progress(server: Feed, folder: Path) -> tuple[int, int, int]:
    """Return the requests, the polls that are remembered, and the lines that wait.

    It looks into a copy of the state, so that nothing is mended here.
    """
    with tempfile.TemporaryDirectory() as copy:
        for path in folder.glob("state.db*"):
            shutil.copy(path, copy)
        state = sqlite3.connect(Path(copy) / "state.db")
        polls = state.execute("SELECT number FROM source").fetchone()[0]
        waiting = state.execute("SELECT count(*) FROM pending").fetchone()[0]
        state.close()
    return server.n_asked, polls, waiting


def _phase(
    before: tuple[int, int, int], after: tuple[int, int, int], is_killed: bool
) -> str:
    if not is_killed:
        return "ended before"
    n_asked, n_polls = after[0] - before[0], after[1] - before[1]
    if n_asked > n_polls:
        return "killed in a poll, before its commit"
    if after[2]:
        return "killed with lines committed and not yet told of"
    return f"killed {'between polls' if n_polls else 'before its first request'}"


def _report(server: Feed, folder: Path) -> None:
    text = (folder / "out.jsonl").read_text("utf-8")
    told = Counter(json.loads(line)["id"] for line in text.split("\n")[:-1])
    served = {posting["id"] for posting in server.postings}
    print(f"{len(served)} postings served, {told.total()} lines")
    print(f"{len(served - told.keys())} lost, {told.total() - len(told)} repeated")
    if told != Counter(served):
        raise SystemExit("not each of them once")


if __name__ == "__main__":
    main()
