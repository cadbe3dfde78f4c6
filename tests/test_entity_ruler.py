"""Patterns for spaCy's EntityRuler: spaCy finds every form of the lexicon by them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import spacy
from click.testing import CliRunner
from spacy.language import Language

from roleclf.cli import main
from roleclf.skills.entity_ruler import spacy_patterns
from roleclf.taxonomy import Skill, load_taxonomy

SKILLS = load_taxonomy().skills


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The patterns as the command writes them."""
    written = tmp_path_factory.mktemp("patterns") / "skills.jsonl"
    result = CliRunner().invoke(main, ["skills", "--patterns", "-o", str(written)])
    assert (result.exit_code, result.output) == (0, "")
    return written


@pytest.fixture(scope="module")
def nlp(path: Path) -> Language:
    made = spacy.blank("en")
    ruler = made.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.from_disk(path)
    return made


def skill(case: str, *guarded: str) -> Skill:
    """Return a row of the lexicon that is nothing but guarded forms."""
    return replace(SKILLS["go"], aliases=(), guarded=guarded, case=case)


@pytest.mark.parametrize(
    ("case", "form", "patterns"),
    [
        pytest.param("any", "online learning", ["online learning"], id="any"),
        pytest.param("", "online learning", ["online learning"], id="none"),
        pytest.param("exact", "Go", [[{"ORTH": "Go"}]], id="exact"),
        pytest.param(
            "exact",
            "OR-Tools",
            [[{"ORTH": "OR"}, {"ORTH": "-"}, {"ORTH": "Tools"}]],
            id="exact-words-and-marks",
        ),
        pytest.param(
            "capital", "Spark", [[{"LOWER": "spark", "IS_LOWER": False}]], id="capital"
        ),
        pytest.param(
            "capital",
            "Step Functions",
            [
                [{"LOWER": "step", "IS_LOWER": False}, {"LOWER": "functions"}],
                [{"LOWER": "step"}, {"LOWER": "functions", "IS_LOWER": False}],
            ],
            id="a-capital-in-either-word",
        ),
        pytest.param(
            "capital",
            "Python 3",
            [[{"LOWER": "python", "IS_LOWER": False}, {"LOWER": "3"}]],
            id="no-capital-in-a-number",
        ),
    ],
)
def test_guarded_forms_keep_their_case(
    case: str, form: str, patterns: list[Any]
) -> None:
    assert list(spacy_patterns([skill(case, form)])) == [
        {"label": "TOOL", "pattern": pattern, "id": "go"} for pattern in patterns
    ]


def test_the_command_writes_a_line_for_each_pattern(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert list(map(json.loads, lines)) == list(spacy_patterns(SKILLS.values()))


def test_the_command_prints_without_a_file(path: Path) -> None:
    printed = CliRunner().invoke(main, ["skills", "--patterns"]).stdout_bytes
    assert printed == path.read_bytes()


def test_spacy_finds_every_form(nlp: Language) -> None:
    ids_by_form = {
        form: skill.id
        for skill in SKILLS.values()
        for form in (*skill.aliases, *skill.guarded)
    }
    docs = nlp.pipe(ids_by_form)
    found = [{(e.text, e.ent_id_, e.label_) for e in doc.ents} for doc in docs]
    expected = [
        {(form, id_, SKILLS[id_].kind.upper())} for form, id_ in ids_by_form.items()
    ]
    assert found == expected


def test_spacy_heeds_the_case_of_guarded_forms(nlp: Language) -> None:
    doc = nlp("Kubernetes, KUBERNETES and spark plugs go to market.")
    assert [entity.text for entity in doc.ents] == ["Kubernetes", "KUBERNETES"]
