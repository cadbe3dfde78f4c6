"""Where bytes are written: stdout as they come, a file only when it is whole.

A file is written beside its place under another name and renamed at the end, so
what stands at its place is always whole: the old one or the new one.
"""

from __future__ import annotations

import gzip
import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from roleclf.errors import RequestError, TableError
from roleclf.tables.records import STDIO
from roleclf.tables.sources import bytes_of, explained

__all__ = ["is_stream", "is_zipped", "open_target", "set_aside", "state_path"]

_STDOUT: Final = "stdout"


def is_stream(target: str) -> bool:
    """Tell whether `target` is stdout or a device, which cannot be renamed to."""
    return target == STDIO or (Path(target).exists() and not Path(target).is_file())


def is_zipped(target: str) -> bool:
    """Tell whether the name of `target` asks for compressed bytes."""
    return target.lower().endswith(".gz")


def state_path(target: str | Path) -> Path:
    """Return where it is kept how far an interrupted run came."""
    return _beside(Path(target).resolve(), "state")


@contextmanager
def set_aside(target: str) -> Iterator[Path]:
    """Give what an interrupted run left of `target`, to be copied into a new file.

    Whoever has copied it removes it in the end; else it stays for another run.
    """
    path = Path(target).resolve()
    part, begun = _beside(path, "part"), _beside(path, "begun")
    if not begun.exists():
        part.replace(begun)
    part.touch()
    try:
        yield begun
    finally:
        if begun.exists():
            begun.replace(part)


@contextmanager
def open_target(
    source: str, target: str, *, start: int | None = None, is_packed: bool = False
) -> Iterator[BinaryIO]:
    """Open a path, or stdout for "-", for the bytes made from `source`.

    Parameters
    ----------
    source, target : str
    start : int, optional
        Where to go on in what an interrupted run left.
    is_packed : bool
        Bytes for a .gz come compressed.

    Raises
    ------
    RequestError
        If both are the same file.
    """
    _check_apart(source, target)
    place = _STDOUT if target == STDIO else target
    with explained(place), ExitStack() as stack:
        stream = stack.enter_context(_open_raw(target, start))
        if is_zipped(target) and not is_packed:
            stream = stack.enter_context(_zipped(stream))
        yield stream


def _check_apart(source: str, target: str) -> None:
    if STDIO in {source, target} or not Path(target).is_file():
        return
    if Path(source).samefile(target):
        mend = "write to another file"
        raise RequestError(target, "the output is the input", mend)


@contextmanager
def _open_raw(target: str, start: int | None) -> Iterator[BinaryIO]:
    if target == STDIO:
        stdout = bytes_of(sys.stdout, _STDOUT)
        yield stdout
        # Else Python does at its end, where nobody is left to tell of a full disk.
        stdout.flush()
    elif is_stream(target):
        with Path(target).open("wb") as stream:
            yield stream
    else:
        with _whole(Path(target).resolve(), start) as stream:
            yield stream


@contextmanager
def _whole(path: Path, start: int | None) -> Iterator[BinaryIO]:
    part, state = _beside(path, "part"), state_path(path)
    if start is None:
        # First what says that there is something to go on with.
        state.unlink(missing_ok=True)
        _beside(path, "begun").unlink(missing_ok=True)
    elif not part.exists() or part.stat().st_size < start:
        problem = "what the interrupted run wrote is not there"
        raise TableError(str(path), problem, "run it without --resume")
    try:
        with part.open("wb" if start is None else "r+b") as stream:
            if start is not None:
                stream.truncate(start)
                stream.seek(start)
            yield stream
        if path.exists():
            part.chmod(stat.S_IMODE(path.stat().st_mode))
        part.replace(path)
        state.unlink(missing_ok=True)
    finally:
        # Where it is known how far the part reaches, a later run can go on.
        if not state.exists():
            part.unlink(missing_ok=True)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f".{path.name}.{ending}")


@contextmanager
def _zipped(stream: BinaryIO) -> Iterator[BinaryIO]:
    # No time and no name inside: the same rows give the same bytes.
    with gzip.GzipFile("", "wb", compresslevel=6, fileobj=stream, mtime=0) as zipped:
        yield zipped  # type: ignore[misc]
