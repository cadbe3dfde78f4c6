"""The bytes of a document, of which only a small part is in memory at a time.

A feed is read twice: once to check it and detect its format, then to annotate it. A
file or stream is copied to disk first, so that both readings see the same bytes.
"""

from __future__ import annotations

import codecs
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO, Final

from roleclf.feeds import limits

__all__ = ["DocumentBytes", "copied_to_disk"]

# Mapped pages are released after so many bytes were read.
_MAX_RESIDENT: Final = 4 << 20
_CAN_RELEASE: Final = hasattr(mmap, "MADV_DONTNEED")
# Bytes of a UTF-8 character after its first.
_CONTINUATION: Final = bytes(range(0x80, 0xC0))
# UTF-32 stands before UTF-16: the one's mark begins with the other's.
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class DocumentBytes:
    """A document as bytes, in memory or mapped from a file.

    Parameters
    ----------
    data : bytes or mmap
        Also an attribute, for regular expressions to search.
    is_text : bool
        Whether it came as `str`. It then is UTF-8 that may have lone surrogates.
    """

    __slots__ = ("_n_read", "data", "errors", "is_text")

    def __init__(self, data: bytes | mmap.mmap, is_text: bool = False) -> None:
        self.data, self.is_text = data, is_text
        self.errors = "surrogatepass" if is_text else "strict"
        self._n_read = 0

    @classmethod
    def of(cls, document: str | bytes) -> DocumentBytes:
        """Return a document that is in memory; bytes-like objects are copied.

        Raises
        ------
        TypeError
            If it is neither text nor bytes.
        """
        if isinstance(document, str):
            return cls(document.encode("utf-8", "surrogatepass"), is_text=True)
        is_bytes = isinstance(document, bytes)
        return cls(document if is_bytes else bytes(memoryview(document)))

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, span: slice) -> bytes:
        found: bytes = self.data[span]
        self.release(len(found))
        return found

    def release(self, n_bytes: int) -> None:
        """Count `n_bytes` as read; release the mapped pages when it becomes much."""
        self._n_read += n_bytes
        is_much = self._n_read > _MAX_RESIDENT
        if is_much and _CAN_RELEASE and isinstance(self.data, mmap.mmap):
            # Released pages come back from the file when they are read again.
            self.data.madvise(mmap.MADV_DONTNEED)
            self._n_read = 0

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        """Yield the bytes from `start` to `end`, a chunk at a time."""
        for at in range(start, end, limits.CHUNK):
            yield self[at : min(at + limits.CHUNK, end)]

    def line(self, at: int) -> int:
        """Return the line, counted from 1, of the byte at `at`."""
        return self.line_and_column(at)[0]

    def line_and_column(self, at: int) -> tuple[int, int]:
        """Return line and column, both from 1, of the character of UTF-8 at `at`."""
        line = column = 1
        for chunk in self.chunks(0, at):
            n_ends = chunk.count(b"\n")
            last_line = chunk.rpartition(b"\n")[2]
            line += n_ends
            column = 1 if n_ends else column
            column += len(last_line.translate(None, _CONTINUATION))
        return line, column

    def byte_order_mark(self) -> tuple[bytes, str | None]:
        """Return the byte order mark and its encoding; without one, b"" and None."""
        start = self[:4]
        marks = (pair for pair in _BYTE_ORDER_MARKS if start.startswith(pair[0]))
        return next(marks, (b"", None))


@contextmanager
def copied_to_disk(stream: BinaryIO, place: str) -> Iterator[DocumentBytes]:
    """Give the contents of a stream, mapped from a temporary file.

    Raises
    ------
    FeedError
        If it is larger than a document may be.
    """
    with TemporaryFile(prefix="roleclf-") as copy:
        n_bytes = 0
        while chunk := stream.read(limits.CHUNK):
            n_bytes += len(chunk)
            limits.check_size(n_bytes, place)
            copy.write(chunk)
        copy.flush()
        # An empty file cannot be mapped. The map is not closed here: a regular
        # expression that an error stopped may still hold it.
        access = mmap.ACCESS_READ
        data = mmap.mmap(copy.fileno(), 0, access=access) if n_bytes else b""
        yield DocumentBytes(data)
