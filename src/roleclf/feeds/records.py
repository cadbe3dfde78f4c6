"""The frozen values of reading a feed and writing it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from roleclf.records import Annotation, Posting

__all__ = ["Annotated", "DocumentPart", "Feed"]


class DocumentPart(NamedTuple):
    """What stands from `start` to `end` in a document, and the postings in it.

    `problems` says of each what was wrong with it when it was read, or None.
    `rewrite` takes an annotation for each and yields what takes the part's place.
    """

    start: int
    end: int
    postings: Sequence[Posting]
    problems: Sequence[str | None]
    rewrite: Callable[[Iterable[Annotation]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Feed:
    """A document that was read once, and found to be whole.

    `parts` reads it again: it gives the parts to which something is done, in the
    order of the document. `unreadable` counts entries that cannot even be marked.
    """

    format: str
    parts: Callable[[], Iterator[DocumentPart]]
    unreadable: int = 0

    def postings(self) -> Iterator[Posting]:
        """Yield the postings, in the order of the document."""
        return (posting for part in self.parts() for posting in part.postings)


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
