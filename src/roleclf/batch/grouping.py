"""Number the groups of near-duplicates in rows that are annotated and encoded.

Annotating sees a batch, perhaps in another process; which rows are alike only the
process knows that gives all of them out in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from roleclf.tables import Batch, Block, Output, compress_block

if TYPE_CHECKING:
    # Imports numpy, which `roleclf --help` can do without.
    from roleclf.text import Signatures

__all__ = ["grouping"]

_Parts = Sequence[Any]


def grouping(
    output: Output, read: Callable[[Block], Iterator[Batch]], before: Iterable[Block]
) -> Callable[[_Parts, Sequence[Signatures]], _Parts]:
    """Return what puts the groups into the parts of one block after the other.

    It takes the parts and the signatures of the rows in each; where no groups are
    asked for it changes nothing.

    Parameters
    ----------
    output : Output
    read : callable
        Gives the batches of a block.
    before : iterable of Block
        Those that an interrupted run has written; all are taken.
    """
    if not output.layout.group_mark:
        for _ in before:
            pass
        return lambda parts, signatures: parts
    from roleclf.text import DuplicateGroups

    groups = DuplicateGroups()
    for block in before:
        for batch in read(block):
            groups.assign(_signed(batch))
    return lambda parts, signatures: compress_block(
        [
            output.set_groups(part, groups.assign(signed))
            for part, signed in zip(parts, signatures, strict=True)
        ],
        output.layout,
    )


def _signed(batch: Batch) -> Signatures:
    """Return the signatures that annotating the batch would give."""
    from roleclf.text import clean_batch, sign_texts, tokenize

    texts = clean_batch([posting.description for posting in batch.postings])
    return sign_texts(tokenize(texts))
