"""Choose the columns of an output: those copied from the input and those added to it.

Also converts the annotations of a batch into values of the added columns.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from itertools import chain
from typing import Any, Final

from roleclf.errors import RequestError
from roleclf.records import COLUMNS, kind_of_column
from roleclf.tables.columns import match_column
from roleclf.tables.records import (
    AddedValues,
    AnnotationColumns,
    Layout,
    Table,
    Writing,
)
from roleclf.tables.values import dumps_plain

__all__ = [
    "ANNOTATION_KEY",
    "added_cells",
    "added_values",
    "annotation_objects",
    "collect_added",
    "layout_of",
    "set_group_numbers",
]

# The key of the annotation object in a line of JSON.
ANNOTATION_KEY: Final = "_roleclf"
# Numbers of groups are known only after encoding; until then a mark stands there.
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
    "number": lambda mark: None,  # replaced later
}
# The columns that are counted for the summary.
_COUNTED: Final = ("role", "confidence", "sure", "problem", "encoder_role")
_LOG: Final = logging.getLogger(__name__)


def layout_of(
    table: Table, writing: Writing, roles: Sequence[str], output: str
) -> Layout:
    """Return the columns of an output of format `output`, and how rows are written.

    An added column replaces an input column of the same heading, and a new annotation
    object replaces one in a line of JSON.

    Raises
    ------
    RequestError
        If a column asked for does not exist, or one that is read would be replaced.
    """
    added = () if output == "jsonl" else _added_names(writing, roles)
    headings = (writing.prefix + name for name in added)
    label_by_name = dict(zip(table.names, table.labels, strict=True))
    chosen = {
        name: label_by_name.get(name, name) for name in _chosen_names(table, writing)
    }
    kept = _drop_replaced(chosen, {ANNOTATION_KEY, *headings}, table)
    return Layout(
        format=output,
        kept=tuple(kept),
        labels=tuple(kept.values()),
        added=added,
        prefix=writing.prefix,
        keeps_all=writing.columns is None,
        copies_rows=output in table.copies and _can_copy_rows(tuple(kept), table),
        text=writing.text,
        min_confidence=writing.min_confidence,
        schema=table.schema,
        group_mark=os.urandom(16).hex() if writing.groups else "",
    )


def collect_added(annotations: AnnotationColumns, layout: Layout) -> AddedValues:
    """Return the values of a batch's annotations for an output and its summary."""
    wanted = dict.fromkeys((*_COUNTED, *layout.added))
    columns = annotations.columns([name for name in wanted if name != _GROUP])
    least = layout.min_confidence
    columns["sure"] = [
        sure and confidence >= least
        for sure, confidence in zip(columns["sure"], columns["confidence"], strict=True)
    ]
    columns[_GROUP] = [layout.group_mark] * len(columns["sure"])
    return AddedValues(annotations, columns)


def added_cells(added: AddedValues, layout: Layout) -> list[list[str]]:
    """Return the added columns as cells of CSV; None is an empty cell."""
    return _converted(added, layout, _CELL_BY_KIND, "")


def added_values(added: AddedValues, layout: Layout) -> list[list[Any]]:
    """Return the added columns as strings, numbers and booleans."""
    return _converted(added, layout, _VALUE_BY_KIND, None)


def annotation_objects(added: AddedValues, layout: Layout) -> Iterator[bytes]:
    """Yield each annotation as a JSON object."""
    more = {_GROUP: layout.group_mark} if layout.group_mark else {}
    for annotation, sure in zip(added.annotations, added.columns["sure"], strict=True):
        yield dumps_plain(annotation.to_dict(text=layout.text) | {"sure": sure} | more)


def set_group_numbers(lines: bytes, mark: str, numbers: Sequence[int]) -> bytes:
    """Return encoded rows with a number of `numbers` in the place of each mark.

    Which rows are alike is known only where all rows are seen in order; rows are
    encoded before, batch by batch.
    """
    first, *others = lines.split(mark.encode())
    digits = (str(number).encode() for number in numbers)
    return first + b"".join(chain.from_iterable(zip(digits, others, strict=True)))


def _added_names(writing: Writing, roles: Sequence[str]) -> tuple[str, ...]:
    optional = (
        (writing.probabilities, tuple(f"p_{role}" for role in roles)),
        (writing.reasons, ("reasons",)),
        (writing.text, ("text",)),
        (writing.groups, (_GROUP,)),
    )
    return (
        *COLUMNS,
        *(name for asked, names in optional if asked for name in names),
    )


def _drop_replaced(
    chosen: Mapping[str, str], headings: Set[str], table: Table
) -> dict[str, str]:
    """Return the labels by name without the columns that added ones replace."""
    replaced = {name: label for name, label in chosen.items() if label in headings}
    read = set(table.found)
    for name in read & replaced.keys():
        problem = f"an added column would replace '{name}', which is read"
        raise RequestError(table.place, problem, "choose another --prefix")
    if replaced:
        shown = ", ".join(replaced.values())
        _LOG.warning("%s: replaced by new columns: %s", table.place, shown)
    return {name: label for name, label in chosen.items() if name not in replaced}


def _can_copy_rows(kept: tuple[str, ...], table: Table) -> bool:
    # Keys can be cut out of a line of JSON, but not columns out of other rows.
    return table.format == "jsonl" or kept == table.names


def _chosen_names(table: Table, writing: Writing) -> tuple[str, ...]:
    if writing.columns is None:
        return table.names
    return tuple(dict.fromkeys(_kept_name(name, table) for name in writing.columns))


def _kept_name(name: str, table: Table) -> str:
    try:
        return match_column(name, table.names, table.place)
    except RequestError:
        if table.settled:
            raise
        # JSON Lines have no header: a later line may bring the column.
        _LOG.warning("%s: no '%s' in the first lines", table.place, name)
        return name


def _converted(
    added: AddedValues,
    layout: Layout,
    convert_by_kind: Mapping[str, Callable[[Any], Any]],
    none: Any,
) -> list[list[Any]]:
    columns = (
        (convert_by_kind[kind_of_column(name)], added.columns[name])
        for name in layout.added
    )
    return [
        [none if value is None else convert(value) for value in values]
        for convert, values in columns
    ]
