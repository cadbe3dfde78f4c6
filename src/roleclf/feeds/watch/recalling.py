"""An annotator with a memory: what was annotated before is not annotated again.

A feed is read and written as ever, by `feeds`; only where it asks for annotations,
known postings get the one that the state has. What is new or changed is annotated,
and a line that says so waits for the output, all in the transaction of the poll.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from roleclf.feeds.annotating import Annotator
from roleclf.feeds.watch.rebuilding import annotation_of
from roleclf.feeds.watch.records import Key
from roleclf.records import Annotation, Posting
from roleclf.tables import ANNOTATION_KEY, dumps, escape_surrogates

__all__ = ["Poll", "Recalling", "forget", "n_stale"]

# What is counted.
_NEW: Final = "new"
_CHANGED: Final = "changed"
_REANNOTATED: Final = "reannotated"
_REPEATED: Final = "repeated"
_GONE: Final = "gone"
_UNCLASSIFIED: Final = "unclassified"
_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Poll:
    """What is known when a document is read, and what is counted while it is.

    `model` tells the model from others; where `anew`, what another one said is
    annotated again. `tally` counts lines by what they tell of, and postings that are
    gone, that come again in the same document, and that have no role.
    """

    source: str
    number: int
    path: str
    model: str
    anew: bool
    now: float
    tally: Counter[str] = field(default_factory=Counter)


class _StoredRow(NamedTuple):
    """What is remembered of a posting; the annotation is JSON, of one gone None."""

    annotation: str | None
    model: str
    seen: int


class Recalling:
    """Annotates a posting only where the state has no annotation of it.

    Parameters
    ----------
    annotator : callable
        Returns the loaded model; not called where nothing is new.
    state : Connection
        In a transaction.
    poll : Poll
    """

    def __init__(
        self, annotator: Callable[[], Annotator], state: sqlite3.Connection, poll: Poll
    ) -> None:
        self._annotator = annotator
        self._state = state
        self._poll = poll

    def annotate_batch(
        self, postings: Sequence[Posting], problems: Sequence[str | None] | None
    ) -> Sequence[Annotation]:
        """Return the annotations of a batch, remembered or new."""
        problems = problems or [None] * len(postings)
        keys = list(map(_key, postings, problems))
        # Of what comes twice in one feed, the first is told of.
        first = {key: n for n, key in reversed(list(enumerate(keys)))}
        known = {key: self._known(key) for key in dict.fromkeys(keys)}
        # The others came before in this document, in this batch or an earlier one.
        self._poll.tally[_REPEATED] += len(keys) - sum(
            row is None or row.seen < self._poll.number for row in known.values()
        )
        lacking = [key for key, row in known.items() if self._is_lacking(row)]
        annotations = self._annotated(
            [postings[first[key]] for key in lacking],
            [problems[first[key]] for key in lacking],
        )
        by_key = dict(zip(lacking, annotations, strict=True))
        for key, row in known.items():
            self._note(key, row, postings[first[key]], by_key.get(key))
            if key not in by_key and row is not None and row.annotation is not None:
                by_key[key] = annotation_of(json.loads(row.annotation))
        return [by_key[key] for key in keys]

    def _known(self, key: Key) -> _StoredRow | None:
        """Return the annotation and the model of a posting that was seen before."""
        row = self._state.execute(
            "SELECT annotation, model, seen FROM posting"
            " WHERE source = ? AND id = ? AND hash = ?",
            (self._poll.source, key.id, key.hash),
        ).fetchone()
        return row and _StoredRow(*row)

    def _is_lacking(self, row: _StoredRow | None) -> bool:
        return row is None or row.annotation is None or self._is_stale(row)

    def _is_stale(self, row: _StoredRow) -> bool:
        is_other = row.annotation is not None and row.model != self._poll.model
        return self._poll.anew and is_other

    def _annotated(
        self, postings: Sequence[Posting], problems: Sequence[str | None]
    ) -> Sequence[Annotation]:
        if not postings:
            return []
        return self._annotator().annotate_batch(postings, problems)

    def _note(
        self,
        key: Key,
        row: _StoredRow | None,
        posting: Posting,
        annotation: Annotation | None,
    ) -> None:
        """Remember that a posting is there, and tell of it where that is news."""
        place = (self._poll.source, key.id, key.hash)
        if annotation is None:
            self._state.execute(
                "UPDATE posting SET seen = ? WHERE source = ? AND id = ? AND hash = ?",
                (self._poll.number, *place),
            )
            return
        change = self._change(key, row)
        fields = annotation.to_dict()
        self._state.execute(
            "INSERT INTO posting VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6)"
            " ON CONFLICT DO UPDATE SET seen = ?4, model = ?5, annotation = ?6",
            (*place, self._poll.number, self._poll.model, _json(fields)),
        )
        if change is not None:
            self._poll.tally[change] += 1
            self._poll.tally[_UNCLASSIFIED] += annotation.role is None
            self._tell(key, posting, change, fields)

    def _change(self, key: Key, row: _StoredRow | None) -> str | None:
        """Say what is told of a posting; None of one that was gone and is back."""
        if row is not None:
            return _REANNOTATED if self._is_stale(row) else None
        before = self._state.execute(
            "SELECT 1 FROM posting WHERE source = ? AND id = ? AND first < ?",
            (self._poll.source, key.id, self._poll.number),
        ).fetchone()
        return _CHANGED if before else _NEW

    def _tell(
        self, key: Key, posting: Posting, change: str, fields: Mapping[str, Any]
    ) -> None:
        seen = datetime.fromtimestamp(self._poll.now, UTC)
        line = {
            "source": self._poll.source,
            "id": key.id,
            "title": posting.title,
            "description": posting.description,
            "change": change,
            "seen": f"{seen:%Y-%m-%dT%H:%M:%SZ}",
            ANNOTATION_KEY: fields,
        }
        self._state.execute(
            "INSERT INTO pending (path, line) VALUES (?, ?)",
            (self._poll.path, dumps(line) + b"\n"),
        )


def forget(state: sqlite3.Connection, poll: Poll) -> None:
    """Drop old versions of what is there, and annotations of what is gone."""
    state.execute(
        "DELETE FROM posting WHERE source = ?1 AND seen < ?2 AND id IN"
        " (SELECT id FROM posting WHERE source = ?1 AND seen = ?2)",
        (poll.source, poll.number),
    )
    gone = state.execute(
        "UPDATE posting SET annotation = NULL"
        " WHERE source = ? AND seen < ? AND annotation IS NOT NULL",
        (poll.source, poll.number),
    )
    poll.tally[_GONE] = gone.rowcount


def n_stale(state: sqlite3.Connection, source: str, model: str) -> int:
    """Return how many annotations of a source are of another model."""
    row = state.execute(
        "SELECT count(*) FROM posting"
        " WHERE source = ? AND model != ? AND annotation IS NOT NULL",
        (source, model),
    ).fetchone()
    return int(row[0])


def _key(posting: Posting, problem: str | None) -> Key:
    """Return what tells a posting from others, of one without an id what it says."""
    said = json.dumps([posting.title, posting.description, problem]).encode()
    hash_ = sha256(said).hexdigest()
    return Key(escape_surrogates(posting.id) or f"sha256:{hash_[:_DIGITS]}", hash_)


def _json(fields: Mapping[str, Any]) -> str:
    # Lone surrogates, which a database cannot hold, are escaped.
    return json.dumps(fields)
