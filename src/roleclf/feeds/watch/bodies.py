"""Decode the body of a response: decompressed, in UTF-8, written to a file.

Bodies are iterators of chunks, so that a large one takes no memory. httpx would
decompress too, but neither limits what a chunk expands to nor reports a body that is
cut off; `gzip` rejects bytes behind the last member, which some servers send.
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

__all__ = ["decompress", "limit_size", "transcode", "write_chunks"]

_GZIP_WINDOW: Final = 31  # zlib: gzip with header and checksum
_GZIP_MAGIC: Final = b"\x1f\x8b"
_CHUNK: Final = 1 << 20
_RETRIED: Final = "it is asked for again"
_HEAD: Final = 4096
# Where XML and HTML name their encoding. JSON has a fixed one and names none.
_DECLARATION: Final = re.compile(
    rb"""\s*<\?xml[^>]{0,200}\bencoding\s*=|<meta[^>]{0,200}\bcharset\s*=""", re.I
)
_BYTE_ORDER_MARKS: Final = (
    codecs.BOM_UTF8,
    codecs.BOM_UTF16_LE,
    codecs.BOM_UTF16_BE,
)
_UTF16_STARTS: Final = (b"<\0", b"\0<")


def limit_size(chunks: Iterable[bytes], place: str) -> Iterator[bytes]:
    """Yield chunks as long as they hold no more than a feed may.

    Raises
    ------
    FeedError
        If they hold more; the rest is not read.
    """
    n_bytes = 0
    for chunk in chunks:
        n_bytes += len(chunk)
        check_size(n_bytes, place)
        yield chunk


def decompress(chunks: Iterable[bytes], encoding: str, place: str) -> Iterator[bytes]:
    """Undo the Content-Encoding of a body, and unpack it if it is a .gz file.

    Parameters
    ----------
    chunks : iterable of bytes
    encoding : str
        The header Content-Encoding; "" if there is none.
    place : str
        What errors call the source.

    Raises
    ------
    FetchError
        If the encoding is not gzip; while iterating, if the data is damaged or cut
        off.
    """
    if encoding.lower() not in {"", "identity", "gzip", "x-gzip"}:
        problem = f"is packed as '{encoding[:40]}', which was not asked for"
        raise FetchError(place, problem, "give an address that sends gzip or nothing")
    if encoding.lower().endswith("gzip"):
        chunks = _gunzip(chunks, place)
    return _gunzip_file(iter(chunks), place)


def _gunzip_file(chunks: Iterator[bytes], place: str) -> Iterator[bytes]:
    """Yield chunks, decompressed if they are a .gz file."""
    start = b""
    for chunk in chunks:
        start += chunk
        if len(start) >= len(_GZIP_MAGIC):
            break
    chunks = chain([start], chunks)
    is_gzip = start.startswith(_GZIP_MAGIC)
    yield from _gunzip(chunks, place) if is_gzip else chunks


def _gunzip(chunks: Iterable[bytes], place: str) -> Iterator[bytes]:
    decompressor, is_begun = zlib.decompressobj(_GZIP_WINDOW), False
    for chunk in chunks:
        rest = chunk
        while rest:
            if decompressor.eof:
                # Either another member follows, or padding, which is skipped.
                if not rest.startswith(_GZIP_MAGIC[:1]):
                    break
                decompressor = zlib.decompressobj(_GZIP_WINDOW)
            try:
                yield decompressor.decompress(rest, _CHUNK)
            except zlib.error as error:
                raise FetchError(place, "sends damaged gzip", _RETRIED) from error
            is_begun = True
            rest = decompressor.unconsumed_tail or decompressor.unused_data
    if is_begun and not decompressor.eof:
        raise FetchError(place, "sends gzip that ends too early", _RETRIED)


def write_chunks(chunks: Iterable[bytes], path: Path) -> None:
    """Write chunks to a file.

    Raises
    ------
    WatchError
        If it cannot be written.
    """
    try:
        with path.open("wb") as stream:
            stream.writelines(chunks)
    except OSError as error:
        mend = "check the path, its permissions and the disk"
        raise WatchError(path, f"cannot be written ({error.strerror})", mend) from error


def transcode(path: Path, charset: str | None) -> None:
    """Rewrite a document in UTF-8 if only the header Content-Type has its encoding.

    A document that declares its encoding, or is not valid in `charset`, stays as it is.
    """
    if charset is None or _declares_encoding(path):
        return
    target = path.with_name(f"{path.name}.utf-8")
    try:
        write_chunks(
            (text.encode("utf-8", "replace") for text in _read_text(path, charset)),
            target,
        )
        target.replace(path)
    except (LookupError, UnicodeError):
        # LookupError also covers codecs that are not of text, such as `hex`.
        target.unlink(missing_ok=True)


def _read_text(path: Path, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding, newline="") as stream:
        while text := stream.read(_CHUNK):
            yield text


def _declares_encoding(path: Path) -> bool:
    with path.open("rb") as stream:
        head = stream.read(_HEAD).lstrip()
    if head.startswith((*_BYTE_ORDER_MARKS, *_UTF16_STARTS)):
        return True
    if _DECLARATION.search(head):
        return True
    return head[:1] in {b"[", b"{"} and _is_encoded_as_json(path, head)


def _is_encoded_as_json(path: Path, head: bytes) -> bool:
    """Tell whether a file is in an encoding of JSON, whatever its header says."""
    try:
        for _ in _read_text(path, json.detect_encoding(head)):
            pass
    except UnicodeError:
        return False
    return True
