"""Write bytes to stdout, or to a file that appears only when it is complete.

A file is written beside its place under another name and renamed at the end, so what
stands at its place is always complete: the old file or the new one.
"""

from __future__ import annotations

import gzip
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

from roleclf.errors import RequestError, TableError
from roleclf.tables.records import STDIO, Layout
from roleclf.tables.sources import bytes_of, table_errors

__all__ = [
    "compress_block",
    "is_stream",
    "is_zipped",
    "lines_sink",
    "open_target",
    "set_aside",
    "state_path",
]

_STDOUT: Final = "stdout"


def is_stream(target: str) -> bool:
    """Tell whether `target` is stdout or a device, which no file can replace."""
    return target == STDIO or (Path(target).exists() and not Path(target).is_file())


def is_zipped(target: str) -> bool:
    """Tell whether the name of `target` asks for gzip."""
    return target.lower().endswith(".gz")


def state_path(target: str | Path) -> Path:
    """Return the file that records how far an interrupted run came."""
    return _beside(Path(target).resolve(), "state")


@contextmanager
def set_aside(target: str) -> Iterator[Path]:
    """Move what an interrupted run left of `target`, to copy it into a new file.

    Yields its path. The caller removes it when the copy is complete; otherwise it is
    put back for another run.
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


def compress_block(parts: list[Any], layout: Layout) -> list[Any]:
    """Return the encoded batches of a block, compressed if the output asks for it.

    Each block is a gzip member of its own, so that blocks can be compressed by
    different processes and a later run can append to them.
    """
    if not layout.is_packed:
        return parts
    # No time inside: the same rows give the same bytes.
    return [gzip.compress(b"".join(parts), 6, mtime=0)]


@contextmanager
def lines_sink(
    stream: BinaryIO,
    layout: Layout,
    start: int | None,
    begun: Path | None,
    *,
    heading: Callable[[Layout], bytes],
) -> Iterator[Callable[[Sequence[bytes]], int | None]]:
    """Give a function that writes encoded lines, as `FormatCodec.open_sink` does.

    `heading` returns the first line, which is not written if a run is resumed.
    """

    def write(lines: Sequence[bytes]) -> int | None:
        stream.writelines(lines)
        # A program that reads the stream sees each block as soon as it is done.
        stream.flush()
        return stream.tell() if stream.seekable() else None

    if start is None:
        write(compress_block([heading(layout)], layout))
    yield write


@contextmanager
def open_target(
    source: str, target: str, *, start: int | None = None, is_packed: bool = False
) -> Iterator[BinaryIO]:
    """Open a path, or stdout for "-", for the bytes made from `source`.

    Parameters
    ----------
    source, target : str
    start : int, optional
        The offset from which on the output of an interrupted run is continued.
    is_packed : bool
        What is written for a .gz is compressed already.

    Raises
    ------
    RequestError
        If both are the same file.
    """
    _check_apart(source, target)
    place = _STDOUT if target == STDIO else target
    with table_errors(place), ExitStack() as stack:
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
        # Python's own flush at exit could not report a full disk.
        stdout.flush()
    elif is_stream(target):
        with Path(target).open("wb") as stream:
            yield stream
    else:
        with _complete_file(Path(target).resolve(), start) as stream:
            yield stream


@contextmanager
def _complete_file(path: Path, start: int | None) -> Iterator[BinaryIO]:
    part, state = _beside(path, "part"), state_path(path)
    if start is None:
        # First the record that there is something to resume.
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
        # A later run can resume if it is recorded how far this one came.
        if not state.exists():
            part.unlink(missing_ok=True)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f".{path.name}.{ending}")


@contextmanager
def _zipped(stream: BinaryIO) -> Iterator[BinaryIO]:
    # No time and no name inside: the same rows give the same bytes.
    with gzip.GzipFile("", "wb", compresslevel=6, fileobj=stream, mtime=0) as zipped:
        yield zipped  # type: ignore[misc]
