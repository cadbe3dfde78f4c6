"""Poll each source when it is due, or all of them once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf
from typing import Final

from roleclf.feeds.watch.polling import PollOutcome, WatchContext, poll
from roleclf.feeds.watch.records import WatchedSource
from roleclf.feeds.watch.state import read_history

__all__ = ["poll_forever", "poll_once"]

# Seconds. Sleeping in short spells notices soon that a suspended machine woke up.
_MAX_SLEEP: Final = 60.0


def poll_once(
    context: WatchContext, sources: Sequence[WatchedSource]
) -> Iterator[PollOutcome]:
    """Poll each source once, but for those that failed and must not be polled yet."""
    for source in sources:
        wait = _backoff_left(context, source)
        yield poll(context, source) if wait <= 0 else _waiting(source, wait)


def poll_forever(
    context: WatchContext, sources: Sequence[WatchedSource]
) -> Iterator[PollOutcome]:
    """Poll sources when they are due; first yield those that are not due yet."""
    for source in sources:
        if (wait := _seconds_until_due(context, source)) > 0:
            yield _waiting(source, wait)
    while True:
        wait, _, source = min(
            (_seconds_until_due(context, source), place, source)
            for place, source in enumerate(sources)
        )
        if wait <= 0:
            yield poll(context, source)
        else:
            context.clock.sleep(min(wait, _MAX_SLEEP))


def _waiting(source: WatchedSource, wait: float) -> PollOutcome:
    return PollOutcome(source.shown, "waiting", wait=wait)


def _seconds_until_due(context: WatchContext, source: WatchedSource) -> float:
    """Return in how many seconds a source is due; not above 0 if it is due now."""
    history = read_history(context.state, source.name)
    if history.n_failures:
        return _backoff_left(context, source)
    if not history.visited_at:
        return -inf  # so that new sources are polled in the order of the call
    age = context.clock.now() - history.visited_at
    # A visit in the future means that the clock was set back.
    return (context.options.every or 0.0) - age if age >= 0 else 0.0


def _backoff_left(context: WatchContext, source: WatchedSource) -> float:
    """Return for how many seconds a source that failed must not be polled."""
    history = read_history(context.state, source.name)
    left = history.not_before - context.clock.now()
    # No wait is longer than this, unless the clock was set back.
    longest = max(context.policy.max_retry_after, context.options.every or 0.0)
    return left if left <= longest else 0.0
