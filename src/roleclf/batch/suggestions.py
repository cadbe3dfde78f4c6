"""List the terms of a corpus that the lexicon lacks, the likeliest skills first.

Step 6 of the layers, beside the line: postings stream through, and only counts and
a few snippets stay, so that the lexicon can keep up with what people write.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.skills import Lexicon, TermFinder, Terms
from roleclf.tables import Batch, Table
from roleclf.text import Tokens, chain_hashes, clean, tokenize

__all__ = ["Suggestion", "suggest_terms"]

# Columns whose words make no term: the employer's name, and places.
_COMPANY: Final = frozenset(
    {"company", "companyname", "employer", "organization", "organisation"}
)
_PLACE: Final = frozenset(
    {"location", "joblocation", "city", "state", "region", "country"}
)
_IGNORED: Final = re.compile(r"[\s_-]+")
# Where the table names employers, so many must write a term.
_FEWEST_COMPANIES: Final = 3
# What a place may show of a term: that it is there, with capitals that no sentence
# begins with, as an item of a list, and next to a skill or a tool there.
_SHOWN: Final = ("there", "inside", "listed", "by_skill", "by_tool")
_THERE, _INSIDE, _LISTED, _BY_SKILL, _BY_TOOL = range(len(_SHOWN))
_MOST_TERMS: Final = 100_000
_MOST_FORMS: Final = 5
_MOST_PLACES: Final = 100_000
_N_CONTEXTS: Final = 3
_CONTEXT_WIDTH: Final = 35
_BITS: Final = 22
# Beside a tool mostly stands a tool, beside a skill also a word like "reports";
# capitals alone say little.
_WEIGHT_OF_TOOL: Final = 2.0
_WEIGHT_OF_CAPITALS: Final = 0.03
_LEAST_CAPITALS: Final = 0.6


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A term that may be a skill.

    `term` is written as most often in the corpus; `in_lists` is the share of its
    occurrences, 0-1, that are items of lists.
    """

    term: str
    postings: int
    occurrences: int
    in_lists: float
    contexts: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the suggestion as JSON has it."""
        return {
            "term": self.term,
            "postings": self.postings,
            "occurrences": self.occurrences,
            "in_lists": round(self.in_lists, 2),
            "contexts": list(self.contexts),
        }


@dataclass(slots=True)
class _Count:
    """What has been seen of one term: for each of `_SHOWN`, how often, and where.

    `latest` is the number of the posting that was counted last.
    """

    occurrences: list[int] = field(default_factory=lambda: [0] * len(_SHOWN))
    postings: list[int] = field(default_factory=lambda: [0] * len(_SHOWN))
    latest: list[int] = field(default_factory=lambda: [-1] * len(_SHOWN))
    forms: Counter[str] = field(default_factory=Counter)
    companies: set[str] = field(default_factory=set)
    contexts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Tally:
    """What has been seen of a corpus."""

    counts: dict[int, _Count] = field(default_factory=dict)
    # How often each run of words is written, terms or not, by a part of its key.
    written: npt.NDArray[np.uint32] = field(
        default_factory=lambda: np.zeros(1 << _BITS, np.uint32)
    )
    places: set[int] = field(default_factory=set)
    companies: set[str] = field(default_factory=set)
    n_postings: int = 0


def suggest_terms(
    table: Table, lexicon: Lexicon, *, least: int = 5, top: int = 50
) -> list[Suggestion]:
    """Return the `top` terms of a table that `lexicon` lacks, the likeliest first.

    Parameters
    ----------
    least : int
        So many postings must write a term.

    Notes
    -----
    A term ranks by how many postings list it next to a name of the lexicon, and by
    the share of all places with its words, in any letter case, where they do. Those
    places are counted in an array of fixed size, so a little too high in a large
    corpus; the rarest terms are forgotten when there are too many.
    """
    finder, tally = TermFinder(lexicon), _Tally()
    for batch in table.batches:
        tokens = tokenize(
            [f"{clean(p.title)}\n{clean(p.description)}" for p in batch.postings]
        )
        companies = _values(table, batch, _COMPANY)
        places = _values(table, batch, _PLACE)
        named = list(map(" ".join, zip(companies, places, strict=True)))
        terms = finder.find(tokens, _is_named(tokens, named))
        if len(tally.places) < _MOST_PLACES:
            tally.places.update(tokenize(places).hash.tolist())
        if len(tally.companies) < _FEWEST_COMPANIES:
            tally.companies.update(companies[:_FEWEST_COMPANIES])
        _count(tally, terms, tokens.texts, companies)
        _forget_rare(tally)
    return _ranked(tally, least)[:top]


def _values(table: Table, batch: Batch, names: frozenset[str]) -> list[str]:
    """Return what the columns of those names say of each posting, as one text."""
    columns = [
        batch.column(name)
        for name in table.names
        if _IGNORED.sub("", name).casefold() in names
    ]
    if not columns:
        return [""] * len(batch.postings)
    return [" ".join(str(v) for v in row if v) for row in zip(*columns, strict=True)]


def _is_named(tokens: Tokens, named: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Tell which words of each text are among the words of its line of `named`."""
    names = tokenize(named)
    own, other = (
        chain_hashes(t.text_of_word.astype(np.uint64), t.hash) for t in (tokens, names)
    )
    return np.isin(own, other)


def _count(
    tally: _Tally, terms: Terms, texts: Sequence[str], companies: Sequence[str]
) -> None:
    np.add.at(tally.written, _bucket(terms.keys), 1)
    inside = terms.inside & terms.capital
    there = np.ones(len(terms.key), bool)
    shown = np.stack((there, inside, terms.listed, terms.by_skill, terms.by_tool), 1)
    columns = (terms.key, terms.text, terms.start, terms.end, shown)
    for key, text, start, end, row in zip(*(c.tolist() for c in columns), strict=True):
        count = tally.counts.setdefault(key, _Count())
        _add(count, row, tally.n_postings + text)
        form = " ".join(texts[text][start:end].split())
        if form in count.forms or len(count.forms) < _MOST_FORMS:
            count.forms[form] += 1
        if len(count.companies) < _FEWEST_COMPANIES:
            count.companies.add(companies[text])
        if len(count.contexts) < _N_CONTEXTS:
            context = _context(texts[text], start, end)
            count.contexts += [] if context in count.contexts else [context]
    tally.n_postings += len(texts)


def _add(count: _Count, shown: Sequence[bool], posting: int) -> None:
    for kind in (kind for kind, is_shown in enumerate(shown) if is_shown):
        count.occurrences[kind] += 1
        count.postings[kind] += count.latest[kind] != posting
        count.latest[kind] = posting


def _context(text: str, start: int, end: int) -> str:
    """Return a term and what stands about it on its line, cut between words."""
    begin = max(text.rfind("\n", 0, start) + 1, start - _CONTEXT_WIDTH)
    stop = text.find("\n", end, end + _CONTEXT_WIDTH)
    stop = end + _CONTEXT_WIDTH if stop < 0 else stop
    before, after = text[begin:start], text[end:stop]
    if text[max(begin - 1, 0)].isalnum():
        before = before.partition(" ")[2]
    if text[stop : stop + 1].isalnum():
        after = after.rpartition(" ")[0]
    return f"{before}{text[start:end]}{after}".strip()


def _forget_rare(tally: _Tally) -> None:
    """Drop the terms of fewest postings when there are too many."""
    fewest = 1
    while len(tally.counts) > _MOST_TERMS:
        tally.counts = {
            key: count
            for key, count in tally.counts.items()
            if count.postings[_THERE] > fewest
        }
        fewest += 1


def _ranked(tally: _Tally, least: int) -> list[Suggestion]:
    # All of one employer's postings may be the same text again.
    fewest = min(least, len(tally.companies))
    counts = {
        key: count
        for key, count in tally.counts.items()
        if count.postings[_THERE] >= least and len(count.companies) >= fewest
    }
    written = tally.written[_bucket(np.array(list(counts), np.uint64))].tolist()
    scored = [
        (_score(*pair), pair[0]) for pair in zip(counts.values(), written, strict=True)
    ]
    found = [(score, _suggestion(count)) for score, count in scored if score > 0]
    words = tokenize([suggestion.term for _, suggestion in found])
    is_place = np.isin(words.hash, np.array(sorted(tally.places), np.uint64))
    n_other = np.add.reduceat(~is_place, words.bounds[:-1]) if found else ()
    likely = [pair for pair, n in zip(found, n_other, strict=True) if n]
    likely.sort(key=lambda pair: (-pair[0], -pair[1].postings, pair[1].term))
    return [suggestion for _, suggestion in likely]


def _score(count: _Count, n_written: int) -> float:
    share = min(count.occurrences[_BY_SKILL] / n_written, 1.0)
    listing = count.postings[_BY_SKILL] + _WEIGHT_OF_TOOL * count.postings[_BY_TOOL]
    is_name = count.occurrences[_INSIDE] >= _LEAST_CAPITALS * n_written
    return (
        listing * math.sqrt(share)
        + is_name * _WEIGHT_OF_CAPITALS * (count.postings[_INSIDE])
    )


def _suggestion(count: _Count) -> Suggestion:
    n_occurrences = count.occurrences[_THERE]
    # Of forms as frequent the first in the alphabet, whatever came first.
    term = max(sorted(count.forms), key=count.forms.__getitem__)
    return Suggestion(
        term=term,
        postings=count.postings[_THERE],
        occurrences=n_occurrences,
        in_lists=count.occurrences[_LISTED] / n_occurrences,
        contexts=tuple(count.contexts),
    )


def _bucket(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    return (keys >> np.uint64(64 - _BITS)).astype(np.int64)
