"""`roleclf evaluate`: scores of a model on labelled postings, and its errors."""

from __future__ import annotations

from pathlib import Path

import click

from roleclf.cli.options import AS_JSON, MODEL, echo_json
from roleclf.errors import needs_extra
from roleclf.tables import STDIO, open_target

__all__ = ["evaluate_command"]


@click.command("evaluate")
@click.argument("corpus", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--labels",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="Roles by id, as JSON Lines, where CORPUS has none; may be repeated.",
)
@MODEL
@click.option(
    "-o",
    "--output",
    metavar="REPORT.html",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="Write a report: one HTML page with curves, slices, errors and weights.",
)
@AS_JSON
def evaluate_command(
    corpus: Path,
    labels: tuple[Path, ...],
    model: Path | None,
    output: str | None,
    as_json: bool,
) -> None:
    """Say how well a model does on labelled postings.

    CORPUS is a table (CSV, JSON Lines or Parquet) with title, description and role,
    as for `roleclf train`; the model should not have learned from it. Postings on
    which two readers disagree count only as lenient ones. JSON holds everything.

    A role is sure where its confidence reaches the model's threshold and the posting
    has no problem. Training sets the threshold so that, of the postings it did not
    learn from, 95 % of the sure ones were right; how many are here is in the line
    "sure".

    \b
    roleclf evaluate postings.csv --labels labels.jsonl -o report.html
    roleclf evaluate postings.parquet --model my-model/ --json
    """  # noqa: D301
    # Imported here: it imports pandas and scikit-learn, unlike most other commands.
    with needs_extra("roleclf evaluate", "train"):
        from roleclf.evaluation import evaluate_model, evaluation_page, evaluation_text

    if output == STDIO:
        raise click.UsageError("stdout is for the table; give --output a file")
    evaluation = evaluate_model(corpus, labels=labels, model=model)
    if output is not None:
        with open_target(str(corpus), output) as stream:
            stream.write(evaluation_page(evaluation).encode())
        click.echo(f"report written to {output}", err=True)
    if as_json:
        echo_json(evaluation)
    else:
        click.echo(evaluation_text(evaluation))
