"""Tests of headings: which phrases are listed, and where they count as headings."""

from __future__ import annotations

import pytest

from roleclf.matching.headings import find_headings, read_headings
from roleclf.matching.phrases import PhraseTable
from roleclf.matching.section_names import SECTIONS
from roleclf.text.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Requirements\nSQL", [(0, 0, "requirements")], id="own-line"),
        pytest.param("1. What you will do:", [(1, 4, "duties")], id="numbered"),
        pytest.param("Souhaité :", [(0, 0, "preferred")], id="one-word-wish"),
        pytest.param("Zwingend\nSQL", [(0, 0, "requirements")], id="one-word-must"),
        pytest.param("See our Benefits: tea", [(2, 2, "benefits")], id="inline"),
        pytest.param("see our benefits: tea", [], id="inline-in-lower-case"),
        pytest.param("The benefits are good.", [], id="in-a-sentence"),
    ],
)
def test_headings_are_found_with_their_section(
    text: str, found: list[tuple[int, int, str]]
) -> None:
    tokens = tokenize([text])
    hits = PhraseTable.of({"headings": read_headings().phrases}).find(tokens)
    headings = find_headings(tokens, hits["headings"])
    columns = (column.tolist() for column in headings)
    rows = zip(*columns, strict=True)
    assert [(first, last, SECTIONS[i]) for first, last, i in rows] == found


LONG_LINE = "we bake bread and sell it at the market every day " * 12


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(
            f"{LONG_LINE} Preferred Qualifications Kafka",
            ["preferred"],
            id="title-case",
        ),
        pytest.param(
            f"Key Responsibilities Bake {LONG_LINE} Nice to Have Kafka {LONG_LINE}",
            ["preferred"],
            id="small-words-between",
        ),
        pytest.param(f"{LONG_LINE} preferred qualifications", [], id="small-letters"),
        pytest.param(f"{LONG_LINE} Preferred qualifications", [], id="one-capital"),
        pytest.param(f"{LONG_LINE} our Employee Benefits page", [], id="not-asked"),
        pytest.param("Of the Preferred Qualifications one holds", [], id="short-line"),
    ],
)
def test_capitals_tell_headings_where_line_ends_were_lost(
    text: str, found: list[str]
) -> None:
    # The text before must not make the line seem longer.
    for texts in ([text], ["Bread.", text]):
        tokens = tokenize(texts)
        hits = PhraseTable.of({"headings": read_headings().phrases}).find(tokens)
        inside = find_headings(tokens, hits["headings"])
        at_start = tokens.begins_line(inside.first)
        assert [SECTIONS[i] for i in inside.section[~at_start]] == found


def test_every_section_has_headings_and_none_is_listed_twice() -> None:
    phrases, section = read_headings()
    assert {SECTIONS[i] for i in section} == set(SECTIONS)
    assert len(set(phrases)) == len(phrases)
