"""Do the same with many items in several processes, and give the results in order.

Step 6 of the line. A worker is a new process with one pipe to this one: work is sent
once, then an item at a time. Until the first one is there, which takes as long as some
items do, this process works itself. A worker ends when its pipe does, however this
process ends.
"""

from __future__ import annotations

import logging
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from roleclf.errors import WorkerError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

__all__ = ["in_order", "n_cores"]

# Results that may wait for an earlier one, or a worker would.
_LEAD: Final = 4
# Seconds to wait for a worker that starts.
_PATIENCE: Final = 0.0
# Threads of numpy's libraries would only take the cores from other workers.
_ONE_THREAD: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
_LOGGER: Final = "roleclf"

Item = TypeVar("Item")
Result = TypeVar("Result")


def n_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    n_workers: int,
    pauses: Callable[[Item], bool],
) -> Iterator[Result]:
    """Yield the result of each item, in order; few items and results wait at a time.

    Parameters
    ----------
    work : callable
        Is pickled once, items and results one by one.
    items : iterable
    n_workers : int
    pauses : callable
        Tells of an item that the next may be long in coming: all results until then
        are given first.

    Raises
    ------
    WorkerError
        If a worker ends before its work does.
    """
    with _crew(work, n_workers) as crew:
        for item in items:
            crew.take_on(item)
            yield from crew.ready()
            while crew.busy and (len(crew.answers) > _LEAD or pauses(item)):
                crew.listen()
                yield from crew.ready()
        while crew.busy:
            crew.listen()
            yield from crew.ready()


@dataclass(slots=True)
class _Answer:
    """What a worker made of an item, or why it did not; and what it logged."""

    result: Any = None
    error: Exception | None = None
    logged: list[logging.LogRecord] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection

    def stop(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Tell an end of the worker by its exit code."""
        try:
            yield
        except (EOFError, ConnectionError) as error:
            self.process.join()
            raise WorkerError(self.process.exitcode) from error


@dataclass(slots=True)
class _Crew:
    """Workers: those that start, are free, or are busy with the item of a number."""

    work: Callable[[Any], Any]
    pickled: bytes
    starting: list[_Worker]
    free: list[_Worker] = field(default_factory=list)
    busy: dict[Connection, tuple[int, _Worker]] = field(default_factory=dict)
    answers: dict[int, _Answer] = field(default_factory=dict)
    n_given: int = 0
    n_taken: int = 0

    def take_on(self, item: Any) -> None:
        """Give an item to a worker; before one is there, this process does it."""
        self._greet()
        while self.busy and not self.free:
            self.listen()
        if self.free:
            worker = self.free.pop()
            with worker.watched():
                worker.pipe.send(item)
            self.busy[worker.pipe] = self.n_given, worker
        else:
            self.answers[self.n_given] = _Answer(self.work(item))
        self.n_given += 1

    def _greet(self) -> None:
        """Tell those that have started what there is to do."""
        for worker in [one for one in self.starting if one.pipe.poll(_PATIENCE)]:
            with worker.watched():
                worker.pipe.recv()
                worker.pipe.send_bytes(self.pickled)
            self.starting.remove(worker)
            self.free.append(worker)
        if not self.starting:
            self.pickled = b""

    def listen(self) -> None:
        """Wait until one worker or more have answered."""
        from multiprocessing.connection import wait  # here, as below

        for pipe in wait(list(self.busy)):
            number, worker = self.busy.pop(cast("Connection", pipe))
            with worker.watched():
                self.answers[number] = worker.pipe.recv()
            self.free.append(worker)

    def ready(self) -> Iterator[Any]:
        """Yield the results that wait for no earlier one."""
        while (answer := self.answers.pop(self.n_taken, None)) is not None:
            self.n_taken += 1
            for record in answer.logged:
                logging.getLogger(record.name).handle(record)
            if answer.error is not None:
                raise answer.error
            yield answer.result


@contextmanager
def _crew(work: Callable[[Any], Any], n_workers: int) -> Iterator[_Crew]:
    """Start the workers; whatever happens, none is left behind."""
    with ExitStack() as stack:
        with _inherited():
            workers = [_started(stack) for _ in range(n_workers)]
        pickled = pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)
        yield _Crew(work, pickled, workers)


def _started(stack: ExitStack) -> _Worker:
    # Imported here: a first answer needs no workers and should not wait for them.
    import multiprocessing

    # A fork would copy locks that other threads may hold just then.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    worker = _Worker(process, ours)
    stack.callback(worker.stop)
    # The only other end is the worker's own, so that both sides see the other end.
    theirs.close()
    return worker


@contextmanager
def _inherited() -> Iterator[None]:
    """Have processes start with one thread each, deaf to Ctrl-C, and without a script.

    Ctrl-C is for this process, which ends them. A worker would run the script that
    this process runs once more, up to its `if __name__ == "__main__"`, for nothing.
    """
    kept = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    script, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    is_main = threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN) if is_main else None
    try:
        yield
    finally:
        if is_main:
            signal.signal(signal.SIGINT, handler)
        sys.modules["__main__"] = script
        for name, value in kept.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _serve(pipe: Connection) -> None:
    """Do work for the other end of the pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, ConnectionError):
        pipe.send(None)
        work = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from the process that started it
        while True:
            pipe.send(_answer(work, pipe.recv()))


def _answer(work: Callable[[Any], Any], item: Any) -> _Answer:
    answer = _Answer()
    handler = _Kept(answer.logged)
    logger = logging.getLogger(_LOGGER)
    logger.addHandler(handler)
    try:
        answer.result = work(item)
    except Exception as error:  # whatever it is: it is raised where this was asked for
        answer.error = error
    finally:
        logger.removeHandler(handler)
    return answer


class _Kept(logging.Handler):
    """Keeps what is logged for another process."""

    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(logging.WARNING)
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record, its message made, since arguments may not travel."""
        record.msg, record.args = record.getMessage(), None
        self._records.append(record)
