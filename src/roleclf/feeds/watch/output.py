"""Append each line to the output exactly once, even if the process is killed.

The state holds the lines of a poll until they are in the file and on the disk, and the
size of the file without them. What a killed process wrote stands behind that size. It
is written again at the same place, so that no reader of the file sees a line vanish. A
file that others edited keeps what they wrote, and lines go to its end; if the file was
moved away, they go to a new one.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from roleclf.errors import RequestError, WatchError
from roleclf.feeds.watch.state import transaction
from roleclf.tables import STDIO

__all__ = ["append_pending", "open_output"]

_LOG: Final = logging.getLogger(__name__)


@contextmanager
def open_output(state: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Prepare a file for `append_pending`, which is called at the end as well.

    Raises
    ------
    RequestError
        If the file is not empty and the state does not know it.
    WatchError
        If it cannot be written.
    """
    _adopt_moved(state, path)
    append_pending(state, path)
    _append_to_others(state, path)
    known = state.execute("SELECT size FROM output WHERE path = ?", (str(path),))
    _check_usable(path, is_known=known.fetchone() is not None)
    with _write_errors(path), _opened(path):
        pass
    state.execute("INSERT OR IGNORE INTO output VALUES (?, 0)", (str(path),))
    try:
        yield
    finally:
        # An interrupt may have come between a commit and the lines of its poll.
        if state.in_transaction:
            state.rollback()
        append_pending(state, path)


def _adopt_moved(state: sqlite3.Connection, path: Path) -> None:
    """Take a file for a known output that was moved, if it has the same size."""
    if not path.is_file():
        return
    known = state.execute(
        "SELECT path FROM output WHERE size = ? AND size > 0", (path.stat().st_size,)
    )
    names = {name for (name,) in known.fetchall()}
    moved = [name for name in names if not Path(name).exists()]
    if moved and str(path) not in names:
        with transaction(state):
            for table in ("output", "pending"):
                state.execute(
                    f"UPDATE OR REPLACE {table} SET path = ? WHERE path = ?",  # noqa: S608
                    (str(path), moved[0]),
                )


def append_pending(state: sqlite3.Connection, path: Path) -> None:
    """Append the pending lines of a file to it, and delete them from the state.

    Raises
    ------
    WatchError
        If it cannot be written; the lines then stay pending.
    """
    name = str(path)
    if name not in _files_with_pending(state):
        return
    with _write_errors(path), _opened(path) as stream:
        _seek_start(state, name, stream)
        stream.writelines(_pending_lines(state, name))
        stream.flush()
        os.fsync(stream.fileno())
        with transaction(state):
            _store_size(state, name, stream.tell())
            state.execute("DELETE FROM pending WHERE path = ?", (name,))


def _append_to_others(state: sqlite3.Connection, path: Path) -> None:
    """Append what earlier runs left pending to their outputs, where possible."""
    for name in _files_with_pending(state) - {str(path)}:
        try:
            append_pending(state, Path(name))
        except WatchError as error:
            _LOG.warning("lines of an earlier run wait for their output: %s", error)


def _files_with_pending(state: sqlite3.Connection) -> set[str]:
    return {name for (name,) in state.execute("SELECT DISTINCT path FROM pending")}


def _pending_lines(state: sqlite3.Connection, name: str) -> Iterator[bytes]:
    rows = state.execute(
        "SELECT line FROM pending WHERE path = ? ORDER BY number", (name,)
    )
    return (line for (line,) in rows)


def _store_size(state: sqlite3.Connection, name: str, size: int) -> None:
    state.execute("REPLACE INTO output VALUES (?, ?)", (name, size))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if not path.exists():
        path.touch()
        _sync_folder(path.parent)
    with path.open("r+b") as stream:
        yield stream


def _sync_folder(folder: Path) -> None:
    """Flush the directory entry of a new file to the disk, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _seek_start(state: sqlite3.Connection, name: str, stream: BinaryIO) -> None:
    """Seek to where pending lines begin; a killed process may have written some."""
    (size,) = state.execute(
        "SELECT size FROM output WHERE path = ?", (name,)
    ).fetchone() or (0,)
    actual = stream.seek(0, os.SEEK_END)
    if actual < size or not _is_prefix(stream, size, _pending_lines(state, name)):
        _LOG.warning("%s: %s; lines are added at its end", name, _changed(actual))
        size = _end_of_lines(stream)
        # Stored before the first line is written, lest a kill lose the place.
        with transaction(state):
            _store_size(state, name, size)
    stream.seek(size)


def _changed(actual: int) -> str:
    return "was changed by others" if actual else "is gone or was emptied"


def _is_prefix(stream: BinaryIO, size: int, lines: Iterable[bytes]) -> bool:
    """Tell whether what stands behind `size` is a prefix of `lines`."""
    stream.seek(size)
    for line in lines:
        written = stream.read(len(line))
        if written != line:
            return line.startswith(written) and not stream.read(1)
    return not stream.read(1)


def _end_of_lines(stream: BinaryIO) -> int:
    """Return where the file ends, after ending its last line."""
    end = stream.seek(0, os.SEEK_END)
    if end:
        stream.seek(end - 1)
        if stream.read(1) != b"\n":
            stream.write(b"\n")
            stream.flush()
            os.fsync(stream.fileno())
            return end + 1
    return end


def _check_usable(path: Path, *, is_known: bool) -> None:
    if path.name == STDIO:
        problem = "stdout cannot be gone on with"
        raise RequestError(STDIO, problem, "name a file to write lines to")
    if path.suffix.lower() == ".gz":
        problem = "is to be added to line by line, which .gz is not made for"
        raise RequestError(str(path), problem, "leave .gz away")
    if not path.exists():
        return
    if not path.is_file():
        raise RequestError(str(path), "is no file", "name a file to write lines to")
    if not is_known and path.stat().st_size:
        problem = "holds something, and the state does not know of it"
        mend = "name another --output, the state that belongs to it, or remove it"
        raise RequestError(str(path), problem, mend)


@contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        mend = "check the path, its permissions and the disk"
        raise WatchError(path, f"cannot be written ({error.strerror})", mend) from error
