"""Annotate one block of a table: read its rows, annotate them, encode them to write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from roleclf.batch.summary import Outcome
from roleclf.tables import (
    Batch,
    Block,
    Layout,
    collect_added,
    compress_block,
    encode_batch,
)

if TYPE_CHECKING:
    # These import numpy, which `roleclf --help` can do without.
    from roleclf.annotation import Annotator
    from roleclf.batch.summary import OutcomeCounts
    from roleclf.text import Signatures

__all__ = ["AnnotatedBlock", "BlockAnnotator"]


class AnnotatedBlock(NamedTuple):
    """The encoded rows of a block, in parts, and how many of them came out how.

    `share` is how much of the input is read with it, in 0-1. `signatures`, of the rows
    of each part, are there only if near-duplicates are to be grouped.
    """

    parts: list[Any]
    counts: OutcomeCounts
    share: float | None
    signatures: list[Signatures]


class BlockAnnotator(NamedTuple):
    """Annotates blocks of a table, in this process or in another."""

    annotator: Annotator
    read: Callable[[Block], Iterator[Batch]]
    layout: Layout

    def annotate(self, block: Block) -> AnnotatedBlock:
        """Read a block, annotate its batches, and encode them for the output."""
        parts: list[Any] = []
        counts: OutcomeCounts = Counter()
        signatures: list[Signatures] = []
        for batch in self.read(block):
            annotations = self.annotator.annotate_batch(batch.postings, batch.problems)
            added = collect_added(annotations, self.layout)
            parts.append(encode_batch(batch, added, self.layout))
            if self.layout.group_mark:
                signatures.append(annotations.signatures())
            columns = (added.columns[name] for name in Outcome._fields)
            counts.update(map(Outcome, *columns))
        if not self.layout.group_mark:
            parts = compress_block(parts, self.layout)
        return AnnotatedBlock(parts, counts, block.share, signatures)
