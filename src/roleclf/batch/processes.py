"""Start worker processes, and what one of them does until it ends.

Step 6 of the line, beside `workers`. A worker has one pipe to the process that started
it. It is a copy of that where this is sound, and has the work already and memory in
common; else a new process, to which the work is sent. It ends when its pipe does,
however the other process ends.
"""

from __future__ import annotations

import gc
import logging
import os
import pickle
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from roleclf.batch.cores import ONE_THREAD
from roleclf.batch.slots import Slots, pickled
from roleclf.errors import WorkerError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

__all__ = [
    "AHEAD",
    "SMALL",
    "Answer",
    "Worker",
    "answer_to",
    "is_alone",
    "started",
    "type_work",
]

# Items that a worker has beside the one it is at, so that it need not wait for the
# next.
AHEAD: Final = 1
# Bytes of a message that a pipe holds while nobody reads. A larger answer is sent
# beside the work; a larger item is given when its worker is not busy, or worker and
# this process would wait for each other.
SMALL: Final = 4096

_LOGGER: Final = "roleclf"
# Where Linux lists the threads of this process.
_THREADS: Final = Path("/proc/self/task")

# What is changed belongs to the whole process, whichever thread starts workers.
_ONE_AT_A_TIME: Final = threading.Lock()

type_work = Callable[[Any], Any]


class Answer(NamedTuple):
    """What a worker made of an item, or why it did not; and what it logged."""

    result: Any
    error: Exception | None = None
    logged: Sequence[logging.LogRecord] = ()


class Worker(NamedTuple):
    """A process, the pipe to it, what they share, and the numbers of its items."""

    process: BaseProcess
    pipe: Connection
    slots: Slots | None
    numbers: deque[int]

    def answer(self) -> Answer:
        """Wait for the next answer."""
        with self.watched():
            message = self.pipe.recv_bytes()
        take = self.slots.take if self.slots else pickle.loads
        answer: Answer = take(message)
        return answer

    def dismiss(self) -> None:
        """Have it end, whatever it is at; twice is as once."""
        self.pipe.close()
        self.process.terminate()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Tell an end of the worker by its exit code."""
        try:
            yield
        except (EOFError, ConnectionError) as error:
            self.process.join()
            raise WorkerError(self.process.exitcode) from error


def answer_to(work: type_work, item: Any) -> Answer:
    """Do the work; what it logs meanwhile goes into the answer and nowhere else.

    Where this process has other threads, that is so for what they log, too.
    """
    logged: list[logging.LogRecord] = []
    logger = logging.getLogger(_LOGGER)
    handlers, propagate = logger.handlers, logger.propagate
    try:
        logger.handlers, logger.propagate = [_Kept(logged)], False
        return Answer(work(item), None, logged)
    except Exception as error:  # whatever it is: it is raised where this was asked for
        return Answer(None, error, logged)
    finally:
        logger.handlers, logger.propagate = handlers, propagate


def is_alone() -> bool:
    """Tell whether this process has one thread, so that a copy of it is sound.

    A copy of a process with more lacks the others, and keeps for ever what locks they
    held just then. Only Linux says for sure, for it counts those of libraries too.
    """
    try:
        return len(list(_THREADS.iterdir())) == 1
    except OSError:
        return False


@contextmanager
def started(n_workers: int, work: type_work | None) -> Iterator[list[Worker]]:
    """Start workers, copies of this process if they are given work; stop them then."""
    workers: list[Worker] = []
    try:
        with _inherited():
            for _ in range(n_workers):
                workers.append(_started(work, workers))
        yield list(workers)
    finally:
        for worker in workers:
            worker.dismiss()
        for worker in workers:
            worker.process.join()


def _started(work: type_work | None, others: Sequence[Worker]) -> Worker:
    # Imported here: a first answer needs no workers and should not wait for them.
    import multiprocessing

    context: Any = multiprocessing.get_context("fork" if work else "spawn")
    ours, theirs = context.Pipe()
    copied = [ours, *(other.pipe for other in others)] if work else []
    # It has the next item only when an answer is taken, which leaves its slot free.
    slots = Slots(1 + AHEAD) if work else None
    args = (theirs, work, copied, slots)
    process = context.Process(target=_serve, args=args, daemon=True)
    process.start()
    # The only other end is the worker's own, so that both sides see the other end.
    theirs.close()
    return Worker(process, ours, slots, deque())


@contextmanager
def _inherited() -> Iterator[None]:
    """Have processes start with one thread each, deaf to Ctrl-C, and without a script.

    Ctrl-C is for this process, which ends them. A worker would run the script that
    this process runs once more, up to its `if __name__ == "__main__"`, for nothing.
    """
    with _ONE_AT_A_TIME:
        yield from _changed()


def _changed() -> Iterator[None]:
    kept = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)
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


def _serve(
    pipe: Connection,
    work: type_work | None,
    copied: Sequence[Connection],
    slots: Slots | None,
) -> None:
    """Do work for the other end of the pipe until it is closed.

    A new process is sent the work; a copy of one has it, and ends of pipes besides.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, ConnectionError):
        if work is None:
            pipe.send(None)
            work = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from who started it
        else:
            _forget(copied)
        sender = threading.Thread()
        while True:
            answer = answer_to(work, pipe.recv())
            message = slots.put(answer) if slots else pickled(answer)
            if sender.ident:
                sender.join()
            if len(message) <= SMALL:
                _send(pipe, message)
                continue
            # The next item need not wait until this is taken.
            sender = threading.Thread(target=_send, args=(pipe, message), daemon=True)
            sender.start()


def _send(pipe: Connection, message: bytes) -> None:
    with suppress(ConnectionError):
        pipe.send_bytes(message)


def _forget(copied: Sequence[Connection]) -> None:
    """Let go of what a copy has of the process that it was copied from."""
    for pipe in copied:
        pipe.close()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # What is shared stays so: looking through it for garbage would copy all of it.
    gc.freeze()


class _Kept(logging.Handler):
    """Keeps what is logged until its turn comes, perhaps in another process."""

    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(logging.WARNING)
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record, its message made, since arguments may not travel."""
        record.msg, record.args = record.getMessage(), None
        self._records.append(record)
