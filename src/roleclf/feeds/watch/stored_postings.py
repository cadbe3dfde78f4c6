"""Store which postings were seen, and their annotations, in the state of a watch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from roleclf.records import Annotation, Coverage, FoundSkill, Match, Mention, Reason

__all__ = [
    "PostingKey",
    "StoredPosting",
    "count_stale",
    "find_posting",
    "forget_absent",
    "has_earlier_version",
    "mark_seen",
    "restore_annotation",
    "store_annotation",
]


class PostingKey(NamedTuple):
    """Identifies a version of a posting: its source, its id, and a hash of its text."""

    source: str
    id: str
    hash: str


class StoredPosting(NamedTuple):
    """A row of the state; `annotation` is JSON, None if the posting left its feed.

    `model` identifies the model that annotated it, `seen` is the last visit that found
    it.
    """

    annotation: str | None
    model: str
    seen: int


def find_posting(state: sqlite3.Connection, key: PostingKey) -> StoredPosting | None:
    """Return what is stored of a posting, None if it was never seen."""
    row = state.execute(
        "SELECT annotation, model, seen FROM posting"
        " WHERE source = ? AND id = ? AND hash = ?",
        key,
    ).fetchone()
    return row and StoredPosting(*row)


def has_earlier_version(state: sqlite3.Connection, key: PostingKey, visit: int) -> bool:
    """Tell whether another posting with this id was seen before a visit."""
    row = state.execute(
        "SELECT 1 FROM posting WHERE source = ? AND id = ? AND first < ?",
        (key.source, key.id, visit),
    ).fetchone()
    return row is not None


def mark_seen(state: sqlite3.Connection, key: PostingKey, visit: int) -> None:
    """Store that a visit found a posting whose annotation is kept."""
    state.execute(
        "UPDATE posting SET seen = ? WHERE source = ? AND id = ? AND hash = ?",
        (visit, *key),
    )


def store_annotation(
    state: sqlite3.Connection,
    key: PostingKey,
    visit: int,
    model: str,
    fields: Mapping[str, Any],
) -> None:
    """Store that a visit found a posting, and its new annotation as a dictionary."""
    # JSON escapes lone surrogates, which SQLite cannot hold.
    state.execute(
        "INSERT INTO posting VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6)"
        " ON CONFLICT DO UPDATE SET seen = ?4, model = ?5, annotation = ?6",
        (*key, visit, model, json.dumps(fields)),
    )


def forget_absent(state: sqlite3.Connection, source: str, visit: int) -> int:
    """Delete what a finished visit made obsolete; return how many postings are gone.

    Versions that a newer one replaced lose their row, postings that left the feed
    their annotation.
    """
    state.execute(
        "DELETE FROM posting WHERE source = ?1 AND seen < ?2 AND id IN"
        " (SELECT id FROM posting WHERE source = ?1 AND seen = ?2)",
        (source, visit),
    )
    gone = state.execute(
        "UPDATE posting SET annotation = NULL"
        " WHERE source = ? AND seen < ? AND annotation IS NOT NULL",
        (source, visit),
    )
    return gone.rowcount


def count_stale(state: sqlite3.Connection, source: str, model: str) -> int:
    """Return how many annotations of a source were made by another model."""
    row = state.execute(
        "SELECT count(*) FROM posting"
        " WHERE source = ? AND model != ? AND annotation IS NOT NULL",
        (source, model),
    ).fetchone()
    return int(row[0])


def restore_annotation(fields: Mapping[str, Any]) -> Annotation:
    """Return the annotation whose `to_dict` gave `fields`; its text is empty."""
    lists = {
        "skills": tuple(map(_skill, fields["skills"])),
        "profile": tuple(map(_coverage, fields["profile"])),
        "reasons": tuple(map(_reason, fields["reasons"])),
    }
    return Annotation(**{**fields, **lists, "text": ""})


def _skill(fields: Mapping[str, Any]) -> FoundSkill:
    mentions = tuple(Mention(**mention) for mention in fields["mentions"])
    return FoundSkill(**{**fields, "mentions": mentions})


def _coverage(fields: Mapping[str, Any]) -> Coverage:
    matched = (Match(m["concept"], _spans(m["evidence"])) for m in fields["matched"])
    return Coverage(**{**fields, "matched": tuple(matched)})


def _reason(fields: Mapping[str, Any]) -> Reason:
    return Reason(**{**fields, "spans": _spans(fields["spans"])})


def _spans(spans: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in spans)
