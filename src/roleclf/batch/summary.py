"""Count how the rows of a table came out: for progress, for resuming, for the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from roleclf.tables import Progress

__all__ = ["OutcomeCounts", "Summary", "progress_of", "summarize"]

# Number of rows by role, whether it is sure, and problem.
OutcomeCounts: TypeAlias = Counter[tuple[str | None, bool, str | None]]


class Summary(NamedTuple):
    """How many rows of a file got which role and which problem.

    The mappings count rows, the most frequent key first. A row without a role is in
    neither of the first two; a row may have both a role and a problem. `rows_before`
    were written by an interrupted run, whose time is not in `seconds`.
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


def progress_of(counts: OutcomeCounts, share: float | None) -> Progress:
    """Return the progress of a run; `share` of the input is read, in 0-1, if known."""
    rejected = sum(n for (role, _, _), n in counts.items() if role is None)
    return Progress(counts.total(), rejected, share)


def summarize(counts: OutcomeCounts, n_before: int, seconds: float) -> Summary:
    """Return the summary of a run, `n_before` rows of which an earlier run wrote."""
    rows_by_role: Counter[str] = Counter()
    sure_by_role: Counter[str] = Counter()
    rows_by_problem: Counter[str] = Counter()
    for (role, sure, problem), n_rows in counts.items():
        rows_by_role.update({role: n_rows} if role else {})
        sure_by_role.update({role: n_rows} if role and sure else {})
        rows_by_problem.update({problem: n_rows} if problem else {})
    return Summary(
        rows=counts.total(),
        rows_before=n_before,
        rows_by_role=dict(rows_by_role.most_common()),
        sure_by_role=dict(sure_by_role.most_common()),
        rows_by_problem=dict(rows_by_problem.most_common()),
        seconds=seconds,
    )
