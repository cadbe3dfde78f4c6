"""Tests of headings that are in no list: which lines count, what their words say."""

from __future__ import annotations

import pytest

from roleclf.annotation.annotate import Annotator
from roleclf.matching.heading_words import (
    NO_HEADING,
    find_lines_by_words,
    read_heading_words,
)
from roleclf.matching.section_names import SECTIONS
from roleclf.text.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Optional requirements:\nPython", ["preferred"], id="colon"),
        pytest.param("Mandatory requirements:\nPython", ["requirements"], id="must"),
        pytest.param("Our clients\n- Two banks", ["company"], id="above-a-list"),
        pytest.param("Our clients\nTwo", [], id="above-a-shorter-line"),
        pytest.param(
            "Sarebbe bello se conoscessi anche\nSQL", ["preferred"], id="sure-of-words"
        ),
        pytest.param("Kafka experience is a plus\nSQL", [], id="wish-for-one-skill"),
        pytest.param("Perl; gern gesehen, aber kein Muss\nSQL", [], id="mark-inside"),
        pytest.param("Polish language skills\nA long line on SQL.", [], id="language"),
        pytest.param("Requirements gathering:\nSQL", ["duties"], id="work"),
        pytest.param("You get extra credit for\n- SQL", ["preferred"], id="credit"),
        pytest.param("Added advantages:\nSQL", ["preferred"], id="advantages"),
        pytest.param("About Xyzzy\n- Two banks", ["company"], id="about-a-name"),
        pytest.param("Was bietet Xyzzy dir?\nSQL", ["benefits"], id="offer-of-a-name"),
        pytest.param("Over Xyzzy\n- Twee banken", ["company"], id="dutch-name"),
        pytest.param("À propos de Xyzzy\n- Deux", ["company"], id="french-name"),
        pytest.param("- Our clients\n- Two banks", [], id="item-of-a-list"),
        pytest.param("Our clients.\n- Two banks", [], id="sentence"),
        pytest.param("our clients\n- Two banks", [], id="lower-case"),
        pytest.param("Ihre Aufgaben bei uns:\nPython", ["duties"], id="german"),
        pytest.param("Ce que nous offrons :\nRTT", ["benefits"], id="french"),
        pytest.param("Requisitos deseables:\nPython", ["preferred"], id="spanish"),
        pytest.param("Será um diferencial:\nPython", ["preferred"], id="portuguese"),
        pytest.param("Cosa cerchiamo in te:\nPython", ["requirements"], id="italian"),
        pytest.param("Wat ga je bij ons doen?\nPython", ["duties"], id="dutch"),
        pytest.param("Experience with Python\n- SQL", [], id="item-without-bullet"),
        pytest.param("", [], id="empty"),
    ],
)
def test_lines_are_told_by_their_words(text: str, found: list[str]) -> None:
    headings = find_lines_by_words(tokenize([text]))
    assert [SECTIONS[i] for i in headings.section] == found


def test_a_text_does_not_head_the_next() -> None:
    headings = find_lines_by_words(tokenize(["Our clients", "- Two banks and more"]))
    assert headings.section.tolist() == []


def test_every_weight_has_a_word_and_a_class() -> None:
    model = read_heading_words()
    assert model.weights.shape == (len(model.words) + 1, 1 + len(SECTIONS))
    assert NO_HEADING not in SECTIONS
    # A word that is in no list speaks against requirements, and for none of a list.
    assert model.weights[-1, 1 + SECTIONS.index("requirements")] < 0


@pytest.mark.parametrize(
    ("description", "need"),
    [
        pytest.param("Preferred Qualifications:\n- Python", "preferred", id="inner"),
        pytest.param("PREFERRED QUALIFICATIONS:\n- Python", "preferred", id="capitals"),
        pytest.param("Desired Skills: Python", "preferred", id="inline"),
        pytest.param(
            "Nice to have\n- SQL\nMandatory skills\n- Python", "required", id="again"
        ),
        pytest.param("What would set you apart\n- Python", "preferred", id="question"),
    ],
)
def test_the_longer_heading_counts(
    annotator: Annotator, description: str, need: str
) -> None:
    skills = annotator.annotate(None, description).skills
    assert {s.id: s.need for s in skills}["python"] == need
