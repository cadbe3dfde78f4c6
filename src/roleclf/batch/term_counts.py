"""Count the candidate terms of a corpus: how often and in what places they stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.skills import Terms

__all__ = [
    "ANY",
    "BY_SKILL",
    "BY_TOOL",
    "ENOUGH_COMPANIES",
    "INSIDE",
    "LISTED",
    "CorpusCounts",
    "TermCounts",
    "bucket_of",
    "count_terms",
    "drop_rare_terms",
]

# Kinds of occurrences that are counted apart: all of them; those with capitals that do
# not begin a sentence; items of a list; and those next to a skill, or a tool, there.
_KINDS: Final = range(5)
ANY, INSIDE, LISTED, BY_SKILL, BY_TOOL = _KINDS

# So many employers must write a term, where a table names so many; no more are noted.
ENOUGH_COMPANIES: Final = 3
# Bounds that keep the counts small, whatever the size of the corpus.
_MOST_TERMS: Final = 100_000
_MOST_FORMS: Final = 5
_MOST_CONTEXTS: Final = 3
# Characters shown on each side of a term.
_CONTEXT_WIDTH: Final = 35
_BUCKET_BITS: Final = 22


def _zeros() -> list[int]:
    return [0] * len(_KINDS)


@dataclass(slots=True)
class TermCounts:
    """The counts of one term, and a few of its forms, employers and contexts.

    `occurrences` and `postings` are counted by kind; `latest` is the number of the
    posting that was counted last for each kind, -1 for none.
    """

    occurrences: list[int] = field(default_factory=_zeros)
    postings: list[int] = field(default_factory=_zeros)
    latest: list[int] = field(default_factory=lambda: [-1] * len(_KINDS))
    forms: Counter[str] = field(default_factory=Counter)
    companies: set[str] = field(default_factory=set)
    contexts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class CorpusCounts:
    """The counts of a corpus by key of the term, and words of places and employers.

    `n_written`, of fixed size, counts how often the words of each bucket of keys are
    written in any letter case, as a term or not.
    """

    term_by_key: defaultdict[int, TermCounts] = field(
        default_factory=lambda: defaultdict(TermCounts)
    )
    n_written: npt.NDArray[np.uint32] = field(
        default_factory=lambda: np.zeros(1 << _BUCKET_BITS, np.uint32)
    )
    places: set[int] = field(default_factory=set)
    companies: set[str] = field(default_factory=set)
    n_postings: int = 0


def bucket_of(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Return the places of keys in `CorpusCounts.n_written`."""
    return (keys >> np.uint64(64 - _BUCKET_BITS)).astype(np.int64)


def count_terms(
    counts: CorpusCounts, terms: Terms, texts: Sequence[str], companies: Sequence[str]
) -> None:
    """Add the terms of a batch of texts, each by the employer in `companies`."""
    np.add.at(counts.n_written, bucket_of(terms.keys), 1)
    inside = terms.inside & terms.capital
    every = np.ones(len(terms.key), bool)
    is_kind = np.stack((every, inside, terms.listed, terms.by_skill, terms.by_tool), 1)
    columns = (terms.key, terms.text, terms.start, terms.end, is_kind)
    for key, text, start, end, row in zip(*(c.tolist() for c in columns), strict=True):
        term = counts.term_by_key[key]
        _add_occurrence(term, row, counts.n_postings + text)
        _add_form(term, " ".join(texts[text][start:end].split()))
        if len(term.companies) < ENOUGH_COMPANIES:
            term.companies.add(companies[text])
        if len(term.contexts) < _MOST_CONTEXTS:
            _add_context(term, _context(texts[text], start, end))
    counts.n_postings += len(texts)


def _add_occurrence(term: TermCounts, is_kind: Sequence[bool], posting: int) -> None:
    for kind in (kind for kind in _KINDS if is_kind[kind]):
        term.occurrences[kind] += 1
        term.postings[kind] += term.latest[kind] != posting
        term.latest[kind] = posting


def _add_form(term: TermCounts, form: str) -> None:
    if form in term.forms or len(term.forms) < _MOST_FORMS:
        term.forms[form] += 1


def _add_context(term: TermCounts, context: str) -> None:
    if context not in term.contexts:
        term.contexts.append(context)


def _context(text: str, start: int, end: int) -> str:
    """Return a term with the text around it on its line, cut between words."""
    begin = max(text.rfind("\n", 0, start) + 1, start - _CONTEXT_WIDTH)
    stop = text.find("\n", end, end + _CONTEXT_WIDTH)
    stop = end + _CONTEXT_WIDTH if stop < 0 else stop
    before, after = text[begin:start], text[end:stop]
    if text[max(begin - 1, 0)].isalnum():
        before = before.partition(" ")[2]
    if text[stop : stop + 1].isalnum():
        after = after.rpartition(" ")[0]
    return f"{before}{text[start:end]}{after}".strip()


def drop_rare_terms(counts: CorpusCounts) -> None:
    """Drop the terms of the fewest postings until there are no more than allowed."""
    fewest = 1
    terms = counts.term_by_key
    while len(terms) > _MOST_TERMS:
        for key in [k for k, term in terms.items() if term.postings[ANY] <= fewest]:
            del terms[key]
        fewest += 1
