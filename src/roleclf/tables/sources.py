"""Open files and stdin as streams of bytes, unzipped, and find out their encoding.

Whatever can go wrong with reading or writing bytes becomes a TableError here.
"""

from __future__ import annotations

import codecs
import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, TextIO

from roleclf.errors import RequestError, TableError
from roleclf.tables.records import STDIO

__all__ = [
    "UTF_8_MARK",
    "bytes_of",
    "encoding_of",
    "is_plain_file",
    "is_utf8",
    "open_bytes",
    "peek",
    "place_of",
    "rewindable",
    "share_of",
    "table_errors",
]

UTF_8_MARK: Final = codecs.BOM_UTF8
_GZIP_MARK: Final = b"\x1f\x8b"
# The marks of UTF-32 begin like those of UTF-16, so they come first.
_ENCODING_BY_MARK: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Python's errors for bytes that cannot be read: the problem and what the user can do.
_COPY_AGAIN: Final = "copy or download it again"
_MENDS: Final[tuple[tuple[type[Exception], str, str], ...]] = (
    (EOFError, "the compressed data ends too early", _COPY_AGAIN),
    (gzip.BadGzipFile, "the compressed data is damaged", _COPY_AGAIN),
    (zlib.error, "the compressed data is damaged", _COPY_AGAIN),
    (OSError, "{error.strerror}", "check the path, its permissions and the disk"),
)
_ERRORS: Final = tuple(kind for kind, _, _ in _MENDS)


def place_of(source: str) -> str:
    """Return what messages call `source`."""
    return "stdin" if source == STDIO else source


def encoding_of(head: bytes, asked: str | None, place: str) -> str:
    """Return the encoding to read with: a byte order mark's, `asked`, or UTF-8.

    Raises
    ------
    RequestError
        If there is no encoding of the name `asked`.
    """
    marked = (name for mark, name in _ENCODING_BY_MARK if head.startswith(mark))
    if asked is None:
        return next(marked, "utf-8")
    try:
        "".encode(asked)  # which also refuses codecs that are not of text
    except LookupError as error:
        mend = "use a name such as utf-8, cp1252, latin-1 or utf-16"
        raise RequestError(place, f"no encoding '{asked}'", mend) from error
    name = codecs.lookup(asked).name
    return next(marked, name) if is_utf8(name) else name


def is_utf8(encoding: str) -> bool:
    """Tell whether `encoding` is UTF-8, with or without a byte order mark."""
    return encoding in {"utf-8", "utf-8-sig"}


@contextmanager
def open_bytes(source: str) -> Iterator[BinaryIO]:
    """Open a path, or stdin for "-", as an unzipped stream that has `peek`."""
    with ExitStack() as stack:
        with table_errors(place_of(source)):
            stream = _open_raw(source, stack)
            if peek(stream).startswith(_GZIP_MARK):
                stream = stack.enter_context(gzip.open(stream))  # type: ignore[assignment]
        yield stream


def bytes_of(stream: TextIO | None, place: str) -> BinaryIO:
    """Return the bytes of stdin or stdout; Python has None for a closed one."""
    if stream is None:
        raise TableError(place, "it is closed", "name a file instead")
    return stream.buffer


def peek(stream: BinaryIO) -> bytes:
    """Return the start of the stream, as much as is there without waiting."""
    peeked: bytes = stream.peek(io.DEFAULT_BUFFER_SIZE)  # type: ignore[attr-defined]
    return peeked


def is_plain_file(source: str, stream: BinaryIO) -> bool:
    """Tell whether the stream gives the bytes of the file `source` as they are."""
    is_zipped = isinstance(stream, gzip.GzipFile)
    return source != STDIO and Path(source).is_file() and not is_zipped


def share_of(source: str, stream: Any) -> Callable[[], float | None]:
    """Return a function that returns how much of `source` is read, in 0-1, or None."""
    if source == STDIO or not Path(source).is_file():
        return lambda: None
    size = Path(source).stat().st_size
    raw = getattr(stream, "fileobj", stream)
    return lambda: raw.tell() / max(size, 1)


@contextmanager
def rewindable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """Give the stream itself if it can be rewound cheaply, else a copy on disk."""
    if stream.seekable() and not isinstance(stream, gzip.GzipFile):
        yield stream
        return
    # Imported here, since few streams need a copy.
    import shutil
    import tempfile

    with tempfile.TemporaryFile(prefix="roleclf-") as copy:
        shutil.copyfileobj(stream, copy)
        copy.seek(0)
        yield copy


@contextmanager
def table_errors(place: str) -> Iterator[None]:
    """Raise errors of reading or writing `place` as TableErrors with what to do."""
    try:
        yield
    except BrokenPipeError:
        raise
    except _ERRORS as error:
        problem, mend = next((p, m) for kind, p, m in _MENDS if isinstance(error, kind))
        raise TableError(place, problem.format(error=error), mend) from error


def _open_raw(source: str, stack: ExitStack) -> BinaryIO:
    if source != STDIO:
        return stack.enter_context(Path(source).open("rb"))
    # A real stdin is buffered already; a test's may be plain bytes.
    stream: Any = bytes_of(sys.stdin, place_of(source))
    return stream if hasattr(stream, "peek") else io.BufferedReader(stream)
