"""Tests of web and e-mail addresses: what stands in them is not asked for."""

from __future__ import annotations

import pytest

from mentions import mentions
from roleclf.annotation.annotate import Annotator


@pytest.mark.parametrize(
    ("description", "found"),
    [
        pytest.param("See https://jobs.example/python/sql and SQL", ["SQL"], id="web"),
        pytest.param("See www.kafka.example, we use Python", ["Python"], id="www"),
        pytest.param("Write to python@jobs.example or ring", [], id="mail"),
        pytest.param("Write to jobs@python-shop.example", [], id="mail-domain"),
        pytest.param("(https://jobs.example/java) Python", ["Python"], id="brackets"),
        pytest.param("Python at https://jobs.example", ["Python"], id="before"),
        pytest.param("https://jobs.example\nPython", ["Python"], id="next-line"),
        pytest.param("Send your CV in Word format", [], id="cv"),
        pytest.param("On acme.com/kafka/python and SQL", ["SQL"], id="no-scheme"),
        pytest.param("ASP.NET/SQL", ["ASP.NET", "SQL"], id="no-domain"),
        pytest.param("See acme.example/about.html for SQL", ["SQL"], id="ending"),
        pytest.param("Senior Python @ Acme", ["Python"], id="at-a-company"),
        pytest.param("Java/HTTP", ["Java", "HTTP"], id="a-scheme-as-a-skill"),
        pytest.param("Python(https://python.example)", ["Python"], id="glued-before"),
        pytest.param("SQL,Kafka,jobs@shop.example", ["SQL", "Kafka"], id="list"),
        pytest.param("https://jobs.example/x,Python", ["Python"], id="glued-behind"),
    ],
)
def test_addresses_name_nothing(
    annotator: Annotator, description: str, found: list[str]
) -> None:
    assert mentions(annotator, description) == found


def test_an_address_ends_with_its_text(annotator: Annotator) -> None:
    texts = ["https://jobs.example/java", "Python"]
    batch = annotator.annotate_many([{"description": text} for text in texts])
    assert [[s.id for s in a.skills] for a in batch] == [[], ["python"]]
