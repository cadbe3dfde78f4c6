"""Which role a title names, in the languages that the model reads."""

from __future__ import annotations

import re

import numpy as np
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
        pytest.param("", None, id="empty"),
        pytest.param("Data Engineer / Data Scientist", None, id="more-than-one"),
        # Genders, numbers and levels.
        pytest.param("Ingénieur·e données F/H", "data_engineer", id="middle-dot"),
        pytest.param("Data-Engineer*in (x/w/m)", "data_engineer", id="star"),
        pytest.param("Dateningenieur/-in", "data_engineer", id="slash-hyphen"),
        pytest.param("Científicas de los datos", "data_scientist", id="plural"),
        pytest.param("Data Scientistin in Vollzeit", "data_scientist", id="de-fem"),
        pytest.param("Lead Data Engineer III", "data_engineer", id="levels"),
        pytest.param("Praktikum Data Science (80 %)", "data_scientist", id="intern"),
        pytest.param("Stage - Ingénieure IA", "ml_engineer", id="fr-stage"),
        pytest.param("Estagiário(a) em Engenharia de Dados", "data_engineer", id="pt"),
        pytest.param(
            "Ingeniero o ingeniera de datos", "data_engineer", id="both-genders"
        ),
        # Spellings and word order.
        pytest.param("ML-Ops Engineer", "mlops_engineer", id="hyphen-in-mlops"),
        pytest.param("AI/ML Ops Engineer", "mlops_engineer", id="ai-and-mlops"),
        pytest.param("Data Ops Ingenieur", "dataops_engineer", id="blank-in-dataops"),
        pytest.param("Engineer, Data", "data_engineer", id="turned-round"),
        pytest.param("AI/ML Engineer", "ml_engineer", id="one-field-two-names"),
        pytest.param(
            "Machine Learning (ML) Engineer", "ml_engineer", id="bracket-inside"
        ),
        pytest.param("Ingegnere del machine learning", "ml_engineer", id="it-ml"),
        pytest.param(
            "Ingeniera de Machine Learning | Cádiz", "ml_engineer", id="es-ml"
        ),
        pytest.param("Ingenierx de Datos", "data_engineer", id="es-x"),
        pytest.param("Científic@ de datos", "data_scientist", id="es-at"),
        pytest.param("Ingénieur-e données", "data_engineer", id="hyphen-and-e"),
        pytest.param("Data Engineer_Utrecht", "data_engineer", id="underscore"),
        pytest.param("Data Scientist Co-op", "data_scientist", id="co-op"),
        pytest.param("Data Engineer DevOps", "data_engineer", id="devops-behind"),
        pytest.param("ML Engineer, L4", "ml_engineer", id="grade-code"),
        pytest.param(
            "DevOps Engineer, Machine Learning", "mlops_engineer", id="ml-dev"
        ),
        pytest.param("Analista de Ciência de Dados", None, id="pt-analyst-of-science"),
        pytest.param("Web Developer (Java, SQL, AI)", None, id="tools-in-a-bracket"),
        pytest.param("Analista Cientista de Dados", "data_scientist", id="pt-both"),
        pytest.param("Cientista de Dados Porto Alegre", "data_scientist", id="place"),
        pytest.param(
            "Software Engineer, Data Platform", "data_engineer", id="field-behind"
        ),
        pytest.param(
            "Engineer - ML Infrastructure", "mlops_engineer", id="bare-head-and-field"
        ),
        # The head noun decides.
        pytest.param("Recruiter for Data Engineers", OTHER, id="hires-them"),
        pytest.param("Data Engineer Recruiter", OTHER, id="hires-them-behind"),
        pytest.param("Manager, Data Science", OTHER, id="leads-them"),
        pytest.param("Head of Machine Learning", OTHER, id="head-of"),
        pytest.param("Sales Engineer - Data Platform", OTHER, id="sells"),
        pytest.param("Machine Learning Trainer (m/w/d)", OTHER, id="teaches"),
        pytest.param("Chef de projet Data (H/F)", OTHER, id="fr-leads"),
        pytest.param("Product Owner ML Platform", OTHER, id="product-owner"),
        pytest.param("Vice President, Data Engineering", OTHER, id="grade"),
        pytest.param("AVP, Data Engineer", "data_engineer", id="grade-of-a-role"),
        # Other professions.
        pytest.param("Structural Engineer", OTHER, id="engineer-of-buildings"),
        pytest.param("Ingegnera idraulica", OTHER, id="engineer-of-water"),
        pytest.param("Java Developer", OTHER, id="developer"),
        pytest.param("Softwareentwickler:in", OTHER, id="de-compound"),
        pytest.param("Kraftwerkstechnikerin", OTHER, id="de-compound-profession"),
        pytest.param("Data Center Technician", OTHER, id="data-center"),
        pytest.param("Data Center Engineer", OTHER, id="data-center-engineer"),
        pytest.param("Data Entry Specialist", OTHER, id="data-entry"),
        pytest.param("IT Support Specialist", OTHER, id="specialist-of-something"),
        pytest.param("Enfermeras de noche", OTHER, id="es-nurses"),
        pytest.param("Boulangère", OTHER, id="fr-baker"),
        pytest.param("Electriciste-soudeuse", OTHER, id="fr-welder"),
        pytest.param("Schoonmaakster / chauffeur", OTHER, id="nl-driver"),
        # Titles that name nothing, or leave it open.
        pytest.param("Join our team!", None, id="no-profession"),
        pytest.param("Senior Engineer (Remote)", None, id="bare-engineer"),
        pytest.param("Data & AI", None, id="field-alone"),
        pytest.param("Consultant", None, id="consultant"),
        pytest.param("Data Consultant", None, id="consultant-of-data"),
        pytest.param("Data Analyst / Engineer", None, id="analyst-or-engineer"),
        pytest.param("Data / ML Engineer", None, id="two-fields"),
        pytest.param("Data Quality Analyst", None, id="checks-or-reports"),
        pytest.param("Research Scientist, Polymers", None, id="scientist-of-what"),
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


def test_no_name_of_a_role_names_another(rule: TitleRule) -> None:
    for name, role in known_titles(load_taxonomy()):
        assert rule.role(name) in (role, None), name


def test_without_words_patterns_match_the_title_itself() -> None:
    rule = TitleRule({"cook": [r"sous-chefs?\b"]})
    assert [rule.role(t) for t in ("Sous-Chef (m/w/d)", "Sous Chef", "")] == [
        "cook",
        OTHER,
        OTHER,
    ]


def test_without_words_a_title_that_the_model_does_not_know_names_nothing() -> None:
    kitchen = TitleRule({"cook": ["cook"]})
    known = np.array([True, False, True, False])
    titles = ["Cook", "", "Pilot", "Xyzzy"]
    assert kitchen.named(titles, known) == ["cook", None, OTHER, None]


def test_with_words_a_title_needs_no_feature_of_the_model(rule: TitleRule) -> None:
    assert rule.named(["Panettiere", ""], np.zeros(2, bool)) == [OTHER, None]


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


def test_words_met_once_do_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch, rule: TitleRule
) -> None:
    for module in ("titles._CACHE_SIZE", "title_words._CACHE_SIZE"):
        monkeypatch.setattr(f"roleclf.model.{module}", 2)
    titles = ["Data Engineer Wuqx", "Zyqq Engineer", "Xqww Nurse", "Qzyq, ML Engineer"]
    roles = ["data_engineer", OTHER, OTHER, "ml_engineer"]
    assert [rule.role(title) for title in titles * 2] == roles * 2


def test_a_title_met_again_names_the_same_role(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roleclf.model.titles._CACHE_SIZE", 2)
    rule = TitleRule({"cook": ["cook"]})
    titles = ["Cook", "Pilot", "Cook", "Sailor", "Cook", "Pilot"]
    assert [rule.role(t) for t in titles] == [
        "cook" if title == "Cook" else OTHER for title in titles
    ]
