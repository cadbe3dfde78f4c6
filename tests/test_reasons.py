"""Reasons: weights are what the features add, and spans are where they stand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from roleclf.annotation.annotate import Annotator
from roleclf.annotation.batch_result import ModelInput
from roleclf.annotation.reasons import explain
from roleclf.model import FIELD_BY_EXPERT, RoleModel
from roleclf.model.feature_rows import Evidence
from roleclf.records import Annotation, Reason
from roleclf.text.cleaning import clean
from roleclf.text.tokens import tokenize
from roleclf.training.role_classifier import RoleClassifier

DUTIES = (
    "You design, build and run data pipelines with Airflow and dbt, load them into "
    "Snowflake and model the tables that analysts use. You write Python and SQL."
)


def folded(text: str) -> str:
    """Return the words of `text` as a feature is named."""
    tokens = tokenize([text])
    words = zip(tokens.start, tokens.end, strict=True)
    return " ".join(tokens.buffer[s:e].tobytes().decode("latin-1") for s, e in words)


def log_odds(model: RoleModel, evidence: Evidence, role: int) -> float:
    """Return the log-odds of a role against the average role."""
    logs = np.log(model.predict(evidence).proba[0])
    return float(logs[role] - logs.mean())


def without(evidence: Evidence, model: RoleModel, reason: Reason) -> Evidence:
    """Return the evidence with the value of one feature taken away."""
    where_by_field = {"text": "description", "title": "title", "rule": "title"}
    for name, field in FIELD_BY_EXPERT.items():
        names = list(getattr(model.spaces, name).names)
        in_field = where_by_field[field] == reason.where
        if in_field and reason.feature in names:
            rows = getattr(evidence, name)
            own = rows.feature == names.index(reason.feature)
            value = np.where(own, 0.0, rows.value)
            return evidence._replace(**{name: rows._replace(value=value)})
    raise AssertionError(reason)


@pytest.mark.parametrize(
    ("title", "description"),
    [
        pytest.param("Data Engineer", DUTIES, id="both"),
        pytest.param("", DUTIES, id="text-alone"),
        pytest.param("Senior Data Engineer", "", id="title-alone"),
    ],
)
def test_a_weight_is_what_the_feature_adds(
    fitted: RoleClassifier, title: str, description: str
) -> None:
    model = fitted.model_
    texts, titles = tokenize([clean(description)]), tokenize([clean(title)])
    evidence, duties = model.extract_features(texts, titles)
    role = int(model.predict(evidence).proba[0].argmax())
    whole = log_odds(model, evidence, role)
    reasons = explain(model, role, 0, ModelInput(evidence, texts, titles, duties))
    assert reasons
    for reason in reasons:
        rest = log_odds(model, without(evidence, model, reason), role)
        assert whole - rest == pytest.approx(reason.weight, abs=1e-9)


def all_weights(reasons: tuple[Reason, ...]) -> list[float]:
    return [reason.weight for reason in reasons]


@pytest.fixture(scope="module")
def annotations(annotator: Annotator, sample: pd.DataFrame) -> list[Annotation]:
    """What the shipped model says of the sample."""
    return list(annotator.annotate_many(sample.to_dict("records")))


def test_reasons_are_a_few_the_strongest_first_for_the_role_given(
    annotations: list[Annotation],
) -> None:
    for annotation in annotations:
        weights = all_weights(annotation.reasons)
        assert 0 < len(weights) <= 8
        assert weights == sorted(weights, reverse=True)
        assert min(weights) > 0
        assert {reason.role for reason in annotation.reasons} == {annotation.role}


def test_the_spans_of_a_reason_are_the_feature(
    annotations: list[Annotation], sample: pd.DataFrame
) -> None:
    for annotation, title in zip(annotations, sample["title"], strict=True):
        text_by_where = {"description": annotation.text, "title": title}
        for reason in annotation.reasons:
            texts = [text_by_where[reason.where][s:e] for s, e in reason.spans]
            assert all(texts)
            # A duty is shown by whole sentences, what the title names by all of it,
            # a word or pair by itself.
            if reason.feature.startswith("title names "):
                assert texts == [title]
            elif "." not in reason.feature:
                assert {folded(text) for text in texts} == {reason.feature}


def test_a_title_alone_gives_reasons_in_the_title(annotator: Annotator) -> None:
    annotation = annotator.annotate("Senior Data Engineer")
    assert {reason.where for reason in annotation.reasons} == {"title"}
    assert "data engineer" in [reason.feature for reason in annotation.reasons]


def test_a_posting_without_a_role_has_no_reasons(annotator: Annotator) -> None:
    assert annotator.annotate("", "").reasons == ()


def test_a_posting_has_the_same_reasons_in_a_batch(
    annotator: Annotator, annotations: list[Annotation], sample: pd.DataFrame
) -> None:
    for place in (0, 1, 40, 76):
        title, description = sample.loc[place, ["title", "description"]]
        alone = annotator.annotate(title, description).reasons
        in_batch = annotations[place].reasons
        assert [replace(reason, weight=0) for reason in alone] == [
            replace(reason, weight=0) for reason in in_batch
        ]
        assert all_weights(alone) == pytest.approx(all_weights(in_batch), abs=1e-12)


def test_spans_of_reasons_in_the_title_count_in_the_cleaned_title(
    annotator: Annotator,
) -> None:
    title = "  Data   &amp; ML <b>Engineer</b>"
    reasons = annotator.annotate(title=title).reasons
    shown = {clean(title)[start:end].lower() for r in reasons for start, end in r.spans}
    assert shown <= {"data", "ml", "engineer", "data & ml", "ml engineer"}
    assert shown
