"""Options, an exit code and JSON output that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from roleclf.tables import STDIO, dumps

__all__ = [
    "AS_JSON",
    "EXIT_UNCLASSIFIED",
    "MODEL",
    "POSTING_FILE",
    "READER",
    "TARGET",
    "echo_json",
]

EXIT_UNCLASSIFIED: Final = 3

AS_JSON: Final = click.option(
    "--json", "as_json", is_flag=True, help="JSON instead of a table."
)
MODEL: Final = click.option(
    "--model",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Model folder; the shipped one by default.",
)
POSTING_FILE: Final = click.argument(
    "source",
    metavar="[FILE|-]",
    required=False,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
)
READER: Final = click.option(
    "--reader",
    type=click.Choice(("fast", "careful")),
    default="fast",
    show_default=True,
    help="careful: an encoder reads again what is unsure.",
)
TARGET: Final = click.option(
    "-o",
    "--output",
    "target",
    metavar="OUTPUT",
    type=click.Path(dir_okay=False, allow_dash=True),
    default=STDIO,
    help="File to write; stdout by default.",
)


def echo_json(value: Any) -> None:
    """Print a value as JSON."""
    click.echo(dumps(value))
