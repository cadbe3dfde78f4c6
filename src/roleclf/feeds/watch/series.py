"""Poll after poll: each source when its time has come, or all of them once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf
from typing import Final

from roleclf.feeds.watch.polling import Outcome, Setting, poll
from roleclf.feeds.watch.records import WatchedSource
from roleclf.feeds.watch.state import visits

__all__ = ["poll_for_ever", "poll_once"]

# A machine that slept in between is back on time within this, in seconds.
_LONGEST_SLEEP: Final = 60.0


def poll_once(setting: Setting, sources: Sequence[WatchedSource]) -> Iterator[Outcome]:
    """Yield what came of each source, asked once.

    One that failed and is to be left alone for some time is not asked before.
    """
    for source in sources:
        wait = _rest(setting, source)
        yield poll(setting, source) if wait <= 0 else _waiting(source, wait)


def poll_for_ever(
    setting: Setting, sources: Sequence[WatchedSource]
) -> Iterator[Outcome]:
    """Yield what came of each poll, and at first which sources are not asked yet."""
    for source in sources:
        if (wait := _due(setting, source)) > 0:
            yield _waiting(source, wait)
    while True:
        wait, _, source = min(
            (_due(setting, source), place, source)
            for place, source in enumerate(sources)
        )
        if wait <= 0:
            yield poll(setting, source)
        else:
            setting.clock.sleep(min(wait, _LONGEST_SLEEP))


def _waiting(source: WatchedSource, wait: float) -> Outcome:
    return Outcome(source.shown, "waiting", wait=wait)


def _due(setting: Setting, source: WatchedSource) -> float:
    """Return in how many seconds a source is to be asked; less than 0 if late."""
    before = visits(setting.state, source.name)
    if before.failures:
        return _rest(setting, source)
    if not before.visited:
        return -inf  # so that new sources are asked in the order of the call
    since = setting.clock.now() - before.visited
    # Where the clock was set back, the last visit seems to be yet to come.
    return (setting.every or 0.0) - since if since >= 0 else 0.0


def _rest(setting: Setting, source: WatchedSource) -> float:
    """Return for how many seconds a source is to be left alone after a failure."""
    rest = visits(setting.state, source.name).not_before - setting.clock.now()
    # More was never agreed on: the clock was set back.
    longest = max(setting.manners.longest_asked, setting.every or 0.0)
    return rest if rest <= longest else 0.0
