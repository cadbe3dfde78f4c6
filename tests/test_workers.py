"""Workers: results come in order, errors in their turn, and no process is left."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from roleclf.batch import fork_backend, workers
from roleclf.batch.workers import parallel_map
from roleclf.errors import TableError, WorkerError

only_linux = pytest.mark.skipif(
    not fork_backend._THREADS.exists(), reason="only Linux lists all threads"
)
# Python warns of the threads that numpy started here; they are idle, so do no harm.
ignore_threads = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
BACKENDS = (
    pytest.param("fork", id="fork", marks=[only_linux, ignore_threads]),
    pytest.param("loky", id="loky"),
)
LOG = logging.getLogger("roleclf.test")


def slow_square(number: int) -> int:
    """Return the square of a number; small numbers take longer."""
    time.sleep(0.02 / (number + 1))
    LOG.warning("%d", number)
    return number * number


def refuse_5(number: int) -> int:
    """Return a number, but raise an error for 5 and end the whole process at 7."""
    LOG.warning("%d", number)
    if number == 5:
        raise TableError("here", "it is five", "give another")
    if number == 7:
        os._exit(3)
    return number


def process_id(item: object) -> int:
    time.sleep(0.02)
    return os.getpid()


def doubled(item: bytes) -> bytes:
    return item * 2


def never_pauses(item: object) -> bool:
    return False


def child_processes() -> set[str]:
    """Return the ids of running child processes, without joblib's resource tracker."""
    files = Path("/proc/self/task").glob("*/children")
    pids = {pid for file in files for pid in file.read_text().split()}
    return {pid for pid in pids if is_running(pid) and "tracker" not in command(pid)}


def command(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def is_running(pid: str) -> bool:
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        )
    except OSError:
        return False


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> Iterator[str]:
    yield request.param
    assert child_processes() == set()


@pytest.mark.parametrize("n_workers", [2, 3, -1])
def test_results_and_messages_come_in_order(
    n_workers: int, backend: str, caplog: pytest.LogCaptureFixture
) -> None:
    results = list(
        parallel_map(slow_square, range(20), n_workers, never_pauses, backend)
    )
    assert results == [number * number for number in range(20)]
    assert caplog.messages == [str(number) for number in range(20)]


def test_one_worker_returns_the_same(caplog: pytest.LogCaptureFixture) -> None:
    assert list(parallel_map(slow_square, range(4), 1, never_pauses, "loky")) == [
        0,
        1,
        4,
        9,
    ]
    assert caplog.messages == ["0", "1", "2", "3"]


def test_any_backend_of_joblib_works() -> None:
    results = parallel_map(slow_square, range(20), 2, never_pauses, "threading")
    assert list(results) == [number * number for number in range(20)]


@pytest.mark.parametrize("backend", BACKENDS)
def test_items_are_shared_by_n_processes(backend: str) -> None:
    ids = set(parallel_map(process_id, range(60), 2, never_pauses, backend))
    assert len(ids - {os.getpid()}) == 2


@only_linux
def test_fork_is_the_default_where_it_is_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    used: list[str] = []
    open_queue = workers._open_queue

    def record_backend(n_workers: int, backend: str) -> object:
        used.append(backend)
        return open_queue(1, "threading")

    monkeypatch.setattr(workers, "_open_queue", record_backend)
    for is_safe in (True, False):
        monkeypatch.setattr(workers, "can_fork", lambda is_safe=is_safe: is_safe)
        assert list(parallel_map(doubled, [b"a"], 1, never_pauses)) == [b"aa"]
    assert used == ["fork", "loky"]


def test_an_error_is_raised_after_the_results_before_it(
    backend: str, caplog: pytest.LogCaptureFixture
) -> None:
    results = parallel_map(refuse_5, [1, 2, 3, 5, 4, 6], 2, never_pauses, backend)
    assert [next(results) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(TableError, match=r"^here: it is five; give another$"):
        next(results)
    assert caplog.messages == ["1", "2", "3", "5"]


def test_the_end_of_a_worker_is_an_error(backend: str) -> None:
    message = (
        "a worker process ended early; if memory is short, run fewer with --workers"
    )
    with pytest.raises(WorkerError, match=f"^{re.escape(message)}$"):
        list(parallel_map(refuse_5, [1, 7, 2, 3, 4], 2, never_pauses, backend))


def test_items_are_read_two_rounds_ahead_at_most(backend: str) -> None:
    ahead: set[int] = set()
    taken = 0

    def numbers() -> Iterator[int]:
        nonlocal taken
        for number in range(60):
            taken += 1
            yield number

    results = parallel_map(slow_square, numbers(), 2, never_pauses, backend)
    for n_given, _ in enumerate(results):
        time.sleep(0.002)
        ahead.add(taken - n_given)
    assert taken == 60
    assert 2 < max(ahead) <= 2 * 2


@pytest.mark.parametrize("size", [10, 1 << 20, 3 << 20])
def test_items_and_results_of_any_size_pass(size: int, backend: str) -> None:
    items = [bytes([i]) * size for i in range(12)]
    done = list(parallel_map(doubled, items, 2, never_pauses, backend))
    assert done == [item * 2 for item in items]


def test_results_are_yielded_before_a_pause(backend: str) -> None:
    given: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(6):
            yield number
            if number % 2:
                assert given == list(range(number + 1))

    def pauses(number: int) -> bool:
        return number % 2 == 1

    for result in parallel_map(int, numbers(), 2, pauses, backend):
        given.append(result)
    assert given == list(range(6))


def test_stopping_early_stops_the_workers(backend: str) -> None:
    results = parallel_map(slow_square, range(100), 2, never_pauses, backend)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]


def test_interrupt_while_items_are_read_stops_the_workers(backend: str) -> None:
    def numbers() -> Iterator[int]:
        yield from range(30)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(parallel_map(slow_square, numbers(), 2, never_pauses, backend))


def output_of(code: str) -> str:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    return done.stdout


@only_linux
def test_a_process_with_the_model_loaded_can_fork() -> None:
    code = """
from roleclf.cli.prior import load_annotator
load_annotator(None)
from roleclf.batch.fork_backend import can_fork
print(can_fork())
"""
    assert output_of(code) == "True\n"


@only_linux
def test_a_process_with_another_thread_cannot_fork() -> None:
    code = """
import threading
from roleclf.batch.fork_backend import can_fork
threading.Thread(target=threading.Event().wait, daemon=True).start()
print(can_fork())
"""
    assert output_of(code) == "False\n"


@only_linux
def test_a_daemonic_process_cannot_fork() -> None:
    code = """
from multiprocessing import current_process
from roleclf.batch.fork_backend import can_fork
current_process()._config["daemon"] = True
print(can_fork())
"""
    assert output_of(code) == "False\n"


@only_linux
@pytest.mark.parametrize("backend", ["fork", "loky"])
def test_workers_end_when_this_process_is_killed(backend: str, tmp_path: Path) -> None:
    code = f"""
import os, sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
from roleclf.batch.workers import parallel_map
from test_workers import never_pauses, process_id
for pid in parallel_map(process_id, iter(int, 1), 2, never_pauses, {backend!r}):
    print(pid, flush=True)
"""
    script = [sys.executable, "-c", code]
    with subprocess.Popen(  # noqa: S603
        script, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        pids: set[str] = set()
        while len(pids) < 2:
            pids.add(process.stdout.readline().strip())
        process.kill()
    until = time.monotonic() + 60
    while any(map(is_running, pids)) and time.monotonic() < until:
        time.sleep(0.01)
    assert not any(map(is_running, pids))
