"""Tests of how far cues reach: the clause that each mention stands in decides."""

from __future__ import annotations

import pytest

from roleclf.annotation.annotate import Annotator


@pytest.mark.parametrize(
    ("sentence", "python", "kafka"),
    [
        pytest.param(
            "Python is a must, Kafka is a plus.", "required", "preferred", id="comma"
        ),
        pytest.param(
            "Python is mandatory – Kafka is nice to have.",
            "required",
            "preferred",
            id="dash",
        ),
        pytest.param(
            "Python is required and Kafka preferred.", "required", "preferred", id="and"
        ),
        pytest.param(
            "While Kafka is a bonus, Python is essential.",
            "required",
            "preferred",
            id="while",
        ),
        pytest.param(
            "You must know Python, Kafka would be a plus.",
            "required",
            "preferred",
            id="before-and-behind",
        ),
        pytest.param(
            "You know Python, and experience with Kafka is a plus.",
            "required",
            "preferred",
            id="another-noun",
        ),
        pytest.param(
            "Python, SQL, Kafka or other tools are a plus.",
            "preferred",
            "preferred",
            id="list",
        ),
        pytest.param(
            "Must have Python, preferably with Kafka.",
            "required",
            "preferred",
            id="two-forward",
        ),
        pytest.param(
            "Python [required], Kafka [optional]",
            "required",
            "preferred",
            id="square-brackets",
        ),
        pytest.param(
            "Python (a plus), SQL, Kafka", "preferred", "required", id="own-brackets"
        ),
        pytest.param(
            "Neither Python nor Kafka is required.",
            "mentioned",
            "mentioned",
            id="neither",
        ),
        pytest.param(
            "We do not use Kafka, but you must know Python.",
            "required",
            "mentioned",
            id="but",
        ),
        pytest.param(
            "Kafka is not a must, but would be a plus; Python is needed.",
            "required",
            "preferred",
            id="denied-and-wished-for",
        ),
        pytest.param(
            "Without knowledge of Kafka you can still apply. Python is a must.",
            "required",
            "mentioned",
            id="without",
        ),
        pytest.param(
            "Python ist Voraussetzung, Kafka wäre von Vorteil.",
            "required",
            "preferred",
            id="german",
        ),
        pytest.param(
            "Python est indispensable, Kafka serait un plus.",
            "required",
            "preferred",
            id="french",
        ),
        pytest.param(
            "Python es imprescindible; se valorará Kafka.",
            "required",
            "preferred",
            id="spanish",
        ),
        pytest.param(
            "Python é obrigatório, enquanto Kafka será um diferencial.",
            "required",
            "preferred",
            id="portuguese",
        ),
        pytest.param(
            "Python è indispensabile, Kafka costituisce titolo preferenziale.",
            "required",
            "preferred",
            id="italian",
        ),
        pytest.param(
            "Python is vereist, Kafka is een pré.", "required", "preferred", id="dutch"
        ),
    ],
)
def test_a_cue_speaks_of_its_clause(
    annotator: Annotator, sentence: str, python: str, kafka: str
) -> None:
    skills = annotator.annotate(None, sentence).skills
    needs = {skill.id: skill.need for skill in skills}
    assert (needs["python"], needs["apache_kafka"]) == (python, kafka)


def test_a_text_without_skills_has_no_needs(annotator: Annotator) -> None:
    assert (
        annotator.annotate(None, "Everything is a plus, nothing a must.").skills == ()
    )


@pytest.mark.parametrize("joint", ["", ". ", "\n"])
def test_what_follows_changes_no_need(annotator: Annotator, joint: str) -> None:
    """A noun of asking in the next sentence, line or text parts no clause."""
    first, second = "Python, also Kafka preferred", "Experience with Go"
    texts = [first + joint + second] if joint else [first, second]
    batch = annotator.annotate_many([{"description": text} for text in texts])
    needs = {skill.id: skill.need for skill in next(iter(batch)).skills}
    assert needs["python"] == "preferred"
