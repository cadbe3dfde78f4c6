"""Load a model for a command, with the mix of roles that `--prior` asks for."""

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

__all__ = ["PRIOR", "load_annotator"]

PRIOR: Final = click.option(
    "--prior",
    metavar="MIX",
    help="Mix of roles to expect: uniform, market, ROLE=SHARE,… or a JSON file.",
)

# Environment variables by which libraries start no threads, which would compete with
# the workers for cores.
_ONE_THREAD: Final = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    # pyarrow's jemalloc, which is not used here, starts one for freeing memory.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}


def load_annotator(
    model: Path | None, prior: str | None = None, reader: str = "fast"
) -> roleclf.Annotator:
    """Return a model, by default the shipped one, adjusted to a mix of roles.

    Without `prior` the mix is that of the labelled postings it was trained on.
    `reader` is a value of `--reader`.
    """
    _use_one_thread()
    with _without_garbage_collection():
        if prior is None:
            return roleclf.load(model, reader=reader)
        try:
            return roleclf.load(model, prior=prior, reader=reader)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--prior") from error


def _use_one_thread() -> None:
    """Have numpy and pyarrow use one thread, unless the environment says otherwise.

    Only a process with one thread can be forked, which is how workers start fastest.
    """
    for name, value in _ONE_THREAD.items():
        os.environ.setdefault(name, value)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Never search the objects made in here for cycles: a model stays for good."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        _freeze_once()
        if was_enabled:
            gc.enable()


@cache
def _freeze_once() -> None:
    # A second load would also freeze what the first command left to be collected.
    gc.freeze()
