"""Insert an annotation into the text of a posting in JSON, in place of an earlier one.

The text is edited, not written anew, so that numbers, escapes, equal keys and blanks
stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from roleclf.feeds.json_native_fields import NativeField
from roleclf.feeds.json_positions import JSONMember, decode, members
from roleclf.records import Annotation
from roleclf.tables import ANNOTATION_KEY, dumps

__all__ = ["Dump", "TextEdit", "annotation_edits", "apply_edits", "dump_plain"]

# Writes a value as JSON.
Dump = Callable[[Any], str]


class TextEdit(NamedTuple):
    """Replace the text from `start` to `end` by `new`."""

    start: int
    end: int
    new: str


class _NativeEdits(NamedTuple):
    """How a posting's native field changes.

    `edits` change the list that it has. `is_ours` says that an earlier run added the
    whole list; `entries` make a new one, `added` are those of them that were not there.
    """

    edits: list[TextEdit]
    is_ours: bool
    added: list[Any]
    entries: list[Any]


_NO_EDITS = _NativeEdits([], False, [], [])


def dump_plain(value: Any) -> str:
    """Return `value` as JSON in UTF-8."""
    return dumps(value).decode()


def apply_edits(text: str, edits: Iterable[TextEdit]) -> Iterator[str]:
    """Yield `text` with edits applied, in pieces.

    The edits must not overlap, and come in the order of their places.

    Examples
    --------
    >>> "".join(apply_edits("a, b", [TextEdit(1, 1, ", c"), TextEdit(1, 4, "")]))
    'a, c'
    """
    at = 0
    for start, end, new in edits:
        yield text[at:start]
        yield new
        at = end
    yield text[at:]


def annotation_edits(
    text: str,
    start: int,
    native_fields: Sequence[NativeField],
    annotation: Annotation,
    dump: Dump = dump_plain,
) -> list[TextEdit]:
    """Return the edits that annotate the posting that begins at `start`, in order.

    A list in a native field gets our entries at its end; a posting without the field
    gets the whole list. Any other value in the field stays as it is.
    """
    inside = list(members(text, start))
    member_by_key = {member.key: member for member in inside}
    earlier = _earlier_annotation(text, member_by_key.get(ANNOTATION_KEY))
    our_keys, edits = {ANNOTATION_KEY}, []
    new_members: dict[str, Any] = {}
    values = annotation.to_dict()
    for field in native_fields:
        member = member_by_key.get(field.key)
        change = _native_edits(text, member, field, annotation, earlier, dump)
        edits += change.edits
        our_keys |= {field.key} if change.is_ours else set()
        new_members |= {field.key: change.entries} if change.entries else {}
        values |= {field.key: change.added} if field.is_recorded else {}
    new_members[ANNOTATION_KEY] = values
    removals, last = _removals(inside, [member.key in our_keys for member in inside])
    new = ", ".join(f'"{key}": {dump(value)}' for key, value in new_members.items())
    at = start + 1 if last is None else last.end
    edits += [*removals, TextEdit(at, at, new if last is None else f", {new}")]
    return sorted(edits, key=itemgetter(0, 1))


def _earlier_annotation(text: str, member: JSONMember | None) -> Mapping[str, Any]:
    value = None if member is None else decode(text, member.value)[0]
    return value if isinstance(value, dict) else {}


def _native_edits(
    text: str,
    member: JSONMember | None,
    field: NativeField,
    annotation: Annotation,
    earlier: Mapping[str, Any],
    dump: Dump,
) -> _NativeEdits:
    entries = field.entries(annotation)
    if member is None:
        return _NativeEdits([], False, entries, entries)
    inside = list(members(text, member.value)) if text[member.value] == "[" else []
    if not inside:
        # An empty list stays empty: if we filled it, a later run would take it for
        # one that we added, and remove it.
        return _NO_EDITS
    values = [decode(text, element.value)[0] for element in inside]
    is_ours = [field.is_ours(value, earlier) for value in values]
    edits, last = _removals(inside, is_ours)
    if last is None:
        return _NativeEdits([], True, entries, entries)
    theirs = [value for value, ours in zip(values, is_ours, strict=True) if not ours]
    added = [entry for entry in entries if entry not in theirs]
    new = "".join(f", {dump(entry)}" for entry in added)
    return _NativeEdits([*edits, TextEdit(last.end, last.end, new)], False, added, [])


def _removals(
    inside: Sequence[JSONMember], is_ours: Iterable[bool]
) -> tuple[list[TextEdit], JSONMember | None]:
    """Return the edits that remove our members, and the last member that stays.

    The comma before a member goes with it; without a member before it, the one after.
    """
    edits: list[TextEdit] = []
    last: JSONMember | None = None
    for n, (member, ours) in enumerate(zip(inside, is_ours, strict=True)):
        if not ours:
            last = member
        elif last is not None:
            edits.append(TextEdit(inside[n - 1].end, member.end, ""))
        else:
            following = inside[n + 1 : n + 2]
            end = following[0].start if following else member.end
            edits.append(TextEdit(member.start, end, ""))
    return edits, last
