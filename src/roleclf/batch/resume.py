"""Save how far a run came, so that a later run can continue it.

The state is a JSON file beside the output, which is there until the output is whole. It
names the input, the options and the model: only the same run is continued. It is saved
while the run lasts, since a process that is killed can save nothing more.
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
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import roleclf
from roleclf.batch.summary import Outcome
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

if TYPE_CHECKING:
    from roleclf.batch.summary import OutcomeCounts

__all__ = [
    "ResumePoint",
    "count_kept_rows",
    "model_fingerprint",
    "read_resume_point",
    "run_identity",
    "saving_resume_points",
    "warn_if_resumable",
]

_LOG: Final = logging.getLogger(__name__)
# So much work at most is lost when the process is killed.
_SECONDS_BETWEEN_SAVES: Final = 1.0
# Bytes at the start of the input that tell it from other inputs.
_HEAD_SIZE: Final = 1 << 20


class ResumePoint(NamedTuple):
    """How many blocks are written, the size of the output then, and its row counts.

    `size` is in bytes, or in row groups of Parquet; None where the output cannot be
    continued.
    """

    n_blocks: int = 0
    size: int | None = None
    counts: OutcomeCounts = Counter()  # noqa: RUF012 - never changed: see `after`

    def after(self, counts: OutcomeCounts, size: int | None) -> ResumePoint:
        """Return the point that is reached with one more block."""
        return ResumePoint(self.n_blocks + 1, size, self.counts + counts)


def run_identity(
    source: str, reading: Reading, writing: Writing, model: str
) -> dict[str, Any]:
    """Return what must be the same for a later run to continue this one, as JSON."""
    identity = {
        "input": _input_identity(source),
        "set of options": [reading._asdict(), writing._asdict()],
        "model": model,
        "version of roleclf": [roleclf.__version__, BLOCK_SIZE],
    }
    # Tuples become lists, as they are in a state that was read from its file.
    return dict(json.loads(json.dumps(identity)))


def _input_identity(source: str) -> list[Any]:
    path = Path(source)
    if source == STDIO or not path.is_file():
        return [source]
    with table_errors(source), path.open("rb") as stream:
        head = sha256(stream.read(_HEAD_SIZE)).hexdigest()
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, head]


def model_fingerprint(
    model: Path | None, prior: str | None, reader: str = "fast"
) -> str:
    """Return a hash of a model folder, by default the shipped one, prior and reader."""
    # Imported here: it imports numpy, and the input may be refused before.
    from roleclf.model import shipped_encoder, shipped_model

    # The manifest holds a checksum of each file.
    content = ((model or shipped_model()) / "manifest.json").read_bytes()
    if reader == "careful":
        content += (shipped_encoder() / "manifest.json").read_bytes()
    if prior is not None:
        is_file = Path(prior).is_file()
        content += Path(prior).read_bytes() if is_file else prior.encode()
    return sha256(content).hexdigest()


def read_resume_point(target: str, identity: Mapping[str, Any]) -> ResumePoint:
    """Return how far an interrupted run came.

    Raises
    ------
    TableError
        If there was none, or one with another input, model or options.
    """
    mend = "run it without --resume"
    try:
        state = json.loads(state_path(target).read_bytes())
    # ValueError: the file is damaged, as by a power cut.
    except (FileNotFoundError, ValueError) as error:
        raise TableError(target, "no interrupted run is kept", mend) from error
    other = [name for name in identity if state["identity"].get(name) != identity[name]]
    if other:
        problem = f"the interrupted run had another {' and another '.join(other)}"
        raise TableError(target, problem, mend)
    counts: OutcomeCounts = Counter()
    for *outcome, n_rows in state["tally"]:
        counts[Outcome(*outcome)] = n_rows
    return ResumePoint(state["n_blocks"], state["size"], counts)


def count_kept_rows(target: str) -> int | None:
    """Return how many rows an interrupted run has written; None if there is none."""
    if is_stream(target) or not state_path(target).exists():
        return None
    state = json.loads(state_path(target).read_bytes())
    return sum(n_rows for *_, n_rows in state["tally"])


def warn_if_resumable(target: str, identity: Mapping[str, Any]) -> None:
    """Log a warning if there is an interrupted run that could be continued."""
    with suppress(TableError):
        n_rows = read_resume_point(target, identity).counts.total()
        message = (
            "%s: begins anew; --resume would keep the %s rows of an interrupted run"
        )
        _LOG.warning(message, target, f"{n_rows:,}")


@contextmanager
def saving_resume_points(
    source: str, target: str, identity: Mapping[str, Any], *, while_running: bool
) -> Iterator[Callable[[ResumePoint], None]]:
    """Yield a function to call with each point that the run reaches.

    The latest point is saved when the run is interrupted; with `while_running` also
    now and then before, for an output that can be continued without having been closed.
    """
    if not _is_resumable(source, target):
        yield lambda point: None
        return
    path = state_path(target)
    state = _StateFile(path, identity, while_running=while_running)
    was_there = path.exists()
    try:
        yield state.update
    except (KeyboardInterrupt, WorkerError):
        state.save()
        raise
    except BaseException:
        # The next run would meet the same error, so nothing is kept of this one. A
        # state that was there before stays.
        if not was_there:
            path.unlink(missing_ok=True)
        raise


def _is_resumable(source: str, target: str) -> bool:
    """Tell whether both are files: the bytes of a stream are gone afterwards."""
    return source != STDIO and Path(source).is_file() and not is_stream(target)


class _StateFile:
    """The file with the latest point of a run; it is replaced now and then."""

    def __init__(
        self, path: Path, identity: Mapping[str, Any], *, while_running: bool
    ) -> None:
        self._path = path
        self._identity = identity
        self._while_running = while_running
        self._point: ResumePoint | None = None
        self._saved_at = monotonic()

    def update(self, point: ResumePoint) -> None:
        """Take a new point, and save it if the last save is some time ago."""
        if point.size is None:
            return
        self._point = point
        if self._while_running and self._is_due():
            self.save()

    def _is_due(self) -> bool:
        return monotonic() - self._saved_at >= _SECONDS_BETWEEN_SAVES

    def save(self) -> None:
        """Save the latest point, if there is one."""
        if self._point is not None:
            _write_state(self._path, self._identity, self._point)
            self._saved_at = monotonic()


def _write_state(path: Path, identity: Mapping[str, Any], point: ResumePoint) -> None:
    tally = [[*outcome, n_rows] for outcome, n_rows in point.counts.items()]
    state = {
        "identity": identity,
        "n_blocks": point.n_blocks,
        "size": point.size,
        "tally": tally,
    }
    # A new file takes the place of the old one, so that it is never half written.
    new = path.with_suffix(".new")
    new.write_text(json.dumps(state), encoding="utf-8")
    new.replace(path)
