"""What a response holds, as a file that feed readers know: unzipped, in UTF-8.

Bodies pass in pieces, so that a large one takes no memory.
"""

from __future__ import annotations

import codecs
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from roleclf.errors import FetchError, WatchError
from roleclf.feeds.limits import check_size

__all__ = ["bounded", "recode", "unzipped", "write"]

_GZIP: Final = 31  # zlib's word for gzip with its header and sum
_GZIP_MARK: Final = b"\x1f\x8b"
_PIECE: Final = 1 << 20
_AGAIN: Final = "it is asked for again"
_HEAD: Final = 4096
# What of a document names its encoding; JSON has but one, and need not say so.
_SAID: Final = re.compile(
    rb"""\s*<\?xml[^>]{0,200}\bencoding\s*=|<meta[^>]{0,200}\bcharset\s*=""", re.I
)
_MARKS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_WIDE: Final = (b"<\0", b"\0<")


def bounded(pieces: Iterable[bytes], place: str) -> Iterator[bytes]:
    """Yield pieces until they are more than a feed may hold.

    Raises
    ------
    FeedError
        If they are; the rest is not read.
    """
    n_bytes = 0
    for piece in pieces:
        n_bytes += len(piece)
        check_size(n_bytes, place)
        yield piece


def unzipped(pieces: Iterable[bytes], encoding: str, place: str) -> Iterator[bytes]:
    """Return a body as it was before it was packed for the way, or as a .gz file.

    Parameters
    ----------
    pieces : iterable of bytes
    encoding : str
        The header Content-Encoding.
    place : str
        What messages call it.

    Raises
    ------
    FetchError
        If it is packed otherwise; later, if it is damaged or not whole.
    """
    if encoding.lower() not in {"", "identity", "gzip", "x-gzip"}:
        problem = f"is packed as '{encoding[:40]}', which was not asked for"
        raise FetchError(place, problem, "give an address that sends gzip or nothing")
    if encoding.lower().endswith("gzip"):
        pieces = _gunzipped(pieces, place)
    return _file(iter(pieces), place)


def _file(pieces: Iterator[bytes], place: str) -> Iterator[bytes]:
    """Yield pieces, of a .gz file what is in it."""
    start = b""
    for piece in pieces:
        start += piece
        if len(start) >= len(_GZIP_MARK):
            break
    pieces = chain([start], pieces)
    is_packed = start.startswith(_GZIP_MARK)
    yield from _gunzipped(pieces, place) if is_packed else pieces


def _gunzipped(pieces: Iterable[bytes], place: str) -> Iterator[bytes]:
    unpacker, is_begun = zlib.decompressobj(_GZIP), False
    for piece in pieces:
        rest = piece
        while rest:
            if unpacker.eof:
                # Several files in one are one; what stands behind them is none.
                if not rest.startswith(_GZIP_MARK[:1]):
                    break
                unpacker = zlib.decompressobj(_GZIP)
            try:
                yield unpacker.decompress(rest, _PIECE)
            except zlib.error as error:
                raise FetchError(place, "sends damaged gzip", _AGAIN) from error
            is_begun = True
            rest = unpacker.unconsumed_tail or unpacker.unused_data
    if is_begun and not unpacker.eof:
        raise FetchError(place, "sends gzip that ends too early", _AGAIN)


def write(pieces: Iterable[bytes], path: Path) -> None:
    """Write pieces to a file of ours.

    Raises
    ------
    WatchError
        If it cannot be written.
    """
    try:
        with path.open("wb") as stream:
            for piece in pieces:
                stream.write(piece)
    except OSError as error:
        mend = "check the path, its permissions and the disk"
        raise WatchError(path, f"cannot be written ({error.strerror})", mend) from error


def recode(path: Path, charset: str | None) -> None:
    """Write a document in UTF-8 if only the header Content-Type names its encoding.

    One that names it itself, or is not in the encoding that the header names, stays as
    it is.
    """
    if charset is None or _says_itself(path):
        return
    # The name of an encoding may be that of no text, such as `hex`.
    other = path.with_name(f"{path.name}.utf-8")
    try:
        write(
            (piece.encode("utf-8", "replace") for piece in _read(path, charset)), other
        )
        other.replace(path)
    except (LookupError, UnicodeError):
        other.unlink(missing_ok=True)


def _read(path: Path, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding, newline="") as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _says_itself(path: Path) -> bool:
    with path.open("rb") as stream:
        head = stream.read(_HEAD).lstrip()
    if head.startswith((*_MARKS, *_WIDE)) or _SAID.search(head):
        return True
    return head[:1] in {b"[", b"{"} and _is_json_text(path, head)


def _is_json_text(path: Path, head: bytes) -> bool:
    """Tell whether bytes are in an encoding of JSON; servers often name others."""
    try:
        for _ in _read(path, json.detect_encoding(head)):
            pass
    except UnicodeError:
        return False
    return True
