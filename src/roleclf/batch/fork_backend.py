"""A joblib backend whose workers are forks of this process.

A fork has the model in memory at once. joblib's own workers are new processes: each has
to start Python, import numpy and load the model, in which time one core classifies some
thousand postings.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import current_process, get_context
from pathlib import Path
from typing import Any, Final

from joblib import cpu_count
from joblib.parallel import ParallelBackendBase

__all__ = ["ForkBackend", "can_fork"]

# Where Linux lists the threads of this process.
_THREADS: Final = Path("/proc/self/task")


def can_fork() -> bool:
    """Tell whether it is safe to fork this process: it must have one thread only.

    A fork has only the thread that made it, and locks that other threads held stay
    locked in it for ever. Only Linux lists all threads, those of C libraries too;
    elsewhere the answer is no. Daemonic processes, such as the workers of another
    pool, may have no children.
    """
    try:
        has_one_thread = len(list(_THREADS.iterdir())) == 1
    except OSError:
        return False
    return has_one_thread and not current_process().daemon


class ForkBackend(ParallelBackendBase):
    """A joblib backend of forked processes; see `can_fork` for when it is safe.

    `Parallel` objects that are given the same instance share its workers.
    """

    supports_retrieve_callback = True

    _pool: ProcessPoolExecutor | None = None

    def effective_n_jobs(self, n_jobs: int) -> int:
        """Return the number of workers; -1 stands for all cores, -2 for one less."""
        return max(1, cpu_count() + 1 + n_jobs) if n_jobs < 0 else n_jobs

    def configure(
        self,
        n_jobs: int = 1,
        parallel: Any = None,
        initializer: Callable[..., None] | None = None,
        initargs: tuple[Any, ...] = (),
        **others: Any,
    ) -> int:
        """Create the pool, whose workers start with the first task."""
        n_workers = self.effective_n_jobs(n_jobs)
        if self._pool is None:
            context = get_context("fork")
            self._pool = ProcessPoolExecutor(n_workers, context, initializer, initargs)
        return n_workers

    def submit(
        self, func: Callable[[], Any], callback: Callable[[Any], Any] | None = None
    ) -> Future[Any]:
        """Submit a task; `callback` is called with its future when it is done."""
        assert self._pool is not None  # noqa: S101
        future = self._pool.submit(func)
        if callback is not None:
            future.add_done_callback(callback)
        return future

    def retrieve_result_callback(self, out: Future[Any]) -> Any:
        """Return the result of a task, or raise its error."""
        return out.result()

    def terminate(self) -> None:
        """Wait for the tasks submitted so far, then stop the workers."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
