"""Composed, styled and ligature letters become plain ones; other characters stay."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleclf.skills.lexicon import Lexicon
from roleclf.skills.matcher import SkillMatcher
from roleclf.taxonomy import shipped_skills
from roleclf.text.cleaning import clean
from roleclf.text.normalization import normalize_letters
from roleclf.text.tokens import tokenize

ODD = st.characters(
    codec="utf-8", categories=["L", "M", "N", "S", "P", "Z"]
) | st.sampled_from("e\u0301\u0323\ufb01\U0001d403\u2122½")


@pytest.mark.parametrize(
    ("odd", "plain"),
    [
        pytest.param("cafe\u0301", "café", id="accent"),
        pytest.param("Vie\u0323\u0302t", "Việt", id="two-accents"),
        pytest.param("𝐃𝐚𝐭𝐚 𝟮𝟬", "Data 20", id="bold"),
        pytest.param("𝘿𝙖𝙩𝙖", "Data", id="bold-italic"),
        pytest.param("𝑡ℎ𝑒 ℳℒ𝒪𝓅𝓈", "the MLOps", id="with-early-styled-letters"),
        pytest.param("𝓓ata 𝙴𝚗𝚐𝚒neer", "Data Engineer", id="half"),
        pytest.param("work\ufb02ow o\ufb03ce \ufb06", "workflow office st", id="fi"),
    ],
)
def test_odd_letters_become_plain_ones(odd: str, plain: str) -> None:
    assert normalize_letters(odd) == plain
    assert clean(odd) == plain


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("plain", id="ascii"),
        pytest.param("naïve Größe ½ ™ ①", id="latin"),
        pytest.param("ℓ ℕ ℃ №", id="early-styled-letters-alone"),
        pytest.param("\u0301 1\u0301 \ufeff 한국어 हिन्दी", id="no-letter-before"),
        pytest.param("x\u0302", id="no-one-letter-for-it"),
        pytest.param("👩‍💻 🇩🇪 \U0001d300", id="pictures"),
        pytest.param("\ud835", id="half-of-a-pair"),
    ],
)
def test_other_text_stays(text: str) -> None:
    assert normalize_letters(text) == text


@given(st.text(ODD))
def test_normalizing_again_changes_nothing_and_nfkc_stays_the_same(text: str) -> None:
    plain = normalize_letters(text)
    assert unicodedata.normalize("NFKC", plain) == unicodedata.normalize("NFKC", text)
    assert normalize_letters(plain) == plain


def test_a_skill_in_bold_letters_is_found_where_it_stands() -> None:
    text = clean("You know 𝗣𝘆𝘁𝗵𝗼𝗻 and Air\ufb02ow")
    matcher = SkillMatcher(Lexicon(shipped_skills()))
    found = matcher.find(tokenize([text]))
    spans = zip(found.start.tolist(), found.end.tolist(), strict=True)
    assert [text[start:end] for start, end in spans] == ["Python", "Airflow"]
