"""Records are frozen, and their dicts are the documented annotation object."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, replace
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

import pytest

import roleclf
from roleclf.records import (
    Annotation,
    Coverage,
    FoundSkill,
    Match,
    Mention,
    Posting,
    Reason,
)

ANNOTATION = Annotation(
    id="7",
    role="mlops_engineer",
    confidence=0.912345,
    sure=True,
    probabilities={"mlops_engineer": 0.912345, "other": 0.087655},
    second_role="ml_engineer",
    second_confidence=0.276543,
    title_role="ml_engineer",
    duties_role="mlops_engineer",
    mismatch=True,
    language="en",
    skills=(
        FoundSkill(
            id="kubernetes",
            name="Kubernetes",
            kind="tool",
            need="required",
            mentions=(Mention(4, 7, "k8s", "duties"), Mention(20, 30, "Kubernetes")),
        ),
    ),
    profile=(
        Coverage(
            role="mlops_engineer",
            coverage=0.123456,
            matched=(Match("mlops_engineer.tool.kubernetes", ((4, 7), (20, 30))),),
        ),
    ),
    reasons=(Reason("mlops_engineer", "k8s", 1.90049, "description", ((4, 7),)),),
    problem=None,
    model="roleclf-en 1.0.0",
    taxonomy="1.0.0",
    text="Run k8s, then more Kubernetes",
)
AS_DICT = {
    "id": "7",
    "role": "mlops_engineer",
    "confidence": 0.9123,
    "sure": True,
    "probabilities": {"mlops_engineer": 0.9123, "other": 0.0877},
    "second_role": "ml_engineer",
    "second_confidence": 0.2765,
    "title_role": "ml_engineer",
    "duties_role": "mlops_engineer",
    "mismatch": True,
    "language": "en",
    "skills": [
        {
            "id": "kubernetes",
            "name": "Kubernetes",
            "kind": "tool",
            "need": "required",
            "mentions": [
                {"start": 4, "end": 7, "text": "k8s", "section": "duties"},
                {"start": 20, "end": 30, "text": "Kubernetes", "section": None},
            ],
        }
    ],
    "profile": [
        {
            "role": "mlops_engineer",
            "coverage": 0.1235,
            "matched": [
                {
                    "concept": "mlops_engineer.tool.kubernetes",
                    "evidence": [[4, 7], [20, 30]],
                }
            ],
        }
    ],
    "reasons": [
        {
            "role": "mlops_engineer",
            "feature": "k8s",
            "weight": 1.9,
            "where": "description",
            "spans": [[4, 7]],
        }
    ],
    "problem": None,
    "model": "roleclf-en 1.0.0",
    "taxonomy": "1.0.0",
}


def test_the_annotation_object_is_as_documented() -> None:
    assert list(ANNOTATION.to_dict().items()) == list(AS_DICT.items())


def test_a_skill_has_group_and_years_where_they_are_known() -> None:
    skill = FoundSkill("r", "R", "tool", "required", (), group=2, years=3.0)
    assert list(skill.to_dict().items()) == [
        ("id", "r"),
        ("name", "R"),
        ("kind", "tool"),
        ("need", "required"),
        ("group", 2),
        ("years", 3),
        ("mentions", []),
    ]


def test_the_text_is_added_on_request() -> None:
    assert ANNOTATION.to_dict(text=True) == AS_DICT | {"text": ANNOTATION.text}


def test_the_annotation_object_survives_json() -> None:
    assert json.loads(json.dumps(ANNOTATION.to_dict())) == AS_DICT


def test_an_annotation_without_a_second_role_has_no_second_confidence() -> None:
    plain = replace(ANNOTATION, second_role=None, second_confidence=None).to_dict()
    assert (plain["second_role"], plain["second_confidence"]) == (None, None)


def test_the_text_is_not_part_of_the_repr() -> None:
    assert ANNOTATION.text not in repr(ANNOTATION)


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(Posting("Baker"), id="posting"),
        pytest.param(ANNOTATION, id="annotation"),
        pytest.param(ANNOTATION.skills[0], id="skill"),
        pytest.param(ANNOTATION.skills[0].mentions[0], id="mention"),
        pytest.param(ANNOTATION.profile[0], id="coverage"),
        pytest.param(ANNOTATION.profile[0].matched[0], id="match"),
        pytest.param(ANNOTATION.reasons[0], id="reason"),
    ],
)
def test_records_are_frozen(record: object) -> None:
    name = next(iter(record.__slots__))
    with pytest.raises(FrozenInstanceError, match=f"^cannot assign to field '{name}'$"):
        setattr(record, name, "other")


def test_every_field_of_a_posting_may_be_missing() -> None:
    posting = Posting()
    assert (posting.title, posting.description, posting.id) == (None, None, None)


def test_the_public_names_are_there() -> None:
    assert dir(roleclf) == sorted(roleclf.__all__)
    for name in roleclf.__all__:
        assert getattr(roleclf, name) is not None
    assert roleclf.Posting is Posting


def test_no_public_name_is_hidden_by_a_module_of_that_name() -> None:
    roleclf.load()
    for name in roleclf.__all__:
        if find_spec(f"roleclf.{name}"):
            import_module(f"roleclf.{name}")
    modules = [
        n for n in roleclf.__all__ if isinstance(getattr(roleclf, n), ModuleType)
    ]
    assert modules == []
    assert roleclf.clean("<p>a") == "a"


def test_an_unknown_name_is_an_attribute_error() -> None:
    message = "^module 'roleclf' has no attribute 'nothing'$"
    with pytest.raises(AttributeError, match=message):
        roleclf.nothing  # noqa: B018
