"""What is put into one posting in JSON, and what an earlier run put there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from roleclf.feeds.edits import Edit
from roleclf.feeds.jsontext import Member, decode, dropped, members
from roleclf.feeds.natives import Native
from roleclf.records import Annotation
from roleclf.tables import ANNOTATION_KEY, dumps

__all__ = ["Dump", "additions", "plain_json"]

# Says how a value is written.
Dump = Callable[[Any], str]


def plain_json(value: Any) -> str:
    """Return `value` as JSON."""
    return dumps(value).decode()


class _Place(NamedTuple):
    """What becomes of a format's own list: edits in it, and what it lacks.

    `is_ours` says that all there is was added by an earlier run; `entries` are to
    be written as a member of their own.
    """

    edits: list[Edit]
    is_ours: bool
    added: list[Any]
    entries: list[Any]


def additions(
    text: str,
    start: int,
    natives: Sequence[Native],
    annotation: Annotation,
    dump: Dump = plain_json,
) -> list[Edit]:
    """Return the edits that annotate the posting that begins at `start`, in order.

    A list of the format's own gets entries of ours behind its own; where the posting
    has none it gets the whole list. Any other value there stays as it is.
    """
    inside = list(members(text, start))
    member_by_key = {member.key: member for member in inside}
    old = _old(text, member_by_key.get(ANNOTATION_KEY))
    ours, edits = {ANNOTATION_KEY}, []
    new: dict[str, Any] = {}
    fields = annotation.to_dict()
    for native in natives:
        place = _place(
            text, member_by_key.get(native.key), native, annotation, old, dump
        )
        edits += place.edits
        ours |= {native.key} if place.is_ours else set()
        new |= {native.key: place.entries} if place.entries else {}
        fields |= {native.key: place.added} if native.is_told else {}
    new[ANNOTATION_KEY] = fields
    dropping, last = dropped(inside, [member.key in ours for member in inside])
    written = ", ".join(f'"{key}": {dump(value)}' for key, value in new.items())
    at = start + 1 if last is None else last.end
    edits += [*dropping, Edit(at, at, written if last is None else f", {written}")]
    return sorted(edits, key=itemgetter(0, 1))


def _old(text: str, member: Member | None) -> Mapping[str, Any]:
    """Return the annotation that the posting has already."""
    value = None if member is None else decode(text, member.value)[0]
    return value if isinstance(value, dict) else {}


def _place(
    text: str,
    member: Member | None,
    native: Native,
    annotation: Annotation,
    old: Mapping[str, Any],
    dump: Dump,
) -> _Place:
    entries = native.entries(annotation)
    if member is None:
        return _Place([], False, entries, entries)
    if text[member.value] != "[":
        return _Place([], False, [], [])
    inside = list(members(text, member.value))
    values = [decode(text, element.value)[0] for element in inside]
    is_ours = [native.is_ours(value, old) for value in values]
    edits, last = dropped(inside, is_ours)
    if last is None:
        # An empty list stays one: what is ours in it could not be told from a new one.
        return (
            _Place([], True, entries, entries) if inside else _Place([], False, [], [])
        )
    own = [value for value, ours in zip(values, is_ours, strict=True) if not ours]
    added = [entry for entry in entries if entry not in own]
    written = "".join(f", {dump(entry)}" for entry in added)
    return _Place([*edits, Edit(last.end, last.end, written)], False, added, [])
