"""`roleclf watch`: poll feeds, and append a line for each new or changed posting."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import click

from roleclf.cli.options import EXIT_UNCLASSIFIED, MODEL, READER

if TYPE_CHECKING:
    from roleclf.feeds import PollOutcome, WatchOptions

__all__ = ["watch_command"]

_EXIT_UNREAD: Final = 1
_EXIT_SIGNAL: Final = 128
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
# Counts that are reported if they are not 0, in this order.
_REPORTED_COUNTS: Final = ("new", "changed", "reannotated", "repeated", "gone")


class _StopSignal(KeyboardInterrupt):
    """The process received one of `_SIGNALS`."""

    def __init__(self, number: int) -> None:
        self.number = number


def _parse_duration(ctx: click.Context, param: click.Parameter, value: str) -> float:
    # Here: only this command needs it.
    from roleclf.feeds import parse_duration

    try:
        return parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


@click.command("watch")
@click.argument("sources", metavar="URL_OR_FILE...", nargs=-1, required=True)
@click.option(
    "--state",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="What is remembered; begun if there is none.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(path_type=Path),
    required=True,
    help="JSON Lines; a line for each new or changed posting is added.",
)
@click.option(
    "--feeds",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for the sources as annotated feeds.",
)
@click.option(
    "--every",
    metavar="TIME",
    default="15m",
    show_default=True,
    callback=_parse_duration,
    help="Time between two polls of a source: 30s, 15m, 2h, 1d.",
)
@click.option("--once", is_flag=True, help="Ask every source once, and end; for cron.")
@click.option(
    "--reannotate",
    is_flag=True,
    help="Annotate anew what another model annotated.",
)
@click.option(
    "--allow-private",
    is_flag=True,
    help="Ask addresses of this machine and of private networks, too.",
)
@MODEL
@READER
@click.option("-q", "--quiet", is_flag=True, help="Tell of failures only.")
@click.pass_context
def watch_command(
    ctx: click.Context, /, every: float, once: bool, quiet: bool, **options: Any
) -> None:
    """Ask feeds again and again, and annotate what is new.

    Adds a line to the output for each posting that is new or has changed since the
    last time, with its annotation. Runs until Ctrl-C; the same command then goes on
    from there, also after a crash. Sources are addresses or files, of any format that
    `roleclf annotate` reads.

    \b
    roleclf watch https://example.com/jobs.rss --state jobs.db -o jobs.jsonl
    roleclf watch jobs.json --state jobs.db -o jobs.jsonl --once
    """  # noqa: D301
    # Here: only this command needs SQLite and the formats of feeds.
    from roleclf.feeds import WatchOptions

    watch_options = WatchOptions(every=None if once else every, **options)
    try:
        with _raising_on_signals():
            counts = _watch(watch_options, quiet=quiet)
    except _StopSignal as stop:
        if not quiet:
            click.echo("stopped; the same command goes on from here", err=True)
        ctx.exit(_EXIT_SIGNAL + stop.number if once else 0)
    ctx.exit(_exit_code(counts))


def _watch(options: WatchOptions, *, quiet: bool) -> Counter[str]:
    """Report each poll; return how many there were by kind, and `unclassified`."""
    from roleclf.feeds import watch_feeds  # here: as above

    counts: Counter[str] = Counter()
    with watch_feeds(options) as session:
        if session.n_stale and not quiet:
            click.echo(_stale_message(session.n_stale), err=True)
        for outcome in session.outcomes:
            counts[outcome.kind] += 1
            counts["unclassified"] += outcome.counts["unclassified"]
            if not quiet or outcome.error:
                click.echo(_message(outcome), err=True)
    return counts


@contextmanager
def _raising_on_signals() -> Iterator[None]:
    """Turn signals into exceptions, so that the watch is closed on the way out."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise _StopSignal(number)

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _exit_code(counts: Counter[str]) -> int:
    if not counts["read"] + counts["unchanged"]:
        return _EXIT_UNREAD
    is_whole = not (counts["failed"] or counts["waiting"] or counts["unclassified"])
    return 0 if is_whole else EXIT_UNCLASSIFIED


def _stale_message(n: int) -> str:
    return (
        f"{n:,} annotation{'' if n == 1 else 's'} by another model or version "
        "kept; --reannotate makes them anew"
    )


def _message(outcome: PollOutcome) -> str:
    """Return the line that reports a poll."""
    if outcome.error is not None:
        return f"{outcome.error}{_next_try(outcome.wait)}"
    return f"{outcome.source}: {_summary(outcome)}"


def _summary(outcome: PollOutcome) -> str:
    if outcome.kind == "waiting":
        return f"not asked yet{_next_try(outcome.wait)}"
    if outcome.kind == "unchanged":
        return "unchanged"
    n, counts = outcome.postings, outcome.counts
    parts = [f"{n:,} posting{'' if n == 1 else 's'}"]
    parts += [f"{counts[name]:,} {name}" for name in _REPORTED_COUNTS if counts[name]]
    if counts["reread"]:
        parts.append(f"{counts['reread']:,} read again by the encoder")
    if counts["unclassified"]:
        parts.append(f"{counts['unclassified']:,} without a role")
    return ", ".join(parts)


def _next_try(wait: float | None) -> str:
    """Return when a source is polled next; "" if that is up to the caller."""
    if not wait:
        return ""
    from roleclf.feeds import format_duration

    then = datetime.now().astimezone() + timedelta(seconds=wait)
    return f"; next try in {format_duration(wait)}, {then:%Y-%m-%d %H:%M:%S}"
