"""Which skills and tools a text names, where, and how strongly it asks for them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from roleclf.annotation.annotate import Annotator
from roleclf.records import Mention
from roleclf.skills.lexicon import Lexicon
from roleclf.taxonomy import load_taxonomy

PIECES = (
    *("Python", "SQL", "Go", "R", "C", "C++", "Excel", "Spark", "Apache Spark", "k8s"),
    *(
        "machine",
        "learning",
        "machine learning",
        "CI",
        "CD",
        "CI/CD",
        "Node.js",
        ".NET",
    ),
    *("data", "engineering", "Power BI", "SAS", "dbt", "Airflow", "för", ".NET"),
    *(
        "must have",
        "ideally",
        "is a plus",
        "degree in",
        "we",
        "go to",
        "of",
        "R&D",
        "😀",
    ),
    *("Requirements:", "Nice to have", "Benefits", "What you will do", "About us"),
)
JOINTS = (" ", " ", ", ", "/", " / ", "-", "\n", "\n", ". ", " (", ") ", "+", " & ")
POSTINGS = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from(JOINTS)), max_size=14
).map(lambda parts: "".join(piece + joint for piece, joint in parts))


def mentions_of(
    annotator: Annotator, description: str, title: str | None = None
) -> list[tuple[str, Mention]]:
    """Return every mention in reading order, with the id of its skill."""
    skills = annotator.annotate(title, description).skills
    found = [(skill.id, mention) for skill in skills for mention in skill.mentions]
    return sorted(found, key=lambda pair: pair[1].start)


def named(annotator: Annotator, description: str) -> list[tuple[str, str]]:
    """Return the id and the text of every mention in reading order."""
    return [(id_, found.text) for id_, found in mentions_of(annotator, description)]


def need_by_id(annotator: Annotator, description: str) -> dict[str, str]:
    return {s.id: s.need for s in annotator.annotate(None, description).skills}


@pytest.mark.parametrize(
    ("description", "mentions"),
    [
        pytest.param("", [], id="empty"),
        pytest.param("We bake bread.", [], id="none"),
        pytest.param("Python.", [("python", "Python")], id="one"),
        pytest.param("(python)", [("python", "python")], id="lower-case"),
        pytest.param(
            "Python/SQL/Airflow",
            [("python", "Python"), ("sql", "SQL"), ("apache_airflow", "Airflow")],
            id="slashes",
        ),
        pytest.param(
            "AWS+Terraform",
            [("amazon_web_services", "AWS"), ("terraform", "Terraform")],
            id="plus",
        ),
        pytest.param(
            "Apache Spark and Kafka",
            [("apache_spark", "Apache Spark"), ("apache_kafka", "Kafka")],
            id="longest-form",
        ),
        pytest.param(
            "Power BI, PowerBI, power-bi",
            [
                ("power_bi", "Power BI"),
                ("power_bi", "PowerBI"),
                ("power_bi", "power-bi"),
            ],
            id="variants",
        ),
        pytest.param(
            "Node.js, .NET and C#",
            [("node_js", "Node.js"), ("dotnet", ".NET"), ("csharp", "C#")],
            id="marks",
        ),
        pytest.param("CI / CD", [("ci_cd", "CI / CD")], id="spaced-slash"),
        pytest.param(
            "machine\nlearning",
            [("machine_learning", "machine\nlearning")],
            id="line-end",
        ),
        pytest.param("k8s", [("kubernetes", "k8s")], id="short-form"),
        pytest.param("CI/CD pipelines", [("ci_cd", "CI/CD")], id="no-empty-head"),
        pytest.param(
            "scalable data pipelines",
            [("data_pipelines", "data pipelines")],
            id="no-empty-adjective",
        ),
        pytest.param(
            "an enterprise data warehouse",
            [("data_warehousing", "enterprise data warehouse")],
            id="a-name-with-an-adjective",
        ),
        pytest.param("för AWS", [("amazon_web_services", "AWS")], id="umlaut"),
        pytest.param(
            "C, C++ and Python",
            [("c_language", "C"), ("cpp", "C++"), ("python", "Python")],
            id="c-family",
        ),
    ],
)
def test_mentions(
    annotator: Annotator, description: str, mentions: list[tuple[str, str]]
) -> None:
    assert named(annotator, description) == mentions


@pytest.mark.parametrize(
    ("description", "id_"),
    [
        pytest.param("Stack: Python, Go, SQL", "go", id="go-in-a-list"),
        pytest.param("We write Go and Java.", "go", id="go-beside-a-language"),
        pytest.param("You know R, Python and SQL.", "r", id="r-in-a-list"),
        pytest.param("Python/R", "r", id="r-behind-a-slash"),
        pytest.param("C, C++ and Python", "c_language", id="c-in-a-list"),
        pytest.param(
            "Excel, SQL and Power BI", "microsoft_excel", id="excel-in-a-list"
        ),
    ],
)
def test_doubtful_names_count_in_company(
    annotator: Annotator, description: str, id_: str
) -> None:
    assert id_ in need_by_id(annotator, description)


@pytest.mark.parametrize(
    ("description", "id_"),
    [
        pytest.param("You go to clients and you go far.", "go", id="go"),
        pytest.param("Go for it!", "go", id="capital-go"),
        pytest.param("Our R&D department grows.", "r", id="r-and-d"),
        pytest.param("Vitamin C is good for you.", "c_language", id="vitamin"),
        pytest.param("We were founded in c. 1990.", "c_language", id="circa"),
        pytest.param("We were founded in c. 1990.", "cpp", id="circa-is-no-cpp"),
        pytest.param("You excel at python.", "microsoft_excel", id="excel-verb"),
        pytest.param("You spark joy.", "apache_spark", id="spark-lower-case"),
    ],
)
def test_doubtful_names_do_not_count_as_words(
    annotator: Annotator, description: str, id_: str
) -> None:
    assert id_ not in need_by_id(annotator, description)


@pytest.mark.parametrize(
    ("description", "need"),
    [
        pytest.param("Requirements\nPython", "required", id="requirements"),
        pytest.param("Write it in Python.", "required", id="no-section"),
        pytest.param("Nice to have\nPython", "preferred", id="nice-to-have"),
        pytest.param("Benefits\nA Python course", "mentioned", id="benefits"),
        pytest.param("About us\nWe made Python tools", "mentioned", id="company"),
        pytest.param("Requirements\n- Python is a plus", "preferred", id="is-a-plus"),
        pytest.param("You ideally know Python.", "preferred", id="ideally"),
        pytest.param(
            "Requirements\nPython\nBenefits\nPython", "required", id="the-strongest"
        ),
        pytest.param(
            "Nice to have\nPython\nBenefits\nPython", "preferred", id="wish-and-benefit"
        ),
    ],
)
def test_need_comes_from_the_section_and_the_sentence(
    annotator: Annotator, description: str, need: str
) -> None:
    assert need_by_id(annotator, description)["python"] == need


@given(POSTINGS)
@example("Python 😀 machine\nlearning, för R/Go")
def test_offsets_cut_the_mentions_out_of_the_text(
    annotator: Annotator, description: str
) -> None:
    annotation = annotator.annotate(None, description)
    mentions = [m for skill in annotation.skills for m in skill.mentions]
    for mention in mentions:
        assert annotation.text[mention.start : mention.end] == mention.text != ""
    covered = sorted((mention.start, mention.end) for mention in mentions)
    assert all(end <= start for (_, end), (start, _) in pairwise(covered))


@given(POSTINGS, POSTINGS)
@example("Python\nGo\nSpark", "Python, R\nC++ is a plus\nBenefits")
@example("machine learning\nmachine", "learning is a plus")
def test_what_follows_changes_no_mention_of_the_lines_before(
    annotator: Annotator, description: str, more: str
) -> None:
    # A last line may go on, "machine" and "learning", or stand in a list with the next.
    text = annotator.annotate(None, f"{description}\nWe bake bread").text
    last_line = text.rfind("\n")
    # The title says what the posting speaks of, or what follows may do so.
    before = mentions_of(annotator, text, "Data Engineer")
    after = mentions_of(annotator, f"{text}\n{more}", "Data Engineer")
    assert [pair for pair in before if pair[1].end <= last_line] == [
        pair for pair in after if pair[1].end <= last_line
    ]


@pytest.fixture(scope="module")
def shuffled(annotator: Annotator) -> list[Annotator]:
    """The shipped model with its lexicon in two other orders."""
    rows = list(load_taxonomy().skills.items())
    orders = [rows[::-1], random.Random(7).sample(rows, len(rows))]  # noqa: S311
    return [Annotator(annotator.model, Lexicon(dict(order))) for order in orders]


def assert_same(
    annotator: Annotator, others: Sequence[Annotator], descriptions: Sequence[str]
) -> None:
    for text in descriptions:
        skills = annotator.annotate(None, text).skills
        assert [other.annotate(None, text).skills for other in others] == [skills] * 2


@given(POSTINGS)
def test_the_order_of_the_lexicon_does_not_matter(
    annotator: Annotator, shuffled: list[Annotator], description: str
) -> None:
    assert_same(annotator, shuffled, [description])


def test_the_order_of_the_lexicon_does_not_matter_in_the_sample(
    annotator: Annotator, shuffled: list[Annotator], sample: pd.DataFrame
) -> None:
    assert_same(annotator, shuffled, sample["description"].tolist())


def test_each_skill_stands_once_with_all_its_mentions(annotator: Annotator) -> None:
    found = annotator.annotate(None, "SQL and Python.\nPostgres, SQL, python3").skills
    assert [(s.id, [m.text for m in s.mentions]) for s in found] == [
        ("sql", ["SQL", "SQL"]),
        ("python", ["Python", "python3"]),
        ("postgresql", ["Postgres"]),
    ]
    assert {s.kind for s in found} == {"tool"}
