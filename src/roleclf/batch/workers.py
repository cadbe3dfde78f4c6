"""Apply a function to many items in several processes, with the results in order.

joblib starts the workers and is given items in rounds, one item for each worker. Two
rounds are under way: while the caller takes the results of one, workers are busy with
the next, and no third one is submitted until the first is taken, so that few results
wait for a slow writer. Items are read in the caller's thread, which Ctrl-C can
interrupt while a live stream is silent.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor
from contextlib import closing, contextmanager, nullcontext, suppress
from itertools import cycle
from typing import Any, TypeVar

from joblib import Parallel, delayed, effective_n_jobs

from roleclf.batch.fork_backend import ForkBackend, can_fork
from roleclf.batch.tasks import SharedFunction, initialize_worker, run_task, shared
from roleclf.errors import WorkerError

__all__ = ["parallel_map"]

Item = TypeVar("Item")
Result = TypeVar("Result")


def parallel_map(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    n_workers: int,
    pauses: Callable[[Item], bool],
    backend: str | None = None,
) -> Iterator[Result]:
    """Yield the result of each item, in order; few items and results wait at a time.

    Parameters
    ----------
    function : callable
        Is pickled once; items and results are pickled one by one.
    items : iterable
    n_workers : int
        -1 for all cores.
    pauses : callable
        Tells of an item that the next one may be long in coming: all results up to it
        are yielded before the next is read.
    backend : str, optional
        "fork" for forks of this process, which start at once, or a backend of joblib.
        The default is "fork" where `can_fork`, else "loky": new processes.

    Raises
    ------
    WorkerError
        If a worker process ends before its work does.
    """
    backend = backend or ("fork" if can_fork() else "loky")
    rounds = _rounds(items, effective_n_jobs(n_workers), pauses)
    with (
        shared(function, with_forks=backend == "fork") as shared_function,
        _open_queue(n_workers, backend) as queue,
    ):
        for round_items in rounds:
            queue.submit(shared_function, round_items)
            yield from queue.results(n_left=0 if pauses(round_items[-1]) else 1)
        yield from queue.results(n_left=0)


def _rounds(
    items: Iterable[Item], size: int, pauses: Callable[[Item], bool]
) -> Iterator[list[Item]]:
    """Yield lists of `size` items; shorter ones before a pause and at the end."""
    round_items: list[Item] = []
    for item in items:
        round_items.append(item)
        if len(round_items) == size or pauses(item):
            yield round_items
            round_items = []
    if round_items:
        yield round_items


class _RoundQueue:
    """Rounds of tasks that are submitted and whose results are not all taken.

    A `Parallel` runs one round at a time, so two of them, which share their workers,
    take turns.
    """

    def __init__(self, *parallels: Parallel) -> None:
        self._parallels = cycle(parallels)
        self._rounds: deque[Any] = deque()

    def submit(self, function: SharedFunction, items: Iterable[Any]) -> None:
        """Submit a round: one task for each item."""
        parallel = next(self._parallels)
        # With no round under way, workers may have to be started, or started again.
        with nullcontext() if self._rounds else _ignoring_sigint():
            tasks = (delayed(run_task)(function, item) for item in items)
            self._rounds.append(parallel(tasks))

    def results(self, n_left: int) -> Iterator[Any]:
        """Yield results until `n_left` rounds are left; log what the tasks logged."""
        while len(self._rounds) > n_left:
            for result in self._rounds[0]:
                for record in result.logged:
                    logging.getLogger(record.name).handle(record)
                if result.error is not None:
                    raise result.error
                yield result.value
            self._rounds.popleft()

    def close(self) -> None:
        """Wait for tasks that are under way, and drop their results.

        joblib would kill the workers instead, which may print a traceback.
        """
        # joblib raises this if the workers were killed already, as by Ctrl-C.
        with suppress(RuntimeError):
            for results in self._rounds:
                deque(results, maxlen=0)


@contextmanager
def _open_queue(n_workers: int, backend: str) -> Iterator[_RoundQueue]:
    """Open a queue of rounds; however it ends, no worker is left behind."""
    options: dict[str, Any] = {"return_as": "generator", "pre_dispatch": "all"}
    if backend in {"fork", "loky"}:
        options |= {"initializer": initialize_worker, "initargs": (os.getpid(),)}
    chosen = ForkBackend() if backend == "fork" else backend
    first, second = (
        Parallel(n_workers, chosen, batch_size=1, **options) for _ in range(2)
    )
    try:
        with first, second, closing(_RoundQueue(first, second)) as queue:
            yield queue
    except BrokenExecutor as error:
        raise WorkerError from error
    finally:
        if backend == "loky":
            _shut_down_loky()


@contextmanager
def _ignoring_sigint() -> Iterator[None]:
    """Have processes that start meanwhile ignore Ctrl-C: this one stops them."""
    # Python sets signal handlers in the main thread only.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)


def _shut_down_loky() -> None:
    """Stop joblib's own workers, which would wait some minutes for more tasks."""
    from joblib.externals.loky import get_reusable_executor

    get_reusable_executor().shutdown(wait=True)
