"""`roleclf skills`: skills of a posting, terms that the lexicon lacks, patterns."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
from click.core import ParameterSource

from roleclf.cli.one_posting import annotate_posting, stdin_is_terminal
from roleclf.cli.options import AS_JSON, MODEL, POSTING_FILE, echo_json
from roleclf.tables import STDIO, Reading, dumps, open_table, open_target

if TYPE_CHECKING:
    from roleclf.batch import Suggestion

__all__ = ["skills_command"]

_POSTING, _SUGGEST, _PATTERNS = "a posting", "--suggest", "--patterns"
# The modes in which an option is allowed; the other options are allowed in all.
_MODES_BY_OPTION: Final = {
    "source": (_POSTING, _SUGGEST),
    "as_json": (_POSTING, _SUGGEST),
    "model": (_POSTING,),
    "target": (_SUGGEST, _PATTERNS),
    **dict.fromkeys(("least", "top", "title", "description", "encoding"), (_SUGGEST,)),
}
_CSV_COLUMNS: Final = ("term", "postings", "occurrences", "in_lists", "contexts")
_CONTEXT_SEPARATOR: Final = " | "


@click.command("skills")
@POSTING_FILE
@AS_JSON
@MODEL
@click.option(
    "--suggest", is_flag=True, help="List what a table names and the lexicon lacks."
)
@click.option("--patterns", is_flag=True, help="Write the lexicon as spaCy patterns.")
@click.option(
    "-o",
    "--output",
    "target",
    metavar="OUTPUT",
    type=click.Path(dir_okay=False, allow_dash=True),
    help="File to write with --suggest (CSV or JSON) or --patterns (JSON Lines).",
)
@click.option(
    "--least",
    metavar="N",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="Suggest what so many postings write.",
)
@click.option(
    "--top",
    metavar="N",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="Suggest so many terms.",
)
@click.option("--title", metavar="NAME", help="Column with the title.")
@click.option("--description", metavar="NAME", help="Column with the posting's text.")
@click.option("--encoding", metavar="NAME", help="Encoding of FILE; UTF-8 by default.")
@click.pass_context
def skills_command(
    ctx: click.Context,
    source: str | None,
    as_json: bool,
    model: Path | None,
    suggest: bool,
    patterns: bool,
    target: str | None,
    least: int,
    top: int,
    title: str | None,
    description: str | None,
    encoding: str | None,
) -> None:
    """List the skills and tools that one posting names.

    FILE is the text or HTML of a posting; stdin by default. With --suggest it is a
    table of postings, as `roleclf classify` reads it, and the terms are listed that
    look like skills and are not in the lexicon, the likeliest first. --patterns
    writes the lexicon itself.

    \b
    roleclf skills posting.html
    roleclf skills posting.html --json | jq -r '.[].id'
    roleclf skills --suggest jobs.csv -o terms.csv
    roleclf skills --patterns -o skills.jsonl
    """  # noqa: D301
    _refuse_mixed_modes(ctx, suggest, patterns)
    if patterns:
        _write_patterns(target or STDIO)
    elif suggest:
        reading = Reading(title, description, encoding=encoding)
        _suggest_terms(source, reading, (least, top), target, as_json)
    else:
        _list_skills(source, as_json, model)


def _refuse_mixed_modes(ctx: click.Context, suggest: bool, patterns: bool) -> None:
    """Raise an error for two modes, and for an option that another mode needs."""
    modes = [m for m, is_on in ((_SUGGEST, suggest), (_PATTERNS, patterns)) if is_on]
    if len(modes) > 1:
        raise click.UsageError(f"{_SUGGEST} does not go with {_PATTERNS}")
    mode = modes[0] if modes else _POSTING
    for param in ctx.command.params:
        origin = ctx.get_parameter_source(param.name or "")
        allowed_modes = _MODES_BY_OPTION.get(param.name or "", (mode,))
        if origin == ParameterSource.COMMANDLINE and mode not in allowed_modes:
            name = param.opts[0] if isinstance(param, click.Option) else "FILE"
            raise click.UsageError(f"{name} goes with {' or '.join(allowed_modes)}")


def _list_skills(source: str | None, as_json: bool, model: Path | None) -> None:
    annotation = annotate_posting(source, None, model)
    if as_json:
        echo_json([skill.to_dict() for skill in annotation.skills])
    else:
        # Imported here: it imports rich, which --json and --help do without.
        from roleclf.cli.show import show_skills

        show_skills(annotation)


def _write_patterns(target: str) -> None:
    # Imported here and below, so that `roleclf --help` starts fast.
    from roleclf.skills import spacy_patterns
    from roleclf.taxonomy import shipped_skills

    lines = map(dumps, spacy_patterns(shipped_skills().values()))
    with open_target(STDIO, target) as stream:
        stream.writelines(line + b"\n" for line in lines)


def _suggest_terms(
    source: str | None,
    reading: Reading,
    limits: tuple[int, int],
    target: str | None,
    as_json: bool,
) -> None:
    from roleclf.batch import suggest_terms
    from roleclf.skills import Lexicon
    from roleclf.taxonomy import shipped_skills

    if source is None and stdin_is_terminal():
        raise click.UsageError("give a FILE, or a table on stdin")
    encode = _suggestion_encoder(target, as_json)
    least, top = limits
    with open_table(source or STDIO, reading) as table:
        lexicon = Lexicon(shipped_skills())
        suggestions = suggest_terms(table, lexicon, least=least, top=top)
    if not suggestions:
        click.echo(_no_suggestions_text(least), err=True)
    if encode is None:
        from roleclf.cli.show import show_suggestions

        show_suggestions(suggestions)
    else:
        with open_target(source or STDIO, target or STDIO) as stream:
            stream.write(encode(suggestions))


def _no_suggestions_text(least: int) -> str:
    """Return the message for an empty list of suggestions."""
    if least == 1:
        return "no unknown terms found"
    return f"no unknown term is in {least} postings or more; try a lower --least"


def _suggestion_encoder(
    target: str | None, as_json: bool
) -> Callable[[Sequence[Suggestion]], bytes] | None:
    """Return the function that encodes suggestions; None to print them as a table."""
    if as_json:
        return _to_json
    if target in {None, STDIO}:
        return None if target is None else _to_csv
    encoder = _ENCODER_BY_ENDING.get(Path(target or "").suffix.lower())
    if encoder is None:
        endings = " or ".join(_ENCODER_BY_ENDING)
        raise click.UsageError(f"-o {target}: end the name in {endings}")
    return encoder


def _to_json(suggestions: Sequence[Suggestion]) -> bytes:
    return dumps([suggestion.to_dict() for suggestion in suggestions]) + b"\n"


def _to_csv(suggestions: Sequence[Suggestion]) -> bytes:
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(_CSV_COLUMNS)
    for suggestion in suggestions:
        row = suggestion.to_dict()
        row["contexts"] = _CONTEXT_SEPARATOR.join(suggestion.contexts)
        writer.writerow(row[name] for name in _CSV_COLUMNS)
    return lines.getvalue().encode("utf-8", "backslashreplace")


_ENCODER_BY_ENDING: Final = {".csv": _to_csv, ".json": _to_json}
