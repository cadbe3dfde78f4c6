"""Classify a whole file: annotate its blocks, write them in order, count their rows.

Memory is bounded by the size of a block, and the output is the same for any number of
workers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import chain, islice
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from roleclf.batch.blocks import AnnotatedBlock, BlockAnnotator
from roleclf.batch.grouping import group_numbering
from roleclf.batch.resume import (
    ResumePoint,
    read_resume_point,
    run_identity,
    saving_resume_points,
    warn_if_resumable,
)
from roleclf.batch.summary import Summary, progress_of, summarize
from roleclf.tables import (
    Block,
    Output,
    Progress,
    Reading,
    Table,
    Writing,
    open_output,
    open_table,
    output_format,
)

if TYPE_CHECKING:
    # Imports numpy, which `roleclf --help` can do without.
    from roleclf.annotation import Annotator

__all__ = ["classify_file"]

_LOG: Final = logging.getLogger(__name__)
# Full blocks of work for which it is worth starting worker processes.
_LEAST_BLOCKS: Final = 8
# How many times longer a row takes by each reader, at least. Small blocks keep all
# workers busy, show progress, and make little of a wait of an interrupted run.
_COST_BY_READER: Final = {"fast": 1, "careful": 16}
# Formats whose header or schema names every column before the first row.
_FORMATS_WITH_HEADER: Final = frozenset({"csv", "tsv", "parquet"})


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
        How to read the table; by default found out from the table itself.
    writing : Writing, optional
        What to write; by default all input columns and the usual added ones.
    report : callable, optional
        Is called with the progress after each block.
    workers : int, optional
        Number of processes; -1 for all cores. Small files are classified in this
        process alone. The output is the same for any number.
    model : str, optional
        A fingerprint of the model of `annotator`, see `model_fingerprint`; a run
        resumes only with the same one.
    resume : bool, optional
        Continue an interrupted run with the same input, options and model.
    backend : str, optional
        joblib's backend for `workers`. The default is forks of this process if it has
        one thread, which only Linux tells, else "loky": new processes.

    Raises
    ------
    TableError
        If the source cannot be read or the target cannot be written; then there is
        no new file at the target.
    WorkerError
        If a worker process is killed, as one is that takes too much memory.
    """
    reading, writing = reading or Reading(), writing or Writing()
    start = perf_counter()
    identity = run_identity(source, reading, writing, model)
    point = _starting_point(target, identity, resume)
    n_before, n_blocks, roles = point.counts.total(), point.n_blocks, annotator.roles
    settle, cost = _needs_columns(target, writing), _COST_BY_READER[annotator.reader]
    with (
        open_table(source, reading, settle=settle, cost=cost) as table,
        open_output(source, target, table, writing, roles, point.size) as output,
        saving_resume_points(
            source, target, identity, while_running=output.is_resumable
        ) as save,
        closing(
            _annotate(annotator, table, output, n_blocks, workers, backend)
        ) as blocks,
    ):
        for block in blocks:
            point = point.after(block.counts, output.write(block.parts))
            save(point)
            if report is not None:
                report(progress_of(point.counts, block.share))
    if not point.counts:
        _LOG.warning("%s: no rows", table.place)
    return summarize(point.counts, n_before, perf_counter() - start)


def _starting_point(
    target: str, identity: Mapping[str, Any], resume: bool
) -> ResumePoint:
    """Return where to start: where an interrupted run ended, or at the first row."""
    if resume:
        return read_resume_point(target, identity)
    warn_if_resumable(target, identity)
    return ResumePoint()


def _needs_columns(target: str, writing: Writing) -> bool:
    """Tell whether the output needs every input column before the first row."""
    is_every = writing.columns is None
    return is_every and output_format(target, writing) in _FORMATS_WITH_HEADER


def _annotate(
    annotator: Annotator,
    table: Table,
    output: Output,
    n_written: int,
    n_workers: int,
    backend: str | None,
) -> Generator[AnnotatedBlock]:
    """Yield the blocks of a table, annotated, from the first that is not written."""
    blocks_before = islice(table.blocks, n_written)
    number_groups = group_numbering(output, table.read, blocks_before)
    annotate = BlockAnnotator(annotator, table.read, output.layout).annotate
    with closing(_map_blocks(annotate, table.blocks, n_workers, backend)) as annotated:
        yield from map(number_groups, annotated)


def _map_blocks(
    annotate: Callable[[Block], AnnotatedBlock],
    blocks: Iterator[Block],
    n_workers: int,
    backend: str | None,
) -> Generator[AnnotatedBlock]:
    """Yield the result of each block, in order, from workers if these are worth it."""
    waiting: list[Block] = []
    for block in blocks:
        waiting.append(block)
        if n_workers != 1 and _has_enough_work(waiting):
            # Imported here: a small file needs no workers and should not wait for them.
            from roleclf.batch.workers import parallel_map

            every_block = chain(waiting, blocks)
            yield from parallel_map(
                annotate, every_block, n_workers, _is_short, backend
            )
            return
        if n_workers == 1 or _is_short(block):
            yield from map(annotate, waiting)
            waiting.clear()
    yield from map(annotate, waiting)


def _is_short(block: Block) -> bool:
    """Tell whether the next block may be long in coming: a live stream is slow."""
    return not block.is_full


def _has_enough_work(waiting: Sequence[Block]) -> bool:
    """Tell whether there is enough work to start workers.

    Enough blocks wait, or will come, judging by the share of the input that the last
    one ends at.
    """
    last = waiting[-1]
    share = 1.0 if last.share is None else last.share
    will_come = last.is_full and share * _LEAST_BLOCKS < len(waiting)
    return will_come or len(waiting) == _LEAST_BLOCKS
