"""One poll of one source: ask, compare, annotate, remember, write."""

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
from roleclf.feeds.watch.output import settle
from roleclf.feeds.watch.pacing import Clock, Manners, wait_after
from roleclf.feeds.watch.recalling import Poll, Recalling, forget, n_stale
from roleclf.feeds.watch.records import FetchedDocument, Tags, WatchedSource
from roleclf.feeds.watch.sources import file_name, read_file, with_digest
from roleclf.feeds.watch.state import (
    Visits,
    note_failure,
    note_visit,
    transaction,
    visits,
)

if TYPE_CHECKING:
    from roleclf.annotation import Annotator

__all__ = ["Outcome", "Setting", "poll"]

_USER_AGENT: Final = f"roleclf/{roleclf.__version__} (roleclf watch; reads job feeds)"


@dataclass(frozen=True, slots=True)
class Setting:
    """What stays the same from poll to poll.

    `scratch` is a file for the document that is being read, `feeds` the folder for
    annotated ones. `annotator` returns the loaded model, and `model` tells it from
    others. `pause` waits until a host may be asked. `every` is how many seconds lie
    between two polls of a source that does not fail; None if it is asked once.
    """

    state: sqlite3.Connection
    output: Path
    scratch: Path
    annotator: Callable[[], Annotator]
    model: str
    pause: Callable[[str], None]
    clock: Clock
    manners: Manners
    every: float | None = None
    feeds: Path | None = None
    reannotate: bool = False
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a poll.

    `kind` is `read`, `unchanged`, `failed` or `waiting`; the last was not asked, as it
    is not yet time. `tally` is that of `Poll`. `wait` is how many seconds it will be
    left alone.
    """

    source: str
    kind: str
    postings: int = 0
    tally: Counter[str] = field(default_factory=Counter)
    error: FetchError | FeedError | None = None
    wait: float | None = None


def poll(setting: Setting, source: WatchedSource) -> Outcome:
    """Ask a source, and see to all that follows; what fails is remembered and told.

    Raises
    ------
    WatchError
        If the state or an output cannot be written.
    """
    before = visits(setting.state, source.name)
    known = before.tags if _is_complete(setting, source) else Tags()
    try:
        document = _read(setting, source, known)
        if document is None or document.tags.digest == known.digest:
            return _unchanged(setting, source, before, document)
        return _take(setting, source, before.number + 1, document)
    except (FetchError, FeedError) as error:
        return _failed(setting, source, before, error)


def _is_complete(setting: Setting, source: WatchedSource) -> bool:
    """Tell whether nothing is to do unless the source has changed."""
    path = _feed_path(setting, source)
    if path is not None and not path.exists():
        return False
    return not (
        setting.reannotate and n_stale(setting.state, source.name, setting.model)
    )


def _feed_path(setting: Setting, source: WatchedSource) -> Path | None:
    return setting.feeds and setting.feeds / file_name(source)


def _read(
    setting: Setting, source: WatchedSource, known: Tags
) -> FetchedDocument | None:
    if not source.is_url:
        document = read_file(source, known, setting.scratch)
    else:
        # Here: it takes a while to load, and files do without.
        from roleclf.feeds.watch.fetching import fetch

        document = fetch(
            source,
            known,
            _USER_AGENT,
            setting.pause,
            setting.manners,
            setting.scratch,
            allow_private=setting.allow_private,
        )
    return document and with_digest(document)


def _unchanged(
    setting: Setting,
    source: WatchedSource,
    before: Visits,
    document: FetchedDocument | None,
) -> Outcome:
    tags = document.tags if document else before.tags
    now = setting.clock.now()
    note_visit(setting.state, source.name, tags, before.number, now)
    return Outcome(source.shown, "unchanged")


def _take(
    setting: Setting, source: WatchedSource, number: int, document: FetchedDocument
) -> Outcome:
    """Annotate a document, remember that, and write what is to be written."""
    state, now = setting.state, setting.clock.now()
    this = Poll(
        source=source.name,
        number=number,
        path=str(setting.output),
        model=setting.model,
        anew=setting.reannotate,
        now=now,
    )
    with transaction(state):
        recalling = Recalling(setting.annotator, state, this)
        # The feed is written before it is remembered: after a kill it is read again.
        feed = _feed_path(setting, source)
        n_postings = _write_feed(recalling, document, feed, source.shown)
        forget(state, this)
        note_visit(state, source.name, document.tags, number, now)
    settle(state, setting.output)
    return Outcome(source.shown, "read", n_postings, this.tally)


def _write_feed(
    annotator: Recalling, document: FetchedDocument, feed: Path | None, place: str
) -> int:
    """Annotate a document, and write it if it has a place; return its postings."""
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


def _failed(
    setting: Setting,
    source: WatchedSource,
    before: Visits,
    error: FetchError | FeedError,
) -> Outcome:
    failures = before.failures + 1
    asked = error.wait if isinstance(error, FetchError) else None
    if source.is_url and asked != 0:
        wait = wait_after(failures, asked, setting.manners, setting.clock)
    else:
        # There is nobody to be polite to.
        wait = setting.every or 0.0
    until = setting.clock.now() + wait
    note_failure(setting.state, source.name, failures, until)
    return Outcome(source.shown, "failed", error=error, wait=wait)
