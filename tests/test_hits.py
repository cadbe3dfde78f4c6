"""Tests of choosing, merging and reading hits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from roleclf.matching.hits import Hits, leftmost_longest, merge_hits, texts_of_hits
from roleclf.text.tokens import tokenize

INTERVALS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 4)).map(lambda p: (p[0], sum(p))),
    max_size=12,
)


def spans_of(hits: Hits) -> list[tuple[int, int]]:
    """Return the first and the last word of each hit."""
    return list(zip(hits.first.tolist(), hits.last.tolist(), strict=True))


def hits_of(intervals: Sequence[tuple[int, int]]) -> Hits:
    """Return hits sorted as `PhraseTable.find` returns them."""
    ordered = sorted(intervals, key=lambda pair: (pair[0], -pair[1]))
    first, last = np.array(ordered, np.int64).reshape(-1, 2).T
    return Hits(np.arange(len(ordered)), first, last)


@given(INTERVALS)
@example([(0, 1), (1, 2), (2, 3), (5, 9), (6, 6), (9, 9), (10, 10)])
@example([(0, 9), (1, 1), (3, 4), (8, 10), (10, 11)])
def test_leftmost_longest_chooses_as_a_loop_from_the_left(
    intervals: list[tuple[int, int]],
) -> None:
    hits = hits_of(intervals)
    expected, covered = [], -1
    for first, last in spans_of(hits):
        expected.append(first > covered)
        covered = last if first > covered else covered
    assert leftmost_longest(hits).tolist() == expected


@given(INTERVALS)
def test_leftmost_longest_leaves_no_overlap_and_no_room(
    intervals: list[tuple[int, int]],
) -> None:
    hits = hits_of(intervals)
    chosen = leftmost_longest(hits)
    spans = [set(range(first, last + 1)) for first, last in spans_of(hits)]
    kept = [span for span, is_kept in zip(spans, chosen, strict=True) if is_kept]
    assert sum(map(len, kept)) == len(set().union(*kept))
    assert all(any(span & other for other in kept) for span in spans)


@given(INTERVALS, INTERVALS)
def test_merged_hits_are_sorted_as_hits_are(
    some: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    both = merge_hits(hits_of(some), hits_of(others))
    assert spans_of(both) == spans_of(hits_of([*some, *others]))


def test_texts_of_hits_keep_case_and_marks() -> None:
    tokens = tokenize(["We run", "Node.js, C++"])
    hits = hits_of([(1, 1), (2, 3), (4, 4)])
    assert texts_of_hits(tokens, hits) == ["run", "Node.js", "C++"]
    assert texts_of_hits(tokens, hits.pick(np.array([False, False, True]))) == ["C++"]
