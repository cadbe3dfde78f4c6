"""Which skills of a sentence are alternatives, in seven languages."""

from __future__ import annotations

import pytest

from roleclf.annotation.annotate import Annotator


def groups(annotator: Annotator, description: str) -> list[list[str]]:
    """Return the names of the skills of each group, in order of the groups."""
    by_group: dict[int, list[str]] = {}
    for skill in annotator.annotate(None, description).skills:
        if skill.group is not None:
            by_group.setdefault(skill.group, []).append(skill.name)
    return [by_group[number] for number in sorted(by_group)]


CHOICE = [["Python", "Java", "Scala"]]


@pytest.mark.parametrize(
    "description",
    [
        pytest.param("You know Python, Java or Scala.", id="en"),
        pytest.param("You know Python, Java, or Scala.", id="en-comma"),
        pytest.param("Python/Java/Scala developer", id="en-slash"),
        pytest.param("Python / Java / Scala", id="en-slash-apart"),
        pytest.param("At least one of Python, Java and Scala.", id="en-one-of"),
        pytest.param("One of the following: Python, Java, Scala", id="en-colon"),
        pytest.param("At least one language (Python, Java, Scala)", id="en-brackets"),
        pytest.param("Python, Java, Scala or similar", id="en-similar"),
        pytest.param("Python, Java, Scala (or equivalent)", id="en-equivalent"),
        pytest.param("Python, Java and/or Scala", id="en-and-or"),
        pytest.param("Kenntnisse in Python, Java oder Scala", id="de"),
        pytest.param("Mindestens eine Sprache: Python, Java, Scala", id="de-one-of"),
        pytest.param("Kenntnisse in Python, Java, Scala o. ä.", id="de-similar"),
        pytest.param("Kenntnisse in Python, Java bzw. Scala", id="de-short"),
        pytest.param("Maîtrise de Python, Java ou Scala", id="fr"),
        pytest.param("Au moins un langage : Python, Java, Scala", id="fr-one-of"),
        pytest.param("Manejo de Python, Java o Scala", id="es"),
        pytest.param("Al menos uno de estos: Python, Java, Scala", id="es-one-of"),
        pytest.param("Domínio de Python, Java ou Scala", id="pt"),
        pytest.param("Pelo menos uma linguagem: Python, Java, Scala", id="pt-one-of"),
        pytest.param("Conoscenza di Python, Java o Scala", id="it"),
        pytest.param("Almeno uno tra Python, Java e Scala", id="it-one-of"),
        pytest.param("Kennis van Python, Java of Scala", id="nl"),
        pytest.param("Minstens één taal: Python, Java, Scala", id="nl-one-of"),
    ],
)
def test_alternatives_share_a_group(annotator: Annotator, description: str) -> None:
    assert groups(annotator, description) == CHOICE


@pytest.mark.parametrize(
    ("description", "found"),
    [
        pytest.param(
            "MySQL or PostgreSQL, Kafka or Kinesis",
            [["MySQL", "PostgreSQL"], ["Apache Kafka", "Amazon Kinesis"]],
            id="two-choices",
        ),
        pytest.param(
            "You know SQL, Python or Java, Tableau, dbt",
            [["Python", "Java"]],
            id="or-within-a-list",
        ),
        pytest.param(
            "Strong SQL skills, experience with Python or Java.",
            [["Python", "Java"]],
            id="list-begins",
        ),
        pytest.param(
            "Docker and either Kafka or Kinesis",
            [["Apache Kafka", "Amazon Kinesis"]],
            id="and-ends-it",
        ),
        pytest.param(
            "Snowflake (or BigQuery), dbt and Docker",
            [["Snowflake", "BigQuery"]],
            id="or-in-brackets",
        ),
        pytest.param(
            "Warehouses (Snowflake or BigQuery), dbt",
            [["Snowflake", "BigQuery"]],
            id="list-in-brackets",
        ),
        pytest.param(
            "Python or Java.\nPython or Scala.", [["Python", "Java"]], id="first-counts"
        ),
    ],
)
def test_a_choice_ends_where_its_list_does(
    annotator: Annotator, description: str, found: list[list[str]]
) -> None:
    assert groups(annotator, description) == found


@pytest.mark.parametrize(
    "description",
    [
        pytest.param("Python, Java and Scala", id="and"),
        pytest.param("Terraform or a similar tool", id="one-alone"),
        pytest.param("Do you know Python? Or Scala?", id="two-sentences"),
        pytest.param("HTML/CSS", id="used-together"),
        pytest.param("Machine learning/deep learning", id="fields"),
        pytest.param("Python/Django", id="of-two-kinds"),
        pytest.param("One of our Python and Scala teams hires.", id="one-of-our"),
        pytest.param("At least one year of Python and Scala", id="one-year"),
        pytest.param("You need neither: Java or Scala is not required.", id="denied"),
        pytest.param("Knowledge of Python, command of SQL", id="of-is-english"),
    ],
)
def test_no_alternatives(annotator: Annotator, description: str) -> None:
    assert groups(annotator, description) == []


def test_the_keys_are_left_out_where_there_is_no_group(annotator: Annotator) -> None:
    skills = annotator.annotate(None, "Python or Java, and Docker").to_dict()["skills"]
    assert [skill.get("group", "none") for skill in skills] == [1, 1, "none"]
