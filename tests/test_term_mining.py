"""Terms of a text that may be skills the lexicon lacks."""

from __future__ import annotations

import numpy as np
import pytest

from roleclf.skills.lexicon import Lexicon
from roleclf.skills.term_mining import TermFinder
from roleclf.taxonomy import load_taxonomy
from roleclf.text.tokens import tokenize

FLAGS = ("capital", "inside", "listed", "by_skill", "by_tool")


@pytest.fixture(scope="module")
def finder() -> TermFinder:
    """A finder that knows Python, SQL and ETL, and nothing else."""
    skills = load_taxonomy().skills
    return TermFinder(Lexicon({id_: skills[id_] for id_ in ("python", "sql", "etl")}))


def terms_of(
    finder: TermFinder, text: str, ignored: tuple[str, ...] = ()
) -> dict[str, set[str]]:
    """Return each term as written, in reading order, and what is true of it."""
    tokens = tokenize([text])
    names = tokenize([" ".join(ignored)]).hash
    terms = finder.find(tokens, np.isin(tokens.hash, names))
    return {
        text[terms.start[i] : terms.end[i]]: {f for f in FLAGS if getattr(terms, f)[i]}
        for i in np.lexsort((terms.end, terms.start))
    }


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        pytest.param("", {}, id="empty"),
        pytest.param("we bake bread, cakes and rolls", {}, id="nothing"),
        pytest.param(
            "We use Dagster daily.", {"Dagster": {"capital", "inside"}}, id="capital"
        ),
        pytest.param(
            "Dagster is used.", {"Dagster": {"capital"}}, id="head-of-a-sentence"
        ),
        pytest.param(
            "You know Python, Dagster and more.",
            {"Dagster": {"capital", "inside", "listed", "by_skill", "by_tool"}},
            id="capital-beside-a-tool",
        ),
        pytest.param(
            "You know ETL, Dagster and more.",
            {"Dagster": {"capital", "inside", "listed", "by_skill"}},
            id="capital-beside-a-skill",
        ),
        pytest.param(
            "You know python, polars or duckdb.",
            {"polars": {"inside", "listed", "by_skill", "by_tool"}},
            id="small-letters-only-beside-a-name",
        ),
        pytest.param(
            "Tools: polars / python / polars sql",
            {
                "Tools": {"capital"},
                "polars": {"listed", "inside", "by_skill", "by_tool"},
            },
            id="slashes",
        ),
        pytest.param(
            "SQL and Dagster are here.",
            {"Dagster": {"capital", "inside"}},
            id="no-list-without-a-comma",
        ),
        pytest.param(
            "with Unity Catalog, SQL",
            {
                "Unity Catalog": {"capital", "inside"},
            },
            id="the-item-has-more-words",
        ),
        pytest.param(
            "we use Foo Bar-Baz.io here",
            {"Foo Bar-Baz.io": {"capital", "inside"}},
            id="joints",
        ),
        pytest.param("in Our Quite Long Five Word Heading", {}, id="too-many-words"),
        pytest.param("ask a Data Engineer", {}, id="a-role"),
        pytest.param(
            "from May to August in CA", {"CA": {"capital", "inside"}}, id="months"
        ),
        pytest.param("see www.Foo.com or Bar.com", {}, id="address"),
        pytest.param("in Python and SQL, 2024, X", {}, id="known-number-letter"),
        pytest.param(
            "use Python Foundry",
            {"Python Foundry": {"capital", "inside"}},
            id="partly-known",
        ),
    ],
)
def test_terms(finder: TermFinder, text: str, terms: dict[str, set[str]]) -> None:
    assert terms_of(finder, text) == terms
