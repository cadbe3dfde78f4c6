"""`roleclf watch`: feeds that change, a line for each new or changed posting."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Final

import click

from roleclf.cli.options import EXIT_UNCLASSIFIED, MODEL

if TYPE_CHECKING:
    from roleclf.feeds import Outcome

__all__ = ["watch_command"]

_EXIT_UNREAD: Final = 1
_EXIT_SIGNAL: Final = 128
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
# What is told of a poll, where there is any.
_TOLD: Final = ("new", "changed", "reannotated", "repeated", "gone")


class _Stopped(KeyboardInterrupt):
    """Somebody wants the process to end."""

    def __init__(self, number: int) -> None:
        self.number = number


def _seconds(ctx: click.Context, param: click.Parameter, value: str) -> float:
    # Here: only this command needs it.
    from roleclf.feeds import seconds_of

    try:
        return seconds_of(value)
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
    callback=_seconds,
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
@click.option("-q", "--quiet", is_flag=True, help="Tell of failures only.")
@click.pass_context
def watch_command(
    ctx: click.Context,
    sources: tuple[str, ...],
    state: Path,
    output: Path,
    feeds: Path | None,
    every: float,
    once: bool,
    reannotate: bool,
    allow_private: bool,
    model: Path | None,
    quiet: bool,
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
    from roleclf.feeds import WatchOptions, watch_feeds

    wish = WatchOptions(
        sources=sources,
        state=state,
        output=output,
        every=None if once else every,
        feeds=feeds,
        model=model,
        reannotate=reannotate,
        allow_private=allow_private,
    )
    kinds: Counter[str] = Counter()
    try:
        with _stoppable(), watch_feeds(wish) as watching:
            if watching.n_stale and not quiet:
                click.echo(_stale_text(watching.n_stale), err=True)
            for outcome in watching.outcomes:
                kinds[outcome.kind] += 1
                kinds["unclassified"] += outcome.tally["unclassified"]
                if not quiet or outcome.error:
                    click.echo(_text(outcome), err=True)
    except _Stopped as stopped:
        if not quiet:
            click.echo("stopped; the same command goes on from here", err=True)
        ctx.exit(_EXIT_SIGNAL + stopped.number if once else 0)
    ctx.exit(_exit_code(kinds))


@contextmanager
def _stoppable() -> Iterator[None]:
    """End at Ctrl-C and SIGTERM as after an error: all is closed on the way out."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise _Stopped(number)

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _exit_code(kinds: Counter[str]) -> int:
    if not kinds["read"] + kinds["unchanged"]:
        return _EXIT_UNREAD
    is_whole = not (kinds["failed"] or kinds["waiting"] or kinds["unclassified"])
    return 0 if is_whole else EXIT_UNCLASSIFIED


def _stale_text(n: int) -> str:
    return (
        f"{n:,} annotation{'' if n == 1 else 's'} by another model or version "
        "kept; --reannotate makes them anew"
    )


def _text(outcome: Outcome) -> str:
    """Return what came of a poll, in a line."""
    if outcome.error is not None:
        return f"{outcome.error}{_next(outcome.wait)}"
    return f"{outcome.source}: {_said(outcome)}"


def _said(outcome: Outcome) -> str:
    if outcome.kind == "waiting":
        return f"not asked yet{_next(outcome.wait)}"
    if outcome.kind == "unchanged":
        return "unchanged"
    n = outcome.postings
    told = [f"{outcome.tally[name]:,} {name}" for name in _TOLD if outcome.tally[name]]
    lacking = outcome.tally["unclassified"]
    without = [f"{lacking:,} without a role"] if lacking else []
    return ", ".join([f"{n:,} posting{'' if n == 1 else 's'}", *told, *without])


def _next(wait: float | None) -> str:
    """Say when a source is asked again, if it is not left to the caller."""
    if not wait:
        return ""
    from roleclf.feeds import said_span

    then = datetime.now().astimezone() + timedelta(seconds=wait)
    return f"; next try in {said_span(wait)}, {then:%Y-%m-%d %H:%M:%S}"
