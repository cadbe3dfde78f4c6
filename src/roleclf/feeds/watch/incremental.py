"""Annotate only the postings that the state holds no annotation of.

A feed is read and written as by `roleclf annotate`. Only its annotator differs: it
looks known postings up and annotates the others. For each new or changed posting it
queues a line for the output, in the transaction of the poll.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from roleclf.feeds.watch.stored_postings import (
    PostingKey,
    StoredPosting,
    find_posting,
    has_earlier_version,
    mark_seen,
    restore_annotation,
    store_annotation,
)
from roleclf.records import Annotation, Posting
from roleclf.tables import ANNOTATION_KEY, dumps, escape_surrogates

if TYPE_CHECKING:
    from roleclf.annotation import Annotator

__all__ = ["IncrementalAnnotator", "Visit"]

# The value of `change` in a line, and names of counts.
_NEW: Final = "new"
_CHANGED: Final = "changed"
_REANNOTATED: Final = "reannotated"
_REPEATED: Final = "repeated"
_UNCLASSIFIED: Final = "unclassified"
_REREAD: Final = "reread"
_N_HASH_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class Visit:
    """A reading of a source's document, and what is counted in it.

    `number` counts the visits of the source. `output` is the path that lines go to.
    `model` identifies the model in use; with `reannotate`, annotations of others are
    made again. `counts` has the lines by kind of change, and the postings that are
    `gone`, `repeated` within the document, `unclassified`, or `reread` by an encoder.
    """

    source: str
    number: int
    output: str
    model: str
    reannotate: bool
    now: float
    counts: Counter[str] = field(default_factory=Counter)


class IncrementalAnnotator:
    """An annotator that takes known annotations from the state.

    Parameters
    ----------
    load_annotator : callable
        Returns the loaded model; not called if every posting is known.
    state : Connection
        In a transaction.
    visit : Visit
    """

    def __init__(
        self,
        load_annotator: Callable[[], Annotator],
        state: sqlite3.Connection,
        visit: Visit,
    ) -> None:
        self._load_annotator = load_annotator
        self._state = state
        self._visit = visit

    def annotate_batch(
        self, postings: Sequence[Posting], problems: Sequence[str | None] | None
    ) -> Sequence[Annotation]:
        """Return the annotations of a batch, stored or new, in order."""
        problems = problems or [None] * len(postings)
        keys = list(map(self._key, postings, problems))
        # The first of equal postings is the one that is annotated and reported.
        first = {key: n for n, key in reversed(list(enumerate(keys)))}
        stored = {key: find_posting(self._state, key) for key in dict.fromkeys(keys)}
        self._count_repeated(len(keys), stored.values())
        missing = [key for key, row in stored.items() if self._needs_annotation(row)]
        annotations = self._annotate(
            [postings[first[key]] for key in missing],
            [problems[first[key]] for key in missing],
        )
        by_key = dict(zip(missing, annotations, strict=True))
        for key, row in stored.items():
            if key in by_key:
                self._store(key, row, postings[first[key]], by_key[key])
            elif row is not None and row.annotation is not None:
                mark_seen(self._state, key, self._visit.number)
                by_key[key] = restore_annotation(json.loads(row.annotation))
        return [by_key[key] for key in keys]

    def _key(self, posting: Posting, problem: str | None) -> PostingKey:
        """Return the key of a posting; the hash stands in for a missing id."""
        content = json.dumps([posting.title, posting.description, problem]).encode()
        digest = sha256(content).hexdigest()
        id_ = escape_surrogates(posting.id) or f"sha256:{digest[:_N_HASH_DIGITS]}"
        return PostingKey(self._visit.source, id_, digest)

    def _count_repeated(
        self, n_postings: int, rows: Collection[StoredPosting | None]
    ) -> None:
        """Count postings that came before in this document, in any of its batches."""
        n_first = sum(row is None or row.seen < self._visit.number for row in rows)
        self._visit.counts[_REPEATED] += n_postings - n_first

    def _needs_annotation(self, row: StoredPosting | None) -> bool:
        return row is None or row.annotation is None or self._is_stale(row)

    def _is_stale(self, row: StoredPosting) -> bool:
        """Tell whether an annotation of another model is to be made again."""
        is_by_other = row.annotation is not None and row.model != self._visit.model
        return self._visit.reannotate and is_by_other

    def _annotate(
        self, postings: Sequence[Posting], problems: Sequence[str | None]
    ) -> Sequence[Annotation]:
        if not postings:
            return []
        return self._load_annotator().annotate_batch(postings, problems)

    def _store(
        self,
        key: PostingKey,
        row: StoredPosting | None,
        posting: Posting,
        annotation: Annotation,
    ) -> None:
        """Store a new annotation, and queue a line if the posting is to be reported."""
        visit, change = self._visit, self._change(key, row)
        fields = annotation.to_dict()
        store_annotation(self._state, key, visit.number, visit.model, fields)
        if change is not None:
            visit.counts[change] += 1
            visit.counts[_UNCLASSIFIED] += annotation.role is None
            visit.counts[_REREAD] += annotation.encoder_role is not None
            self._queue_line(key, posting, change, fields)

    def _change(self, key: PostingKey, row: StoredPosting | None) -> str | None:
        """Return how a posting is reported; None if it only returned to its feed."""
        if row is not None:
            return _REANNOTATED if self._is_stale(row) else None
        is_known = has_earlier_version(self._state, key, self._visit.number)
        return _CHANGED if is_known else _NEW

    def _queue_line(
        self, key: PostingKey, posting: Posting, change: str, fields: Mapping[str, Any]
    ) -> None:
        seen = datetime.fromtimestamp(self._visit.now, UTC)
        line = {
            "source": key.source,
            "id": key.id,
            "title": posting.title,
            "description": posting.description,
            "change": change,
            "seen": f"{seen:%Y-%m-%dT%H:%M:%SZ}",
            ANNOTATION_KEY: fields,
        }
        self._state.execute(
            "INSERT INTO pending (path, line) VALUES (?, ?)",
            (self._visit.output, dumps(line) + b"\n"),
        )
