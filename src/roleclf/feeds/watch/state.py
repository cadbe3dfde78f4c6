"""Open the state of a watch, one SQLite file, and store what became of each source.

A poll is one transaction: the validators of its source, the annotations it made and
the lines to append are stored together or not at all. `output` then appends the lines
to their file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from roleclf.errors import WatchError
from roleclf.feeds.watch.records import Validators

__all__ = [
    "SourceHistory",
    "open_state",
    "read_history",
    "record_failure",
    "record_success",
    "transaction",
]

# What identifies the file: "rclw" as application id, and the number of this layout.
_APPLICATION_ID: Final = 0x72636C77
_LAYOUT: Final = 1
# `first` and `seen` are the visits in which a posting was there first and last. One
# that has left its feed keeps its row, so that it is not new when it returns, but
# loses its annotation.
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
    f"PRAGMA application_id = {_APPLICATION_ID}",
    f"PRAGMA user_version = {_LAYOUT}",
)
_USE_OTHER_FILE: Final = "give another file with --state"


@dataclass(frozen=True, slots=True)
class SourceHistory:
    """What became of the polls of a source; times in seconds since 1970.

    `n_visits` counts the polls that brought a new document, `n_failures` those in a row
    that failed since the last success. A source is not polled before `not_before`.
    """

    validators: Validators = field(default_factory=Validators)
    n_visits: int = 0
    visited_at: float = 0.0
    n_failures: int = 0
    not_before: float = 0.0


@contextmanager
def open_state(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a state, or create one, for this process alone.

    Raises
    ------
    WatchError
        If the file is not a state, is in use, or cannot be read or written.
    """
    try:
        with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as state:
            # The lock is held until the connection is closed.
            state.execute("PRAGMA locking_mode = EXCLUSIVE")
            with transaction(state):
                _check_or_create(state, path)
            yield state
    except sqlite3.Error as error:
        raise _to_watch_error(error, path) from error


@contextmanager
def transaction(state: sqlite3.Connection) -> Iterator[None]:
    """Commit what the block does, or roll it back if it raises."""
    state.execute("BEGIN EXCLUSIVE")
    try:
        yield
    except BaseException:
        # On a full disk SQLite has rolled back already.
        if state.in_transaction:
            state.execute("ROLLBACK")
        raise
    state.execute("COMMIT")


def read_history(state: sqlite3.Connection, source: str) -> SourceHistory:
    """Return the history of a source, an empty one if it was never polled."""
    row = state.execute(
        "SELECT url, etag, modified, digest, number, visited, failures, not_before"
        " FROM source WHERE name = ?",
        (source,),
    ).fetchone()
    return SourceHistory(Validators(*row[:4]), *row[4:]) if row else SourceHistory()


def record_success(
    state: sqlite3.Connection,
    source: str,
    validators: Validators,
    n_visits: int,
    now: float,
) -> None:
    """Store that a source gave its document, or reported no change."""
    known = (validators.url, validators.etag, validators.modified, validators.digest)
    state.execute(
        "REPLACE INTO source VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0)",
        (source, *known, n_visits, now),
    )


def record_failure(
    state: sqlite3.Connection, source: str, n_failures: int, not_before: float
) -> None:
    """Store that a source failed, and until when it is not polled."""
    state.execute(
        "INSERT INTO source (name, failures, not_before) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET"
        " failures = excluded.failures, not_before = excluded.not_before",
        (source, n_failures, not_before),
    )


def _check_or_create(state: sqlite3.Connection, path: Path) -> None:
    marks = [
        state.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("application_id", "user_version")
    ]
    is_new = not state.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if is_new and marks == [0, 0]:
        for statement in _TABLES:
            state.execute(statement)
    elif marks[0] != _APPLICATION_ID:
        raise WatchError(path, "is a database of something else", _USE_OTHER_FILE)
    elif marks[1] != _LAYOUT:
        problem = f"is of layout {marks[1]}; this version reads {_LAYOUT}"
        raise WatchError(
            path, problem, f"{_USE_OTHER_FILE}, or use that version of roleclf"
        )


def _to_watch_error(error: sqlite3.Error, path: Path) -> WatchError:
    # The name may have a suffix, as in SQLITE_BUSY_SNAPSHOT.
    name = getattr(error, "sqlite_errorname", "")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        problem = "is in use by another `roleclf watch`"
        return WatchError(path, problem, f"wait for its end, or {_USE_OTHER_FILE}")
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        problem = f"is no state of `roleclf watch` ({error})"
        return WatchError(path, problem, _USE_OTHER_FILE)
    mend = "check the path, its permissions and the disk"
    return WatchError(path, f"cannot be used as state ({error})", mend)
