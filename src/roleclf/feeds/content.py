"""The bytes of a document, of which few need be in memory at a time.

A feed is read twice: once to see that it is whole, and what it is; then to annotate
it. A file is copied for that, so that it stays the same from the first to the second
time, wherever it came from.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import BinaryIO, Final

from roleclf.feeds import limits

__all__ = ["Content", "copied"]

# After so many, what was seen of a file is no longer kept in memory.
_KEPT: Final = 4 << 20
_CAN_FORGET: Final = hasattr(mmap, "MADV_DONTNEED")
# All bytes of a character in UTF-8 but the first.
_INNER: Final = bytes(range(0x80, 0xC0))


class Content:
    """The bytes of a document.

    Parameters
    ----------
    data : bytes or mmap
        A file is seen through an mmap; `data` is there for patterns to search.
    is_text : bool
        It was text, and is UTF-8 in which half a character may stand alone.
    """

    __slots__ = ("_n_seen", "data", "errors", "is_text")

    def __init__(self, data: bytes | mmap.mmap, is_text: bool = False) -> None:
        self.data, self.is_text = data, is_text
        self.errors = "surrogatepass" if is_text else "strict"
        self._n_seen = 0

    @classmethod
    def of(cls, document: str | bytes) -> Content:
        """Return the content of a document that is in memory."""
        if isinstance(document, str):
            return cls(document.encode("utf-8", "surrogatepass"), is_text=True)
        # What is like bytes is taken too; what is not is a TypeError.
        is_bytes = isinstance(document, bytes)
        return cls(document if is_bytes else bytes(memoryview(document)))

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, span: slice) -> bytes:
        found: bytes = self.data[span]
        self.pass_by(len(found))
        return found

    def pass_by(self, n_bytes: int) -> None:
        """Forget what was seen of a file before, when it has become much."""
        self._n_seen += n_bytes
        if self._n_seen > _KEPT and _CAN_FORGET and isinstance(self.data, mmap.mmap):
            # The pages come back from the file when they are asked for again.
            self.data.madvise(mmap.MADV_DONTNEED)
            self._n_seen = 0

    def slices(self, start: int, end: int) -> Iterator[bytes]:
        """Yield what stands from `start` to `end`, a chunk at a time."""
        for at in range(start, end, limits.CHUNK):
            yield self[at : min(at + limits.CHUNK, end)]

    def line(self, at: int) -> int:
        """Return the number of the line in which `at` stands."""
        return self.line_and_column(at)[0]

    def line_and_column(self, at: int) -> tuple[int, int]:
        """Return line and column of what begins at `at`, in UTF-8."""
        line = column = 1
        for piece in self.slices(0, at):
            last = piece.rpartition(b"\n")[2]
            n_ends = piece.count(b"\n")
            line += n_ends
            column = (1 if n_ends else column) + len(last.translate(None, _INNER))
        return line, column


@contextmanager
def copied(stream: BinaryIO, place: str) -> Iterator[Content]:
    """Give what a stream holds, from a copy on disk.

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
        # An mmap cannot be empty. It is never closed by hand: a pattern that was
        # stopped by an error may still look at it.
        access = mmap.ACCESS_READ
        yield Content(mmap.mmap(copy.fileno(), 0, access=access) if n_bytes else b"")
