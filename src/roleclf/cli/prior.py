"""`--prior`: the mix of roles among the postings that a command is given."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
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

# Threads of numpy's libraries would only take the cores from workers.
_ONE_THREAD: Final = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # pyarrow has one that tidies up memory, of a kind that is not used here.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


def load_for(model: Path | None, prior: str | None = None) -> roleclf.Annotator:
    """Return a model for a mix of roles; the labelled postings' own without one."""
    _use_one_thread()
    with _nothing_discarded():
        if prior is None:
            return roleclf.load(model)
        try:
            return roleclf.load(model, prior=prior)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--prior") from error


def _use_one_thread() -> None:
    """Have numpy and pyarrow use one thread if none says else.

    A process that has no other thread can be copied, and its workers need no start.
    """
    for name, value in _ONE_THREAD.items():
        os.environ.setdefault(name, value)


@contextmanager
def _nothing_discarded() -> Iterator[None]:
    """Search nothing of what is made in here for cycles to discard: it all stays."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        _keep_all()
        if was_enabled:
            gc.enable()


@cache
def _keep_all() -> None:
    # Once: what another load would keep for good has what the first command left in it.
    gc.freeze()
