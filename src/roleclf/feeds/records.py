"""The frozen values of reading a feed and writing it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from roleclf.records import Annotation, Posting

__all__ = ["Annotated", "Feed"]

Document = TypeVar("Document", str, bytes)


@dataclass(frozen=True, slots=True)
class Feed(Generic[Document]):
    """The postings of a document, in its order.

    `problems` says of each what was wrong with it when it was read, or None;
    `unreadable` counts entries that cannot even be marked. `write` takes an
    annotation for each posting and yields the document with them, in pieces.
    """

    format: str
    postings: Sequence[Posting]
    problems: Sequence[str | None]
    write: Callable[[Iterable[Annotation]], Iterator[Document]]
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Annotated:
    """An annotated document, and what became of its postings.

    `document` is empty where it went to a file.
    `postings` counts all, `unclassified` those without a role and what could not be
    read; `postings_by_problem` the others by what is wrong with them.
    """

    format: str
    postings: int
    unclassified: int
    postings_by_problem: Mapping[str, int]
    document: str | bytes = ""
