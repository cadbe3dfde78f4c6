"""Suggest terms of a corpus that the lexicon lacks, the most likely skills first.

Postings are read one batch after the other; only counts and a few snippets are kept.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.batch.term_counts import (
    ANY,
    BY_SKILL,
    BY_TOOL,
    ENOUGH_COMPANIES,
    INSIDE,
    LISTED,
    CorpusCounts,
    TermCounts,
    bucket_of,
    count_terms,
    drop_rare_terms,
)
from roleclf.skills import Lexicon, TermFinder
from roleclf.tables import Batch, Table
from roleclf.text import Tokens, chain_hashes, clean, tokenize

__all__ = ["Suggestion", "suggest_terms"]

# Columns with words that are no terms, by their names without case, blanks, _ and -.
_COMPANY_COLUMNS: Final = frozenset(
    {"company", "companyname", "employer", "organization", "organisation"}
)
_PLACE_COLUMNS: Final = frozenset(
    {"location", "joblocation", "city", "state", "region", "country"}
)
_IGNORED: Final = re.compile(r"[\s_-]+")
_MOST_PLACES: Final = 100_000
# In a list, the neighbour of a tool is mostly a tool, while that of a skill may be a
# word such as "reports". Capitals alone are weak evidence.
_WEIGHT_OF_TOOL: Final = 2.0
_WEIGHT_OF_CAPITALS: Final = 0.03
# Share of occurrences with capitals from which a term counts as a name.
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
        """Return the suggestion as an object to write as JSON."""
        return {
            "term": self.term,
            "postings": self.postings,
            "occurrences": self.occurrences,
            "in_lists": round(self.in_lists, 2),
            "contexts": list(self.contexts),
        }


def suggest_terms(
    table: Table, lexicon: Lexicon, *, least: int = 5, top: int = 50
) -> list[Suggestion]:
    """Return the `top` terms of a table that `lexicon` lacks, the likeliest first.

    Parameters
    ----------
    table : Table
    lexicon : Lexicon
    least : int
        Fewest postings that must write a term.
    top : int
        Most terms to return.

    Notes
    -----
    A term is ranked by the number of postings that list it next to a name of the
    lexicon, and by the share of such occurrences among all occurrences of its words,
    in any letter case. These are counted in an array of fixed size, so a little too
    high in a large corpus; the rarest terms are dropped when there are too many.
    """
    finder, counts = TermFinder(lexicon), CorpusCounts()
    for batch in table.batches:
        tokens = tokenize(
            [f"{clean(p.title)}\n{clean(p.description)}" for p in batch.postings]
        )
        companies = _column_texts(table, batch, _COMPANY_COLUMNS)
        places = _column_texts(table, batch, _PLACE_COLUMNS)
        names = list(map(" ".join, zip(companies, places, strict=True)))
        if len(counts.places) < _MOST_PLACES:
            counts.places.update(tokenize(places).hash.tolist())
        if len(counts.companies) < ENOUGH_COMPANIES:
            counts.companies.update(companies[:ENOUGH_COMPANIES])
        terms = finder.find(tokens, _is_in_names(tokens, names))
        count_terms(counts, terms, tokens.texts, companies)
        drop_rare_terms(counts)
    return _rank(counts, least)[:top]


def _column_texts(table: Table, batch: Batch, names: frozenset[str]) -> list[str]:
    """Return the values of the columns of those names, joined for each posting."""
    columns = [
        batch.column(name)
        for name in table.names
        if _IGNORED.sub("", name).casefold() in names
    ]
    if not columns:
        return [""] * len(batch.postings)
    return [" ".join(str(v) for v in row if v) for row in zip(*columns, strict=True)]


def _is_in_names(tokens: Tokens, names: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Tell for each word of each text whether it is a word of that text's names."""
    words, words_of_names = (
        chain_hashes(t.text_of_word.astype(np.uint64), t.hash)
        for t in (tokens, tokenize(names))
    )
    return np.isin(words, words_of_names)


def _rank(counts: CorpusCounts, least: int) -> list[Suggestion]:
    eligible = _eligible(counts, least)
    buckets = bucket_of(np.array(list(eligible), np.uint64))
    n_written = counts.n_written[buckets].tolist()
    terms = eligible.values()
    scored = [
        (score, _to_suggestion(term))
        for term, n in zip(terms, n_written, strict=True)
        if (score := _score(term, n)) > 0
    ]
    is_place = _are_places([suggestion.term for _, suggestion in scored], counts.places)
    likely = [pair for pair, is_p in zip(scored, is_place, strict=True) if not is_p]
    likely.sort(key=lambda pair: (-pair[0], -pair[1].postings, pair[1].term))
    return [suggestion for _, suggestion in likely]


def _eligible(counts: CorpusCounts, least: int) -> Mapping[int, TermCounts]:
    """Return the terms that enough postings of enough employers write."""
    # All postings of one employer may repeat the same text.
    fewest_companies = min(least, len(counts.companies))
    return {
        key: term
        for key, term in counts.term_by_key.items()
        if term.postings[ANY] >= least and len(term.companies) >= fewest_companies
    }


def _score(term: TermCounts, n_written: int) -> float:
    share = min(term.occurrences[BY_SKILL] / n_written, 1.0)
    listing = term.postings[BY_SKILL] + _WEIGHT_OF_TOOL * term.postings[BY_TOOL]
    is_name = term.occurrences[INSIDE] >= _LEAST_CAPITALS * n_written
    capitals = is_name * _WEIGHT_OF_CAPITALS * term.postings[INSIDE]
    return listing * math.sqrt(share) + capitals


def _are_places(terms: Sequence[str], places: set[int]) -> list[bool]:
    """Tell which terms consist of words of places only."""
    if not terms:
        return []
    words = tokenize(terms)
    is_place = np.isin(words.hash, np.array(sorted(places), np.uint64))
    return np.logical_and.reduceat(is_place, words.bounds[:-1]).tolist()


def _to_suggestion(term: TermCounts) -> Suggestion:
    n_occurrences = term.occurrences[ANY]
    # Of equally frequent forms the first in the alphabet, whatever their order.
    form = max(sorted(term.forms), key=term.forms.__getitem__)
    return Suggestion(
        term=form,
        postings=term.postings[ANY],
        occurrences=n_occurrences,
        in_lists=term.occurrences[LISTED] / n_occurrences,
        contexts=tuple(term.contexts),
    )
