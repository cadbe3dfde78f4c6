"""The rows of all batches stand in one matrix."""

from __future__ import annotations

import numpy as np

from roleclf.text.tokens import tokenize
from roleclf.training.feature_selection import learn_ngram_space
from roleclf.training.matrices import sparse_matrix


def test_the_matrix_has_a_row_for_each_text_of_each_batch() -> None:
    texts = ["bake the bread", "", "cook the soup", "bake soup"]
    space = learn_ngram_space([tokenize(texts)], min_texts=1)
    whole, parts = (
        sparse_matrix(
            [space.rows(tokenize(batch)) for batch in batches], len(space.names)
        )
        for batches in ([texts], [texts[:1], [], texts[1:]])
    )
    assert whole.shape == (4, len(space.names))
    assert (whole.toarray() == parts.toarray()).all()
    assert np.diff(whole.indptr).tolist() == [5, 0, 5, 3]
