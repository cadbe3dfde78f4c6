"""Read YAML and CSV files so that every mistake in them can be reported by line."""

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

__all__ = ["CsvRow", "FileProblem", "YamlDocument", "read_csv_rows", "read_yaml"]


@dataclass(frozen=True, slots=True)
class FileProblem:
    """A mistake in a file; `line` is None if it concerns the file as a whole."""

    file: Path
    line: int | None
    problem: str
    mend: str

    def __str__(self) -> str:
        """Return location, problem and what to do, on one line."""
        return " ".join(f"{self.location}: {self.problem}; {self.mend}".split())

    @property
    def location(self) -> str:
        """The file, and the line if there is one."""
        return f"{self.file}" + (f", line {self.line}" if self.line else "")


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A YAML file as Python objects, and as nodes that know their lines."""

    path: Path
    content: Any
    node: Node

    def line(self, *keys: str | int) -> int:
        """Return the line of the entry at `keys`, or of the last part that exists.

        Lines count from 1.
        """
        node, line = self.node, 1
        for key in keys:
            found = _child(node, key)
            if found is None:
                break
            key_node, node = found
            line = key_node.start_mark.line + 1
        return line

    def problem(self, problem: str, mend: str, *keys: str | int) -> FileProblem:
        """Return a problem of the entry at `keys`; of the whole file without keys."""
        line = self.line(*keys) if keys else None
        return FileProblem(self.path, line, problem, mend)

    def repeated_key_problems(self) -> Iterator[FileProblem]:
        """Yield a problem for each repeated key; YAML silently takes the last value."""
        waiting, done = [self.node], set()
        while waiting:
            node = waiting.pop()
            # An alias may lead to a node seen before, even to one that contains it.
            if id(node) in done:
                continue
            done.add(id(node))
            entries = _entries(node)
            for i, (key, _) in enumerate(entries):
                if key.value in {other.value for other, _ in entries[:i]}:
                    line = key.start_mark.line + 1
                    problem = f"{key.value!r} again"
                    yield FileProblem(self.path, line, problem, "keep one")
            waiting += [value for _, value in entries] or _items(node)


@dataclass(frozen=True, slots=True)
class CsvRow:
    """One row of a CSV file; ragged if it has more or fewer values than columns."""

    path: Path
    line: int
    values: dict[str, str]
    is_ragged: bool = False

    def __getitem__(self, column: str) -> str:
        """Return the value in `column`."""
        return self.values[column]

    def problem(self, problem: str, mend: str) -> FileProblem:
        """Return a problem of this row."""
        return FileProblem(self.path, self.line, problem, mend)

    def error(self, problem: str, mend: str) -> TaxonomyError:
        """Return a problem of this row as an error."""
        return TaxonomyError(self.problem(problem, mend).location, problem, mend)

    def raise_if_ragged(self) -> None:
        """Raise a `TaxonomyError` if the row has more or fewer values than columns."""
        if self.is_ragged:
            raise self.error("more or fewer values than columns", "mind the commas")


def read_yaml(path: Path) -> YamlDocument:
    """Return the YAML file at `path`.

    Raises
    ------
    TaxonomyError
        If the file cannot be read, is not YAML or is empty.
    """
    # Imported here: classifying a table needs no YAML, and start-up must stay fast.
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(_read_text(path))
    try:
        node = loader.get_single_node()
        if node is not None:
            return YamlDocument(path, loader.construct_document(node), node)
    # PyYAML raises ValueError for impossible dates, such as 2024-13-01.
    except (yaml.YAMLError, ValueError) as error:
        raise TaxonomyError(path, f"is not YAML ({error})", "mend the line") from error
    finally:
        loader.dispose()
    raise TaxonomyError(path, "holds no mapping", "write `key: value` lines")


def read_csv_rows(path: Path, columns: Sequence[str]) -> Iterator[CsvRow]:
    """Yield the rows of the CSV file at `path`.

    Parameters
    ----------
    path : Path
    columns : sequence of str
        Columns that the file must have; it may have more.

    Raises
    ------
    TaxonomyError
        If the file cannot be read, is not CSV or lacks a column.
    """
    reader = csv.reader(io.StringIO(_read_text(path), newline=""))
    try:
        names = next(reader, [])
        missing = [c for c in columns if c not in names]
        if missing:
            raise TaxonomyError(
                path, f"no column {', '.join(sorted(missing))}", "add it"
            )
        for values in filter(None, reader):
            value_by_column = dict(zip(names, values, strict=False))
            is_ragged = len(values) != len(names)
            if is_ragged:
                value_by_column = dict.fromkeys(names, "") | value_by_column
            yield CsvRow(path, reader.line_num, value_by_column, is_ragged)
    except csv.Error as error:
        place = f"{path}, line {reader.line_num}"
        raise TaxonomyError(place, f"is not CSV ({error})", "mend the line") from error


def _read_text(path: Path) -> str:
    try:
        # Spreadsheets write a byte order mark; "utf-8-sig" drops it.
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TaxonomyError(path, "cannot be read", "give a taxonomy folder") from error
    except UnicodeDecodeError as error:
        raise TaxonomyError(path, "is not UTF-8", "save it as UTF-8") from error


def _child(node: Node, key: str | int) -> tuple[Node, Node] | None:
    """Return the node with the line of an entry, and the node with its value."""
    if isinstance(key, int):
        return next(((item, item) for item in _items(node)[key : key + 1]), None)
    return next((entry for entry in _entries(node) if entry[0].value == key), None)


def _entries(node: Node) -> list[tuple[Node, Node]]:
    """Return key and value of each entry of a mapping; none for another node."""
    return [part for part in _parts(node) if isinstance(part, tuple)]


def _items(node: Node) -> list[Node]:
    """Return the items of a list; none for another node."""
    return [part for part in _parts(node) if not isinstance(part, tuple)]


def _parts(node: Node) -> list[Any]:
    return node.value if isinstance(node.value, list) else []
