"""`--prior`: the mix of roles among the postings that a command is given."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

import roleclf

__all__ = ["PRIOR", "load_for"]

PRIOR: Final = click.option(
    "--prior",
    metavar="MIX",
    help="Mix of roles to expect: uniform, market, ROLE=SHARE,… or a JSON file.",
)


def load_for(model: Path | None, prior: str | None) -> roleclf.Annotator:
    """Return a model for a mix of roles; the labelled postings' own without one."""
    if prior is None:
        return roleclf.load(model)
    try:
        return roleclf.load(model, prior=prior)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--prior") from error
