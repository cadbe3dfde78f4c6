"""Read a YAML or CSV file of the taxonomy so that every problem can name its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roleclf.errors import TaxonomyError

if TYPE_CHECKING:
    from yaml import Node

__all__ = ["Problem", "Row", "YamlDocument", "read_document", "read_rows"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that cannot be; `line` is None for the file as a whole."""

    file: Path
    line: int | None
    problem: str
    mend: str

    def __str__(self) -> str:
        """Return place, problem and mend on one line."""
        return " ".join(f"{self.place}: {self.problem}; {self.mend}".split())

    @property
    def place(self) -> str:
        """The file, and the line where there is one."""
        return f"{self.file}" + (f", line {self.line}" if self.line else "")


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A YAML file: what it says, and where it says it."""

    path: Path
    content: Any
    node: Node

    def line(self, *keys: str | int) -> int:
        """Return the line, from 1, of the entry that `keys` lead to, or nearest to."""
        node, line = self.node, 1
        for key in keys:
            found = _child(node, key)
            if found is None:
                break
            mark, node = found
            line = mark.start_mark.line + 1
        return line

    def problem(self, problem: str, mend: str, *keys: str | int) -> Problem:
        """Return a problem of the entry that `keys` lead to; of the file for none."""
        return Problem(self.path, self.line(*keys) if keys else None, problem, mend)

    def repeated_keys(self) -> Iterator[Problem]:
        """Yield a problem for each key that is there twice; YAML takes the last."""
        waiting, done = [self.node], set()
        while waiting:
            node = waiting.pop()
            # An alias leads to a node that has been seen, or is within itself.
            if id(node) in done:
                continue
            done.add(id(node))
            pairs = _pairs(node)
            for place, (key, _) in enumerate(pairs):
                if key.value in {other.value for other, _ in pairs[:place]}:
                    line = key.start_mark.line + 1
                    yield Problem(self.path, line, f"{key.value!r} again", "keep one")
            waiting += [value for _, value in pairs] or _items(node)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a CSV file, by column; ragged with too many values or too few."""

    path: Path
    line: int
    values: dict[str, str]
    is_ragged: bool = False

    def __getitem__(self, column: str) -> str:
        """Return the value in `column`."""
        return self.values[column]

    def problem(self, problem: str, mend: str) -> Problem:
        """Return a problem of this row."""
        return Problem(self.path, self.line, problem, mend)

    def error(self, problem: str, mend: str) -> TaxonomyError:
        """Return the same as an error."""
        return TaxonomyError(self.problem(problem, mend).place, problem, mend)

    def refuse_ragged(self) -> None:
        """Raise a `TaxonomyError` if the row has more or fewer values than columns."""
        if self.is_ragged:
            raise self.error("more or fewer values than columns", "mind the commas")


def read_document(path: Path) -> YamlDocument:
    """Return the YAML file at `path`.

    Raises
    ------
    TaxonomyError
        If it cannot be read, is not YAML or says nothing.
    """
    # Loaded here: labelling a table needs no YAML, and it should start at once.
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(_text(path))
    try:
        node = loader.get_single_node()
        if node is not None:
            return YamlDocument(path, loader.construct_document(node), node)
    # A ValueError: what looks like a date, but is none.
    except (yaml.YAMLError, ValueError) as error:
        raise TaxonomyError(path, f"is not YAML ({error})", "mend the line") from error
    finally:
        loader.dispose()
    raise TaxonomyError(path, "holds no mapping", "write `key: value` lines")


def read_rows(path: Path, columns: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of the CSV file at `path`, which has `columns`.

    Raises
    ------
    TaxonomyError
        If it cannot be read, is not CSV or lacks a column.
    """
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    try:
        names = next(reader, [])
        missing = [c for c in columns if c not in names]
        if missing:
            raise TaxonomyError(
                path, f"no column {', '.join(sorted(missing))}", "add it"
            )
        for values in filter(None, reader):
            by_column = dict(zip(names, values, strict=False))
            is_ragged = len(values) != len(names)
            if is_ragged:
                by_column = dict.fromkeys(names, "") | by_column
            yield Row(path, reader.line_num, by_column, is_ragged)
    except csv.Error as error:
        place = f"{path}, line {reader.line_num}"
        raise TaxonomyError(place, f"is not CSV ({error})", "mend the line") from error


def _text(path: Path) -> str:
    try:
        # Spreadsheets begin a file with a byte order mark.
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TaxonomyError(path, "cannot be read", "give a taxonomy folder") from error
    except UnicodeDecodeError as error:
        raise TaxonomyError(path, "is not UTF-8", "save it as UTF-8") from error


def _child(node: Node, key: str | int) -> tuple[Node, Node] | None:
    """Return the node that marks an entry, and the one that holds its value."""
    if isinstance(key, int):
        return next(((item, item) for item in _items(node)[key : key + 1]), None)
    return next((pair for pair in _pairs(node) if pair[0].value == key), None)


def _pairs(node: Node) -> list[tuple[Node, Node]]:
    """Return the keys of a mapping with their values."""
    return [part for part in _parts(node) if isinstance(part, tuple)]


def _items(node: Node) -> list[Node]:
    """Return the items of a list."""
    return [part for part in _parts(node) if not isinstance(part, tuple)]


def _parts(node: Node) -> list[Any]:
    return node.value if isinstance(node.value, list) else []
