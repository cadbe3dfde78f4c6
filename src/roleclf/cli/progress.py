"""Show the progress of a run on a terminal: postings, rate, failures, time left."""

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
    """Yield a function that shows progress; None if `quiet` or not on a terminal.

    `unit` is the plural of what is counted.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    with _display(unit) as display:
        task = display.add_task("", total=None, rows=0, rate=0, rejected=0, encoder="")
        # Rows and time at the first report: rows of an earlier run do not count.
        start: tuple[int, float] | None = None

        def report(step: Progress) -> None:
            nonlocal start
            now = perf_counter()
            start = start or (step.rows, now)
            start_rows, start_time = start
            display.update(
                task,
                refresh=True,
                total=None if step.share is None else 1.0,
                completed=step.share or 0.0,
                rows=step.rows,
                rate=(step.rows - start_rows) / max(now - start_time, 1e-9),
                rejected=step.rejected,
                encoder=_encoder_text(step),
            )

        yield report


def _encoder_text(step: Progress) -> str:
    """Return how many postings wait for the encoder, as far as that can be told.

    Examples
    --------
    >>> from roleclf.tables import Progress
    >>> _encoder_text(Progress(rows=400, rejected=0, share=0.25, reread=100))
    ', about 300 left for the encoder'
    """
    if not step.reread:
        return ""
    if not step.share:
        return f", {step.reread:,} read by the encoder"
    n_left = round(step.reread / step.share) - step.reread
    return f", about {n_left:,} left for the encoder"


def _display(unit: str) -> Display:
    # Imported here: rich is costly to import, and only a terminal needs it.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    counts = TextColumn(
        f"{{task.fields[rows]:,}} {unit}, {{task.fields[rate]:,.0f}} a second, "
        "{task.fields[rejected]:,} without a role{task.fields[encoder]}"
    )
    columns = (BarColumn(20), counts, TimeRemainingColumn())
    # No refreshing thread: a process with threads cannot be forked safely.
    return Progress(
        *columns, console=Console(stderr=True), transient=True, auto_refresh=False
    )
