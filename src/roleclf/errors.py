"""Every error raised on purpose: where, what, and what to do.

Step 0 of the line: the other modules raise these, none of them prints.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = [
    "CorpusError",
    "FeedError",
    "FetchError",
    "MissingExtraError",
    "ModelError",
    "RequestError",
    "RoleclfError",
    "TableError",
    "TaxonomyError",
    "WatchError",
    "WorkerError",
    "needs_extra",
]


class RoleclfError(Exception):
    """Base of every error raised on purpose."""


class MissingExtraError(RoleclfError):
    """What was asked for needs a library that a plain install leaves out."""

    def __init__(self, wish: str, extra: str) -> None:
        self.wish, self.extra = wish, extra
        super().__init__(
            f"{wish} needs libraries that are not installed; "
            f"pip install 'roleclf[{extra}]' brings them"
        )

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.wish, self.extra)


class _PlacedError(RoleclfError):
    """A problem with a known place and a known mend."""

    def __init__(self, place: str | Path, problem: str, mend: str) -> None:
        self.place, self.problem, self.mend = str(place), problem, mend
        super().__init__(f"{place}: {problem}; {mend}")

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        # An exception is rebuilt from its message alone, which workers cannot do.
        return type(self), (self.place, self.problem, self.mend)


class TableError(_PlacedError):
    """A file cannot be read as a table of postings, or not be written as one."""


class WorkerError(RoleclfError):
    """A worker process ended before its work did."""

    def __init__(self, exit_code: int | None) -> None:
        self.exit_code = exit_code
        super().__init__(
            f"a worker process ended early, with exit code {exit_code}; if memory is "
            "short, run fewer with --workers"
        )

    def __reduce__(self) -> tuple[type, tuple[int | None]]:
        return type(self), (self.exit_code,)


class RequestError(TableError):
    """The call asks for a column, a format or a file that cannot be had."""


class FeedError(_PlacedError):
    """A document cannot be read as a feed of postings."""


class FetchError(_PlacedError):
    """A source of postings does not give its document.

    `wait` is how many seconds it asks to be left alone, None where it does not say,
    0 where it was not asked at all.
    """

    def __init__(
        self, place: str | Path, problem: str, mend: str, wait: float | None = None
    ) -> None:
        super().__init__(place, problem, mend)
        self.wait = wait

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), (self.place, self.problem, self.mend, self.wait)


class WatchError(_PlacedError):
    """The state or an output of a watch cannot be used."""


class CorpusError(_PlacedError):
    """A corpus cannot be learned from or scored."""


class ModelError(_PlacedError):
    """A model folder is missing, damaged or of another format."""


class TaxonomyError(_PlacedError):
    """A taxonomy file says something that cannot be."""


@contextmanager
def needs_extra(wish: str, extra: str) -> Iterator[None]:
    """Name the extra that brings what the imports in the block do not find.

    Raises
    ------
    MissingExtraError
        If a module is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingExtraError(wish, extra) from error
