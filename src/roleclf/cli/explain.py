"""`roleclf explain`: the role of one posting, and why."""

from __future__ import annotations

from pathlib import Path

import click

from roleclf.cli.one_posting import annotate_posting
from roleclf.cli.options import (
    AS_JSON,
    EXIT_UNCLASSIFIED,
    MODEL,
    POSTING_FILE,
    READER,
    echo_json,
)
from roleclf.cli.prior import PRIOR

__all__ = ["explain_command"]


@click.command("explain")
@POSTING_FILE
@click.option("--title", metavar="T", help="Title of the posting.")
@click.option("--employer", metavar="NAME", help="Name of the employer.")
@AS_JSON
@MODEL
@PRIOR
@READER
@click.pass_context
def explain_command(
    ctx: click.Context,
    source: str | None,
    title: str | None,
    employer: str | None,
    as_json: bool,
    model: Path | None,
    prior: str | None,
    reader: str,
) -> None:
    """Say which role one posting is, and why.

    FILE is the text or HTML of a posting; stdin by default. Exits with 3 if it
    cannot be told.

    \b
    roleclf explain posting.html --title "Machine Learning Engineer"
    pbpaste | roleclf explain --json
    """  # noqa: D301
    annotation = annotate_posting(
        source, title, model, prior, reader=reader, employer=employer
    )
    if as_json:
        echo_json(annotation.to_dict())
    else:
        # Imported here: it imports rich, which --json and --help do without.
        from roleclf.cli.show import show_annotation

        show_annotation(annotation, title or "")
    ctx.exit(0 if annotation.role else EXIT_UNCLASSIFIED)
