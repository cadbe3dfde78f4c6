"""What a watch remembers, in one SQLite file: sources, postings, lines to write.

A poll is one transaction: what it learned of its source, the annotations it made and
the lines that tell of them are all remembered, or none of it is. `output` then brings
the lines to their file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from roleclf.errors import WatchError
from roleclf.feeds.watch.records import Tags

__all__ = [
    "Visits",
    "note_failure",
    "note_visit",
    "open_state",
    "transaction",
    "visits",
]

# What marks the file as ours: "rclw", and the number of this layout.
_APPLICATION: Final = 0x72636C77
_LAYOUT: Final = 1
# `first` and `seen` are the numbers of the visits that saw a posting first and last.
# One that is gone keeps its row, so that it is not new when it comes back, but not
# its annotation.
_TABLES: Final = (
    """CREATE TABLE source (
        name TEXT PRIMARY KEY, url TEXT, etag TEXT, modified TEXT, digest TEXT,
        number INTEGER NOT NULL DEFAULT 0, visited REAL NOT NULL DEFAULT 0,
        failures INTEGER NOT NULL DEFAULT 0, not_before REAL NOT NULL DEFAULT 0)""",
    """CREATE TABLE posting (
        source TEXT NOT NULL, id TEXT NOT NULL, hash TEXT NOT NULL,
        first INTEGER NOT NULL, seen INTEGER NOT NULL,
        model TEXT NOT NULL, annotation TEXT,
        PRIMARY KEY (source, id, hash))""",
    "CREATE TABLE output (path TEXT PRIMARY KEY, size INTEGER NOT NULL)",
    """CREATE TABLE pending (
        number INTEGER PRIMARY KEY, path TEXT NOT NULL, line BLOB NOT NULL)""",
    f"PRAGMA application_id = {_APPLICATION}",
    f"PRAGMA user_version = {_LAYOUT}",
)
_OTHER: Final = "give another file with --state"


@dataclass(frozen=True, slots=True)
class Visits:
    """How it went with a source so far; times in seconds since 1970.

    `number` counts the visits that brought a document, `failures` those in a row that
    failed since; it wants to be left alone until `not_before`.
    """

    tags: Tags = field(default_factory=Tags)
    number: int = 0
    visited: float = 0.0
    failures: int = 0
    not_before: float = 0.0


@contextmanager
def open_state(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a state, or begin one, for this process alone.

    Raises
    ------
    WatchError
        If the file is no state, is in use, or cannot be read or written.
    """
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as state:
            # The lock is kept until the end, however that comes.
            state.execute("PRAGMA locking_mode = EXCLUSIVE")
            with transaction(state):
                _set_up(state, path)
            yield state
    except sqlite3.Error as error:
        raise _explained(error, path) from error


@contextmanager
def transaction(state: sqlite3.Connection) -> Iterator[None]:
    """Remember all that is done in the block, or nothing."""
    state.execute("BEGIN EXCLUSIVE")
    try:
        yield
    except BaseException:
        # SQLite itself gives up what meets a full disk.
        if state.in_transaction:
            state.execute("ROLLBACK")
        raise
    state.execute("COMMIT")


def visits(state: sqlite3.Connection, source: str) -> Visits:
    """Return how it went with a source so far."""
    row = state.execute(
        "SELECT url, etag, modified, digest, number, visited, failures, not_before"
        " FROM source WHERE name = ?",
        (source,),
    ).fetchone()
    return Visits(Tags(*row[:4]), *row[4:]) if row else Visits()


def note_visit(
    state: sqlite3.Connection, source: str, tags: Tags, number: int, now: float
) -> None:
    """Remember that a source gave its document, or said that it is as it was."""
    state.execute(
        "REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)",
        (source, tags.url, tags.etag, tags.modified, tags.digest, number, now),
    )


def note_failure(
    state: sqlite3.Connection, source: str, failures: int, not_before: float
) -> None:
    """Remember that a source failed, and until when it is left alone."""
    state.execute(
        "INSERT INTO source (name, failures, not_before) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET"
        " failures = excluded.failures, not_before = excluded.not_before",
        (source, failures, not_before),
    )


def _set_up(state: sqlite3.Connection, path: Path) -> None:
    marks = [
        state.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("application_id", "user_version")
    ]
    is_empty = not state.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if is_empty and marks == [0, 0]:
        for statement in _TABLES:
            state.execute(statement)
    elif marks[0] != _APPLICATION:
        raise WatchError(path, "is a database of something else", _OTHER)
    elif marks[1] != _LAYOUT:
        problem = f"is of layout {marks[1]}; this version reads {_LAYOUT}"
        raise WatchError(path, problem, f"{_OTHER}, or use that version of roleclf")


def _explained(error: sqlite3.Error, path: Path) -> WatchError:
    # The name is of the whole code; its first word is enough here.
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        problem = "is in use by another `roleclf watch`"
        return WatchError(path, problem, f"wait for its end, or {_OTHER}")
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        problem = f"is no state of `roleclf watch` ({error})"
        return WatchError(path, problem, _OTHER)
    mend = "check the path, its permissions and the disk"
    return WatchError(path, f"cannot be used as state ({error})", mend)
