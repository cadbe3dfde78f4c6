"""Find terms that may be skills the lexicon lacks.

A term is written with capitals ("Dagster"), or stands in a list next to a name of the
lexicon ("python, polars"). Words of `term_stopwords.csv` rule terms out, by category:
"stopword" and "connector" stand in none, "address" marks parts of web addresses, "not
alone" are none by themselves, "not last" end none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from roleclf.matching import Hits, PhraseTable, group_by, read_columns
from roleclf.skills.lexicon import Lexicon
from roleclf.skills.proximity import Flags
from roleclf.skills.term_borders import Borders, find_borders, of_next, of_previous
from roleclf.text import Hashes, Ints, Tokens, chain_hashes

__all__ = ["TermFinder", "Terms"]

_STOPWORDS: Final = Path(__file__).parent / "term_stopwords.csv"
_MOST_WORDS: Final = 4
_MOST_WORDS_OF_ITEM: Final = 3


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a batch as arrays, in no particular order.

    Attributes
    ----------
    text : int64 array, shape (n_terms,)
        Place of the text in the batch.
    start, end : int64 arrays, shape (n_terms,)
        Code points of the text, `end` exclusive.
    key : uint64 array, shape (n_terms,)
        The same for the same words in any letter case.
    capital : bool array, shape (n_terms,)
        Whether each word has a capital.
    inside : bool array, shape (n_terms,)
        Whether it does not begin a sentence, where it would have a capital anyway.
    listed, by_skill, by_tool : bool arrays, shape (n_terms,)
        Whether it is an item of a list; and the next item is a name of the lexicon;
        and that is a tool.
    keys : uint64 array, shape (n_runs,)
        The keys of all runs of words in the batch, terms or not.
    """

    text: Ints
    start: Ints
    end: Ints
    key: Hashes
    capital: Flags
    inside: Flags
    listed: Flags
    by_skill: Flags
    by_tool: Flags
    keys: Hashes


class TermFinder:
    """Find terms by a table of the lexicon's forms and of stop words, compiled once.

    Parameters
    ----------
    lexicon : Lexicon
    """

    def __init__(self, lexicon: Lexicon) -> None:
        tools = np.flatnonzero(lexicon.is_tool[lexicon.skill_of_form]).tolist()
        self._phrases = PhraseTable.of(
            {
                **_stopwords(),
                "skill": lexicon.forms,
                "tool": [lexicon.forms[i] for i in tools],
            }
        )

    def find(self, tokens: Tokens, ignored: Flags) -> Terms:
        """Return the terms of a batch of texts.

        Parameters
        ----------
        ignored : bool array, shape (n_words,)
            Words that make no term by themselves, such as the employer's name.
        """
        hits = self._phrases.find(tokens)
        is_in = {name: _covered(tokens, found) for name, found in hits.items()}
        borders = find_borders(tokens, is_in["connector"])
        capital = _has_capital(tokens, borders.dotted)
        first, last = _candidates(is_in, capital, borders)
        kept = _is_term(tokens, is_in, ignored, capital, borders, first, last)
        return _terms(tokens, is_in, capital, borders, first[kept], last[kept])


def _stopwords() -> dict[str, list[str]]:
    """Return the words of each category."""
    columns = read_columns(_STOPWORDS)
    cells = group_by(columns["category"], columns["words"])
    return {category: " ".join(words).split() for category, words in cells.items()}


def _covered(tokens: Tokens, hits: Hits) -> Flags:
    """Whether each word is in a hit."""
    change = np.zeros(len(tokens.hash) + 1, np.int64)
    np.add.at(change, hits.first, 1)
    np.add.at(change, hits.last + 1, -1)
    return np.cumsum(change)[:-1] > 0


def _candidates(
    is_in: Mapping[str, Flags], capital: Flags, borders: Borders
) -> tuple[Ints, Ints]:
    """Return first and last words of items of lists, and of runs of capitals."""
    allowed = ~(is_in["connector"] | is_in["stopword"])
    allowed &= ~_in_address(is_in["address"], borders)
    first, last = _runs(allowed, borders.joined, _MOST_WORDS_OF_ITEM)
    item = borders.is_item(first, last)
    runs = _runs(allowed & capital, borders.joined, _MOST_WORDS)
    first = np.concatenate((first[item], runs[0]))
    last = np.concatenate((last[item], runs[1]))
    pairs = np.unique(first * _MOST_WORDS + last - first)
    return pairs // _MOST_WORDS, pairs // _MOST_WORDS + pairs % _MOST_WORDS


def _is_term(
    tokens: Tokens,
    is_in: Mapping[str, Flags],
    ignored: Flags,
    capital: Flags,
    borders: Borders,
    first: Ints,
    last: Ints,
) -> Flags:
    """Whether each candidate is written in capitals or listed, and not all plain."""
    known = is_in["skill"]
    listed = borders.is_item(first, last) & borders.is_beside(known, first, last)
    found = _all(capital, first, last) | (listed & _all(~known, first, last))
    plain = ignored | known | is_in["not alone"] | is_in["not last"] | _is_bare(tokens)
    return found & ~_all(plain, first, last) & ~is_in["not last"][last]


def _terms(
    tokens: Tokens,
    is_in: Mapping[str, Flags],
    capital: Flags,
    borders: Borders,
    first: Ints,
    last: Ints,
) -> Terms:
    text = tokens.text_of_word[first]
    keys = _keys(tokens, borders.joined)
    listed = borders.is_item(first, last)
    return Terms(
        text=text,
        start=tokens.start[first] - tokens.base[text],
        end=tokens.end[last] - tokens.base[text],
        key=np.choose(last - first, [k[first] for k in keys]),
        capital=_all(capital, first, last),
        inside=~borders.begins_sentence[first],
        listed=listed,
        by_skill=listed & borders.is_beside(is_in["skill"], first, last),
        by_tool=listed & borders.is_beside(is_in["tool"], first, last),
        keys=np.concatenate([k[k != 0] for k in keys]),
    )


def _runs(flags: Flags, joined: Flags, most: int) -> tuple[Ints, Ints]:
    """Return first and last words of the longest runs of flagged words, if short."""
    goes_on = flags & of_next(flags) & joined
    first = np.flatnonzero(flags & ~of_previous(goes_on))
    last = np.flatnonzero(flags & ~goes_on)
    short = last - first < most
    return first[short], last[short]


def _keys(tokens: Tokens, joined: Flags) -> list[Hashes]:
    """Return the keys of the runs of one word, two, ... from each word; 0 for none."""
    keys = [tokens.hash]
    for n_more in range(1, _MOST_WORDS):
        longer = np.zeros_like(tokens.hash)
        chained = chain_hashes(keys[-1][:-n_more], tokens.hash[n_more:])
        whole = (keys[-1][:-n_more] != 0) & joined[n_more - 1 : -1]
        longer[:-n_more] = np.where(whole, chained, 0)
        keys.append(longer)
    return keys


def _all(flags: Flags, first: Ints, last: Ints) -> Flags:
    """Whether every word of each run is flagged."""
    n_lacking = np.concatenate(([0], np.cumsum(~flags)))
    return n_lacking[last + 1] == n_lacking[first]


def _is_bare(tokens: Tokens) -> Flags:
    """Whether each word is a number or a single letter."""
    is_number = tokens.buffer[tokens.start] < ord("a")
    return is_number | (tokens.end - tokens.start == 1)


def _in_address(is_end: Flags, borders: Borders) -> Flags:
    """Whether each word is in an address, "www.foo.com", whose ends are flagged."""
    return (
        is_end | of_previous(is_end & borders.dotted) | of_next(is_end) & borders.dotted
    )


def _has_capital(tokens: Tokens, dotted: Flags) -> Flags:
    """Whether each word has a capital, or the word before its dot: "Next.js"."""
    points = tokens.texts.points
    is_capital = (points >= ord("A")) & (points <= ord("Z"))
    n_before = np.concatenate(([0], np.cumsum(is_capital)))
    has_capital = n_before[tokens.end] > n_before[tokens.start]
    return has_capital | of_previous(has_capital & dotted)
