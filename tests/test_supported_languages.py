"""Postings in each language that the shipped model reads; all were written for this."""

from __future__ import annotations

import pytest

from roleclf import Annotator

POSTINGS = [
    pytest.param(
        "es",
        "Ingeniero de datos",
        "Buscamos una persona para construir los pipelines de datos que cargan nuestro "
        "data warehouse en Snowflake. Vas a diseñar modelos de datos con dbt, a "
        "programar procesos ETL en Python y Spark y a orquestarlos con Airflow, junto "
        "con el equipo que los usa cada día.",
        "data_engineer",
        id="es",
    ),
    pytest.param(
        "pt",
        "Cientista de Dados",
        "Procuramos alguém para estudar os dados dos nossos clientes: formular "
        "hipóteses, fazer testes A/B, treinar modelos preditivos de churn com Python e "
        "scikit-learn e explicar os resultados da análise estatística para as áreas de "
        "negócio que tomam as decisões.",
        "data_scientist",
        id="pt",
    ),
    pytest.param(
        "it",
        "Ingegnere dei dati",
        "Cerchiamo una persona che progetti e sviluppi le pipeline di dati e gli ETL "
        "che alimentano il nostro data warehouse. Lavorerai con Spark, Kafka, SQL e "
        "Python per integrare le fonti e per costruire i modelli di dati che sono "
        "usati dagli altri gruppi.",
        "data_engineer",
        id="it",
    ),
    pytest.param(
        "de",
        "Data Engineer (m/w/d)",
        "Du entwickelst die Datenpipelines und ETL-Strecken, mit denen wir unser Data "
        "Warehouse in Snowflake füllen, und modellierst die Daten mit dbt. Du "
        "arbeitest mit Python, Spark, Kafka und Airflow und baust mit uns die "
        "Plattform, auf der die Teams ihre Daten finden.",
        "data_engineer",
        id="de",
    ),
    pytest.param(
        "nl",
        "Data Scientist",
        "Je onderzoekt de data van onze klanten, stelt hypotheses op en toetst ze met "
        "experimenten. Je bouwt voorspellende modellen in Python en R met machine "
        "learning en statistiek en je legt de uitkomsten van je analyses uit aan de "
        "mensen die er een besluit over nemen.",
        "data_scientist",
        id="nl",
    ),
    pytest.param(
        "fr",
        "Analyste comptable",
        "Vous tenez la comptabilité de nos clients : vous saisissez les factures, vous "
        "préparez les déclarations de TVA et les bilans, vous suivez les paiements et "
        "vous répondez aux questions des clients sur leurs comptes, avec une petite "
        "équipe dans notre cabinet.",
        "other",
        id="fr",
    ),
]


@pytest.mark.parametrize(("code", "title", "description", "role"), POSTINGS)
def test_a_posting_is_read_in_its_language(
    annotator: Annotator, code: str, title: str, description: str, role: str
) -> None:
    annotation = annotator.annotate(title, description)
    assert (annotation.language, annotation.problem) == (code, None)
    assert (annotation.role, annotation.title_role) == (role, role)
    # Without a title the text alone must put it first among the roles proper.
    proba = annotator.annotate(None, description).probabilities
    other = proba.pop("other")
    assert (other > 0.5) if role == "other" else (max(proba, key=proba.get) == role)


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("ML Engineer", "ml_engineer"),
        ("Machine Learning Engineer", "ml_engineer"),
        ("AI Engineer", "ml_engineer"),
        ("NLP Engineer", "ml_engineer"),
        ("LLM Engineer", "ml_engineer"),
        ("Computer Vision Engineer", "ml_engineer"),
        ("MLOps Engineer", "mlops_engineer"),
        ("ML Platform Engineer", "mlops_engineer"),
        ("Machine Learning Infrastructure Engineer", "mlops_engineer"),
        ("Data Scientist", "data_scientist"),
        ("Lead Data Scientist", "data_scientist"),
        ("Applied Scientist", "data_scientist"),
        ("Statistician", "data_scientist"),
        ("Data Engineer", "data_engineer"),
        ("Senior Data Engineer", "data_engineer"),
        ("Analytics Engineer", "data_engineer"),
        ("ETL Developer", "data_engineer"),
        ("Big Data Engineer", "data_engineer"),
        ("DataOps Engineer", "dataops_engineer"),
        ("Data Reliability Engineer", "dataops_engineer"),
        ("Data Quality Engineer", "dataops_engineer"),
        ("Data Analyst", "other"),
        ("Business Analyst", "other"),
        ("BI Analyst", "other"),
        ("Software Engineer", "other"),
        ("Full Stack Developer", "other"),
        ("DevOps Engineer", "other"),
        ("Site Reliability Engineer", "other"),
        ("Database Administrator", "other"),
        ("Product Manager", "other"),
        ("Nurse", "other"),
        ("Accountant", "other"),
        ("Ingeniero de datos", "data_engineer"),
        ("Científico de datos", "data_scientist"),
        ("Cientista de Dados", "data_scientist"),
        ("Ingegnere dei dati", "data_engineer"),
        ("Dateningenieur", "data_engineer"),
        ("Data Ingenieur", "data_engineer"),
        ("Ingénieur données", "data_engineer"),
        ("Analista de datos", "other"),
    ],
)
def test_a_common_title_is_enough(annotator: Annotator, title: str, role: str) -> None:
    assert annotator.annotate(title).role == role
