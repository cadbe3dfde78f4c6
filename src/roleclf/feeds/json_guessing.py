"""Guess which objects are the postings of a JSON document of unknown format.

Postings are objects that have a title and a text, or at least a title, where the row
`json` of the table looks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from functools import partial
from itertools import chain, islice
from typing import Any, Final, NamedTuple

from roleclf.feeds.fields import fields_present, title_rank
from roleclf.feeds.formats import FeedFormat
from roleclf.feeds.json_scanner import LargeValue
from roleclf.feeds.json_tree import (
    JSONNode,
    children,
    is_list,
    is_object,
    member_of,
    object_decoded,
)
from roleclf.tables import ANNOTATION_KEY

__all__ = ["guess_postings", "keys_of_entries"]

Record = Mapping[str, Any]
_TITLE: Final = frozenset({"title"})
_TITLE_AND_ID: Final = frozenset({"title", "id"})
_TITLE_AND_TEXT: Final = frozenset({"title", "text"})
_ALL: Final = frozenset({"title", "text", "id"})
# The fields that a posting needs, by depth. Objects deep inside that are not entries
# of a list, or have only a title, may be anything, such as sections of a text or
# places: there a posting needs an id.
_NEEDED_IN_OBJECTS: Final = (_TITLE_AND_TEXT, _TITLE_AND_TEXT, _ALL, _ALL)
_NEEDED_BY_TITLES: Final = (_TITLE, _TITLE, _TITLE_AND_ID, _TITLE_AND_ID)
# Objects of a list, and lists or objects of a depth, that are looked at; the latter
# among so many values of that depth.
_N_SAMPLED: Final = 20
_N_SEARCHED: Final = 5000
# Postings are looked for down to this depth, exclusive; the root has depth 0.
_MAX_DEPTH: Final = 4
# Objects are of one kind if they share this part of the union of their keys.
_LEAST_SHARE: Final = 0.5
# How many keys an error message shows, and how much of each.
_N_KEYS_SHOWN: Final = 8
_KEY_LENGTH: Final = 30


class _PostingKind(NamedTuple):
    """An object that looks like a posting, and what yields all objects like it."""

    example: Record
    nodes: Callable[[], Iterator[JSONNode]]


def guess_postings(root: JSONNode, format_: FeedFormat) -> Iterable[JSONNode]:
    """Return the postings of a document.

    Lists whose entries have title and text win, the less deep first. Else objects
    with title and text compete with lists whose entries have only a title: the kind
    with the better ranked title wins, so that jobs win against their company's
    `name` and `description`.
    """
    best = partial(
        min, key=lambda kind: title_rank(kind.example, format_), default=None
    )
    for depth in range(_MAX_DEPTH):
        if with_texts := best(_kinds_in_lists(root, depth, _TITLE_AND_TEXT, format_)):
            return with_texts.nodes()
    with_titles = (
        _kinds_in_lists(root, depth, needed, format_)
        for depth, needed in enumerate(_NEEDED_BY_TITLES)
    )
    found = best(chain(_kinds_of_objects(root, format_), *with_titles))
    return found.nodes() if found else ()


def keys_of_entries(root: JSONNode) -> str:
    """Return the first keys of an entry of a list, or else of the document itself."""
    lists = (found for n in range(_MAX_DEPTH) for found in _first(is_list, root, n))
    keys = next(filter(None, map(_entry_keys, lists)), _keys(root))
    return ", ".join(key[:_KEY_LENGTH] for key in islice(keys, _N_KEYS_SHOWN))


def _kinds_in_lists(
    root: JSONNode, depth: int, needed: Set[str], format_: FeedFormat
) -> Iterator[_PostingKind]:
    """Yield the kinds of postings in lists at a depth."""
    for entries in _first(is_list, root, depth):
        example = _example(_objects_in(entries), needed, format_)
        if example is not None:
            keys = _entry_keys(entries)
            nodes = partial(_entries_like, root, depth, keys, format_)
            yield _PostingKind(example, nodes)


def _entries_like(
    root: JSONNode, depth: int, keys: Collection[str], format_: FeedFormat
) -> Iterator[JSONNode]:
    """Yield the objects in all lists at a depth whose entries have titles and keys."""
    for entries in filter(is_list, _at_depth(root, depth)):
        has_keys = _are_alike(_entry_keys(entries), keys)
        if has_keys and any(_sample(_objects_in(entries), _TITLE, format_)):
            yield from _objects_in(entries)


def _kinds_of_objects(root: JSONNode, format_: FeedFormat) -> Iterator[_PostingKind]:
    """Yield the least deep kind of objects with title and text, in lists or not."""
    for depth, needed in enumerate(_NEEDED_IN_OBJECTS):
        example = _example(_first(is_object, root, depth), needed, format_)
        if example is not None:
            yield _PostingKind(example, partial(_objects_like, root, depth, example))
            return


def _objects_like(root: JSONNode, depth: int, example: Record) -> Iterator[JSONNode]:
    objects = filter(is_object, _at_depth(root, depth))
    return (node for node in objects if _are_alike(_keys(node), example))


def _example(
    nodes: Iterable[JSONNode], needed: Set[str], format_: FeedFormat
) -> Record | None:
    """Return the object with the best ranked title of those with the fields needed."""
    sample = _sample(nodes, needed, format_)
    return min(sample, key=lambda record: title_rank(record, format_), default=None)


def _sample(
    nodes: Iterable[JSONNode], needed: Set[str], format_: FeedFormat
) -> Iterator[Record]:
    """Yield those of the first objects that have the fields needed."""
    nodes = map(object_decoded, islice(nodes, _N_SAMPLED))
    records = (node.value for node in nodes if isinstance(node.value, dict))
    return (record for record in records if needed <= fields_present(record, format_))


def _are_alike(keys: Collection[str], others: Collection[str]) -> bool:
    common, union = set(keys) & set(others), set(keys) | set(others)
    return len(common) >= _LEAST_SHARE * len(union)


def _keys(node: JSONNode) -> Collection[str]:
    value = node.value
    if isinstance(value, LargeValue):
        return value.n_by_key or ()
    return value if isinstance(value, dict) else ()


def _entry_keys(entries: JSONNode) -> Collection[str]:
    """Return the keys of the first object in a list."""
    return next(map(_keys, _objects_in(entries)), ())


def _objects_in(entries: JSONNode) -> Iterator[JSONNode]:
    return filter(is_object, children(entries))


def _first(
    is_kind: Callable[[JSONNode], bool], root: JSONNode, depth: int
) -> Iterator[JSONNode]:
    """Yield the first lists, or objects, among the first values at a depth."""
    searched = islice(_at_depth(root, depth), _N_SEARCHED)
    return islice(filter(is_kind, searched), _N_SAMPLED)


def _at_depth(node: JSONNode, depth: int) -> Iterator[JSONNode]:
    """Yield the values `depth` levels below a node."""
    if not depth:
        yield node
        return
    for inner in _children_of_others(node):
        yield from _at_depth(inner, depth - 1)


def _children_of_others(node: JSONNode) -> Iterable[JSONNode]:
    """Return the values in a value, without the annotation of an earlier run."""
    if not is_object(node):
        return children(node)
    found = (member_of(node, key) for key in _keys(node) if key != ANNOTATION_KEY)
    return filter(None, found)
