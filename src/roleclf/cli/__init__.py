"""The command line: parse, call, report.

Step 7 of the line. Data goes to the output or stdout, messages to stderr. Exit 0
done, 1 the data or the model is wrong, 2 the call is wrong, 3 done but something
could not be classified. Whatever is costly to import is imported inside commands.
"""

from __future__ import annotations

import atexit
import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import click

from roleclf.cli.annotate import annotate_command
from roleclf.cli.classify import classify_command
from roleclf.cli.evaluate import evaluate_command
from roleclf.cli.explain import explain_command
from roleclf.cli.model import model_group, train_command
from roleclf.cli.skills import skills_command
from roleclf.cli.taxonomy import taxonomy_group
from roleclf.cli.watch import watch_command
from roleclf.errors import RoleclfError
from roleclf.tables import RequestError

__all__ = ["main"]

# All that is there at the end goes with the process. To search it for cycles first,
# as Python does, takes three times as long as the rest of ending.
atexit.register(gc.freeze)

_LOOPS = "compiled loops" if find_spec("roleclf._loops") else "without compiled loops"


class _Group(click.Group):
    """The one place where errors become messages and exit codes."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            with _warnings_on_stderr():
                return super().invoke(ctx)
        except RequestError as error:
            raise click.UsageError(str(error)) from error
        except RoleclfError as error:
            raise click.ClickException(str(error)) from error


class _Spoken(logging.Handler):
    """Says what the library logs."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one message."""
        click.echo(f"{record.levelname.capitalize()}: {record.getMessage()}", err=True)


@contextmanager
def _warnings_on_stderr() -> Iterator[None]:
    logger = logging.getLogger("roleclf")
    handler = _Spoken(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    package_name="roleclf", message=f"%(prog)s %(version)s ({_LOOPS})"
)
def main() -> None:
    """Say which data role a job posting is, why, and which skills it names.

    \b
    roleclf classify jobs.csv -o labelled.csv
    roleclf explain posting.html --title "ML Engineer"
    """  # noqa: D301


for _command in (
    classify_command,
    annotate_command,
    watch_command,
    explain_command,
    skills_command,
    model_group,
    train_command,
    evaluate_command,
    taxonomy_group,
):
    main.add_command(_command)
