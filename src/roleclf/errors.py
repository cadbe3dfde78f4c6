"""Errors that users can act on: each says where, what, and what to do.

The library raises them; only the command line prints them. Wrong arguments in a program
raise ValueError or TypeError instead.
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
    """Base class of the errors that users can act on."""


class MissingExtraError(RoleclfError):
    """A feature needs libraries that a plain install leaves out.

    `feature` is its name, `extra` the extra of roleclf that installs the libraries.
    """

    def __init__(self, feature: str, extra: str) -> None:
        self.feature, self.extra = feature, extra
        super().__init__(
            f"{feature} needs libraries that are not installed; "
            f"pip install 'roleclf[{extra}]' brings them"
        )

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.feature, self.extra)


class _LocatedError(RoleclfError):
    """An error with its place, the problem, and how to mend it."""

    def __init__(self, place: str | Path, problem: str, mend: str) -> None:
        self.place, self.problem, self.mend = str(place), problem, mend
        super().__init__(f"{place}: {problem}; {mend}")

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        # By default an exception is unpickled from its message alone, which fails here
        # when a worker process sends it.
        return type(self), (self.place, self.problem, self.mend)


class TableError(_LocatedError):
    """A table of postings cannot be read or written."""


class WorkerError(RoleclfError):
    """A worker process ended before its work was done."""

    def __init__(self) -> None:
        super().__init__(
            "a worker process ended early; if memory is short, run fewer with --workers"
        )

    def __reduce__(self) -> tuple[type, tuple[()]]:
        return type(self), ()


class RequestError(TableError):
    """The call asks for a column, format or file that is not possible."""


class FeedError(_LocatedError):
    """A document cannot be read as a feed of postings."""


class FetchError(_LocatedError):
    """A source of postings cannot be fetched.

    `wait` is how many seconds the source asks to wait before the next request, None if
    it does not say, 0 if no request was made.
    """

    def __init__(
        self, place: str | Path, problem: str, mend: str, wait: float | None = None
    ) -> None:
        super().__init__(place, problem, mend)
        self.wait = wait

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), (self.place, self.problem, self.mend, self.wait)


class WatchError(_LocatedError):
    """The state file or the output of a watch cannot be used."""


class CorpusError(_LocatedError):
    """A corpus cannot be used for training or evaluation."""


class ModelError(_LocatedError):
    """A model folder is missing, damaged or in another format."""


class TaxonomyError(_LocatedError):
    """A file of the taxonomy is invalid."""


@contextmanager
def needs_extra(feature: str, extra: str) -> Iterator[None]:
    """Turn a failed import in the block into an error that names the extra to install.

    Parameters
    ----------
    feature : str
        What needs the imports, as users call it.
    extra : str
        The extra of roleclf that installs the modules.

    Raises
    ------
    MissingExtraError
        If a module is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise MissingExtraError(feature, extra) from error
