"""Do the same with many items in several processes, and give the results in order.

Step 6 of the line. joblib starts the processes and hands them items, a round at a time:
the next one before that at hand is done, so that nobody waits for work, and not
before the one ahead is taken, so that few results wait for a slow writer. Items are
read in the caller's thread, which Ctrl-C can stop while a live stream is silent.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from itertools import cycle
from multiprocessing import current_process
from pathlib import Path
from time import sleep
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs

from roleclf.batch.copies import Copies
from roleclf.errors import WorkerError

__all__ = ["in_order"]

_LOGGER: Final = "roleclf"
# Where Linux lists the threads of this process.
_THREADS: Final = Path("/proc/self/task")
# Seconds until a worker sees that the process is gone that started it.
_EVERY: Final = 1.0

Item = TypeVar("Item")
Result = TypeVar("Result")
type_work = Callable[[Any], Any]

# In the process that has it done, and in copies of that, the work of each run; in
# another that of the last run.
_WORK_BY_KEY: Final[dict[str, type_work]] = {}


class _Job(NamedTuple):
    """What work a task is part of, and of which process.

    `pickled` is the work as an array, which joblib brings to each worker but once.
    """

    key: str
    process: int
    pickled: Any


class _Answer(NamedTuple):
    """What was made of an item, or why nothing was; and what was logged meanwhile."""

    result: Any
    error: Exception | None = None
    logged: Sequence[logging.LogRecord] = ()


def in_order(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    n_workers: int,
    pauses: Callable[[Item], bool],
    backend: str | None = None,
) -> Iterator[Result]:
    """Yield the result of each item, in order; few items and results wait at a time.

    Parameters
    ----------
    work : callable
        Is pickled once, items and results one by one.
    items : iterable
    n_workers : int
        -1 for all cores.
    pauses : callable
        Tells of an item that the next may be long in coming: all results until then
        are given first.
    backend : str, optional
        Any that joblib knows; or "copies" of this process, which are there at once.
        These by default if that is sound, else joblib's "loky": new processes.

    Raises
    ------
    WorkerError
        If a worker ends before its work does.
    """
    backend = backend or ("copies" if can_be_copied() else "loky")
    rounds = _rounds(items, effective_n_jobs(n_workers), pauses)
    with _named(work, backend) as job, _crew(n_workers, backend) as crew:
        for few in rounds:
            crew.take_on(job, few)
            yield from crew.results(0 if pauses(few[-1]) else 1)
        yield from crew.results(0)


def can_be_copied() -> bool:
    """Tell whether this process has one thread, so that a copy of it is sound.

    A copy of a process with more lacks the others, and keeps for ever what locks they
    held just then. Only Linux says for sure, for it counts those of libraries too. And
    a worker of somebody else's may have no processes of its own.
    """
    try:
        return len(list(_THREADS.iterdir())) == 1 and not current_process().daemon
    except OSError:
        return False


def _rounds(
    items: Iterable[Item], size: int, pauses: Callable[[Item], bool]
) -> Iterator[list[Item]]:
    """Yield so many items at a time, fewer before a pause and at the end."""
    few: list[Item] = []
    for item in items:
        few.append(item)
        if len(few) == size or pauses(item):
            yield few
            few = []
    if few:
        yield few


@contextmanager
def _named(work: type_work, backend: str) -> Iterator[_Job]:
    """Give the work a name that tells it from other runs' for as long as this lasts."""
    key = f"{os.getpid()} {os.urandom(8).hex()}"
    # A copy has it already.
    pickled = b"" if backend == "copies" else pickle.dumps(work, protocol=5)
    _WORK_BY_KEY[key] = work
    try:
        yield _Job(key, os.getpid(), np.frombuffer(pickled, np.uint8))
    finally:
        del _WORK_BY_KEY[key]


class _Crew:
    """Two of joblib's callers, which share their workers and take a round in turn."""

    def __init__(self, callers: Sequence[Parallel]) -> None:
        self._callers = cycle(callers)
        self._waiting: deque[Any] = deque()

    def take_on(self, job: _Job, items: Iterable[Any]) -> None:
        """Have the next round of items done."""
        call = next(self._callers)
        # Where none waits, no worker may have been started, or they have ended since.
        with nullcontext() if self._waiting else _deaf():
            self._waiting.append(call(delayed(_answer)(job, item) for item in items))

    def results(self, most: int) -> Iterator[Any]:
        """Yield results until so many rounds wait, and log what workers did."""
        while len(self._waiting) > most:
            for answer in self._waiting[0]:
                for record in answer.logged:
                    logging.getLogger(record.name).handle(record)
                if answer.error is not None:
                    raise answer.error
                yield answer.result
            self._waiting.popleft()

    def finish(self) -> None:
        """Wait for what workers have begun, which nobody will ask for.

        To kill them at it instead, as joblib does, may leave a traceback behind.
        """
        # What was killed already, by Ctrl-C or by itself, raises this.
        with suppress(RuntimeError):
            for answers in self._waiting:
                deque(answers, maxlen=0)


@contextmanager
def _deaf() -> Iterator[None]:
    """Have processes that start meanwhile leave Ctrl-C to this one, which ends them."""
    # Only there Python lets a program say so.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


@contextmanager
def _crew(n_workers: int, backend: str) -> Iterator[_Crew]:
    """Start the workers; whatever happens, none is left behind."""
    options: dict[str, Any] = {"return_as": "generator", "pre_dispatch": "all"}
    if backend in {"copies", "loky"}:
        options |= {"initializer": _begin, "initargs": (os.getpid(),)}
    chosen = Copies() if backend == "copies" else backend
    callers = [Parallel(n_workers, chosen, batch_size=1, **options) for _ in range(2)]
    try:
        with ExitStack() as stack:
            crew = _Crew([stack.enter_context(caller) for caller in callers])
            stack.callback(crew.finish)
            yield crew
    except BrokenExecutor as error:
        raise WorkerError from error
    finally:
        if backend == "loky":
            _end_loky()


def _end_loky() -> None:
    """End joblib's own workers, which else wait some minutes for other work."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True)


def _begin(parent: int) -> None:
    """Have a worker end with the process that started it, and leave Ctrl-C to that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # What a copy shares stays so: looking through it for garbage would copy all of it.
    gc.freeze()
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        sleep(_EVERY)
    os._exit(1)


def _answer(job: _Job, item: Any) -> _Answer:
    """Do the work; what another process logs meanwhile goes into the answer alone."""
    if os.getpid() == job.process:
        return _tried(job, item)
    logged: list[logging.LogRecord] = []
    logger = logging.getLogger(_LOGGER)
    handlers, propagate = logger.handlers, logger.propagate
    try:
        logger.handlers, logger.propagate = [_Kept(logged)], False
        return _tried(job, item)._replace(logged=logged)
    finally:
        logger.handlers, logger.propagate = handlers, propagate


def _tried(job: _Job, item: Any) -> _Answer:
    """Return a result, or an error, which is raised in its turn."""
    try:
        if job.key not in _WORK_BY_KEY:
            _WORK_BY_KEY.clear()
            _WORK_BY_KEY[job.key] = pickle.loads(memoryview(job.pickled))  # noqa: S301
        return _Answer(_WORK_BY_KEY[job.key](item))
    except Exception as error:  # whatever it is: it is raised where this was asked for
        return _Answer(None, error)


class _Kept(logging.Handler):
    """Keeps what is logged until its turn comes, in another process."""

    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(logging.WARNING)
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record, its message made, since arguments may not travel."""
        record.msg, record.args = record.getMessage(), None
        self._records.append(record)
