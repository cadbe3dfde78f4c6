"""Tests of finding phrases, against a simple matcher."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from roleclf.matching.hits import Hits
from roleclf.matching.phrases import PhraseTable
from roleclf.text.tokens import tokenize

JOINS = {"-": " ", "_": " ", "\n": " "}
NO_PHRASE_CROSSES = "|"

WORDS = st.sampled_from(["a", "b", "A", "ab"])
MARKS = st.sampled_from([" ", " ", "-", "/", ".", " / "])
PHRASES = st.lists(st.tuples(WORDS, MARKS), min_size=1, max_size=4).map(
    lambda parts: "".join(word + mark for word, mark in parts)[: -len(parts[-1][1])]
)
TEXTS = st.text(st.sampled_from("aabbAB  -/.\n|"), max_size=30)


def cut(text: str) -> tuple[list[str], list[str]]:
    """Return the words of `text`, and what joins each to the next."""
    words = re.findall(r"[a-z]+", text.lower())
    between = re.split(r"[a-z]+", text.lower())[1:-1]
    return words, [joined(mark) for mark in between]


def joined(mark: str) -> str:
    """Return the one mark that stands there, a blank, or what no phrase crosses."""
    if len(mark) == 3 and mark[0] == mark[2] == " ":
        mark = mark[1]
    elif len(mark) == 2 and mark.count(" ") == 1:
        mark = mark.strip(" ")
    return JOINS.get(mark, mark) if len(mark) == 1 else NO_PHRASE_CROSSES


def naive(phrases: Sequence[str], text: str) -> list[tuple[int, int, int]]:
    """Return first word, last word and place of each phrase found in `text`."""
    words, joins = cut(text)
    found = []
    for place, phrase in enumerate(phrases):
        wanted, wanted_joins = cut(phrase)
        for first in range(len(words) - len(wanted) + 1):
            last = first + len(wanted) - 1
            same = words[first : last + 1] == wanted
            if same and joins[first:last] == wanted_joins:
                found.append((first, last, place))
    return sorted(found)


def found_in(hits: Hits) -> list[tuple[int, int, int]]:
    columns = (hits.first, hits.last, hits.phrase)
    return list(zip(*(column.tolist() for column in columns), strict=True))


@given(st.lists(PHRASES, max_size=5), st.lists(PHRASES, max_size=5), TEXTS)
@example(["a", "a b", "a b a", "b a"], ["a b"], "a b a b")
@example(["a/b", "a b", "a-b"], [], "a / b a-b a\nb a|b a.b")
def test_finds_what_the_naive_matcher_finds(
    some: list[str], others: list[str], text: str
) -> None:
    found = PhraseTable.of({"some": some, "others": others}).find(tokenize([text]))
    assert list(found) == ["some", "others"]
    assert sorted(found_in(found["some"])) == naive(some, text)
    assert sorted(found_in(found["others"])) == naive(others, text)


@given(st.lists(PHRASES, max_size=5), TEXTS)
def test_hits_come_in_reading_order_the_longer_first(
    phrases: list[str], text: str
) -> None:
    hits = PhraseTable.of({"all": phrases}).find(tokenize([text]))["all"]
    order = [(first, -last) for first, last, _ in found_in(hits)]
    assert order == sorted(order)


@given(st.lists(PHRASES, min_size=1, max_size=4), st.lists(TEXTS, max_size=4))
def test_a_batch_is_searched_as_each_text_alone(
    phrases: list[str], texts: list[str]
) -> None:
    table = PhraseTable.of({"all": phrases})
    tokens = tokenize(texts)
    together = sorted(found_in(table.find(tokens)["all"]))
    alone = [
        (first + base, last + base, place)
        for text, base in zip(texts, tokens.bounds.tolist(), strict=False)
        for first, last, place in naive(phrases, text)
    ]
    assert together == sorted(alone)


def test_no_lists_find_nothing() -> None:
    assert PhraseTable.of({}).find(tokenize(["a b"])) == {}


def test_an_empty_list_finds_nothing() -> None:
    assert found_in(PhraseTable.of({"none": []}).find(tokenize(["a b"]))["none"]) == []
