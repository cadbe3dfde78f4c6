"""The columns that an annotation adds to a table, and what is copied beside them."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from roleclf.errors import RequestError
from roleclf.tables.columns import pick
from roleclf.tables.records import Layout, Table, Writing
from roleclf.tables.values import dumps_plain

if TYPE_CHECKING:
    # Imports numpy, which `roleclf --help` can do without.
    from roleclf.records import Annotation
    from roleclf.text import Signatures

__all__ = [
    "ANNOTATION_KEY",
    "AddedValues",
    "AnnotationColumns",
    "added_cells",
    "added_values",
    "annotation_objects",
    "kind_of",
    "layout_of",
    "said_by",
]

# The key of the annotation object in a line of JSON.
ANNOTATION_KEY: Final = "_roleclf"
# Each added column and what its values are: a share is a number in 0-1.
_ALWAYS: Final = {
    "role": "text",
    "confidence": "share",
    "sure": "flag",
    "second_role": "text",
    "second_confidence": "share",
    "title_role": "text",
    "duties_role": "text",
    "skills": "text",
    "tools": "text",
    "problem": "text",
}
# A number that is put in later; until then a mark stands for it.
_GROUP: Final = "group"
_CELL_BY_KIND: Final[Mapping[str, Callable[[Any], str]]] = {
    "text": str,
    "share": "{:.4f}".format,
    "flag": {True: "true", False: "false"}.__getitem__,
    "number": str,
}
_VALUE_BY_KIND: Final[Mapping[str, Callable[[Any], Any]]] = {
    "text": str,
    "share": lambda share: round(float(share), 4),
    "flag": bool,
    "number": lambda mark: None,
}
# The columns that tell what became of a row.
_COUNTED: Final = ("role", "confidence", "sure", "problem")
_LOG: Final = logging.getLogger(__name__)


class AnnotationColumns(Protocol):
    """What a writer asks of the annotations of a batch."""

    def columns(self, names: Sequence[str]) -> dict[str, list[Any]]:
        """Return one list of values for each name."""

    def signatures(self) -> Signatures:
        """Return by what near-duplicates of the texts are found."""

    def __iter__(self) -> Iterator[Annotation]:
        """Yield each annotation, in order."""


class AddedValues(NamedTuple):
    """What the annotations of a batch say: themselves, and by column.

    Where `sure` is a column, it heeds the least confidence asked for.
    """

    annotations: AnnotationColumns
    columns: Mapping[str, Sequence[Any]]


def layout_of(
    table: Table, writing: Writing, roles: Sequence[str], output: str
) -> Layout:
    """Return what the rows of an output of format `output` look like.

    An input column with the heading of an added one gives way to it, and so does
    the annotation object in a line of JSON.

    Raises
    ------
    RequestError
        If a column asked for does not exist, or one that is read would give way.
    """
    added = () if output == "jsonl" else _added_names(writing, roles)
    headings = (writing.prefix + name for name in added)
    label_by_name = dict(zip(table.names, table.labels, strict=True))
    chosen = {name: label_by_name.get(name, name) for name in _chosen(table, writing)}
    kept = _without(chosen, {ANNOTATION_KEY, *headings}, table)
    return Layout(
        format=output,
        kept=tuple(kept),
        labels=tuple(kept.values()),
        added=added,
        prefix=writing.prefix,
        whole=writing.columns is None,
        copied=output in table.copies and _keeps_all(tuple(kept), table),
        text=writing.text,
        min_confidence=writing.min_confidence,
        schema=table.schema,
        mark=os.urandom(16).hex() if writing.groups else "",
    )


def said_by(annotations: AnnotationColumns, layout: Layout) -> AddedValues:
    """Return what the annotations of a batch say, columns made once for all uses."""
    wanted = dict.fromkeys((*_COUNTED, *layout.added))
    columns = annotations.columns([name for name in wanted if name != _GROUP])
    least = layout.min_confidence
    columns["sure"] = [
        sure and confidence >= least
        for sure, confidence in zip(columns["sure"], columns["confidence"], strict=True)
    ]
    columns[_GROUP] = [layout.mark] * len(columns["sure"])
    return AddedValues(annotations, columns)


def added_cells(said: AddedValues, layout: Layout) -> list[list[str]]:
    """Return the added columns as cells of text, None as the empty one."""
    return _added(said, layout, _CELL_BY_KIND, "")


def added_values(said: AddedValues, layout: Layout) -> list[list[Any]]:
    """Return the added columns as strings, numbers and booleans."""
    return _added(said, layout, _VALUE_BY_KIND, None)


def annotation_objects(said: AddedValues, layout: Layout) -> Iterator[bytes]:
    """Yield each annotation as a JSON object."""
    more = {_GROUP: layout.mark} if layout.mark else {}
    for annotation, sure in zip(said.annotations, said.columns["sure"], strict=True):
        yield dumps_plain(annotation.to_dict(text=layout.text) | {"sure": sure} | more)


def kind_of(name: str) -> str:
    """Return what the values of an added column are: text, share, flag or number."""
    if name == _GROUP:
        return "number"
    return _ALWAYS.get(name, "share" if name.startswith("p_") else "text")


def _added_names(writing: Writing, roles: Sequence[str]) -> tuple[str, ...]:
    optional = (
        (writing.probabilities, tuple(f"p_{role}" for role in roles)),
        (writing.reasons, ("reasons",)),
        (writing.text, ("text",)),
        (writing.groups, (_GROUP,)),
    )
    return (*_ALWAYS, *(name for asked, names in optional if asked for name in names))


def _without(
    chosen: Mapping[str, str], headings: Set[str], table: Table
) -> dict[str, str]:
    """Return the chosen names and labels without those that new columns replace."""
    replaced = {name: label for name, label in chosen.items() if label in headings}
    read = {table.found.title, table.found.description, table.found.id}
    for name in read & replaced.keys():
        problem = f"an added column would replace '{name}', which is read"
        raise RequestError(table.place, problem, "choose another --prefix")
    if replaced:
        shown = ", ".join(replaced.values())
        _LOG.warning("%s: replaced by new columns: %s", table.place, shown)
    return {name: label for name, label in chosen.items() if name not in replaced}


def _keeps_all(kept: tuple[str, ...], table: Table) -> bool:
    # A line of JSON can be copied without some of its keys.
    return table.format == "jsonl" or kept == table.names


def _chosen(table: Table, writing: Writing) -> tuple[str, ...]:
    if writing.columns is None:
        return table.names
    return tuple(dict.fromkeys(_kept_name(name, table) for name in writing.columns))


def _kept_name(name: str, table: Table) -> str:
    try:
        return pick(name, table.names, table.place)
    except RequestError:
        if table.settled:
            raise
        # JSON Lines have no header: a later line may bring what the first ones lack.
        _LOG.warning("%s: no '%s' in the first lines", table.place, name)
        return name


def _added(
    said: AddedValues,
    layout: Layout,
    by_kind: Mapping[str, Callable[[Any], Any]],
    nothing: Any,
) -> list[list[Any]]:
    converted = ((by_kind[kind_of(name)], said.columns[name]) for name in layout.added)
    return [
        [nothing if value is None else convert(value) for value in values]
        for convert, values in converted
    ]
