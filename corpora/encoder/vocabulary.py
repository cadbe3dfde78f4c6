"""Leave out of a vocabulary the word pieces that no posting has.

Two fifths of the numbers of a small encoder are those of its vocabulary.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from tokenizers import Tokenizer

__all__ = ["pieces_in", "pruned"]

_PREFIX = "##"


def pieces_in(tokenizer: str, texts: Sequence[str]) -> set[int]:
    """Return the ids of the word pieces that occur in texts.

    Parameters
    ----------
    tokenizer : str
        What `tokenizer.json` holds.
    """
    reader = Tokenizer.from_str(tokenizer)
    reader.no_truncation()
    reader.no_padding()
    used: set[int] = set()
    for start in range(0, len(texts), 1000):
        for encoding in reader.encode_batch(list(texts[start : start + 1000])):
            used.update(encoding.ids)
    return used


def pruned(tokenizer: str, used: Iterable[int]) -> tuple[str, list[int]]:
    """Return a `tokenizer.json` without the other pieces, and the ids that stay.

    Marks and single characters stay too, so that any word of known characters can
    still be cut into pieces. A text is cut as before if all of its pieces are `used`:
    WordPiece takes the longest piece that fits, and none that would fit is gone.

    Parameters
    ----------
    tokenizer : str
        What `tokenizer.json` holds.
    used : iterable of int

    Returns
    -------
    tokenizer : str
    ids : list of int
        By new id, the old one.
    """
    content: dict[str, Any] = json.loads(tokenizer)
    vocabulary: dict[str, int] = content["model"]["vocab"]
    marks = {mark["id"] for mark in content["added_tokens"]}
    stay = marks | set(used)
    stay |= {
        id_
        for piece, id_ in vocabulary.items()
        if len(piece.removeprefix(_PREFIX)) == 1
    }
    ids = sorted(stay)
    new_by_old = {old: new for new, old in enumerate(ids)}
    content["model"]["vocab"] = {
        piece: new_by_old[old]
        for piece, old in sorted(vocabulary.items(), key=lambda item: item[1])
        if old in stay
    }
    for mark in content["added_tokens"]:
        mark["id"] = new_by_old[mark["id"]]
    # roleclf cuts, joins and marks title and text itself.
    content |= {"truncation": None, "padding": None, "post_processor": None}
    return json.dumps(content, ensure_ascii=False), ids
