"""An evaluation as a page that stands alone, and as lines for a terminal."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from evaluations import EVALUATION, STRICT, TEXT
from roleclf.evaluation import evaluation_page, evaluation_text
from roleclf.evaluation.curves import accuracy_of

VOID = {"meta"}


class Page(HTMLParser):
    """Every element of a page, its text, and what is left open."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.text += " "

    def handle_data(self, data: str) -> None:
        self.text += data


def page_with(**changes: Any) -> Page:
    return Page(evaluation_page({**EVALUATION, **changes}))


def words(text: str) -> str:
    return " ".join(text.split())


def test_the_page_stands_alone() -> None:
    page = page_with()
    assert page.open == []
    assert {"script", "link", "img", "iframe", "object"} & {
        t for t, _ in page.tags
    } == set()
    targets = [
        value
        for _, attrs in page.tags
        for name, value in attrs.items()
        if name in {"href", "src", "action"} and value is not None
    ]
    assert targets
    assert all(target.startswith("#") for target in targets)
    ids = {attrs.get("id") for _, attrs in page.tags}
    assert {target[1:] for target in targets} <= ids
    assert not re.search(r"url\(|@import|https?:", evaluation_page(EVALUATION))


def test_the_page_shows_what_stands_in_the_evaluation_and_nothing_as_markup() -> None:
    page = page_with()
    text = words(page.text)
    assert "1,250 labelled postings, of which 1,200 have a label" in text
    for shown in ("<b>board</b>", "<script>", "move data (data engineer)", "ab12"):
        assert shown in text
    assert "By source, without the 3 smallest" in text
    assert "j7 other data engineer 0.970 too short" in text
    assert "data engineer other 110 11.0 % j1 j2" in text
    assert "b" not in {tag for tag, _ in page.tags}


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        pytest.param(
            {"seen": True}, "The model learned from this very file", id="seen"
        ),
        pytest.param(
            {"unlabelled": 12}, "12 postings of the file have no label", id="unlabelled"
        ),
        pytest.param({"slices": {}}, "None: the file has no column", id="no-slices"),
        pytest.param({"problems": {"no_text": ["j8"]}}, "no text: 1 j8", id="problems"),
        pytest.param(
            {"strict": {**STRICT, "unanswered": 4}},
            "4 postings got no answer",
            id="unanswered",
        ),
    ],
)
def test_the_page_says_what_is_not_always_so(
    changes: dict[str, Any], shown: str
) -> None:
    assert shown in words(page_with(**changes).text)
    assert shown not in words(page_with().text)


def test_the_page_can_do_without_what_a_corpus_lacks() -> None:
    page = page_with(
        clear=None, sure={"share": 0.0, **accuracy_of(0, 0)}, confusions=[]
    )
    assert "Right, where sure – 0.0 % are sure" in words(page.text)
    assert page.open == []


def test_charts_are_drawn_to_scale() -> None:
    tags = page_with().tags
    dots = [attrs for tag, attrs in tags if tag == "circle"]
    # Accuracy 0.5 at confidence 0.5, 0.9 at 0.8; then 0.983 and 0.85 from 0.8 up.
    assert [(dot["cx"], dot["cy"]) for dot in dots] == [
        ("50.00", "50.00"),
        ("80.00", "10.00"),
        ("50.0", "8.50"),
        ("100.0", "75.00"),
    ]
    assert [a["x1"] for t, a in tags if t == "line" and a["class"] == "mark"] == [
        "60.0"
    ]


def test_the_text_is_short() -> None:
    assert evaluation_text(EVALUATION) == TEXT
    assert max(map(len, TEXT.splitlines())) <= 80


def test_the_text_names_what_is_not_always_so() -> None:
    changes: dict[str, Any] = {
        "seen": True,
        "unlabelled": 1234,
        "clear": None,
        "problems": {"no_text": ["j1", "j2", "j3", "j4"], "too_short": ["j5"]},
        "strict": {**STRICT, "unanswered": 4},
        "sure": {"share": 0.0, **accuracy_of(0, 0)},
    }
    lines = evaluation_text({**EVALUATION, **changes}).splitlines()
    new = [line for line in lines if line not in TEXT.splitlines()]
    assert new == [
        "1,234 postings without a label are left out",
        "the model learned from this very file: the figures flatter it",
        "sure, from 0.880   0, 0.0%",
        "unanswered         4",
        "problem            no_text: 4 (j1, j2, j3, ...)",
        "problem            too_short: 1 (j5)",
    ]
