"""Count how the rows of a table came out: for progress, for resuming, for the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from roleclf.tables import Progress

__all__ = ["Outcome", "OutcomeCounts", "Summary", "progress_of", "summarize"]


class Outcome(NamedTuple):
    """How a row came out; `encoder_role` is None if no encoder has read it."""

    role: str | None
    sure: bool
    problem: str | None
    encoder_role: str | None = None


# Number of rows by how they came out.
OutcomeCounts: TypeAlias = Counter[Outcome]


class Summary(NamedTuple):
    """How many rows of a file got which role and which problem.

    The mappings count rows, the most frequent key first. A row without a role is in
    neither of the first two; a row may have both a role and a problem. `rows_before`
    were written by an interrupted run, whose time is not in `seconds`. An encoder read
    `rows_reread` of all.
    """

    rows: int
    rows_by_role: Mapping[str, int]
    sure_by_role: Mapping[str, int]
    rows_by_problem: Mapping[str, int]
    seconds: float
    rows_before: int = 0
    rows_reread: int = 0

    @property
    def unclassified(self) -> int:
        """Return how many rows got no role."""
        return self.rows - sum(self.rows_by_role.values())


def progress_of(counts: OutcomeCounts, share: float | None) -> Progress:
    """Return the progress of a run; `share` of the input is read, in 0-1, if known."""
    rejected = sum(n for outcome, n in counts.items() if outcome.role is None)
    return Progress(counts.total(), rejected, share, _n_reread(counts))


def summarize(counts: OutcomeCounts, n_before: int, seconds: float) -> Summary:
    """Return the summary of a run, `n_before` rows of which an earlier run wrote."""
    rows_by_role: Counter[str] = Counter()
    sure_by_role: Counter[str] = Counter()
    rows_by_problem: Counter[str] = Counter()
    for (role, sure, problem, _), n_rows in counts.items():
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
        rows_reread=_n_reread(counts),
    )


def _n_reread(counts: OutcomeCounts) -> int:
    return sum(n for outcome, n in counts.items() if outcome.encoder_role is not None)
