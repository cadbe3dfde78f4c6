"""Run tasks in a worker process: apply a shared function, catch errors and logging."""

from __future__ import annotations

import gc
import logging
import os
import pickle
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import sleep
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

__all__ = ["SharedFunction", "TaskResult", "initialize_worker", "run_task", "shared"]

_LOGGER: Final = "roleclf"
_SECONDS_BETWEEN_CHECKS: Final = 1.0

# The parent process, and so its forks, have the function of each run that is not over;
# any other worker has that of its latest run.
_FUNCTION_BY_KEY: Final[dict[str, Callable[[Any], Any]]] = {}


class SharedFunction(NamedTuple):
    """A function that tasks refer to by a key, so that each worker loads it once.

    `parent` is the id of the process that shares it. `pickled` is an array because
    joblib writes large arrays to shared memory instead of sending them with each task.
    """

    key: str
    parent: int
    pickled: npt.NDArray[np.uint8]


class TaskResult(NamedTuple):
    """The value or the error of a task, and what it logged in another process."""

    value: Any
    error: Exception | None = None
    logged: Sequence[logging.LogRecord] = ()


@contextmanager
def shared(
    function: Callable[[Any], Any], *, with_forks: bool
) -> Iterator[SharedFunction]:
    """Share a function with workers until the context ends.

    It is pickled unless the workers are forks of this process, which have it already.
    """
    key = f"{os.getpid()} {os.urandom(8).hex()}"
    pickled = b"" if with_forks else pickle.dumps(function, protocol=5)
    _FUNCTION_BY_KEY[key] = function
    try:
        yield SharedFunction(key, os.getpid(), np.frombuffer(pickled, np.uint8))
    finally:
        del _FUNCTION_BY_KEY[key]


def initialize_worker(parent: int) -> None:
    """Have this worker ignore Ctrl-C, and exit when its parent process is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # The garbage collector writes to each object that it visits, and so would copy
    # the memory that a fork shares with its parent.
    gc.freeze()
    threading.Thread(target=_exit_with, args=(parent,), daemon=True).start()


def _exit_with(parent: int) -> None:
    while os.getppid() == parent:
        sleep(_SECONDS_BETWEEN_CHECKS)
    os._exit(1)


def run_task(function: SharedFunction, item: Any) -> TaskResult:
    """Apply the function to an item.

    In another process than the parent, warnings are not shown but returned with the
    result, for the parent to log in order.
    """
    if os.getpid() == function.parent:
        return _apply(function, item)
    logged: list[logging.LogRecord] = []
    logger = logging.getLogger(_LOGGER)
    handlers, propagate = logger.handlers, logger.propagate
    try:
        logger.handlers, logger.propagate = [_ListHandler(logged)], False
        return _apply(function, item)._replace(logged=logged)
    finally:
        logger.handlers, logger.propagate = handlers, propagate


def _apply(function: SharedFunction, item: Any) -> TaskResult:
    try:
        return TaskResult(_loaded(function)(item))
    except Exception as error:  # any: the parent raises it in its turn
        return TaskResult(None, error)


def _loaded(function: SharedFunction) -> Callable[[Any], Any]:
    if function.key not in _FUNCTION_BY_KEY:
        _FUNCTION_BY_KEY.clear()
        _FUNCTION_BY_KEY[function.key] = pickle.loads(function.pickled.data)  # noqa: S301
    return _FUNCTION_BY_KEY[function.key]


class _ListHandler(logging.Handler):
    """Appends log records to a list, in a form that can be pickled."""

    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(logging.WARNING)
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        """Append a record, its message formatted, as its arguments may not pickle."""
        record.msg, record.args = record.getMessage(), None
        self._records.append(record)
