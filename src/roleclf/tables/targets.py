"""Where bytes are written: stdout as they come, a file only when it is whole.

A file is written beside its place under another name and renamed at the end, so
what stands at its place is always whole: the old one or the new one.
"""

from __future__ import annotations

import gzip
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from roleclf.tables.records import STDIO, RequestError
from roleclf.tables.sources import bytes_of, explained

__all__ = ["is_stream", "open_target"]

_STDOUT: Final = "stdout"


def is_stream(target: str) -> bool:
    """Tell whether `target` is stdout or a device, which cannot be renamed to."""
    return target == STDIO or (Path(target).exists() and not Path(target).is_file())


@contextmanager
def open_target(source: str, target: str) -> Iterator[BinaryIO]:
    """Open a path, or stdout for "-", for the bytes made from `source`.

    Raises
    ------
    RequestError
        If both are the same file.
    """
    _check_apart(source, target)
    place = _STDOUT if target == STDIO else target
    with explained(place), ExitStack() as stack:
        stream = stack.enter_context(_open_raw(target))
        if target.lower().endswith(".gz"):
            stream = stack.enter_context(_zipped(stream))
        yield stream


def _check_apart(source: str, target: str) -> None:
    if STDIO in {source, target} or not Path(target).is_file():
        return
    if Path(source).samefile(target):
        mend = "write to another file"
        raise RequestError(target, "the output is the input", mend)


@contextmanager
def _open_raw(target: str) -> Iterator[BinaryIO]:
    if target == STDIO:
        yield bytes_of(sys.stdout, _STDOUT)
    elif is_stream(target):
        with Path(target).open("wb") as stream:
            yield stream
    else:
        with _whole(Path(target).resolve()) as stream:
            yield stream


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as stream:
            yield stream
        if path.exists():
            shutil.copymode(path, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _zipped(stream: BinaryIO) -> Iterator[BinaryIO]:
    # No time and no name inside: the same rows give the same bytes.
    with gzip.GzipFile("", "wb", compresslevel=6, fileobj=stream, mtime=0) as zipped:
        yield zipped  # type: ignore[misc]
