"""Read one posting from a file or stdin, and annotate it."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Final

import click

from roleclf.cli.prior import load_annotator
from roleclf.errors import RequestError
from roleclf.records import Annotation, Posting
from roleclf.tables import (
    STDIO,
    encoding_of,
    is_table,
    open_bytes,
    place_of,
    table_errors,
)

__all__ = ["annotate_posting", "stdin_is_terminal"]

_LOG: Final = logging.getLogger(__name__)
# How many bytes are looked at to tell a table from a posting.
_N_SNIFFED_BYTES: Final = 1 << 16


def annotate_posting(
    source: str | None,
    title: str | None,
    model: Path | None,
    prior: str | None = None,
    reader: str = "fast",
    employer: str | None = None,
) -> Annotation:
    """Return the annotation of the posting in a file, or on stdin.

    Parameters
    ----------
    source : str or None
        Path or "-"; None is stdin, or no text if stdin is a terminal.
    title : str or None
    model : Path or None
        Model folder; the shipped model by default.
    prior : str or None
        Mix of roles to expect, as `--prior` takes it.
    reader : str
        A value of `--reader`.
    employer : str or None
        The employer's name.
    """
    text = _read_posting(source, title)
    postings = [Posting(title=title, description=text, employer=employer)]
    annotator = load_annotator(model, prior, reader)
    annotation: Annotation = annotator.annotate_batch(postings)[0]
    return annotation


def stdin_is_terminal() -> bool:
    """Return whether stdin is a terminal, where a user would not expect us to wait."""
    return sys.stdin is not None and sys.stdin.isatty()


def _read_posting(source: str | None, title: str | None) -> str | None:
    """Return the text of the posting; None if there is only a title."""
    if source is None and stdin_is_terminal():
        if title is not None:
            return None
        raise click.UsageError("give a FILE, or the posting on stdin")
    source = source or STDIO
    place = place_of(source)
    with open_bytes(source) as stream, table_errors(place):
        content = stream.read()
    if is_table(source, content[:_N_SNIFFED_BYTES]):
        mend = f"label all of it: roleclf classify {source} -o labelled.csv"
        raise RequestError(place, "a table, where one posting is expected", mend)
    return _decode(content, place)


def _decode(content: bytes, place: str) -> str:
    try:
        return content.decode(encoding_of(content, None, place))
    except UnicodeDecodeError:
        _LOG.warning("%s: not UTF-8, read as cp1252", place)
        return content.decode("cp1252", "replace")
