"""How far an interrupted run came, kept beside its output until it is whole.

Step 6 of the line. What is kept names the input, the options and the model, so that
a run goes on only with what it began with.
"""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import roleclf
from roleclf.errors import TableError, WorkerError
from roleclf.tables import Reading, Writing
from roleclf.tables.blocks import BLOCK_SIZE
from roleclf.tables.records import STDIO
from roleclf.tables.targets import is_stream, state_path

__all__ = [
    "Begun",
    "begun_before",
    "identity_of",
    "kept_if_stopped",
    "rows_kept",
    "type_tally",
]

# Bytes of the input that are compared.
_HEAD: Final = 1 << 20

# The role, whether it is sure, the problem; and how many rows came out so.
type_tally = Counter[tuple[str | None, bool, str | None]]


@dataclass(frozen=True, slots=True)
class Begun:
    """How many blocks are done, how large the output is then, and what the rows are."""

    n_blocks: int = 0
    size: int | None = None
    tally: type_tally = field(default_factory=Counter)

    def after(self, tally: type_tally, size: int | None) -> Begun:
        """Return how far it came with one more block."""
        return Begun(self.n_blocks + 1, size, self.tally + tally)


def identity_of(
    source: str, reading: Reading, writing: Writing, model: str
) -> dict[str, Any]:
    """Return what must be the same for a run to go on."""
    identity = {
        "input": _input(source),
        "set of options": [asdict(reading), asdict(writing)],
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


def begun_before(target: str, identity: Mapping[str, Any]) -> Begun:
    """Return how far an interrupted run came.

    Raises
    ------
    TableError
        If there was none, or one with another input, model or options.
    """
    mend = "run it without --resume"
    try:
        kept = json.loads(state_path(target).read_bytes())
    except FileNotFoundError as error:
        raise TableError(target, "no interrupted run is kept", mend) from error
    other = [name for name in identity if kept["identity"].get(name) != identity[name]]
    if other:
        problem = f"the interrupted run had another {' and another '.join(other)}"
        raise TableError(target, problem, mend)
    tally: type_tally = Counter()
    for role, sure, problem, n_rows in kept["tally"]:
        tally[role, sure, problem] = n_rows
    return Begun(kept["n_blocks"], kept["size"], tally)


def rows_kept(target: str) -> int | None:
    """Return how many rows of an interrupted run are kept; None if there is none."""
    if is_stream(target) or not state_path(target).exists():
        return None
    kept = json.loads(state_path(target).read_bytes())
    return sum(n_rows for *_, n_rows in kept["tally"])


@contextmanager
def kept_if_stopped(
    source: str, target: str, identity: Mapping[str, Any]
) -> Iterator[Callable[[Begun], None]]:
    """Give a function to tell how far it came; this is kept if the run is stopped."""
    told: deque[Begun] = deque(maxlen=1)
    try:
        yield lambda begun: told.append(begun) if begun.size is not None else None
    except (KeyboardInterrupt, WorkerError):
        if told and is_resumable(source, target):
            _save(state_path(target), identity, told[-1])
        raise


def is_resumable(source: str, target: str) -> bool:
    """Tell whether both are files, whose bytes stay."""
    return source != STDIO and Path(source).is_file() and not is_stream(target)


def _input(source: str) -> list[Any]:
    path = Path(source)
    if source == STDIO or not path.is_file():
        return [source]
    with path.open("rb") as stream:
        head = sha256(stream.read(_HEAD)).hexdigest()
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, head]


def _save(path: Path, identity: Mapping[str, Any], begun: Begun) -> None:
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
