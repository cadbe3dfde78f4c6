"""Options and an exit code that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from roleclf.tables import STDIO

__all__ = ["EXIT_UNCLASSIFIED", "MODEL", "TARGET"]

EXIT_UNCLASSIFIED: Final = 3

MODEL: Final = click.option(
    "--model",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="Model folder; the shipped one by default.",
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
