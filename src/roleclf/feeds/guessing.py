"""Where postings stand in a JSON document of no known format.

Told by what its objects have: a title and a text, or a title at least.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from itertools import chain, islice
from typing import Any, Final, NamedTuple

from roleclf.feeds.fields import has_id, has_text, has_title, title_rank
from roleclf.feeds.formats import Format
from roleclf.feeds.jsonscan import Large
from roleclf.feeds.jsontree import Node, inside, is_list, is_object, member, opened
from roleclf.tables import ANNOTATION_KEY

__all__ = ["keys_met", "postings_anywhere"]

Record = Mapping[str, Any]
# Tells whether an object has what is asked of a posting.
Claim = Callable[[Record, Format], bool]
# So many objects are looked at for what postings have, and so many lists, of so many
# values that lie equally deep.
_LOOKED_AT: Final = 20
_NEAR: Final = 5000
# Postings are members of what lies less deep than this.
_DEEPEST: Final = 4
# Objects of one kind have this share of all their keys in common.
_LEAST_SHARE: Final = 0.5
# So much of a document is shown to who has to mend it.
_KEYS_SHOWN: Final = 8
_KEY_LENGTH: Final = 30


class _Kind(NamedTuple):
    """An object that is a posting, and how to find all that are of its kind."""

    example: Record
    nodes: Callable[[], Iterator[Node]]


def postings_anywhere(root: Node, format_: Format) -> Iterable[Node]:
    """Return the postings of a document.

    Lists whose entries have title and text come first; then objects that have both;
    then lists whose entries have but a title. Where these have it under a better known
    name than those objects, the objects tell of something else, as of a company.
    """
    best = partial(
        min, key=lambda kind: title_rank(kind.example, format_), default=None
    )
    for depth in range(_DEEPEST):
        if whole := best(_lists(root, depth, _is_whole, format_)):
            return whole.nodes()
    titled = (_lists(root, *each, format_) for each in enumerate(_TITLED))
    found = best(chain(_objects(root, format_), *titled))
    return found.nodes() if found else ()


def keys_met(root: Node) -> str:
    """Return the first keys of an entry of a list, or those of the document itself."""
    lists = (each for n in range(_DEEPEST) for each in _first(is_list, root, n))
    keys = next(filter(None, map(_keys_inside, lists)), _keys(root))
    return ", ".join(key[:_KEY_LENGTH] for key in islice(keys, _KEYS_SHOWN))


def _lists(root: Node, depth: int, claim: Claim, format_: Format) -> Iterator[_Kind]:
    """Yield the kinds of postings that stand in lists at a depth."""
    for entries in _first(is_list, root, depth):
        example = _example(_objects_in(entries), claim, format_)
        if example is not None:
            keys = _keys_inside(entries)
            yield _Kind(example, partial(_entries_like, root, depth, keys, format_))


def _entries_like(
    root: Node, depth: int, keys: Collection[str], format_: Format
) -> Iterator[Node]:
    """Yield what stands in the lists at a depth whose entries have titles and keys."""
    for entries in filter(is_list, _at(root, depth)):
        has_keys = _are_alike(_keys_inside(entries), keys)
        if has_keys and any(_shown(_objects_in(entries), has_title, format_)):
            yield from _objects_in(entries)


def _objects(root: Node, format_: Format) -> Iterator[_Kind]:
    """Yield the outermost kind of postings that stand anywhere."""
    for depth, claim in enumerate(_WHOLE_OR_KNOWN):
        example = _example(_first(is_object, root, depth), claim, format_)
        if example is not None:
            yield _Kind(example, partial(_objects_like, root, depth, example))
            return


def _objects_like(root: Node, depth: int, example: Record) -> Iterator[Node]:
    objects = filter(is_object, _at(root, depth))
    return (each for each in objects if _are_alike(_keys(each), example))


def _example(nodes: Iterable[Node], claim: Claim, format_: Format) -> Record | None:
    """Return the object with the best known title of those that are as claimed."""
    shown = _shown(nodes, claim, format_)
    return min(shown, key=lambda each: title_rank(each, format_), default=None)


def _shown(nodes: Iterable[Node], claim: Claim, format_: Format) -> Iterator[Record]:
    """Yield those of the first objects that are as claimed."""
    values = (node.value for node in map(opened, islice(nodes, _LOOKED_AT)))
    return (each for each in values if isinstance(each, dict) and claim(each, format_))


def _is_whole(record: Record, format_: Format) -> bool:
    return has_title(record, format_) and has_text(record, format_)


def _is_known(record: Record, format_: Format) -> bool:
    return _is_whole(record, format_) and has_id(record, format_)


def _is_named(record: Record, format_: Format) -> bool:
    return has_title(record, format_) and has_id(record, format_)


def _are_alike(keys: Collection[str], others: Collection[str]) -> bool:
    common, both = set(keys) & set(others), set(keys) | set(others)
    return len(common) >= _LEAST_SHARE * len(both)


def _keys(node: Node) -> Collection[str]:
    value = node.value
    if isinstance(value, Large):
        return value.n_by_key or ()
    return value if isinstance(value, dict) else ()


def _keys_inside(entries: Node) -> Collection[str]:
    """Return the keys of the first object in a list."""
    return next(map(_keys, _objects_in(entries)), ())


def _objects_in(entries: Node) -> Iterator[Node]:
    return filter(is_object, inside(entries))


def _first(is_kind: Callable[[Node], bool], root: Node, depth: int) -> Iterator[Node]:
    """Yield the first that are of a kind, if they stand near the beginning."""
    near = islice(_at(root, depth), _NEAR)
    return islice(filter(is_kind, near), _LOOKED_AT)


def _at(node: Node, depth: int) -> Iterator[Node]:
    """Yield what lies `depth` levels below."""
    if not depth:
        yield node
        return
    for inner in _inside(node):
        yield from _at(inner, depth - 1)


def _inside(node: Node) -> Iterable[Node]:
    """Return what is inside a value, but for what an earlier run put there."""
    if not is_object(node):
        return inside(node)
    found = (member(node, key) for key in _keys(node) if key != ANNOTATION_KEY)
    return filter(None, found)


# Deep inside, what is no entry of a list, or has but a title, may be anything, as a
# section of a text, or a place. Postings have an id.
_WHOLE_OR_KNOWN: Final = (_is_whole, _is_whole, _is_known, _is_known)
_TITLED: Final = (has_title, has_title, _is_named, _is_named)
