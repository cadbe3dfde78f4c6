"""`roleclf classify`: add a role and skills to every posting of a table."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from roleclf.cli.options import EXIT_UNCLASSIFIED, MODEL, READER, TARGET
from roleclf.cli.prior import PRIOR, load_annotator
from roleclf.cli.progress import shown_progress
from roleclf.errors import WorkerError
from roleclf.tables import FORMATS, Reading, Writing, split_names

if TYPE_CHECKING:
    from roleclf.batch import Summary

__all__ = ["classify_command"]

Record = TypeVar("Record", Reading, Writing)

# Options that have another name than the field of the record that they fill.
_OPTION_BY_FIELD: Final[dict[type, dict[str, str]]] = {
    Reading: {"id": "id_", "format": "input_format"},
    Writing: {"groups": "group_duplicates", "format": "output_format"},
}
# Where the context keeps the arguments of the command line.
_ARGUMENTS: Final = "roleclf.arguments"


class _CommandWithArguments(click.Command):
    """A command whose context keeps the arguments, to show how to call it again."""

    def make_context(
        self, info_name: str | None, args: list[str], *more: Any, **extra: Any
    ) -> click.Context:
        """Parse the arguments, which empties their list, and keep a copy."""
        arguments = list(args)
        ctx = super().make_context(info_name, args, *more, **extra)
        ctx.meta[_ARGUMENTS] = arguments
        return ctx


def _parse_columns(
    ctx: click.Context, param: click.Parameter, value: str
) -> tuple[str, ...] | None:
    """Return the names of columns to copy; None for all of them."""
    special: dict[str, tuple[str, ...] | None] = {"all": None, "none": ()}
    return special[value] if value in special else split_names(value)


@click.command("classify", cls=_CommandWithArguments)
@click.argument(
    "source",
    metavar="INPUT",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
)
@TARGET
@click.option("--title", metavar="NAME", help="Column with the title.")
@click.option("--description", metavar="NAME", help="Column with the posting's text.")
@click.option("--id", "id_", metavar="NAME", help="Column with the posting's id.")
@click.option("--employer", metavar="NAME", help="Column with the employer's name.")
@click.option(
    "--columns",
    metavar="all|none|A,B",
    default="all",
    show_default=True,
    callback=_parse_columns,
    help="Input columns to copy.",
)
@click.option(
    "--prefix",
    metavar="TEXT",
    default="roleclf_",
    show_default=True,
    help="What the names of the added columns begin with.",
)
@click.option("--probabilities", is_flag=True, help="Add a column for each role.")
@click.option("--reasons", is_flag=True, help="Add the words that spoke for the role.")
@click.option("--text", is_flag=True, help="Add the cleaned text; offsets count in it.")
@click.option(
    "--group-duplicates",
    is_flag=True,
    help="Add a number that near-duplicates share; no row is dropped.",
)
@click.option(
    "--min-confidence",
    metavar="P",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Call no row below P sure; its role stays.",
)
@MODEL
@PRIOR
@READER
@click.option("--encoding", metavar="NAME", help="Encoding of INPUT; UTF-8 by default.")
@click.option(
    "--input-format", type=click.Choice(FORMATS), help="Format, whatever the name."
)
@click.option(
    "--output-format", type=click.Choice(FORMATS), help="Format, whatever the name."
)
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(min=1),
    show_default="all cores",
    help="Processes to share the work.",
)
@click.option(
    "--resume", is_flag=True, help="Go on where the same run was interrupted."
)
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
@click.pass_context
def classify_command(
    ctx: click.Context,
    /,
    source: str,
    target: str,
    model: Path | None,
    prior: str | None,
    reader: str,
    workers: int | None,
    resume: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Add a role and skills to every posting of a table.

    Writes the rows of INPUT to OUTPUT, in order, one for one, their own columns as
    they are. Both are CSV, TSV, JSON Lines or Parquet, each also .gz, as their names
    say; "-" is stdin or stdout. A column of INPUT that has the name of an added one
    (of a table annotated before) is replaced. Exits with 3 if some rows got no role.

    A row is sure where its confidence reaches the model's threshold and it has no
    problem. The threshold was set so that 95 % of such answers were right on
    postings that the model had not learned from; `roleclf model info` names it.

    \b
    roleclf classify jobs.csv -o labelled.csv
    roleclf classify jobs.jsonl.gz -o labelled.parquet --description body
    zcat jobs.csv.gz | roleclf classify - --columns id,title > labelled.csv
    roleclf classify jobs.csv -o labelled.csv --resume
    """  # noqa: D301
    # Imported here: other commands should not wait for what a file needs.
    from roleclf.batch import classify_file, model_fingerprint

    annotator = load_annotator(model, prior, reader)
    with shown_progress(quiet) as report, _resume_hint(ctx, target):
        summary = classify_file(
            annotator,
            source,
            target,
            _record_of(Reading, options),
            _record_of(Writing, options),
            report,
            workers or -1,
            model=model_fingerprint(model, prior, reader),
            resume=resume,
        )
    if not quiet:
        click.echo(_summary_text(summary), err=True)
    ctx.exit(EXIT_UNCLASSIFIED if summary.unclassified else 0)


def _record_of(kind: type[Record], options: Mapping[str, Any]) -> Record:
    """Return a record whose fields have the values of the options of their names."""
    option_by_field = _OPTION_BY_FIELD[kind]
    names = (option_by_field.get(field, field) for field in kind._fields)
    return kind(*(options[name] for name in names))


@contextmanager
def _resume_hint(ctx: click.Context, target: str) -> Iterator[None]:
    """Print the command that continues the run if it is interrupted."""
    try:
        yield
    except (KeyboardInterrupt, WorkerError):
        from roleclf.batch import count_kept_rows  # here: see above

        n_rows = count_kept_rows(target)
        if n_rows is not None:
            arguments = dict.fromkeys([*ctx.meta[_ARGUMENTS], "--resume"])
            command = shlex.join([*ctx.command_path.split(), *arguments])
            click.echo(f"\n{n_rows:,} rows are kept. To go on:\n{command}", err=True)
        raise


def _summary_text(summary: Summary) -> str:
    """Return the summary as lines of at most 80 characters.

    Examples
    --------
    >>> from roleclf.batch import Summary
    >>> print(_summary_text(Summary(2, {"other": 1}, {}, {"no_text": 1}, 0.5)))
    2 rows in 0.5 s, 4 a second
    role                  rows   share      sure
    other                    1   50.0%         0
    no role                  1   50.0%
    problem: no_text 1
    """
    rate = (summary.rows - summary.rows_before) / max(summary.seconds, 1e-9)
    lines = [f"{summary.rows:,} rows in {summary.seconds:.1f} s, {rate:,.0f} a second"]
    if summary.rows:
        lines.append(f"{'role':<18}{'rows':>8}{'share':>8}{'sure':>10}")
    for role, n_rows in summary.rows_by_role.items():
        sure = summary.sure_by_role.get(role, 0)
        lines.append(_row_text(role, n_rows, summary.rows) + f"{sure:>10,}")
    if summary.unclassified:
        lines.append(_row_text("no role", summary.unclassified, summary.rows))
    if summary.rows_reread:
        lines.append(f"read again by the encoder: {summary.rows_reread:,}")
    if summary.rows_by_problem:
        problems = summary.rows_by_problem.items()
        lines.append("problem: " + ", ".join(f"{code} {n:,}" for code, n in problems))
    return "\n".join(lines)


def _row_text(name: str, n_rows: int, n_all: int) -> str:
    return f"{name:<18}{n_rows:>8,}{n_rows / n_all:>8.1%}"
