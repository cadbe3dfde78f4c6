"""A stream of bytes as blocks of whole rows, in UTF-8 whatever it came in.

A block is what one process takes on at a time: large enough to be worth handing over,
small enough that a few of them fit into memory. Where blocks end depends on a file's
bytes alone, so that any number of processes makes the same of it.
"""

from __future__ import annotations

import codecs
import select
from collections.abc import Callable, Generator
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO, Final

from roleclf.errors import TableError
from roleclf.tables.records import Block, Span, TableSource
from roleclf.tables.sources import UTF_8_MARK, explained, is_utf8, peek

__all__ = [
    "BLOCK_SIZE",
    "Inflow",
    "blocks_of",
    "bytes_of_block",
    "count_lines",
    "foreign",
]

# Smaller ones cost more calls, larger ones more memory, which a process has to get at
# its first and which differs more from one to the next.
BLOCK_SIZE: Final = 3 << 19
_FIRST_SIZE: Final = 1 << 16
# Towards the end of a file, where processes would else wait for one at a long block, it
# is this share of what is left, and this at least.
_SHARE: Final = 4
_LAST_SIZE: Final = 1 << 19
# Seconds that a live stream may take to fill a block.
_PATIENCE: Final = 0.2


class Inflow:
    """The bytes of a stream, whose front is held until it is taken as a block.

    Parameters
    ----------
    source : TableSource
    encoding : str
        Of its bytes; what is held is in UTF-8, without a byte order mark.
    """

    def __init__(self, source: TableSource, encoding: str) -> None:
        self.held = b""
        self.line = 0
        self.ended = False
        self.live = source.live
        self._slow = False
        self._source = source
        self._encoding = encoding
        self._place = 0
        self._size = Path(source.path).stat().st_size if source.path else None
        self._decoder: Any = None
        if not is_utf8(encoding):
            self._decoder = codecs.getincrementaldecoder(encoding)()
        elif peek(source.stream).startswith(UTF_8_MARK):
            self._place = len(source.stream.read(len(UTF_8_MARK)))

    @property
    def _is_file(self) -> bool:
        """Tell whether what is held stands so in a file."""
        return self._source.path is not None and self._decoder is None

    @property
    def step(self) -> int:
        """How large the next block should be."""
        if self._size is None:
            return BLOCK_SIZE
        left = self._size - self._place
        return min(BLOCK_SIZE, max(_LAST_SIZE, left // _SHARE))

    def more(self, size: int) -> None:
        """Hold up to `size` bytes more; fewer at the end or if they are slow to come.

        Raises
        ------
        TableError
            If they cannot be read, or are not of the encoding.
        """
        with explained(self._source.place):
            if self._is_file:
                # Read again, what is held need not be copied before what comes.
                self._source.stream.seek(self._place)
                size, self.held = len(self.held) + size, b""
            chunk, self.ended = _read(self._source, size)
        self._slow = self.live and len(chunk) < size
        self.held += chunk if self._decoder is None else self._decoded(chunk)

    def take(self, size: int, *, is_full: bool = False) -> Block:
        """Let go of the first `size` bytes; none is full at the end or if slow."""
        held, self.held = self.held, self.held[size:]
        rows, span = held, None
        if self._is_file:
            span = Span(str(self._source.path), self._place, size)
        else:
            rows = held[:size]
        is_full = is_full and not self.ended and not self._slow
        block = Block(rows, is_full, self.line, span, self._source.share())
        self._place += size
        self.line += count_lines(memoryview(held)[:size])
        return block

    def _decoded(self, chunk: bytes) -> bytes:
        try:
            text = self._decoder.decode(chunk)
            if self.ended:
                text += self._decoder.decode(b"", final=True)
        except UnicodeError as error:
            line = self.line + count_lines(self.held)
            raise foreign(error, line, self._encoding, self._source.place) from error
        return bytes(text.encode("utf-8", "backslashreplace"))


def blocks_of(inflow: Inflow, end_of: Callable[[bytes], int]) -> Generator[Block]:
    """Yield what flows in as blocks, none of them empty.

    Parameters
    ----------
    inflow : Inflow
    end_of : callable
        Says where the last whole row of some bytes ends; 0 if none does.
    """
    # Whoever reads along a live stream waits for no long block at first.
    size = _FIRST_SIZE if inflow.live else inflow.step
    while True:
        lacking = 0 if inflow.ended else size - len(inflow.held)
        # Rows of a live stream that came with the header wait for no others.
        if lacking > 0 and not (inflow.live and _end(inflow, end_of)):
            inflow.more(lacking)
        while not (end := _end(inflow, end_of)) and not inflow.ended:
            # A row longer than all that is held.
            inflow.more(max(size, len(inflow.held)))
        if not end:
            return
        yield inflow.take(end, is_full=size == inflow.step)
        size = min(2 * size, inflow.step)


def bytes_of_block(block: Block) -> bytes:
    """Return the bytes of a block, read from the file if they are not there."""
    if block.span is None:
        return bytes(block.rows)
    if block.rows is not None:
        return bytes(block.rows[: block.span.size])
    with explained(block.span.path), open(block.span.path, "rb") as stream:  # noqa: PTH123
        stream.seek(block.span.start)
        return stream.read(block.span.size)


def count_lines(data: bytes | memoryview) -> int:
    r"""Return how many lines end in `data`: with \n, \r, or both."""
    # Here: it has numpy to load, and the command line shows its help without it.
    from roleclf.tables import fields

    return fields.count_lines(data)


def foreign(error: UnicodeError, line: int, encoding: str, place: str) -> TableError:
    """Return what to say of bytes behind line `line` that are of no such encoding."""
    what = "what stands there"
    if isinstance(error, UnicodeDecodeError):
        line += count_lines(error.object[: error.start])
        what = f"byte 0x{error.object[error.start]:02x}"
    return TableError(
        f"{place}, line {line + 1}",
        f"{what} is not {encoding.removesuffix('-sig')}",
        "name the encoding with --encoding, often cp1252",
    )


def _end(inflow: Inflow, end_of: Callable[[bytes], int]) -> int:
    return len(inflow.held) if inflow.ended else end_of(inflow.held)


def _read(source: TableSource, size: int) -> tuple[bytes, bool]:
    """Return some bytes, and whether there are no more."""
    if source.live:
        return _read_in_time(source.stream, size)
    chunk = source.stream.read(size)
    return chunk, len(chunk) < size


def _read_in_time(stream: BinaryIO, size: int) -> tuple[bytes, bool]:
    """Return what comes until a moment after the first byte."""
    read: Any = stream.read1  # type: ignore[attr-defined]
    chunks = [read(size)]
    until = monotonic() + _PATIENCE
    while chunks[-1] and (left := size - sum(map(len, chunks))):
        if not _is_ready(stream, until):
            break
        chunks.append(read(left))
    return b"".join(chunks), not chunks[-1]


def _is_ready(stream: BinaryIO, until: float) -> bool:
    """Tell whether more can be read before the time is `until`."""
    left = until - monotonic()
    if left <= 0:
        return False
    try:
        return bool(select.select([stream], [], [], left)[0])
    except (OSError, ValueError):
        # Not what the system can wait for: a pipe of Windows, or no file at all.
        return True
