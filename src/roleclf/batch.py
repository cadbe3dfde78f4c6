"""Classify one whole file: read a batch, annotate it, write it, count it.

Step 6 of the line. One process, rows in order, memory bounded by the batch.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final, Protocol

from roleclf.records import Posting
from roleclf.tables import Reading, Writing, open_output, open_table
from roleclf.tables.added import Annotations, is_sure
from roleclf.tables.streams import output_format

__all__ = ["Annotator", "Summary", "classify_file"]

_LOG: Final = logging.getLogger(__name__)
_COUNTED: Final = ("role", "confidence", "sure", "problem")

# The role, whether it is sure, the problem; and how many rows came out so.
type_outcome = tuple[str | None, bool, str | None]
type_tally = Counter[type_outcome]


class Annotator(Protocol):
    """What `classify_file` asks of a loaded model."""

    @property
    def roles(self) -> Sequence[str]:
        """Return the ids of the roles that the model knows."""

    def annotate_batch(
        self, postings: Sequence[Posting], problems: Sequence[str | None] | None
    ) -> Annotations:
        """Annotate the postings, in order."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of the rows of a file.

    The mappings count rows, the most frequent key first; a row without a role is
    in none of the first two. A row may have a role and a problem.
    """

    rows: int
    rows_by_role: Mapping[str, int]
    sure_by_role: Mapping[str, int]
    rows_by_problem: Mapping[str, int]
    seconds: float

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
    report: Callable[[int], None] | None = None,
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
        Is told the number of rows of each batch when it is written.

    Raises
    ------
    TableError
        If the source cannot be read or the target not be written; then there is
        no new file at the target.
    """
    writing = writing or Writing()
    start = perf_counter()
    tally: type_tally = Counter()
    with (
        open_table(source, reading, settle=_settle(target, writing)) as table,
        open_output(source, target, table, writing, annotator.roles) as write,
    ):
        for batch in table.batches:
            annotations = annotator.annotate_batch(batch.postings, batch.problems)
            write(batch, annotations)
            tally.update(_counted(annotations, writing.min_confidence))
            if report is not None:
                report(len(batch.postings))
    if not tally:
        _LOG.warning("%s: no rows", table.place)
    return _summary(tally, perf_counter() - start)


def _settle(target: str, writing: Writing) -> bool:
    """Tell whether the output needs every input column before the first row."""
    table_formats = {"csv", "tsv", "parquet"}
    return writing.columns is None and output_format(target, writing) in table_formats


def _counted(annotations: Annotations, min_confidence: float) -> Iterator[type_outcome]:
    values = annotations.columns(_COUNTED)
    columns = (values[name] for name in _COUNTED)
    for role, confidence, sure, problem in zip(*columns, strict=True):
        yield role, is_sure(sure, confidence, min_confidence), problem


def _summary(tally: type_tally, seconds: float) -> Summary:
    rows_by_role: Counter[str] = Counter()
    sure_by_role: Counter[str] = Counter()
    rows_by_problem: Counter[str] = Counter()
    for (role, sure, problem), n_rows in tally.items():
        rows_by_role.update({role: n_rows} if role else {})
        sure_by_role.update({role: n_rows} if role and sure else {})
        rows_by_problem.update({problem: n_rows} if problem else {})
    return Summary(
        rows=tally.total(),
        rows_by_role=dict(rows_by_role.most_common()),
        sure_by_role=dict(sure_by_role.most_common()),
        rows_by_problem=dict(rows_by_problem.most_common()),
        seconds=seconds,
    )
