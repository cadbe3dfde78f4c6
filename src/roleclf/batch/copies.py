"""Workers for joblib that are copies of this process, model and all.

Step 6 of the line, before `workers`. joblib's own are new processes: until one has
started Python, imported numpy and read the model, a core judges some thousand postings.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from joblib import cpu_count
from joblib.parallel import ParallelBackendBase

__all__ = ["Copies"]


class Copies(ParallelBackendBase):
    """A backend of joblib; the callers that are given the same one share its workers.

    It is for Unix, and for a process with one thread: see `workers.can_be_copied`.
    """

    supports_retrieve_callback = True

    _pool: ProcessPoolExecutor | None = None

    def effective_n_jobs(self, n_jobs: int) -> int:
        """Return how many workers there are."""
        return max(1, cpu_count() + 1 + n_jobs) if n_jobs < 0 else n_jobs

    def configure(
        self,
        n_jobs: int = 1,
        parallel: Any = None,
        initializer: Callable[..., None] | None = None,
        initargs: tuple[Any, ...] = (),
        **others: Any,
    ) -> int:
        """Make ready; the workers start at the first task."""
        n_workers = self.effective_n_jobs(n_jobs)
        if self._pool is None:
            context = get_context("fork")
            self._pool = ProcessPoolExecutor(n_workers, context, initializer, initargs)
        return n_workers

    def submit(
        self, func: Callable[[], Any], callback: Callable[[Any], Any] | None = None
    ) -> Future[Any]:
        """Have a task done."""
        assert self._pool is not None  # noqa: S101
        future = self._pool.submit(func)
        if callback is not None:
            future.add_done_callback(callback)
        return future

    def retrieve_result_callback(self, out: Future[Any]) -> Any:
        """Return what came of a task."""
        return out.result()

    def terminate(self) -> None:
        """End the workers when they have done what they have begun."""
        if self._pool is not None:
            self._pool.shutdown()
            self._pool = None
