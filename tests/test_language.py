"""Tests of language detection."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleclf.matching.language import detect_languages
from roleclf.text.cleaning import clean
from roleclf.text.tokens import tokenize

TEXTS = {
    "en": "We are looking for an engineer who will build the pipelines of our team.",
    "de": "Wir suchen für unser Team eine Person, die mit uns die Daten auswertet.",
    "nl": "Wij zoeken een collega die met ons aan de data van onze klanten werkt.",
    "fr": "Nous cherchons une personne pour construire avec nous les outils.",
    "es": "Buscamos una persona para crear los datos de nuestro equipo con los otros.",
    "pt": "Procuramos uma pessoa para criar os dados da nossa equipa com a gente.",
    "it": "Cerchiamo una persona per creare i dati della nostra azienda con il team.",
    "sv": "Vi söker dig som vill arbeta med våra data och är en del av vårt team.",
    "pl": "Szukamy osoby do pracy z danymi, która jest w stanie pomóc nam i od razu.",
}


@pytest.mark.parametrize(
    ("code", "text"), [pytest.param(c, text, id=c) for c, text in TEXTS.items()]
)
def test_the_languages_of_running_text(code: str, text: str) -> None:
    assert detect_languages(tokenize([text])) == [code]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("我们正在寻找一名数据工程师", "und", id="chinese"),
        pytest.param("データエンジニアを募集しています", "und", id="japanese"),
        pytest.param("Мы ищем инженера данных", "und", id="russian"),
        pytest.param("ابحث عن مهندس بيانات", "und", id="arabic"),
        pytest.param("데이터 엔지니어를 찾습니다", "und", id="korean"),
        pytest.param("AWS と Python を使うエンジニア", "und", id="mixed-script"),
        pytest.param("", None, id="empty"),
        pytest.param("...", None, id="marks"),
        pytest.param("😀🚀", None, id="emoji"),
        pytest.param("42", None, id="number"),
        pytest.param("Python SQL Airflow dbt Snowflake", None, id="only-names"),
    ],
)
def test_other_scripts_are_und_and_too_little_is_none(
    text: str, language: str | None
) -> None:
    assert detect_languages(tokenize([text])) == [language]


def test_case_and_markup_do_not_matter() -> None:
    texts = [TEXTS["en"].upper(), clean(f"<p><b>{TEXTS['de']}</b></p>")]
    assert detect_languages(tokenize(texts)) == ["en", "de"]


def test_a_few_foreign_words_do_not_matter() -> None:
    text = f"{TEXTS['en']} Wir suchen dich! {TEXTS['en']} 我们 {TEXTS['en']}"
    assert detect_languages(tokenize([text])) == ["en"]


def test_no_texts() -> None:
    assert detect_languages(tokenize([])) == []


@given(st.lists(st.sampled_from(["", "42", "我们正", *TEXTS.values()]), max_size=6))
def test_a_batch_is_judged_as_each_text_alone(texts: list[str]) -> None:
    alone = [detect_languages(tokenize([text]))[0] for text in texts]
    assert detect_languages(tokenize(texts)) == alone


def test_every_posting_of_the_sample_is_english(sample: pd.DataFrame) -> None:
    texts = tokenize([clean(text) for text in sample["description"]])
    assert set(detect_languages(texts)) == {"en"}
