"""Open a watch: check the options, open state and output, start polling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import roleclf
from roleclf.batch import model_fingerprint
from roleclf.errors import RequestError
from roleclf.feeds.watch.output import open_output
from roleclf.feeds.watch.pacing import Clock, FetchPolicy, host_throttle
from roleclf.feeds.watch.polling import PollOutcome, WatchContext
from roleclf.feeds.watch.records import WatchedSource, WatchOptions
from roleclf.feeds.watch.scheduling import poll_forever, poll_once
from roleclf.feeds.watch.sources import parse_sources
from roleclf.feeds.watch.state import open_state
from roleclf.feeds.watch.stored_postings import count_stale

if TYPE_CHECKING:
    from roleclf.annotation import Annotator

__all__ = ["WatchSession", "watch_feeds"]


@dataclass(frozen=True, slots=True)
class WatchSession:
    """An open watch; each poll is made when its outcome is taken from `outcomes`.

    `n_stale` counts the annotations of another model that are kept.
    """

    outcomes: Iterator[PollOutcome]
    n_stale: int


@contextmanager
def watch_feeds(
    options: WatchOptions,
    clock: Clock | None = None,
    policy: FetchPolicy | None = None,
) -> Iterator[WatchSession]:
    """Open a watch; on leaving the block, pending lines are written.

    Raises
    ------
    RequestError
        If the options contradict each other, or a source is not one.
    WatchError
        If the state or an output cannot be used.
    ModelError
        If there is no such model.
    """
    sources = parse_sources(options.sources)
    _check_distinct_files(options, sources)
    options = replace(options, output=options.output.resolve())
    model = _model_id(options.model, options.reader)
    clock, policy = clock or Clock(), policy or FetchPolicy()
    with ExitStack() as stack:
        state = stack.enter_context(open_state(options.state))
        context = WatchContext(
            options=options,
            state=state,
            load_annotator=cache(lambda: _load_annotator(options)),
            model=model,
            throttle=host_throttle(clock, policy.host_delay),
            clock=clock,
            policy=policy,
        )
        stack.callback(_remove, context.scratch)
        stack.enter_context(open_output(state, options.output))
        polls = poll_once if options.every is None else poll_forever
        n_stale = sum(count_stale(state, source.name, model) for source in sources)
        yield WatchSession(
            polls(context, sources), 0 if options.reannotate else n_stale
        )


def _remove(path: Path) -> None:
    # An error here would hide the one that ends the watch.
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _load_annotator(options: WatchOptions) -> Annotator:
    # `roleclf.load` is looked up late: where nothing is new, no model is loaded.
    return roleclf.load(options.model, reader=options.reader)


def _model_id(model: Path | None, reader: str) -> str:
    """Return what identifies a model as this version of roleclf uses it.

    Raises
    ------
    MissingExtraError
        If the reader's libraries are not installed.
    ModelError
        If there is no such model.
    """
    from roleclf.model import read_manifest  # here: it imports numpy

    read_manifest(model)
    if reader == "careful":
        # Here: seldom asked for.
        from roleclf.model import ENCODER, check_extra, shipped_encoder

        check_extra()
        read_manifest(shipped_encoder(), ENCODER)
    content = f"{roleclf.__version__} {model_fingerprint(model, None, reader)}"
    return sha256(content.encode()).hexdigest()


def _check_distinct_files(
    options: WatchOptions, sources: Sequence[WatchedSource]
) -> None:
    """Refuse a file that is two of state, output and source."""
    use_by_path = {source.address: "a source" for source in sources}
    for path, use in ((options.state, "the state"), (options.output, "the output")):
        other = use_by_path.setdefault(str(path.resolve()), use)
        if other != use:
            problem = f"is {use} and {other}"
            raise RequestError(str(path), problem, "name another file")
