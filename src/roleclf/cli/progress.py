"""The progress of a run, on a terminal only: how many, rate, rejected, time left."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Display

    from roleclf.tables import Progress

__all__ = ["shown_progress"]


@contextmanager
def shown_progress(
    quiet: bool, unit: str = "rows"
) -> Iterator[Callable[[Progress], None] | None]:
    """Give a function to report to; None where nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    with _display(unit) as display:
        task = display.add_task("", total=None, rows=0, rate=0, rejected=0)
        first: list[tuple[int, float]] = []

        def report(step: Progress) -> None:
            # The rate is that of what comes from now on, whatever was there before.
            first[1:] = [(step.rows, perf_counter())]
            (rows_then, start), (rows, now) = first[0], first[-1]
            display.update(
                task,
                refresh=True,
                total=None if step.share is None else 1.0,
                completed=step.share or 0.0,
                rows=rows,
                rate=(rows - rows_then) / max(now - start, 1e-9),
                rejected=step.rejected,
            )

        yield report


def _display(unit: str) -> Display:
    # Costly to import, so only where somebody watches.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    shown = TextColumn(
        f"{{task.fields[rows]:,}} {unit}, {{task.fields[rate]:,.0f}} a second, "
        "{task.fields[rejected]:,} without a role"
    )
    columns = (BarColumn(20), shown, TimeRemainingColumn())
    # A thread that refreshes it would keep this process from being copied.
    return Progress(
        *columns, console=Console(stderr=True), transient=True, auto_refresh=False
    )
