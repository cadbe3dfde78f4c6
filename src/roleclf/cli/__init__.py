"""The command line: each command parses arguments, calls the library and reports.

In: arguments. Out: data to the output file or stdout, messages to stderr, and an exit
code: 0 done, 1 the data or the model is wrong, 2 the call is wrong, 3 done but some
postings could not be classified. Must not know: how anything is computed.

For a fast start, a command's module is imported when the command is called, and costly
modules are imported inside the command.
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

# The module in this package, and the name in it, of each command.
_LOCATION_BY_COMMAND: Final = {
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

# Error numbers of a write to a full or failing disk.
_DISK_ERRORS: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}

_LOOPS_TEXT: Final = (
    "compiled loops" if find_spec("roleclf.loops._loops") else "without compiled loops"
)


class _LazyGroup(click.Group):
    """Imports commands when they are called, and reports the library's errors."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        return list(_LOCATION_BY_COMMAND)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, and import no other."""
        # For an unknown name click suggests similar ones, which needs all commands.
        names = [cmd_name] if cmd_name in _LOCATION_BY_COMMAND else _LOCATION_BY_COMMAND
        for name in names:
            module, attribute = _LOCATION_BY_COMMAND[name]
            command = getattr(import_module(f"{__name__}.{module}"), attribute)
            self.add_command(command)
        return super().get_command(ctx, cmd_name)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Parse and run; a full disk behind stdout is an error message, exit code 1."""
        try:
            return super().main(*args, **extra)
        except OSError as error:
            # Errors with a file name are not about stdout. Code that calls this as a
            # function handles the error itself.
            is_function_call = not extra.get("standalone_mode", True)
            if is_function_call or error.filename or error.errno not in _DISK_ERRORS:
                raise
            click.echo(f"Error: stdout: {error.strerror}", err=True)
            sys.exit(1)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; turn errors of the library into messages and exit codes."""
        try:
            with _warnings_on_stderr():
                return super().invoke(ctx)
        except RequestError as error:
            raise click.UsageError(str(error)) from error
        except RoleclfError as error:
            raise click.ClickException(str(error)) from error


class _StderrHandler(logging.Handler):
    """Prints to stderr what the library logs."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print one message."""
        click.echo(f"{record.levelname.capitalize()}: {record.getMessage()}", err=True)


@contextmanager
def _warnings_on_stderr() -> Iterator[None]:
    logger = logging.getLogger("roleclf")
    handler = _StderrHandler(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    package_name="roleclf", message=f"%(prog)s %(version)s ({_LOOPS_TEXT})"
)
def main() -> None:
    """Say which data role a job posting is, why, and which skills it names.

    \b
    roleclf classify jobs.csv -o labelled.csv
    roleclf explain posting.html --title "ML Engineer"
    """  # noqa: D301
