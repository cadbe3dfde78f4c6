"""The file of lines: each is written once, whenever the process ends.

The state holds the lines of a poll until they are in the file and on the disk, and
how long the file is without them. What a killed process began to write stands
behind that length; it is written again at the same place, so that nobody who reads
along sees a line taken back. Of a file that was edited or moved away, nothing is
touched: lines go to its end, or into a new one.
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

__all__ = ["open_output", "settle"]

_LOG: Final = logging.getLogger(__name__)


@contextmanager
def open_output(state: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Have a file to which `settle` can bring lines; it does so at the end, too.

    Raises
    ------
    RequestError
        If there is a file with something in it of which the state knows nothing.
    WatchError
        If it cannot be written.
    """
    _follow(state, path)
    settle(state, path)
    _settle_others(state, path)
    known = state.execute("SELECT size FROM output WHERE path = ?", (str(path),))
    _check(path, is_known=known.fetchone() is not None)
    with _explained(path), _opened(path):
        pass
    state.execute("INSERT OR IGNORE INTO output VALUES (?, 0)", (str(path),))
    try:
        yield
    finally:
        # Whoever stops it in between need not wait for the next run to see all.
        if state.in_transaction:
            state.rollback()
        settle(state, path)


def _follow(state: sqlite3.Connection, path: Path) -> None:
    """Know a file by its length where it was moved, with the state or without."""
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


def settle(state: sqlite3.Connection, path: Path) -> None:
    """Bring the lines that wait for a file to its end, and forget them.

    Raises
    ------
    WatchError
        If it cannot be written; then they wait for the next run.
    """
    name = str(path)
    if name not in _waiting(state):
        return
    with _explained(path), _opened(path) as stream:
        _place(state, name, stream)
        stream.writelines(_lines(state, name))
        stream.flush()
        os.fsync(stream.fileno())
        with transaction(state):
            _note_size(state, name, stream.tell())
            state.execute("DELETE FROM pending WHERE path = ?", (name,))


def _settle_others(state: sqlite3.Connection, path: Path) -> None:
    """Bring what an earlier run left to its output, if that is still there."""
    for name in _waiting(state) - {str(path)}:
        try:
            settle(state, Path(name))
        except WatchError as error:
            _LOG.warning("lines of an earlier run wait for their output: %s", error)


def _waiting(state: sqlite3.Connection) -> set[str]:
    """Return the files for which lines wait."""
    return {name for (name,) in state.execute("SELECT DISTINCT path FROM pending")}


def _lines(state: sqlite3.Connection, name: str) -> Iterator[bytes]:
    rows = state.execute(
        "SELECT line FROM pending WHERE path = ? ORDER BY number", (name,)
    )
    return (line for (line,) in rows)


def _note_size(state: sqlite3.Connection, name: str, size: int) -> None:
    state.execute("REPLACE INTO output VALUES (?, ?)", (name, size))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if not path.exists():
        path.touch()
        _sync_folder(path.parent)
    with path.open("r+b") as stream:
        yield stream


def _sync_folder(folder: Path) -> None:
    """Have the disk know of a new file; some systems know no such thing."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _place(state: sqlite3.Connection, name: str, stream: BinaryIO) -> None:
    """Go to where the lines begin: there what waits may stand in part already."""
    (size,) = state.execute(
        "SELECT size FROM output WHERE path = ?", (name,)
    ).fetchone() or (0,)
    actual = stream.seek(0, os.SEEK_END)
    if actual < size or not _is_begun(stream, size, _lines(state, name)):
        _LOG.warning("%s: %s; lines are added at its end", name, _changed(actual))
        size = _end_of_lines(stream)
        # Known before the first line is there, or a later run could not tell.
        with transaction(state):
            _note_size(state, name, size)
    stream.seek(size)


def _changed(actual: int) -> str:
    return "was changed by others" if actual else "is gone or was emptied"


def _is_begun(stream: BinaryIO, size: int, lines: Iterable[bytes]) -> bool:
    """Tell whether nothing but a beginning of `lines` stands behind `size`."""
    stream.seek(size)
    for line in lines:
        there = stream.read(len(line))
        if there != line:
            return line.startswith(there) and not stream.read(1)
    return not stream.read(1)


def _end_of_lines(stream: BinaryIO) -> int:
    """Return where the file ends, its last line ended."""
    end = stream.seek(0, os.SEEK_END)
    if end:
        stream.seek(end - 1)
        if stream.read(1) != b"\n":
            stream.write(b"\n")
            stream.flush()
            os.fsync(stream.fileno())
            return end + 1
    return end


def _check(path: Path, *, is_known: bool) -> None:
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
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        mend = "check the path, its permissions and the disk"
        raise WatchError(path, f"cannot be written ({error.strerror})", mend) from error
