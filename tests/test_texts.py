"""A batch of texts in one array behaves as a sequence of strings."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from roleclf.text.texts import Texts

ANY = st.lists(st.text(st.sampled_from("ab é日😀\n\ud800")), max_size=6)


@given(ANY)
def test_every_text_comes_back(texts: list[str]) -> None:
    joined = Texts.of(texts)
    assert list(joined) == texts
    assert joined[-2:] == texts[-2:]
    assert (joined.ends - joined.base).tolist() == list(map(len, texts))


def test_joined_texts_are_not_joined_again() -> None:
    joined = Texts.of(["a", "b"])
    assert Texts.of(joined) is joined


@given(ANY, st.data())
def test_spans_are_slices(texts: list[str], data: st.DataObject) -> None:
    joined = Texts.of(texts)
    bounds = [
        sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2))) for text in texts
    ]
    base = joined.base.tolist()
    start = np.array([b + s for b, (s, _) in zip(base, bounds, strict=True)], np.int64)
    end = np.array([b + e for b, (_, e) in zip(base, bounds, strict=True)], np.int64)
    expected = [text[s:e] for text, (s, e) in zip(texts, bounds, strict=True)]
    assert joined.spans(start, end) == expected
