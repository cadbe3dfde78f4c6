"""Tests of sections, by the section of mentions in a posting."""

from __future__ import annotations

import numpy as np
import pytest

from roleclf.annotation.annotate import Annotator
from roleclf.matching.section_names import SECTIONS, Headings
from roleclf.matching.sections import NO_SECTION, sections_of_words
from roleclf.records import Posting
from roleclf.text.tokens import tokenize


def sections_of(annotator: Annotator, description: str) -> list[str | None]:
    """Return the section of each "Python" of a posting."""
    return [
        mention.section
        for skill in annotator.annotate(None, description).skills
        for mention in skill.mentions
        if skill.id == "python"
    ]


@pytest.mark.parametrize(
    ("description", "section"),
    [
        pytest.param("Requirements\nPython", "requirements", id="plain"),
        pytest.param("REQUIREMENTS\nPython", "requirements", id="capitals"),
        pytest.param("requirements\nPython", "requirements", id="lower-case"),
        pytest.param("Requirements:\n- Python", "requirements", id="colon"),
        pytest.param("**Requirements**\n- Python", "requirements", id="bold-markdown"),
        pytest.param("## Requirements\n* Python", "requirements", id="markdown"),
        pytest.param("🚀 Requirements\nPython", "requirements", id="emoji"),
        pytest.param("Requirements: Python", "requirements", id="inline"),
        pytest.param("<h3>Your profile</h3><li>Python", "requirements", id="html"),
        pytest.param("<b>Duties:</b><br>Python", "duties", id="bold-html"),
        pytest.param("1. Requirements\nPython", "requirements", id="numbered"),
        pytest.param("II) Requirements\nPython", "requirements", id="roman"),
        pytest.param("Requirements -\nPython", "requirements", id="dash"),
        pytest.param("Requirements - Python", "requirements", id="inline-dash"),
        pytest.param("| REQUIREMENTS | Python |", "requirements", id="table"),
        pytest.param("| REQUIREMENTS: | Python |", "requirements", id="table-colon"),
        pytest.param("What you’ll do\nPython", "duties", id="curly-apostrophe"),
        pytest.param("What will you do?\nPython", "duties", id="question"),
        pytest.param("YOUR MISSION:\nPython", "duties", id="capitals-and-colon"),
        pytest.param("Nice to have\nPython", "preferred", id="preferred"),
        pytest.param("Bonus points:\nPython", "preferred", id="bonus"),
        pytest.param("What we offer\nPython", "benefits", id="benefits"),
        pytest.param("About us\nPython", "company", id="company"),
        pytest.param("How to apply\nPython", "apply", id="apply"),
        pytest.param("Equal opportunity\nPython", "legal", id="legal"),
    ],
)
def test_a_heading_opens_a_section(
    annotator: Annotator, description: str, section: str
) -> None:
    assert sections_of(annotator, description) == [section]


@pytest.mark.parametrize(
    "description",
    [
        pytest.param("We use Python.", id="no-heading"),
        pytest.param("- Python\n- SQL", id="list-without-heading"),
        pytest.param("The benefits are good.\nPython", id="word-in-a-sentence"),
        pytest.param(
            "The requirements of our customers are many and Python helps.",
            id="word-in-the-same-sentence",
        ),
        pytest.param("Python\nRequirements\nSQL", id="before-the-heading"),
        pytest.param("We read the 2. requirements. Python.", id="numbered-in-a-line"),
        pytest.param("The requirements - Python is one - grow.", id="dash-in-a-line"),
    ],
)
def test_no_section(annotator: Annotator, description: str) -> None:
    assert sections_of(annotator, description) == [None]


def test_a_section_lasts_to_the_next(annotator: Annotator) -> None:
    description = (
        "We love Python.\nWhat you will do\nWrite Python.\nMore Python.\n"
        "Must have: Python. Nice to have: Python.\nBenefits\nPython"
    )
    assert sections_of(annotator, description) == [
        None,
        "duties",
        "duties",
        "requirements",
        "preferred",
        "benefits",
    ]


@pytest.mark.parametrize(
    ("description", "sections"),
    [
        pytest.param(
            "Requirements\nSQL\nLocation: Rome\nPython", ["requirements"], id="resumed"
        ),
        pytest.param("Location - Rome\nPython", [None], id="nothing-to-resume"),
        pytest.param("Location: Rome, Python", ["apply"], id="on-its-line"),
        pytest.param("How to apply\nPython", ["apply"], id="on-a-line-of-its-own"),
        pytest.param(
            "Requirements\n- SQL\n- Nice to have: Perl\n- Python",
            ["requirements"],
            id="wish-among-demands",
        ),
        pytest.param(
            "Benefits\nAnnual Bonus: much\nPython", ["benefits"], id="bonus-of-money"
        ),
        pytest.param(
            "Requirements\nSQL\nNice to have: Python", ["preferred"], id="the-wish"
        ),
        pytest.param(
            "Requirements\nSQL\nNice to have (not required)\nPython",
            ["preferred"],
            id="no-mark-behind",
        ),
        pytest.param(
            "Requirements\nSQL\nNice to have: skills such as:\nPython",
            ["preferred"],
            id="opens-a-list",
        ),
        pytest.param(
            "Location: Rome\nSalary: much\nDuties\nPython", ["duties"], id="another"
        ),
    ],
)
def test_an_inline_remark_ends_with_its_line(
    annotator: Annotator, description: str, sections: list[str | None]
) -> None:
    assert sections_of(annotator, description) == sections


def test_a_section_ends_with_its_posting(annotator: Annotator) -> None:
    texts = ["Python\nBenefits\nPython", "Python", "Requirements\nPython", "Python"]
    batch = annotator.annotate_batch([Posting(None, text) for text in texts])
    assert [
        [mention.section for skill in row.skills for mention in skill.mentions]
        for row in batch
    ] == [[None, "benefits"], [None], ["requirements"], [None]]


def test_sections_follow_from_any_headings() -> None:
    tokens = tokenize(["we bake bread", "the oven is hot"])
    duties = SECTIONS.index("duties")
    headings = Headings(np.array([1]), np.array([1]), np.array([duties]))
    sections = sections_of_words(tokens, headings).tolist()
    assert sections == [NO_SECTION, duties, duties, *[NO_SECTION] * 4]
