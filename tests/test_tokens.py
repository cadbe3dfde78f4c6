"""Texts are cut into words with gaps, lines and hashes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleclf.text.texts import Texts
from roleclf.text.tokens import HARD_GAP, Tokens, tokenize

END = int(HARD_GAP)
# Letters with and without a place in the table, marks that make words, and surrogates.
LETTERS = "abcXYZ019éÅßñøłİıþžЖщЩωΩ日本語한ツ̧́"
TEXT = st.text(st.sampled_from(LETTERS + "+#.-_/&'’,:;() \t\n\r\u2028😀𝒳\ud800\0"))
ANY_TEXT = st.text(st.characters())


def words_of(tokens: Tokens, i: int = 0) -> list[str]:
    """Return the words of text `i` as they are written there."""
    own = slice(tokens.bounds[i], tokens.bounds[i + 1])
    places = zip(tokens.start[own], tokens.end[own], strict=True)
    base = tokens.base[i]
    return [tokens.texts[i][start - base : end - base] for start, end in places]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", [], id="empty"),
        pytest.param(" \n\t ", [], id="blanks"),
        pytest.param("... -- ?!", [], id="only-separators"),
        pytest.param("+ # ++", [], id="marks-without-a-word"),
        pytest.param("C++", ["C++"], id="cpp"),
        pytest.param("C++, C and C#.", ["C++", "C", "and", "C#"], id="c-family"),
        pytest.param("F#/C#", ["F#", "C#"], id="sharps"),
        pytest.param("3+ years", ["3+", "years"], id="plus-behind-a-figure"),
        pytest.param("5# of", ["5", "of"], id="no-sharp-behind-a-figure"),
        pytest.param("+31 #1", ["31", "1"], id="marks-before-a-word"),
        pytest.param("AWS+Terraform", ["AWS", "Terraform"], id="plus-between-words"),
        pytest.param("C#9", ["C", "9"], id="sharp-between-words"),
        pytest.param(".NET", [".NET"], id="dot-net"),
        pytest.param("in .net.", ["in", ".net"], id="dot-net-in-a-sentence"),
        pytest.param("ASP.NET", ["ASP", "NET"], id="asp-net"),
        pytest.param(".network", ["network"], id="not-dot-net"),
        pytest.param("Node.js", ["Node", "js"], id="node-js"),
        pytest.param("för R", ["för", "R"], id="umlaut-is-a-letter"),
        pytest.param("Straße naïve", ["Straße", "naïve"], id="accents"),
        pytest.param("CI / CD", ["CI", "CD"], id="spaced-slash"),
        pytest.param("data-driven e_mail", ["data", "driven", "e", "mail"], id="joins"),
        pytest.param("don’t don't", ["don", "t", "don", "t"], id="apostrophes"),
        pytest.param("one\ntwo\r\nthree", ["one", "two", "three"], id="line-ends"),
        pytest.param("😀 go 🚀!", ["go"], id="emoji"),
        pytest.param("日本語 Python", ["日本語", "Python"], id="cjk"),
        pytest.param("한국어/русский", ["한국어", "русский"], id="scripts"),
        pytest.param("e\u0301tude", ["e\u0301tude"], id="combining-mark"),
        pytest.param("\ud800x\udfff", ["x"], id="lone-surrogates"),
        pytest.param("１２ ＡＷＳ", ["１２", "ＡＷＳ"], id="full-width"),
        pytest.param("a\0b", ["a", "b"], id="nul"),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert words_of(tokenize([text])) == words


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("CI/CD", "ci / cd", id="blanks-about-a-slash"),
        pytest.param("data driven", "data-driven", id="hyphen"),
        pytest.param("data driven", "data_driven", id="underscore"),
        pytest.param("data driven", "data\ndriven", id="line-end"),
        pytest.param("data driven", "data\u00a0driven", id="hard-blank"),
        pytest.param("data driven", "data‑driven", id="unbreakable-hyphen"),
        pytest.param("data-driven", "data- driven", id="hyphen-then-blank"),
        pytest.param("don't", "don’t", id="apostrophe"),
        pytest.param("Résumé", "resume", id="accents"),
        pytest.param("ＡＷＳ", "aws", id="full-width"),
        pytest.param("İstanbul", "istanbul", id="dotted-capital-i"),
    ],
)
def test_variants_have_the_same_hashes_and_gaps(left: str, right: str) -> None:
    tokens = tokenize([left, right])
    first, second = (slice(*tokens.bounds[i : i + 2]) for i in (0, 1))
    assert tokens.hash[first].tolist() == tokens.hash[second].tolist()
    assert tokens.gap[first].tolist() == tokens.gap[second].tolist()


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("CI/CD", "CI CD", id="slash"),
        pytest.param("node.js", "node js", id="dot"),
        pytest.param("R&D", "R D", id="ampersand"),
        pytest.param("a+b", "a b", id="plus"),
        pytest.param("ci/cd", "ci.cd", id="slash-and-dot"),
        pytest.param("one two", "one • two", id="bullet"),
        pytest.param("one two", "one 😀 two", id="emoji"),
    ],
)
def test_marks_between_words_tell_phrases_apart(left: str, right: str) -> None:
    tokens = tokenize([left, right])
    assert tokens.gap[0] != tokens.gap[2]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("one | two", id="bar"),
        pytest.param("one -- two", id="two-marks"),
    ],
)
def test_no_phrase_may_cross(text: str) -> None:
    assert tokenize([text]).gap.tolist() == [END, END]


@pytest.mark.parametrize(
    ("texts", "bounds"),
    [
        pytest.param([], [0], id="no-texts"),
        pytest.param([""], [0, 0], id="one-empty"),
        pytest.param(["", "", ""], [0, 0, 0, 0], id="all-empty"),
        pytest.param(["a b", "", "c"], [0, 2, 2, 3], id="empty-between"),
        pytest.param(["...", "a", "😀"], [0, 0, 1, 1], id="wordless-about"),
    ],
)
def test_words_belong_to_their_text(texts: list[str], bounds: list[int]) -> None:
    tokens = tokenize(texts)
    assert tokens.bounds.tolist() == bounds
    assert len(tokens.text_of_word) == bounds[-1]
    assert len(tokens.base) == len(texts)


def test_texts_of_a_batch_do_not_run_together() -> None:
    tokens = tokenize(["machine", "learning"])
    assert tokens.gap.tolist() == [END, END]
    assert tokens.text_of_word.tolist() == [0, 1]
    assert tokens.line[0] != tokens.line[1]


def test_words_of_a_line_share_its_number() -> None:
    line = tokenize(["one two\nthree\n\nfour five", "six"]).line
    same = (line[1:] == line[:-1]).tolist()
    assert same == [True, False, False, True, False]
    assert (np.diff(line) >= 0).all()


@given(st.lists(TEXT, max_size=4))
def test_words_lie_in_their_text_and_never_overlap(texts: list[str]) -> None:
    tokens = tokenize(texts)
    ends = tokens.base + [len(text) for text in texts]
    text = tokens.text_of_word
    assert (tokens.start < tokens.end).all()
    assert (tokens.end[:-1] < tokens.start[1:]).all()
    assert (tokens.start >= tokens.base[text]).all()
    assert (tokens.end <= ends[text]).all()


@given(st.lists(TEXT, max_size=4))
def test_a_batch_is_cut_as_each_text_alone(texts: list[str]) -> None:
    together = tokenize(texts)
    for i, text in enumerate(texts):
        alone = tokenize([text])
        own = slice(together.bounds[i], together.bounds[i + 1])
        assert words_of(together, i) == words_of(alone)
        assert together.hash[own].tolist() == alone.hash.tolist()
        assert together.gap[own].tolist() == alone.gap.tolist()
        assert np.diff(together.line[own]).tolist() == np.diff(alone.line).tolist()


@given(ANY_TEXT)
def test_any_text_is_cut(text: str) -> None:
    tokens = tokenize([text])
    assert all(words_of(tokens))


@given(st.text(st.sampled_from("abcdefgh 0129-\n")))
def test_plain_words_are_runs_of_letters_and_digits(text: str) -> None:
    parts = text.replace("-", " ").split()
    assert words_of(tokenize([text])) == parts


WORD = st.text(st.sampled_from("abAB01éß"), min_size=1, max_size=40)


@given(WORD, WORD, st.integers(0, 40))
def test_words_have_one_hash_exactly_when_they_fold_alike(
    left: str, right: str, shared: int
) -> None:
    # Most random pairs differ at once; the second pair has a common beginning.
    for other in (right, (left[:shared] + right)[:40], left.swapcase()):
        tokens = tokenize([left, other])
        one, two = (Texts.of([word]).folded.tolist() for word in (left, other))
        alike = one == two
        assert (tokens.hash[0] == tokens.hash[1]) == alike


def test_a_word_is_not_its_beginning() -> None:
    words = ["a" * n for n in range(1, 41)]
    assert len(set(tokenize(words).hash.tolist())) == len(words)


def test_first_words_of_lines_and_capitals_are_recognized() -> None:
    tokens = tokenize(["One two\nthree", "Éclair, 4 FOUR", ""])
    words = np.arange(len(tokens.hash))
    opening, capital = tokens.begins_line(words), tokens.is_capital(words)
    assert opening.tolist() == [True, False, True, True, False, False]
    assert capital.tolist() == [True, False, False, True, False, True]
