"""Poll a source once: fetch its document, annotate what is new, store, write."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import roleclf
from roleclf.errors import FeedError, FetchError, WatchError
from roleclf.feeds.annotating import annotate_file
from roleclf.feeds.watch.incremental import IncrementalAnnotator, Visit
from roleclf.feeds.watch.output import append_pending
from roleclf.feeds.watch.pacing import Clock, FetchPolicy, backoff
from roleclf.feeds.watch.records import (
    FetchedDocument,
    Validators,
    WatchedSource,
    WatchOptions,
)
from roleclf.feeds.watch.sources import feed_file_name, read_file, with_digest
from roleclf.feeds.watch.state import (
    SourceHistory,
    read_history,
    record_failure,
    record_success,
    transaction,
)
from roleclf.feeds.watch.stored_postings import count_stale, forget_absent

if TYPE_CHECKING:
    from roleclf.annotation import Annotator

__all__ = ["PollOutcome", "WatchContext", "poll"]

_USER_AGENT: Final = f"roleclf/{roleclf.__version__} (roleclf watch; reads job feeds)"


@dataclass(frozen=True, slots=True)
class WatchContext:
    """What all polls of a watch share.

    `load_annotator` returns the loaded model, which `model` identifies. `throttle`
    sleeps until a host may be asked.
    """

    options: WatchOptions
    state: sqlite3.Connection
    load_annotator: Callable[[], Annotator]
    model: str
    throttle: Callable[[str], None]
    clock: Clock
    policy: FetchPolicy

    @property
    def scratch(self) -> Path:
        """Path for a document while it is read."""
        path = self.options.state
        return path.with_name(f".{path.name}.document")


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What came of a poll.

    `kind` is `read`, `unchanged`, `failed`, or `waiting` if the source was not due.
    `counts` is that of `Visit`. `wait` is the seconds until the next poll.
    """

    source: str
    kind: str
    postings: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    error: FetchError | FeedError | None = None
    wait: float | None = None


def poll(context: WatchContext, source: WatchedSource) -> PollOutcome:
    """Poll a source, and store what came of it; its failures are outcomes, too.

    Raises
    ------
    WatchError
        If the state or an output cannot be written.
    """
    history = read_history(context.state, source.name)
    known = history.validators if _is_up_to_date(context, source) else Validators()
    try:
        document = _fetch(context, source, known)
        if document is None or document.validators.digest == known.digest:
            return _record_unchanged(context, source, history, document)
        return _annotate(context, source, history.n_visits + 1, document)
    except (FetchError, FeedError) as error:
        return _record_failed(context, source, history, error)


def _is_up_to_date(context: WatchContext, source: WatchedSource) -> bool:
    """Tell whether there is nothing to do unless the source has changed."""
    path = _feed_path(context, source)
    if path is not None and not path.exists():
        return False
    if not context.options.reannotate:
        return True
    return not count_stale(context.state, source.name, context.model)


def _feed_path(context: WatchContext, source: WatchedSource) -> Path | None:
    folder = context.options.feeds
    return folder and folder / feed_file_name(source)


def _fetch(
    context: WatchContext, source: WatchedSource, known: Validators
) -> FetchedDocument | None:
    if not source.is_url:
        document = read_file(source, known, context.scratch)
    else:
        # Here: httpx takes a while to import, and files need none.
        from roleclf.feeds.watch.fetching import fetch

        document = fetch(
            source,
            known,
            _USER_AGENT,
            context.throttle,
            context.policy,
            context.scratch,
            allow_private=context.options.allow_private,
        )
    return document and with_digest(document)


def _record_unchanged(
    context: WatchContext,
    source: WatchedSource,
    history: SourceHistory,
    document: FetchedDocument | None,
) -> PollOutcome:
    validators = document.validators if document else history.validators
    now = context.clock.now()
    record_success(context.state, source.name, validators, history.n_visits, now)
    return PollOutcome(source.shown, "unchanged")


def _annotate(
    context: WatchContext,
    source: WatchedSource,
    number: int,
    document: FetchedDocument,
) -> PollOutcome:
    """Annotate a document in one transaction, then append its lines to the output."""
    state, now = context.state, context.clock.now()
    visit = Visit(
        source=source.name,
        number=number,
        output=str(context.options.output),
        model=context.model,
        reannotate=context.options.reannotate,
        now=now,
    )
    with transaction(state):
        annotator = IncrementalAnnotator(context.load_annotator, state, visit)
        # Written before the commit: after a kill in between it is written again.
        feed = _feed_path(context, source)
        n_postings = _write_feed(annotator, document, feed, source.shown)
        visit.counts["gone"] = forget_absent(state, source.name, number)
        record_success(state, source.name, document.validators, number, now)
    append_pending(state, context.options.output)
    return PollOutcome(source.shown, "read", n_postings, visit.counts)


def _write_feed(
    annotator: IncrementalAnnotator,
    document: FetchedDocument,
    feed: Path | None,
    place: str,
) -> int:
    """Annotate a document, write it to `feed` if given, and count its postings."""
    target = str(feed or os.devnull)
    try:
        if feed is not None:
            feed.parent.mkdir(parents=True, exist_ok=True)
        annotated = annotate_file(annotator, str(document.path), target, place=place)
    except OSError as error:
        mend = "check the path, its permissions and the disk"
        raise WatchError(
            target, f"cannot be written ({error.strerror})", mend
        ) from error
    except FeedError as error:
        if error.place == target:
            raise WatchError(target, error.problem, error.mend) from error
        raise
    return annotated.postings


def _record_failed(
    context: WatchContext,
    source: WatchedSource,
    history: SourceHistory,
    error: FetchError | FeedError,
) -> PollOutcome:
    n_failures = history.n_failures + 1
    retry_after = error.wait if isinstance(error, FetchError) else None
    if source.is_url and retry_after != 0:
        wait = backoff(n_failures, retry_after, context.policy, context.clock)
    else:
        # No server was asked, so none needs to be spared.
        wait = context.options.every or 0.0
    not_before = context.clock.now() + wait
    record_failure(context.state, source.name, n_failures, not_before)
    return PollOutcome(source.shown, "failed", error=error, wait=wait)
