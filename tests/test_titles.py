"""Which role a title names, in the languages that the model reads."""

from __future__ import annotations

import re

import pytest

from roleclf.errors import ModelError
from roleclf.model.titles import OTHER, TitleRule, known_titles, title_rule
from roleclf.taxonomy import load_taxonomy


@pytest.fixture(scope="module")
def rule() -> TitleRule:
    return title_rule(load_taxonomy())


@pytest.mark.parametrize(
    ("title", "role"),
    [
        pytest.param("Data Scientist", "data_scientist", id="data-scientist"),
        pytest.param(
            "Senior Machine Learning Engineer (m/f/d)", "ml_engineer", id="ml"
        ),
        pytest.param("MLOps Engineer", "mlops_engineer", id="mlops"),
        pytest.param("data engineer", "data_engineer", id="lower-case"),
        pytest.param("DATAOPS ENGINEER", "dataops_engineer", id="capitals"),
        pytest.param("Data-Engineer", "data_engineer", id="hyphen"),
        pytest.param("Ingeniero/a de Datos", "data_engineer", id="es-de"),
        pytest.param("Científico de datos sénior", "data_scientist", id="es-ds"),
        pytest.param("Engenheiro(a) de Dados", "data_engineer", id="pt-de"),
        pytest.param("Cientista de Dados Pleno", "data_scientist", id="pt-ds"),
        pytest.param("Ingegnere dei dati", "data_engineer", id="it-de"),
        pytest.param("Scienziata dei dati", "data_scientist", id="it-ds"),
        pytest.param("Dateningenieur:in (m/w/d)", "data_engineer", id="de-de"),
        pytest.param("Datenwissenschaftlerin", "data_scientist", id="de-ds"),
        pytest.param("KI-Entwickler (m/w/d)", "ml_engineer", id="de-ml"),
        pytest.param("Data Ingenieur", "data_engineer", id="nl-de"),
        pytest.param("Ingénieur(e) Données", "data_engineer", id="fr-de"),
        pytest.param("Ingénieur en IA", "ml_engineer", id="fr-ml"),
        pytest.param("Analista de datos", OTHER, id="es-analyst"),
        pytest.param("Data-analist", OTHER, id="nl-analyst"),
        pytest.param("Sous Chef", OTHER, id="none-of-them"),
        pytest.param("", OTHER, id="empty"),
        pytest.param("Data Engineer / Data Scientist", None, id="more-than-one"),
    ],
)
def test_the_role_a_title_names(rule: TitleRule, title: str, role: str | None) -> None:
    assert rule.role(title) == role


def test_a_pattern_that_is_none_is_refused() -> None:
    message = "no regular expression: "
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        TitleRule({"cook": ["(chef"]})
    rule = TitleRule({"cook": ["(chef"]}, source="kitchen")
    with pytest.raises(ModelError, match=f"^kitchen: {re.escape(message)}"):
        rule.role("Cook")


def test_a_role_without_patterns_is_named_by_no_title() -> None:
    assert TitleRule({"cook": [], "baker": ["baker"]}).role("Cook") == OTHER


def test_every_name_of_a_role_is_known() -> None:
    known = dict(known_titles(load_taxonomy()))
    assert known["ML engineer"] == "ml_engineer"
    assert known["Machine learning engineer"] == "ml_engineer"
    assert known["Data analyst"] == OTHER
    assert known["Cientista de dados"] == "data_scientist"


def test_the_case_of_a_pattern_does_not_matter() -> None:
    rule = TitleRule({"cook": [r"\bSous\s+Chef\b"], "baker": [r"\bbaker\b\W*$"]})
    assert [rule.role(t) for t in ("sous chef", "BAKER!", "Baker's")] == [
        "cook",
        "baker",
        OTHER,
    ]


def test_a_title_met_again_names_the_same_role(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roleclf.model.titles._CACHE_SIZE", 2)
    rule = TitleRule({"cook": ["cook"]})
    titles = ["Cook", "Pilot", "Cook", "Sailor", "Cook", "Pilot"]
    assert [rule.role(t) for t in titles] == [
        "cook" if title == "Cook" else OTHER for title in titles
    ]
