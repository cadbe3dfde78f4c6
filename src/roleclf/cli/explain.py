"""`roleclf explain`: one posting in, what roleclf sees out."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any, Final

import click

from roleclf.cli.options import EXIT_UNCLASSIFIED, MODEL
from roleclf.cli.prior import PRIOR, load_for
from roleclf.errors import RequestError
from roleclf.records import Annotation, Posting
from roleclf.tables import (
    STDIO,
    dumps,
    encoding_of,
    is_table,
    open_bytes,
    place_of,
    table_errors,
)

__all__ = [
    "AS_JSON",
    "SOURCE",
    "annotated",
    "echo_json",
    "explain_command",
]

_LOG: Final = logging.getLogger(__name__)
# Bytes that tell a table from a posting.
_HEAD: Final = 1 << 16


SOURCE: Final = click.argument(
    "source",
    metavar="[FILE|-]",
    required=False,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
)
AS_JSON: Final = click.option(
    "--json", "as_json", is_flag=True, help="JSON instead of a table."
)


@click.command("explain")
@SOURCE
@click.option("--title", metavar="T", help="Title of the posting.")
@AS_JSON
@MODEL
@PRIOR
@click.pass_context
def explain_command(
    ctx: click.Context,
    source: str | None,
    title: str | None,
    as_json: bool,
    model: Path | None,
    prior: str | None,
) -> None:
    """Say which role one posting is, and why.

    FILE is the text or HTML of a posting; stdin by default. Exits with 3 if it
    cannot be told.

    \b
    roleclf explain posting.html --title "Machine Learning Engineer"
    pbpaste | roleclf explain --json
    """  # noqa: D301
    annotation = annotated(source, title, model, prior)
    if as_json:
        echo_json(annotation.to_dict())
    else:
        # rich is not on the path of `roleclf --help` or of --json.
        from roleclf.cli.show import show_annotation

        show_annotation(annotation, title or "")
    ctx.exit(0 if annotation.role else EXIT_UNCLASSIFIED)


def annotated(
    source: str | None, title: str | None, model: Path | None, prior: str | None = None
) -> Annotation:
    """Return the annotation of the posting in a file, or on stdin."""
    text = _read(source, title)
    postings = [Posting(title=title, description=text)]
    annotation: Annotation = load_for(model, prior).annotate_batch(postings)[0]
    return annotation


def _read(source: str | None, title: str | None) -> str | None:
    """Return the text of the posting; None if there is but a title."""
    if source is None and is_terminal():
        if title is not None:
            return None
        raise click.UsageError("give a FILE, or the posting on stdin")
    source = source or STDIO
    place = place_of(source)
    with open_bytes(source) as stream, table_errors(place):
        content = stream.read()
    if is_table(source, content[:_HEAD]):
        mend = f"label all of it: roleclf classify {source} -o labelled.csv"
        raise RequestError(place, "a table, where one posting is expected", mend)
    return _decoded(content, place)


def is_terminal() -> bool:
    """Tell whether stdin is a person, who may not know that we wait for text."""
    return sys.stdin is not None and sys.stdin.isatty()


def _decoded(content: bytes, place: str) -> str:
    try:
        return content.decode(encoding_of(content, None, place))
    except UnicodeDecodeError:
        _LOG.warning("%s: not UTF-8, read as cp1252", place)
        return content.decode("cp1252", "replace")


def echo_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(dumps(value))
