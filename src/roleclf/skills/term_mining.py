"""Find the terms in a batch of texts that may be skills the lexicon lacks.

Beside the line, for `suggest`. A term is written with capitals, or stands in a list
next to a name that the lexicon knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from roleclf.matching import Hits, PhraseTable, read_columns
from roleclf.skills.matcher import Lexicon
from roleclf.text import Tokens, chain_hashes

__all__ = ["TermFinder", "Terms"]

type_flags = npt.NDArray[np.bool_]
type_places = npt.NDArray[np.int64]
type_keys = npt.NDArray[np.uint64]

_PLAIN_WORDS: Final = Path(__file__).parent / "plain_words.csv"
# Where such a word cannot stand in a term.
_WHERES: Final = ("between", "nowhere", "address", "alone", "last")
_MOST_WORDS: Final = 4
_MOST_WORDS_OF_ITEM: Final = 3
# What may stand inside a term, what parts the items of a list, what else ends them.
_JOINTS: Final = np.frombuffer(b" -.&", np.uint8)
_COMMAS: Final = np.frombuffer(b",;/|", np.uint8)
_BRACKETS: Final = np.frombuffer(b"()[]*:\n\0", np.uint8)
_WIDEST_GAP: Final = 3


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a batch, as arrays of equal length, in no particular order.

    `text` counts in the batch, `start` and `end` in the text. `key` is the same for
    the same words in any letter case. `capital`: each word has a capital; `inside`:
    it does not begin a sentence, where it would have one anyway; `listed`: it is an
    item of a list; `by_skill`, `by_tool`: and such a name of the lexicon is the next.
    `keys` are of all runs of words in the batch, terms or not.
    """

    text: type_places
    start: type_places
    end: type_places
    key: type_keys
    capital: type_flags
    inside: type_flags
    listed: type_flags
    by_skill: type_flags
    by_tool: type_flags
    keys: type_keys


class TermFinder:
    """The lexicon, and the words that make no term, compiled once.

    Parameters
    ----------
    lexicon : Lexicon
    """

    def __init__(self, lexicon: Lexicon) -> None:
        columns = read_columns(_PLAIN_WORDS)
        rows = list(zip(columns["where"], columns["words"], strict=True))
        plain = {
            where: [w for other, words in rows if other == where for w in words.split()]
            for where in _WHERES
        }
        tools = np.flatnonzero(lexicon.is_tool[lexicon.skill]).tolist()
        self._phrases = PhraseTable.of(
            {
                **plain,
                "skill": lexicon.forms,
                "tool": [lexicon.forms[i] for i in tools],
            }
        )

    def find(self, tokens: Tokens, aside: type_flags) -> Terms:
        """Return the terms of a batch of texts.

        Parameters
        ----------
        aside : bool array, shape (n_words,)
            Words that make no term by themselves, such as the employer's name.
        """
        hits = self._phrases.find(tokens)
        on = {name: _covered(tokens, found) for name, found in hits.items()}
        borders = _borders(tokens, on["between"])
        capital = _has_capital(tokens, borders.dotted)
        senseless = on["between"] | on["nowhere"] | _in_address(on["address"], borders)
        first, last = _candidates(senseless, capital, borders)
        listed = borders.is_item(first, last)
        by_skill = listed & borders.is_beside(on["skill"], first, last)
        plain = aside | on["alone"] | on["last"] | on["skill"] | _is_bare(tokens)
        all_capital = _all(capital, first, last)
        wanted = all_capital | (by_skill & _all(~on["skill"], first, last))
        wanted &= ~_all(plain, first, last) & ~on["last"][last]
        first, last, listed = first[wanted], last[wanted], listed[wanted]
        keys = _keys(tokens, borders.joined)
        text = tokens.text_of_word[first]
        return Terms(
            text=text,
            start=tokens.start[first] - tokens.base[text],
            end=tokens.end[last] - tokens.base[text],
            key=np.choose(last - first, [k[first] for k in keys]),
            capital=all_capital[wanted],
            inside=~borders.heads[first],
            listed=listed,
            by_skill=by_skill[wanted],
            by_tool=listed & borders.is_beside(on["tool"], first, last),
            keys=np.concatenate([k[k != 0] for k in keys]),
        )


@dataclass(frozen=True, slots=True)
class _Borders:
    """What stands about each word, as arrays of shape (n_words,).

    `joined`: the next word may belong to the same term; `dotted`: nothing but a dot
    is between; `comma_before` and
    `comma_after`: so a list goes on; `opens` and `closes`: an item of a list may
    begin or end here; `heads`: it is the first of a sentence; `before` and `after`:
    the nearest words that are no "and", itself at the end of a text.
    """

    joined: type_flags
    dotted: type_flags
    comma_before: type_flags
    comma_after: type_flags
    opens: type_flags
    closes: type_flags
    heads: type_flags
    before: type_places
    after: type_places

    def is_item(self, first: type_places, last: type_places) -> type_flags:
        """Tell which runs of words are items of lists."""
        comma = self.comma_before[first] | self.comma_after[last]
        return comma & self.opens[first] & self.closes[last]

    def is_beside(
        self, flags: type_flags, first: type_places, last: type_places
    ) -> type_flags:
        """Tell which runs have a flagged word before or behind them."""
        before, after = self.before[first], self.after[last]
        return (flags[before] & (before != first)) | (flags[after] & (after != last))


def _borders(tokens: Tokens, between: type_flags) -> _Borders:
    n_words = len(tokens.hash)
    next_start = np.append(tokens.start[1:], len(tokens.buffer))[:n_words]
    width = next_start - tokens.end
    # The mark of " / " is in the middle; of a narrower gap this is the last one too.
    marks = tokens.buffer[
        np.stack((tokens.end, (tokens.end + next_start) // 2, next_start - 1))
    ]
    comma = np.any(np.isin(marks, _COMMAS), axis=0)
    bracket = np.any(np.isin(marks, _BRACKETS), axis=0)
    ends = np.append(np.diff(tokens.sentence) != 0, True)
    apart = comma | bracket | ends | (width > _WIDEST_GAP)
    word = np.arange(n_words)
    text = tokens.text_of_word
    before = np.maximum(word - 1 - _earlier(between), 0)
    after = np.minimum(word + 1 + _later(between), n_words - 1)
    return _Borders(
        joined=(width == 1) & np.isin(marks[0], _JOINTS),
        dotted=(width == 1) & (marks[0] == ord(".")),
        comma_before=_earlier(comma),
        comma_after=comma,
        opens=_earlier(apart, True) | _earlier(between),
        closes=apart | _later(between),
        heads=_earlier(ends, True),
        before=np.where(text[before] == text, before, word),
        after=np.where(text[after] == text, after, word),
    )


def _candidates(
    senseless: type_flags, capital: type_flags, borders: _Borders
) -> tuple[type_places, type_places]:
    """Return first and last words of the items of lists, and of runs of capitals."""
    first, last = _runs(~senseless, borders.joined, _MOST_WORDS_OF_ITEM)
    item = borders.is_item(first, last)
    runs = _runs(~senseless & capital, borders.joined, _MOST_WORDS)
    first = np.concatenate((first[item], runs[0]))
    last = np.concatenate((last[item], runs[1]))
    pairs = np.unique(first * _MOST_WORDS + last - first)
    return pairs // _MOST_WORDS, pairs // _MOST_WORDS + pairs % _MOST_WORDS


def _runs(
    flags: type_flags, joined: type_flags, most: int
) -> tuple[type_places, type_places]:
    """Return first and last words of the longest runs of flagged words, if short."""
    goes_on = flags & _later(flags) & joined
    first = np.flatnonzero(flags & ~_earlier(goes_on))
    last = np.flatnonzero(flags & ~goes_on)
    short = last - first < most
    return first[short], last[short]


def _keys(tokens: Tokens, joined: type_flags) -> list[type_keys]:
    """Return the keys of the runs of one word, two, ... from each word; 0 for none."""
    keys = [tokens.hash]
    for n_more in range(1, _MOST_WORDS):
        longer = np.zeros_like(tokens.hash)
        chained = chain_hashes(keys[-1][:-n_more], tokens.hash[n_more:])
        whole = (keys[-1][:-n_more] != 0) & joined[n_more - 1 : -1]
        longer[:-n_more] = np.where(whole, chained, 0)
        keys.append(longer)
    return keys


def _covered(tokens: Tokens, hits: Hits) -> type_flags:
    change = np.zeros(len(tokens.hash) + 1, np.int64)
    np.add.at(change, hits.first, 1)
    np.add.at(change, hits.last + 1, -1)
    return np.cumsum(change)[:-1] > 0


def _all(flags: type_flags, first: type_places, last: type_places) -> type_flags:
    """Tell which runs of words are flagged throughout."""
    lacking = np.concatenate(([0], np.cumsum(~flags)))
    return lacking[last + 1] == lacking[first]


def _is_bare(tokens: Tokens) -> type_flags:
    """Tell the words that are numbers or single letters."""
    is_number = tokens.buffer[tokens.start] < ord("a")
    return is_number | (tokens.end - tokens.start == 1)


def _in_address(address: type_flags, borders: _Borders) -> type_flags:
    """Tell the words of "www.foo.com", of which only the first and last are flagged."""
    return (
        address | _earlier(address & borders.dotted) | _later(address) & borders.dotted
    )


def _has_capital(tokens: Tokens, dotted: type_flags) -> type_flags:
    """Tell the words with a capital; "Next.js" is a name as a whole."""
    points = tokens.texts.points
    is_capital = (points >= ord("A")) & (points <= ord("Z"))
    n_before = np.concatenate(([0], np.cumsum(is_capital)))
    has_capital = n_before[tokens.end] > n_before[tokens.start]
    return has_capital | _earlier(has_capital & dotted)


def _earlier(flags: type_flags, at_start: bool = False) -> type_flags:
    """Return for each word the flag of the word before."""
    return np.append(at_start, flags[:-1])[: len(flags)]


def _later(flags: type_flags) -> type_flags:
    """Return for each word the flag of the next."""
    return np.append(flags[1:], False)[: len(flags)]
