"""Put the numbers of groups of near-duplicates into annotated blocks.

Blocks may be annotated in different processes. Which rows of all of them are alike is
known only to the process that writes them in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from roleclf.batch.blocks import AnnotatedBlock
from roleclf.tables import Batch, Block, Output, compress_block

if TYPE_CHECKING:
    # Imports numpy, which `roleclf --help` can do without.
    from roleclf.text import Signatures

__all__ = ["group_numbering"]

_Numbering: TypeAlias = Callable[[AnnotatedBlock], AnnotatedBlock]


def group_numbering(
    output: Output,
    read: Callable[[Block], Iterator[Batch]],
    blocks_before: Iterable[Block],
) -> _Numbering:
    """Return a function that numbers the groups in one block after the other.

    It returns blocks as they are where no groups are asked for.

    Parameters
    ----------
    output : Output
    read : callable
        Yields the batches of a block.
    blocks_before : iterable of Block
        Those that an interrupted run has written; all are consumed.
    """
    if not output.layout.group_mark:
        for _ in blocks_before:
            pass
        return lambda block: block
    from roleclf.text import DuplicateGroups

    groups = DuplicateGroups()
    for block in blocks_before:
        for batch in read(block):
            groups.assign(_signatures(batch))

    def number(block: AnnotatedBlock) -> AnnotatedBlock:
        parts = [
            output.set_groups(part, groups.assign(signatures))
            for part, signatures in zip(block.parts, block.signatures, strict=True)
        ]
        return block._replace(parts=compress_block(parts, output.layout))

    return number


def _signatures(batch: Batch) -> Signatures:
    """Return the signatures that annotating the batch would give."""
    from roleclf.text import clean_batch, sign_texts, tokenize

    texts = clean_batch([posting.description for posting in batch.postings])
    return sign_texts(tokenize(texts))
