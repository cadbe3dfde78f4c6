"""How far an interrupted run came, kept beside its output until it is whole.

Step 6 of the line. What is kept names the input, the options and the model, so that
a run goes on only with what it began with. It is kept while the run lasts, for one that
is killed can say nothing more.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any, Final, NamedTuple

import roleclf
from roleclf.errors import TableError, WorkerError
from roleclf.tables import (
    BLOCK_SIZE,
    STDIO,
    Reading,
    Writing,
    is_stream,
    state_path,
    table_errors,
)

__all__ = [
    "ResumePoint",
    "begun_before",
    "identity_of",
    "kept_if_stopped",
    "rows_kept",
    "type_tally",
    "warn_of_kept",
]

_LOG: Final = logging.getLogger(__name__)
# Seconds of work that may be lost.
_EVERY: Final = 1.0
# Bytes of the input that are compared.
_HEAD: Final = 1 << 20

# The role, whether it is sure, the problem; and how many rows came out so.
type_tally = Counter[tuple[str | None, bool, str | None]]


class ResumePoint(NamedTuple):
    """How many blocks are done, how large the output is then, and what the rows are."""

    n_blocks: int = 0
    size: int | None = None
    tally: type_tally = Counter()  # noqa: RUF012 - never changed: see `after`

    def after(self, tally: type_tally, size: int | None) -> ResumePoint:
        """Return how far it came with one more block."""
        return ResumePoint(self.n_blocks + 1, size, self.tally + tally)


def identity_of(
    source: str, reading: Reading, writing: Writing, model: str
) -> dict[str, Any]:
    """Return what must be the same for a run to go on."""
    identity = {
        "input": _input(source),
        "set of options": [reading._asdict(), writing._asdict()],
        "model": model,
        "version of roleclf": [roleclf.__version__, BLOCK_SIZE],
    }
    # Tuples are lists afterwards, as in what is read from a file.
    return dict(json.loads(json.dumps(identity)))


def fingerprint(model: Path | None, prior: str | None) -> str:
    """Return what tells a model folder, or the shipped one, and a mix from others."""
    from roleclf.model import shipped_model  # here: it has numpy to load

    # The manifest holds a sum of each file.
    told = ((model or shipped_model()) / "manifest.json").read_bytes()
    if prior is not None:
        told += Path(prior).read_bytes() if Path(prior).is_file() else prior.encode()
    return sha256(told).hexdigest()


def begun_before(target: str, identity: Mapping[str, Any]) -> ResumePoint:
    """Return how far an interrupted run came.

    Raises
    ------
    TableError
        If there was none, or one with another input, model or options.
    """
    mend = "run it without --resume"
    try:
        kept = json.loads(state_path(target).read_bytes())
    # A ValueError: the power went while it was written.
    except (FileNotFoundError, ValueError) as error:
        raise TableError(target, "no interrupted run is kept", mend) from error
    other = [name for name in identity if kept["identity"].get(name) != identity[name]]
    if other:
        problem = f"the interrupted run had another {' and another '.join(other)}"
        raise TableError(target, problem, mend)
    tally: type_tally = Counter()
    for role, sure, problem, n_rows in kept["tally"]:
        tally[role, sure, problem] = n_rows
    return ResumePoint(kept["n_blocks"], kept["size"], tally)


def rows_kept(target: str) -> int | None:
    """Return how many rows of an interrupted run are kept; None if there is none."""
    if is_stream(target) or not state_path(target).exists():
        return None
    kept = json.loads(state_path(target).read_bytes())
    return sum(n_rows for *_, n_rows in kept["tally"])


def warn_of_kept(target: str, identity: Mapping[str, Any]) -> None:
    """Say so where an interrupted run is given up that could go on."""
    with suppress(TableError):
        n_rows = begun_before(target, identity).tally.total()
        told = "%s: begins anew; --resume would keep the %s rows of an interrupted run"
        _LOG.warning(told, target, f"{n_rows:,}")


@contextmanager
def kept_if_stopped(
    source: str, target: str, identity: Mapping[str, Any], *, lasts: bool
) -> Iterator[Callable[[ResumePoint], None]]:
    """Give a function to tell how far it came; this is kept if the run is stopped.

    With `lasts`, what is written stands however the run ends, and so it is kept all
    the while. Without, only a run that can end what it writes can be gone on with.
    """
    if not is_resumable(source, target):
        yield lambda begun: None
        return
    state = state_path(target)
    kept = _ProgressFile(state, identity, lasts=lasts)
    was_there = state.exists()
    try:
        yield kept.tell
    except (KeyboardInterrupt, WorkerError):
        kept.save()
        raise
    except BaseException:
        # What is wrong would be so again; an earlier run may have known better.
        if not was_there:
            state.unlink(missing_ok=True)
        raise


class _ProgressFile:
    """How far a run came, and when that was last saved."""

    def __init__(self, path: Path, identity: Mapping[str, Any], *, lasts: bool) -> None:
        self._path = path
        self._identity = identity
        self._lasts = lasts
        self._begun: ResumePoint | None = None
        self._saved = monotonic()

    def tell(self, begun: ResumePoint) -> None:
        """Take note; and save it when the time has come."""
        if begun.size is None:
            return
        self._begun = begun
        if self._lasts and monotonic() - self._saved >= _EVERY:
            self.save()

    def save(self) -> None:
        """Save what was told last."""
        if self._begun is not None:
            _save(self._path, self._identity, self._begun)
            self._saved = monotonic()


def is_resumable(source: str, target: str) -> bool:
    """Tell whether both are files, whose bytes stay."""
    return source != STDIO and Path(source).is_file() and not is_stream(target)


def _input(source: str) -> list[Any]:
    path = Path(source)
    if source == STDIO or not path.is_file():
        return [source]
    with table_errors(source), path.open("rb") as stream:
        head = sha256(stream.read(_HEAD)).hexdigest()
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, head]


def _save(path: Path, identity: Mapping[str, Any], begun: ResumePoint) -> None:
    tally = [[*outcome, n_rows] for outcome, n_rows in begun.tally.items()]
    kept = {
        "identity": identity,
        "n_blocks": begun.n_blocks,
        "size": begun.size,
        "tally": tally,
    }
    # Whole or not at all, as the output is.
    part = path.with_suffix(".new")
    part.write_text(json.dumps(kept), encoding="utf-8")
    part.replace(path)
