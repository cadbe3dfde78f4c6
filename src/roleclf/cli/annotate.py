"""`roleclf annotate`: add annotations to a feed of postings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleclf.cli.options import EXIT_UNCLASSIFIED, MODEL, READER, TARGET
from roleclf.cli.prior import load_annotator
from roleclf.cli.progress import shown_progress

if TYPE_CHECKING:
    from roleclf.feeds import AnnotatedFeed

__all__ = ["annotate_command"]


@click.command("annotate")
@click.argument(
    "source",
    metavar="FEED",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
)
@TARGET
@click.option(
    "--format",
    "format_",
    metavar="auto|NAME",
    default="auto",
    show_default=True,
    help="Format of the feed.",
)
@MODEL
@READER
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
@click.pass_context
def annotate_command(
    ctx: click.Context,
    source: str,
    target: str,
    format_: str,
    model: Path | None,
    reader: str,
    quiet: bool,
) -> None:
    """Add a role and skills to every posting of a feed.

    Writes FEED to OUTPUT as it is but for the additions, which take the place of
    those of an earlier run. FEED is JSON, JSON Lines, XML (RSS and Atom too) or an
    HTML page with JSON-LD, each also .gz; "-" is stdin or stdout. Its format is told
    by its shape. Exits with 3 if some postings got no role.

    \b
    roleclf annotate jobs.xml -o annotated.xml
    curl -s https://example.com/jobs.json | roleclf annotate - > annotated.json
    """  # noqa: D301
    # Imported here: other commands need no feed formats.
    from roleclf.feeds import annotate_file

    annotator = load_annotator(model, reader=reader)
    with shown_progress(quiet, "postings") as report:
        annotated = annotate_file(annotator, source, target, format_, report=report)
    if not quiet:
        click.echo(_summary_text(annotated), err=True)
    ctx.exit(EXIT_UNCLASSIFIED if annotated.unclassified else 0)


def _summary_text(annotated: AnnotatedFeed) -> str:
    """Return how many postings there were, and how many had which problem."""
    n_postings = annotated.postings
    plural = "" if n_postings == 1 else "s"
    lines = [f"{n_postings:,} posting{plural}, format {annotated.format}"]
    if annotated.unclassified:
        lines[0] += f"; {annotated.unclassified:,} without a role"
    if annotated.reread:
        lines.append(f"read again by the encoder: {annotated.reread:,}")
    problems = annotated.postings_by_problem.items()
    if problems:
        lines.append("problem: " + ", ".join(f"{code} {n:,}" for code, n in problems))
    return "\n".join(lines)
