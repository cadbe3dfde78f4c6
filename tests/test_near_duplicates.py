"""Near-duplicates share a group; postings that share some words do not."""

from __future__ import annotations

import random

import numpy as np
import pytest

from roleclf.text.minhash import MIN_WORDS, sign_texts
from roleclf.text.near_duplicates import DuplicateGroups
from roleclf.text.tokens import tokenize


def invented(seed: int, n_words: int = 200) -> str:
    """Return a text of made-up words, a different one for each seed."""
    chance = random.Random(seed)  # noqa: S311
    return " ".join(f"w{chance.randrange(5_000)}" for _ in range(n_words))


def changed(text: str, n_changes: int) -> str:
    """Return `text` with words replaced, evenly spread."""
    words = text.split()
    for i in range(n_changes):
        words[(2 * i + 1) * len(words) // (2 * n_changes)] = f"changed{i}"
    return " ".join(words)


def groups_of(texts: list[str], size: int = 1_000) -> list[int]:
    """Return the group of each text, `size` of them at a time."""
    groups = DuplicateGroups()
    return [
        group
        for start in range(0, len(texts), size)
        for group in groups.assign(sign_texts(tokenize(texts[start : start + size])))
    ]


BASE = invented(0)
SHORT = " ".join(BASE.split()[: MIN_WORDS - 1])


@pytest.mark.parametrize(
    ("other", "is_same"),
    [
        pytest.param(BASE, True, id="same"),
        pytest.param(BASE.upper().replace(" ", ", "), True, id="case-and-marks"),
        pytest.param(changed(BASE, 2), True, id="two-words-changed"),
        pytest.param(f"{BASE} {invented(1, 15)}", True, id="a-line-more"),
        pytest.param(changed(BASE, 20), False, id="a-tenth-changed"),
        pytest.param(f"{BASE} {invented(1, 120)}", False, id="boilerplate-shared"),
        pytest.param(" ".join(reversed(BASE.split())), False, id="other-order"),
        pytest.param(invented(1), False, id="other"),
        pytest.param("", False, id="empty"),
    ],
)
def test_a_near_duplicate_has_the_group_of_the_first(other: str, is_same: bool) -> None:
    assert groups_of([invented(2), BASE, other]) == [1, 2, 2 if is_same else 3]


def test_short_texts_stay_alone() -> None:
    assert groups_of([SHORT, SHORT, "", "", "one", "one"]) == [1, 2, 3, 4, 5, 6]


def test_a_text_just_long_enough_is_grouped() -> None:
    text = f"{SHORT} more"
    assert groups_of([text, text]) == [1, 1]


def test_a_group_does_not_drift_from_its_first() -> None:
    texts = [changed(BASE, n) for n in range(0, 60, 3)]
    groups = groups_of(texts)
    assert groups[:2] == [1, 1]
    assert groups[-1] > 1
    assert groups == sorted(groups)


@pytest.mark.parametrize("size", [1, 2, 7, 64])
def test_batches_of_any_size_give_the_same_groups(size: int) -> None:
    chance = random.Random(3)  # noqa: S311
    bases = [invented(seed, 60) for seed in range(40)]
    texts = [changed(chance.choice(bases), chance.randrange(1, 5)) for _ in range(300)]
    whole = groups_of(texts)
    assert 40 <= len(set(whole)) < 300
    assert groups_of(texts, size) == whole


def test_the_most_similar_group_is_taken_not_the_first() -> None:
    far, near = changed(BASE, 12), changed(BASE, 1)
    assert groups_of([far, near, BASE]) == [1, 2, 2]


def test_signatures_agree_as_the_shingles_do() -> None:
    texts = [invented(seed, 300) for seed in range(50)]
    others = [changed(text, 11) for text in texts]
    left, right = sign_texts(tokenize(texts)), sign_texts(tokenize(others))
    # Of 298 shingles 33 are changed on each side.
    expected = (298 - 33) / (298 + 33)
    assert (left == right).mean() == pytest.approx(expected, abs=0.02)


def test_a_signature_does_not_depend_on_the_batch() -> None:
    texts = [invented(1), "", invented(2, 25), SHORT, invented(3, 2_000)]
    whole = sign_texts(tokenize(texts))
    alone = [sign_texts(tokenize([text]))[0] for text in texts]
    assert np.array_equal(alone, whole)
    assert whole.any(axis=1).tolist() == [True, False, True, False, True]


def test_no_text_gives_no_signature_and_no_group() -> None:
    assert sign_texts(tokenize([])).shape == (0, 128)
    assert DuplicateGroups().assign(np.zeros((0, 128), np.uint8)) == []


def test_few_groups_are_filed_under_one_key() -> None:
    # Each has all its keys in common with all others, and little else.
    chance = np.random.default_rng(0)
    signatures = np.ones((2_000, 128), np.uint8)
    signatures[:, 60:] = chance.integers(1, 256, (2_000, 68), dtype=np.uint8)
    groups = DuplicateGroups()
    ids = [id_ for part in np.split(signatures, 20) for id_ in groups.assign(part)]
    assert ids == list(range(1, 2_001))
    assert sum(len(run) for run, _ in groups._index._runs) == 15 * 64
