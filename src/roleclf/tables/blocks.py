"""Cut a stream of bytes into blocks of whole rows, in UTF-8 whatever its encoding.

A block is what one process works on at a time: large enough to be worth handing over,
small enough that a few of them fit into memory. Where the blocks of a file end depends
on its bytes alone, so that any number of processes writes the same output.
"""

from __future__ import annotations

import codecs
import select
from collections.abc import Callable, Generator
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO, Final

import numpy as np

from roleclf.errors import TableError
from roleclf.tables.batches import BLOCK_SIZE
from roleclf.tables.records import Block, FileSpan, TableSource
from roleclf.tables.sources import UTF_8_MARK, is_utf8, peek, table_errors

__all__ = [
    "InputBuffer",
    "bytes_of_block",
    "count_lines",
    "read_blocks",
    "wrong_encoding",
]

_FIRST_SIZE: Final = 1 << 16
# Towards the end of a file, where other processes would wait for one with a long
# block, a block is one part in so many of the rest, and so many bytes at least.
_PARTS_OF_REST: Final = 4
_LAST_SIZE: Final = 1 << 19
# Seconds that a live stream may take to fill a block.
_PATIENCE: Final = 0.2
_NEWLINE: Final = ord("\n")
_RETURN: Final = ord("\r")


class InputBuffer:
    """Bytes read from a stream, in UTF-8, from whose front blocks are taken.

    Parameters
    ----------
    source : TableSource
    encoding : str
        Of the stream; a byte order mark is left out.
    """

    def __init__(self, source: TableSource, encoding: str) -> None:
        self.data = b""
        self.line = 0
        self.has_ended = False
        self.is_live = source.is_live
        self._is_slow = False
        self._source = source
        self._encoding = encoding
        self._offset = 0
        self._size = Path(source.path).stat().st_size if source.path else None
        self._decoder: Any = None
        if not is_utf8(encoding):
            self._decoder = codecs.getincrementaldecoder(encoding)()
        elif peek(source.stream).startswith(UTF_8_MARK):
            self._offset = len(source.stream.read(len(UTF_8_MARK)))

    @property
    def block_size(self) -> int:
        """How many bytes the next block should have."""
        if self._size is None:
            return BLOCK_SIZE // self._source.cost
        rest = self._size - self._offset
        size = min(BLOCK_SIZE, max(_LAST_SIZE, rest // _PARTS_OF_REST))
        return size // self._source.cost

    def read(self, size: int) -> None:
        """Add up to `size` bytes; fewer at the end, or if they are slow to arrive.

        Raises
        ------
        TableError
            If they cannot be read, or are not of the encoding.
        """
        with table_errors(self._source.place):
            chunk, self.has_ended = _read(self._source, size)
        self._is_slow = self.is_live and len(chunk) < size
        self.data += chunk if self._decoder is None else self._decode(chunk)

    def take(self, size: int, *, is_full: bool = False) -> Block:
        """Remove the first `size` bytes; none is full at the end or if slow."""
        rows, self.data = self.data[:size], self.data[size:]
        span = None
        if self._source.path is not None and self._decoder is None:
            span = FileSpan(str(self._source.path), self._offset, size)
        is_full = is_full and not self.has_ended and not self._is_slow
        block = Block(rows, is_full, self.line, span, self._source.share())
        self._offset += size
        self.line += count_lines(rows)
        return block

    def _decode(self, chunk: bytes) -> bytes:
        try:
            text = self._decoder.decode(chunk)
            if self.has_ended:
                text += self._decoder.decode(b"", final=True)
        except UnicodeError as error:
            line = self.line + count_lines(self.data)
            place = self._source.place
            raise wrong_encoding(error, line, self._encoding, place) from error
        return bytes(text.encode("utf-8", "backslashreplace"))


def read_blocks(
    buffer: InputBuffer, row_end: Callable[[bytes], int]
) -> Generator[Block]:
    """Yield the rest of a stream as blocks, none of them empty.

    Parameters
    ----------
    buffer : InputBuffer
    row_end : callable
        Returns where the last whole row of some bytes ends; 0 if none does.
    """
    # The reader of a live stream's output does not wait for a long block at first.
    size = _FIRST_SIZE if buffer.is_live else buffer.block_size
    while True:
        missing = 0 if buffer.has_ended else size - len(buffer.data)
        # Rows of a live stream that came with the header wait for no others.
        if missing > 0 and not (buffer.is_live and _end(buffer, row_end)):
            buffer.read(missing)
        while not (end := _end(buffer, row_end)) and not buffer.has_ended:
            # The row is longer than all that was read.
            buffer.read(max(size, len(buffer.data)))
        if not end:
            return
        yield buffer.take(end, is_full=size == buffer.block_size)
        size = min(2 * size, buffer.block_size)


def bytes_of_block(block: Block) -> bytes:
    """Return the bytes of a block, read from the file if the block lacks them."""
    if block.span is None or block.rows is not None:
        return bytes(block.rows)
    with table_errors(block.span.path), open(block.span.path, "rb") as stream:  # noqa: PTH123
        stream.seek(block.span.start)
        return stream.read(block.span.size)


def count_lines(data: bytes) -> int:
    r"""Return how many lines end in `data`: with \n, \r, or both."""
    codes = np.frombuffer(data, np.uint8)
    returns = np.flatnonzero(codes == _RETURN)
    n_pairs = np.count_nonzero(codes[returns[returns < len(codes) - 1] + 1] == _NEWLINE)
    return int(np.count_nonzero(codes == _NEWLINE) + len(returns) - n_pairs)


def wrong_encoding(
    error: UnicodeError, line: int, encoding: str, place: str
) -> TableError:
    """Return the error of bytes behind line `line` that `encoding` cannot decode."""
    what = "what stands there"
    if isinstance(error, UnicodeDecodeError):
        line += count_lines(error.object[: error.start])
        what = f"byte 0x{error.object[error.start]:02x}"
    return TableError(
        f"{place}, line {line + 1}",
        f"{what} is not {encoding.removesuffix('-sig')}",
        "name the encoding with --encoding, often cp1252",
    )


def _end(buffer: InputBuffer, row_end: Callable[[bytes], int]) -> int:
    return len(buffer.data) if buffer.has_ended else row_end(buffer.data)


def _read(source: TableSource, size: int) -> tuple[bytes, bool]:
    """Return some bytes, and whether they are the last."""
    if source.is_live:
        return _read_in_time(source.stream, size)
    chunk = source.stream.read(size)
    return chunk, len(chunk) < size


def _read_in_time(stream: BinaryIO, size: int) -> tuple[bytes, bool]:
    """Return what arrives until shortly after the first byte."""
    read: Any = stream.read1  # type: ignore[attr-defined]
    chunks = [read(size)]
    until = monotonic() + _PATIENCE
    while chunks[-1] and (missing := size - sum(map(len, chunks))):
        if not _is_ready(stream, until):
            break
        chunks.append(read(missing))
    return b"".join(chunks), not chunks[-1]


def _is_ready(stream: BinaryIO, until: float) -> bool:
    """Tell whether more can be read before the time is `until`."""
    seconds = until - monotonic()
    if seconds <= 0:
        return False
    try:
        return bool(select.select([stream], [], [], seconds)[0])
    except (OSError, ValueError):
        # The system cannot wait for it: a pipe of Windows, or no file at all.
        return True
