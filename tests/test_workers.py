"""Workers: results in order, whatever happens to one of them, and none left behind."""

from __future__ import annotations

import logging
import multiprocessing
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes import await_workers
from roleclf.batch import processes
from roleclf.batch.workers import in_order
from roleclf.errors import TableError, WorkerError

only_linux = pytest.mark.skipif(
    not processes._THREADS.exists(), reason="only Linux tells of threads"
)
# numpy's idle threads, which this process has, are no harm, but Python cannot know.
of_copies = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

LOG = logging.getLogger("roleclf.test")


def slow_square(number: int) -> int:
    """Take the longer the smaller the number is."""
    time.sleep(0.02 / (number + 1))
    LOG.warning("%d", number)
    return number * number


def picky(number: int) -> int:
    """Refuse 5, and end the whole process at 7."""
    if number == 5:
        raise TableError("here", "it is five", "give another")
    if number == 7:
        os._exit(3)
    return number


def never(item: int) -> bool:
    return False


@pytest.fixture(
    autouse=True,
    params=[
        pytest.param(True, id="copies", marks=[only_linux, of_copies]),
        pytest.param(False, id="new"),
    ],
)
def _nobody_is_left(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Do it with copies of this process, and with new processes."""
    await_workers(monkeypatch)
    monkeypatch.setattr("roleclf.batch.workers.is_alone", lambda: request.param)
    yield
    assert multiprocessing.active_children() == []


def test_work_begins_before_a_worker_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roleclf.batch.workers._PATIENCE", 0.0)
    monkeypatch.setattr("roleclf.batch.workers.is_alone", lambda: False)
    ids: list[int] = []
    until = time.monotonic() + 60

    def numbers() -> Iterator[int]:
        while len(set(ids)) < 3 and time.monotonic() < until:
            yield 0

    for id_ in in_order(process_id, numbers(), 2, never):
        ids.append(id_)
    assert ids[0] == os.getpid()
    assert len(set(ids)) == 3


def process_id(item: object) -> int:
    time.sleep(0.02)
    return os.getpid()


@only_linux
@of_copies
@pytest.mark.parametrize(
    ("items", "n_others"),
    [
        pytest.param([0] * 40, 2, id="small"),
        pytest.param([b"-" * 5000] * 40, 3, id="large"),
        pytest.param([0, *[b"-" * 5000] * 40], 2, id="large-behind-a-small-one"),
    ],
)
def test_this_process_works_beside_copies_of_it_where_items_are_small(
    items: list[object], n_others: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roleclf.batch.workers.is_alone", lambda: True)
    ids = set(in_order(process_id, items, 3, never))
    assert len(ids) == 3
    assert len(ids - {os.getpid()}) == n_others


@only_linux
@of_copies
def test_error_in_this_process_comes_in_its_turn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("roleclf.batch.workers.is_alone", lambda: True)
    here = os.getpid()
    refused = tmp_path / "refused"

    def work(number: int) -> int:
        LOG.warning("%d", number)
        if os.getpid() == here:
            refused.touch()
            raise TableError("here", "it is this process", "take another")
        # The error is there before what comes first.
        until = time.monotonic() + 60
        while not refused.exists() and time.monotonic() < until:
            time.sleep(0.01)
        return number

    results = in_order(work, range(9), 2, never)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(TableError, match="it is this process"):
        next(results)
    assert caplog.messages == ["0", "1", "2"]


@pytest.mark.parametrize("n_workers", [1, 3])
def test_results_and_messages_come_in_order(
    n_workers: int, caplog: pytest.LogCaptureFixture
) -> None:
    results = list(in_order(slow_square, range(20), n_workers, never))
    assert results == [number * number for number in range(20)]
    assert caplog.messages == [str(number) for number in range(20)]


def test_idle_workers_end_before_the_last_result_is_taken() -> None:
    results = in_order(slow_square, range(4), 3, never)
    assert [next(results) for _ in range(4)] == [0, 1, 4, 9]
    until = time.monotonic() + 60
    while multiprocessing.active_children() and time.monotonic() < until:
        time.sleep(0.01)
    assert multiprocessing.active_children() == []
    assert list(results) == []


def test_error_comes_in_its_turn() -> None:
    results = in_order(picky, [1, 2, 3, 5, 4, 6], 2, never)
    assert [next(results) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(TableError, match=r"^here: it is five; give another$"):
        next(results)


def test_end_of_a_worker_is_told() -> None:
    message = (
        "a worker process ended early, with exit code 3; if memory is short, "
        "run fewer with --workers"
    )
    with pytest.raises(WorkerError, match=f"^{re.escape(message)}$"):
        list(in_order(picky, [1, 7, 2, 3, 4], 2, never))


def test_few_items_are_taken_ahead() -> None:
    ahead: set[int] = set()
    taken = 0

    def numbers() -> Iterator[int]:
        nonlocal taken
        for number in range(60):
            taken += 1
            yield number

    for n_given, _ in enumerate(in_order(slow_square, numbers(), 2, never)):
        ahead.add(taken - n_given)
    assert taken == 60
    assert 1 < max(ahead) <= 2 * 2 + 4 + 3


@pytest.mark.parametrize("size", [10, 1 << 20, 3 << 20])
def test_items_and_results_of_any_size_pass(size: int) -> None:
    items = [bytes([i]) * size for i in range(12)]
    assert list(in_order(doubled, items, 2, never)) == [item * 2 for item in items]


def doubled(item: bytes) -> bytes:
    return item * 2


def test_results_are_given_before_a_pause() -> None:
    given: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(6):
            yield number
            if number % 2:
                assert given == list(range(number + 1))

    for result in in_order(picky_less, numbers(), 2, lambda number: number % 2 == 1):
        given.append(result)
    assert given == list(range(6))


def picky_less(number: int) -> int:
    return number


def test_stopping_early_stops_the_workers() -> None:
    results = in_order(slow_square, range(100), 2, never)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]


def said_by_python(code: str) -> str:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    return done.stdout


@only_linux
def test_process_with_the_model_loaded_can_be_copied() -> None:
    code = """
from roleclf.batch import cores, processes
cores.use_one_thread()
import roleclf
roleclf.load()
print(processes.is_alone())
"""
    assert said_by_python(code) == "True\n"


@only_linux
def test_process_with_another_thread_is_not_copied() -> None:
    code = """
import threading
from roleclf.batch import processes
threading.Thread(target=threading.Event().wait, daemon=True).start()
print(processes.is_alone())
"""
    assert said_by_python(code) == "False\n"


@only_linux
def test_workers_end_when_this_process_is_killed() -> None:
    code = """
import os, time
from roleclf.batch import workers
def work(item):
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep(0.01)
workers.is_alone = lambda: True
for _ in workers.in_order(work, iter(int, 1), 2, lambda item: False):
    pass
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


def is_running(pid: str) -> bool:
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        )
    except FileNotFoundError:
        return False
