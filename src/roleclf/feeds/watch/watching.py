"""The whole of a watch: what is asked for, and all that has to be open for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from sqlite3 import Connection

import roleclf
from roleclf.batch import model_fingerprint
from roleclf.errors import RequestError
from roleclf.feeds.annotating import Annotator
from roleclf.feeds.watch.output import open_output
from roleclf.feeds.watch.pacing import Clock, Manners, pauses
from roleclf.feeds.watch.polling import Outcome, Setting
from roleclf.feeds.watch.recalling import n_stale
from roleclf.feeds.watch.records import WatchedSource
from roleclf.feeds.watch.series import poll_for_ever, poll_once
from roleclf.feeds.watch.sources import sources_of
from roleclf.feeds.watch.state import open_state

__all__ = ["WatchOptions", "watch_feeds"]


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """What a call asks for; `every` is in seconds, None for a single round.

    `model` is the folder of one, the shipped one by default.
    """

    sources: Sequence[str]
    state: Path
    output: Path
    every: float | None = None
    feeds: Path | None = None
    model: Path | None = None
    reannotate: bool = False
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class Watching:
    """A watch that is open: the outcomes to come, and what is said before them.

    `n_stale` counts annotations of another model that are kept.
    """

    outcomes: Iterator[Outcome]
    n_stale: int


@contextmanager
def watch_feeds(
    wish: WatchOptions, clock: Clock | None = None, manners: Manners | None = None
) -> Iterator[Watching]:
    """Open a watch; each of its outcomes is a poll that is made when it is asked for.

    Raises
    ------
    RequestError
        If the call cannot be meant so.
    WatchError
        If the state or an output cannot be used.
    ModelError
        If there is no such model.
    """
    sources = sources_of(wish.sources)
    _check_apart(wish, sources)
    model = _told(wish.model)
    with ExitStack() as stack:
        state = stack.enter_context(open_state(wish.state))
        setting = _setting(wish, state, model, clock or Clock(), manners or Manners())
        stack.callback(_removed, setting.scratch)
        stack.enter_context(open_output(state, setting.output))
        polls = poll_once if wish.every is None else poll_for_ever
        stale = sum(n_stale(state, source.name, model) for source in sources)
        yield Watching(polls(setting, sources), 0 if wish.reannotate else stale)


def _removed(path: Path) -> None:
    # Where it cannot be, something else is wrong, and told.
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _setting(
    wish: WatchOptions, state: Connection, model: str, clock: Clock, manners: Manners
) -> Setting:
    return Setting(
        state=state,
        output=wish.output.resolve(),
        scratch=wish.state.with_name(f".{wish.state.name}.document"),
        annotator=cache(lambda: _loaded(wish.model)),
        model=model,
        pause=pauses(clock, manners.pause),
        clock=clock,
        manners=manners,
        every=wish.every,
        feeds=wish.feeds,
        reannotate=wish.reannotate,
        allow_private=wish.allow_private,
    )


def _loaded(model: Path | None) -> Annotator:
    # A call at last: where nothing is new, no model is loaded.
    return roleclf.load(model)


def _told(model: Path | None) -> str:
    """Return what tells a model, as this version uses it, from others.

    Raises
    ------
    ModelError
        If there is none.
    """
    from roleclf.model import read_manifest  # here: it has numpy to load

    read_manifest(model)
    told = f"{roleclf.__version__} {model_fingerprint(model, None)}"
    return sha256(told.encode()).hexdigest()


def _check_apart(wish: WatchOptions, sources: Sequence[WatchedSource]) -> None:
    """Refuse a state, an output and a source that are the same file."""
    taken = {source.address: "a source" for source in sources}
    for path, name in ((wish.state, "the state"), (wish.output, "the output")):
        other = taken.setdefault(str(path.resolve()), name)
        if other != name:
            problem = f"is {name} and {other}"
            raise RequestError(str(path), problem, "name another file")
