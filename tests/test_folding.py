"""Each character is folded to one byte."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleclf.text.cleaning import clean
from roleclf.text.folding import (
    BLANK,
    FIRST_NON_ASCII_LETTER,
    LINE_END,
    LOOKALIKES,
    N_SPACE_VARIANTS,
    ZERO_WIDTH,
    fold,
    merge_space_variants,
)
from roleclf.text.texts import Texts


def folded(text: str) -> bytes:
    return Texts.of([text]).folded[:-1].tobytes()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("DevOps", b"devops", id="capitals"),
        pytest.param("Ünïcödé łø", b"unicode lo", id="accents"),
        pytest.param("“it’s” – so", b'"it\'s" - so', id="look-alikes"),
        pytest.param("ＡＷＳ", b"aws", id="full-width"),
        pytest.param("a\tb\xa0c\r\nd\u2028e", b"a b c \nd\ne", id="blanks"),
        pytest.param("a\0b", b"a b", id="no-separator-within"),
        pytest.param("a\u200bb™", b"a*bt", id="what-is-no-word"),
        pytest.param("😀", b"*", id="beyond-the-table"),
    ],
)
def test_the_bytes_of_a_text(text: str, expected: bytes) -> None:
    assert folded(text) == expected


@given(st.text(max_size=50))
def test_a_text_has_as_many_bytes_as_characters(text: str) -> None:
    assert len(folded(text)) == len(text)


def test_other_scripts_are_letters_beyond_ascii() -> None:
    assert min(folded("データ")) >= 128


def test_whitespace_variants_have_bytes_of_their_own() -> None:
    every = np.arange(0x20000, dtype=np.uint32)
    is_blank = np.isin(merge_space_variants(fold(every)), (BLANK, LINE_END))
    is_variant = fold(every) - np.uint8(ZERO_WIDTH) < N_SPACE_VARIANTS
    for point in every[is_blank & ~is_variant].tolist():
        assert chr(point) in " \n"


def test_every_blank_of_unicode_is_one() -> None:
    for point in range(0x3100):
        if unicodedata.category(chr(point)) in ("Zs", "Zl", "Zp"):
            assert clean(f"a{chr(point)}b") in ("a b", "a\nb")


def folded_alone(point: int) -> int:
    """Return the byte of one character that is no whitespace, folded by itself."""
    small = chr(point).lower()
    base = unicodedata.normalize("NFKD", LOOKALIKES.get(small, small))[:1].lower()
    base = LOOKALIKES.get(base, base)
    if base.isascii() and base > " ":
        return ord(base)
    if unicodedata.category(base)[0] in "LMN":
        return FIRST_NON_ASCII_LETTER + point % (256 - FIRST_NON_ASCII_LETTER)
    return ord("*")


def test_characters_folded_together_are_folded_as_each_alone() -> None:
    points = np.array([*range(0x3100), *range(0xFEFF, 0xFFF0)], np.uint32)
    together = fold(points)
    is_text = together > BLANK
    alone = [folded_alone(point) for point in points[is_text].tolist()]
    assert together[is_text].tolist() == alone
