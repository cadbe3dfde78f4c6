"""Kill `roleclf watch` at random moments; check that no posting is lost or repeated.

Half of the processes poll once, half of them every second, each until it is killed. The
feed grows with each request. Run it by hand: `python benchmarks/kills.py`.
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
# Postings that the feed gains with each request.
N_NEW = 25
SEED = 20
# Until the kill at the latest: as a multiple of the time of one poll, and in seconds.
LONGEST_LIFE = {"--once": 1.05, "--every": 4.0}


class Feed(ThreadingHTTPServer):
    """A server of a feed that has new postings at each request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        with (ROOT / "corpora/sample/postings.csv").open(encoding="utf-8") as rows:
            self.texts = cycle(list(csv.DictReader(rows)))
        self.postings: list[dict[str, str]] = []
        self.is_growing = True
        self.n_requests = 0

    def document(self) -> bytes:
        """Return the feed as JSON, with new postings while it grows."""
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
    """Answers every request with the whole feed."""

    server: Feed

    def do_GET(self) -> None:
        """Send the feed."""
        self.server.n_requests += 1
        body = self.server.document()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing."""


def main() -> None:
    """Kill processes, and report postings that are lost or repeated."""
    server = Feed()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        _kill_many(server, Path(folder))
    server.shutdown()


def _kill_many(server: Feed, folder: Path) -> None:
    random = Random(SEED)  # noqa: S311
    command_by_kind = {kind: _command(server, folder, kind) for kind in LONGEST_LIFE}
    once = command_by_kind["--once"]
    start = perf_counter()
    subprocess.run(once, check=True, stderr=subprocess.DEVNULL)  # noqa: S603
    poll_time = perf_counter() - start
    print(f"a single round takes {poll_time:.2f} s")
    phases: Counter[str] = Counter()
    while phases.total() - phases["ended before"] < N_KILLS:
        kind = random.choice(["--once", "--every"])
        longest = LONGEST_LIFE[kind] * (poll_time if kind == "--once" else 1.0)
        before = _progress(server, folder)
        is_killed = _run_and_kill(command_by_kind[kind], random.uniform(0, longest))
        phases[_phase(before, _progress(server, folder), is_killed)] += 1
    for phase, n in phases.most_common():
        print(f"{n:4} {phase}")
    server.is_growing = False
    subprocess.run(once, check=True)  # noqa: S603
    _report(server, folder)


def _command(server: Feed, folder: Path, kind: str) -> list[str]:
    url = f"http://127.0.0.1:{server.server_address[1]}/jobs.json"
    paths = ["--state", str(folder / "state.db"), "-o", str(folder / "out.jsonl")]
    options = ["--feeds", str(folder / "feeds"), "--allow-private", kind]
    command = [sys.executable, "-m", "roleclf", "watch", url, *paths, *options]
    return [*command, "1s"] if kind == "--every" else command


def _run_and_kill(command: list[str], seconds: float) -> bool:
    """Kill a process after some seconds; tell whether it was still running."""
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    return process.wait() == -signal.SIGKILL


def _progress(server: Feed, folder: Path) -> tuple[int, int, int]:
    """Return the numbers of requests, of polls in the state, and of pending lines.

    Reads a copy of the state: opening it would repair what the kill left.
    """
    with tempfile.TemporaryDirectory() as copy:
        for path in folder.glob("state.db*"):
            shutil.copy(path, copy)
        state = sqlite3.connect(Path(copy) / "state.db")
        polls = state.execute("SELECT number FROM source").fetchone()[0]
        waiting = state.execute("SELECT count(*) FROM pending").fetchone()[0]
        state.close()
    return server.n_requests, polls, waiting


def _phase(
    before: tuple[int, int, int], after: tuple[int, int, int], is_killed: bool
) -> str:
    if not is_killed:
        return "ended before"
    n_requests, n_polls = after[0] - before[0], after[1] - before[1]
    if n_requests > n_polls:
        return "killed in a poll, before its commit"
    if after[2]:
        return "killed with lines committed and not yet told of"
    return f"killed {'between polls' if n_polls else 'before its first request'}"


def _report(server: Feed, folder: Path) -> None:
    text = (folder / "out.jsonl").read_text("utf-8")
    written = Counter(json.loads(line)["id"] for line in text.split("\n")[:-1])
    served = {posting["id"] for posting in server.postings}
    print(f"{len(served)} postings served, {written.total()} lines")
    n_lost, n_repeated = len(served - written.keys()), written.total() - len(written)
    print(f"{n_lost} lost, {n_repeated} repeated")
    if written != Counter(served):
        raise SystemExit("not each of them once")


if __name__ == "__main__":
    main()
