"""Cut title and text into the word pieces that an encoder knows.

The cutting is done by the library `tokenizers`, as the folder's `tokenizer.json` says:
WordPiece (Wu et al. 2016, arXiv:1609.08144) in BERT's form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["PieceSequence", "WordPieces"]

# Pieces that stand before the title, between it and the text, and behind that.
_BEGIN, _END = "[CLS]", "[SEP]"
_N_MARKS = 3


class PieceSequence(NamedTuple):
    """A posting as an encoder reads it.

    `ids` are places in the vocabulary; `types` are 0 in the title, 1 in the text. Both
    are int64 arrays of shape (n_pieces,).
    """

    ids: npt.NDArray[np.int64]
    types: npt.NDArray[np.int64]


class WordPieces:
    """A vocabulary of word pieces.

    Parameters
    ----------
    tokenizer : str
        What `tokenizer.json` holds.
    max_pieces : int
        Of title and text together, marks included. The text is cut to fit; the title
        only if it alone takes more than half.

    Raises
    ------
    ValueError
        If the vocabulary lacks the marks of BERT.
    """

    def __init__(self, tokenizer: str, max_pieces: int) -> None:
        # Imported here: only the extra `careful` installs it.
        from tokenizers import Tokenizer

        self._tokenizer: Tokenizer = Tokenizer.from_str(tokenizer)
        # `sequence` cuts, and never pads: a posting is read alone.
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        begin, end = map(self._tokenizer.token_to_id, (_BEGIN, _END))
        if begin is None or end is None:
            raise ValueError(f"a vocabulary without {_BEGIN} or {_END}")
        self._begin, self._end = begin, end
        self._max_pieces = max_pieces

    def sequence(self, title: str, text: str) -> PieceSequence:
        """Return the pieces of a posting: [CLS] title [SEP] text [SEP]."""
        first = self._ids(title)[: self._max_pieces // 2]
        rest = self._ids(text)[: self._max_pieces - _N_MARKS - len(first)]
        ids = [self._begin, *first, self._end, *rest, self._end]
        n_before = len(first) + 2
        types = [0] * n_before + [1] * (len(ids) - n_before)
        return PieceSequence(np.array(ids, np.int64), np.array(types, np.int64))

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)
