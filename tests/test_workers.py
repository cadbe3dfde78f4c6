"""Workers: results in order, whatever happens to one of them, and none left behind."""

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

from roleclf.batch import workers
from roleclf.batch.workers import in_order
from roleclf.errors import TableError, WorkerError

only_linux = pytest.mark.skipif(
    not workers._THREADS.exists(), reason="only Linux tells of threads"
)
# numpy's idle threads, which this process has, are no harm, but Python cannot know.
of_copies = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
BACKENDS = (
    pytest.param("copies", id="copies", marks=[only_linux, of_copies]),
    pytest.param("loky", id="new"),
)
LOG = logging.getLogger("roleclf.test")


def slow_square(number: int) -> int:
    """Take the longer the smaller the number is."""
    time.sleep(0.02 / (number + 1))
    LOG.warning("%d", number)
    return number * number


def picky(number: int) -> int:
    """Refuse 5, and end the whole process at 7."""
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


def never(item: object) -> bool:
    return False


def others() -> set[str]:
    """Return the ids of processes that this one started, but for joblib's janitor."""
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
    assert others() == set()


@pytest.mark.parametrize("n_workers", [2, 3, -1])
def test_results_and_messages_come_in_order(
    n_workers: int, backend: str, caplog: pytest.LogCaptureFixture
) -> None:
    results = list(in_order(slow_square, range(20), n_workers, never, backend))
    assert results == [number * number for number in range(20)]
    assert caplog.messages == [str(number) for number in range(20)]


def test_one_worker_does_it_all(caplog: pytest.LogCaptureFixture) -> None:
    assert list(in_order(slow_square, range(4), 1, never, "loky")) == [0, 1, 4, 9]
    assert caplog.messages == ["0", "1", "2", "3"]


def test_any_backend_of_joblib_will_do() -> None:
    results = in_order(slow_square, range(20), 2, never, "threading")
    assert list(results) == [number * number for number in range(20)]


@pytest.mark.parametrize("backend", BACKENDS)
def test_work_is_shared_by_so_many_processes(backend: str) -> None:
    ids = set(in_order(process_id, range(60), 2, never, backend))
    assert len(ids - {os.getpid()}) == 2


@only_linux
def test_copies_are_the_default_where_this_process_can_be_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    used: list[str] = []
    crew = workers._crew

    def noted(n_workers: int, backend: str) -> object:
        used.append(backend)
        return crew(1, "threading")

    monkeypatch.setattr(workers, "_crew", noted)
    for can_be in (True, False):
        monkeypatch.setattr(workers, "can_be_copied", lambda said=can_be: said)
        assert list(in_order(doubled, [b"a"], 1, never)) == [b"aa"]
    assert used == ["copies", "loky"]


def test_error_comes_in_its_turn(
    backend: str, caplog: pytest.LogCaptureFixture
) -> None:
    results = in_order(picky, [1, 2, 3, 5, 4, 6], 2, never, backend)
    assert [next(results) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(TableError, match=r"^here: it is five; give another$"):
        next(results)
    assert caplog.messages == ["1", "2", "3", "5"]


def test_end_of_a_worker_is_told(backend: str) -> None:
    message = (
        "a worker process ended early; if memory is short, run fewer with --workers"
    )
    with pytest.raises(WorkerError, match=f"^{re.escape(message)}$"):
        list(in_order(picky, [1, 7, 2, 3, 4], 2, never, backend))


def test_few_items_are_taken_ahead(backend: str) -> None:
    ahead: set[int] = set()
    taken = 0

    def numbers() -> Iterator[int]:
        nonlocal taken
        for number in range(60):
            taken += 1
            yield number

    results = in_order(slow_square, numbers(), 2, never, backend)
    for n_given, _ in enumerate(results):
        time.sleep(0.002)
        ahead.add(taken - n_given)
    assert taken == 60
    assert 2 < max(ahead) <= 2 * 2


@pytest.mark.parametrize("size", [10, 1 << 20, 3 << 20])
def test_items_and_results_of_any_size_pass(size: int, backend: str) -> None:
    items = [bytes([i]) * size for i in range(12)]
    done = list(in_order(doubled, items, 2, never, backend))
    assert done == [item * 2 for item in items]


def test_results_are_given_before_a_pause(backend: str) -> None:
    given: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(6):
            yield number
            if number % 2:
                assert given == list(range(number + 1))

    def pauses(number: int) -> bool:
        return number % 2 == 1

    for result in in_order(int, numbers(), 2, pauses, backend):
        given.append(result)
    assert given == list(range(6))


def test_stopping_early_stops_the_workers(backend: str) -> None:
    results = in_order(slow_square, range(100), 2, never, backend)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]


def test_interrupt_while_items_are_read_stops_the_workers(backend: str) -> None:
    def numbers() -> Iterator[int]:
        yield from range(30)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(in_order(slow_square, numbers(), 2, never, backend))


def said_by_python(code: str) -> str:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    return done.stdout


@only_linux
def test_process_with_the_model_loaded_can_be_copied() -> None:
    code = """
from roleclf.cli.prior import load_for
load_for(None)
from roleclf.batch import workers
print(workers.can_be_copied())
"""
    assert said_by_python(code) == "True\n"


@only_linux
def test_process_with_another_thread_is_not_copied() -> None:
    code = """
import threading
from roleclf.batch import workers
threading.Thread(target=threading.Event().wait, daemon=True).start()
print(workers.can_be_copied())
"""
    assert said_by_python(code) == "False\n"


@only_linux
def test_worker_of_others_is_not_copied() -> None:
    code = """
from multiprocessing import current_process
from roleclf.batch import workers
current_process()._config["daemon"] = True
print(workers.can_be_copied())
"""
    assert said_by_python(code) == "False\n"


@only_linux
@pytest.mark.parametrize("backend", ["copies", "loky"])
def test_workers_end_when_this_process_is_killed(backend: str, tmp_path: Path) -> None:
    code = f"""
import os, sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
from roleclf.batch import workers
from test_workers import never, process_id
for pid in workers.in_order(process_id, iter(int, 1), 2, never, {backend!r}):
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
