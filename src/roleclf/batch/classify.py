"""Classify one whole file: read a batch, annotate it, write it, count it.

Step 6 of the line. Rows in order, memory bounded by the block, any number of workers.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain, islice
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from roleclf.batch.grouping import grouping
from roleclf.batch.resume import (
    ResumePoint,
    begun_before,
    identity_of,
    kept_if_stopped,
    type_tally,
    warn_of_kept,
)
from roleclf.records import Posting
from roleclf.tables import (
    AnnotationColumns,
    Batch,
    Block,
    Layout,
    Progress,
    Reading,
    Writing,
    collect_added,
    compress_block,
    encode_batch,
    open_output,
    open_table,
    output_format,
)

if TYPE_CHECKING:
    # Imports numpy, which `roleclf --help` can do without.
    from roleclf.text import Signatures

__all__ = ["Annotator", "Progress", "Summary", "classify_file"]

_LOG: Final = logging.getLogger(__name__)
# Full blocks that make it worth to start workers.
_WORTH_WORKERS: Final = 8


class Annotator(Protocol):
    """What `classify_file` asks of a loaded model."""

    @property
    def roles(self) -> Sequence[str]:
        """Return the ids of the roles that the model knows."""

    def annotate_batch(
        self, postings: Sequence[Posting], problems: Sequence[str | None] | None
    ) -> AnnotationColumns:
        """Annotate the postings, in order."""


class Done(NamedTuple):
    """What was made of a block: what to write, and how many rows came out how.

    `signatures` are those of the rows in each part, if groups are asked for.
    """

    parts: list[Any]
    tally: type_tally
    share: float | None
    signatures: list[Signatures]


class Work(NamedTuple):
    """What is done with each block of a table."""

    annotator: Annotator
    read: Callable[[Block], Iterator[Batch]]
    layout: Layout

    def done(self, block: Block) -> Done:
        """Read a block, annotate its batches, and encode them for the output."""
        parts: list[Any] = []
        tally: type_tally = Counter()
        signatures: list[Signatures] = []
        for batch in self.read(block):
            annotations = self.annotator.annotate_batch(batch.postings, batch.problems)
            added = collect_added(annotations, self.layout)
            parts.append(encode_batch(batch, added, self.layout))
            if self.layout.group_mark:
                signatures.append(annotations.signatures())
            columns = (added.columns[name] for name in ("role", "sure", "problem"))
            tally.update(zip(*columns, strict=True))
        if not self.layout.group_mark:
            parts = compress_block(parts, self.layout)
        return Done(parts, tally, block.share, signatures)


class Summary(NamedTuple):
    """What became of the rows of a file.

    The mappings count rows, the most frequent key first; a row without a role is
    in none of the first two. A row may have a role and a problem. `rows_before` were
    written by an interrupted run, which `seconds` leaves out.
    """

    rows: int
    rows_by_role: Mapping[str, int]
    sure_by_role: Mapping[str, int]
    rows_by_problem: Mapping[str, int]
    seconds: float
    rows_before: int = 0

    @property
    def unclassified(self) -> int:
        """Return how many rows got no role."""
        return self.rows - sum(self.rows_by_role.values())


def classify_file(
    annotator: Annotator,
    source: str,
    target: str,
    reading: Reading | None = None,
    writing: Writing | None = None,
    report: Callable[[Progress], None] | None = None,
    workers: int = 1,
    model: str = "",
    resume: bool = False,
    backend: str | None = None,
) -> Summary:
    """Write the table `source` to `target` with a role and skills for every row.

    Parameters
    ----------
    annotator : Annotator
        A loaded model.
    source, target : str
        Paths; "-" is stdin or stdout.
    reading : Reading, optional
        How to read; found out from the table by default.
    writing : Writing, optional
        What to write; all input columns and the annotation's by default.
    report : callable, optional
        Is told how far it is after each block.
    workers : int, optional
        Processes to share the work, which small files are not worth; -1 for all
        cores. The output is the same for any number.
    model : str, optional
        What tells the model of `annotator` from others.
    resume : bool, optional
        Go on where a run with the same input, options and model was interrupted.
    backend : str, optional
        Of joblib, for `workers`. By default they are copies of this process where
        it has one thread, which only Linux tells, else "loky": new processes.

    Raises
    ------
    TableError
        If the source cannot be read or the target not be written; then there is
        no new file at the target.
    WorkerError
        If a worker process is killed, as one is that takes too much memory.
    """
    reading, writing = reading or Reading(), writing or Writing()
    start = perf_counter()
    identity = identity_of(source, reading, writing, model)
    begun = _begun(target, identity, resume)
    n_before = begun.tally.total()
    roles, size = annotator.roles, begun.size
    with (
        open_table(source, reading, settle=_settle(target, writing)) as table,
        open_output(source, target, table, writing, roles, size) as output,
        kept_if_stopped(source, target, identity, lasts=output.is_resumable) as keep,
    ):
        work = Work(annotator, table.read, output.layout)
        before = islice(table.blocks, begun.n_blocks)
        with_groups = grouping(output, table.read, before)
        with closing(_each_done(work, table.blocks, workers, backend)) as each:
            for done in each:
                parts = with_groups(done.parts, done.signatures)
                begun = begun.after(done.tally, output.write(parts))
                keep(begun)
                if report is not None:
                    report(_progress(begun.tally, done.share))
    if not begun.tally:
        _LOG.warning("%s: no rows", table.place)
    return _summary(begun.tally, n_before, perf_counter() - start)


def _begun(target: str, identity: Mapping[str, Any], resume: bool) -> ResumePoint:
    if resume:
        return begun_before(target, identity)
    warn_of_kept(target, identity)
    return ResumePoint()


def _progress(tally: type_tally, share: float | None) -> Progress:
    rejected = sum(n for (role, _, _), n in tally.items() if role is None)
    return Progress(tally.total(), rejected, share)


def _settle(target: str, writing: Writing) -> bool:
    """Tell whether the output needs every input column before the first row."""
    table_formats = {"csv", "tsv", "parquet"}
    return writing.columns is None and output_format(target, writing) in table_formats


def _each_done(
    work: Work, blocks: Iterator[Block], n_workers: int, backend: str | None
) -> Generator[Done]:
    """Yield what was made of each block, in order."""
    few: list[Block] = []
    for block in blocks:
        few.append(block)
        if n_workers != 1 and _is_worth_workers(few):
            # Here: a first answer needs no workers, and should not wait for them.
            from roleclf.batch.workers import in_order

            every = chain(few, blocks)
            yield from in_order(
                work.done, every, n_workers, lambda block: not block.is_full, backend
            )
            return
        if n_workers == 1 or not block.is_full:
            yield from map(work.done, few)
            few.clear()
    yield from map(work.done, few)


def _is_worth_workers(blocks: Sequence[Block]) -> bool:
    """Tell whether there are enough full blocks, by the last where a share is known."""
    last = blocks[-1]
    share = 1.0 if last.share is None else last.share
    shows_more = last.is_full and share * _WORTH_WORKERS < len(blocks)
    return shows_more or len(blocks) == _WORTH_WORKERS


def _summary(tally: type_tally, n_before: int, seconds: float) -> Summary:
    rows_by_role: Counter[str] = Counter()
    sure_by_role: Counter[str] = Counter()
    rows_by_problem: Counter[str] = Counter()
    for (role, sure, problem), n_rows in tally.items():
        rows_by_role.update({role: n_rows} if role else {})
        sure_by_role.update({role: n_rows} if role and sure else {})
        rows_by_problem.update({problem: n_rows} if problem else {})
    return Summary(
        rows=tally.total(),
        rows_before=n_before,
        rows_by_role=dict(rows_by_role.most_common()),
        sure_by_role=dict(sure_by_role.most_common()),
        rows_by_problem=dict(rows_by_problem.most_common()),
        seconds=seconds,
    )
