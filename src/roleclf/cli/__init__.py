"""The command line: parse arguments, call the library, report.

In: arguments. Out: data to the output or stdout, messages to stderr, an exit code: 0
done, 1 the data or the model is wrong, 2 the call is wrong, 3 done but something could
not be classified. Must not know: anything about the domain. A command is imported when
it is called, and what is costly to import inside of it.
"""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

import click

from roleclf.errors import RequestError, RoleclfError

__all__ = ["main"]

# Each command, and where in this package it stands.
_PLACE_BY_COMMAND: Final = {
    "annotate": ("annotate", "annotate_command"),
    "classify": ("classify", "classify_command"),
    "evaluate": ("evaluate", "evaluate_command"),
    "explain": ("explain", "explain_command"),
    "model": ("model", "model_group"),
    "skills": ("skills", "skills_command"),
    "taxonomy": ("taxonomy", "taxonomy_group"),
    "train": ("model", "train_command"),
    "watch": ("watch", "watch_command"),
}

# What a write to stdout says that has no room.
_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}

_LOOPS = (
    "compiled loops" if find_spec("roleclf.loops._loops") else "without compiled loops"
)


class _Group(click.Group):
    """Imports commands when they are called, and makes errors messages and exit codes.

    It is the one place where that is done.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(_PLACE_BY_COMMAND)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command; none is imported that is not asked for."""
        # What is none is compared with all of them, for a hint.
        names = [cmd_name] if cmd_name in _PLACE_BY_COMMAND else _PLACE_BY_COMMAND
        for name in names:
            module, command = _PLACE_BY_COMMAND[name]
            self.add_command(getattr(import_module(f"{__name__}.{module}"), command))
        return super().get_command(ctx, cmd_name)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Parse and run; help and results may meet a full disk behind stdout."""
        try:
            return super().main(*args, **extra)
        except OSError as error:
            # Who calls it as a function, or meets what has a name, gets the error.
            is_called = not extra.get("standalone_mode", True)
            if is_called or error.filename or error.errno not in _FULL:
                raise
            click.echo(f"Error: stdout: {error.strerror}", err=True)
            sys.exit(1)

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
