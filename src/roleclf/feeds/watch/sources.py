"""What can be watched: addresses of the web, and files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

from roleclf.errors import FetchError, RequestError, TableError
from roleclf.feeds.watch.bodies import bounded, write
from roleclf.feeds.watch.records import FetchedDocument, Tags, WatchedSource
from roleclf.tables import STDIO, open_bytes, table_errors

__all__ = ["file_name", "read_file", "sources_of", "with_digest"]

_SCHEMES: Final = frozenset({"http", "https"})
_LOOKS_LIKE_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
# A name and a password in an address.
_SECRETS: Final = re.compile(r"//[^/]*@")
_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_ENDING: Final = re.compile(r"\.[a-z]{2,6}")
_PIECE: Final = 1 << 20
_LONGEST: Final = 80
_DIGITS: Final = 8


def sources_of(given: Sequence[str]) -> list[WatchedSource]:
    """Return what a call names, each once, in its order.

    Raises
    ------
    RequestError
        If one is neither an address of the web nor a path.
    """
    return list({source.name: source for source in map(_source, given)}.values())


def _source(given: str) -> WatchedSource:
    shown = _SECRETS.sub("//", given)
    try:
        given.encode()
    except UnicodeEncodeError as error:
        mend = "name it in characters"
        raise RequestError(ascii(shown), "is not UTF-8", mend) from error
    if given == STDIO:
        problem = "stdin cannot be asked again"
        raise RequestError(given, problem, "give a file or an address")
    if not _LOOKS_LIKE_URL.match(given):
        path = str(Path(given).resolve())
        return WatchedSource(path, given, path, is_url=False)
    try:
        parts = urlsplit(given)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        mend = "check how it is written"
        raise RequestError(shown, f"is no address ({error})", mend) from error
    if parts.scheme.lower() not in _SCHEMES or not host:
        problem = "is no address that begins with http:// or https://"
        raise RequestError(shown, problem, "give one, or the path of a file")
    place = parts.netloc.rpartition("@")[2]
    name = urlunsplit(parts._replace(netloc=place, fragment=""))
    return WatchedSource(name, name, given, is_url=True)


def read_file(source: WatchedSource, known: Tags, path: Path) -> FetchedDocument | None:
    """Copy what a file holds to one of ours; return None if it is as it was.

    That is told by its time and size. A .gz is unpacked.

    Raises
    ------
    FetchError
        If it cannot be read.
    FeedError
        If it is larger than a feed may be.
    """
    try:
        with table_errors(source.shown):
            status = Path(source.address).stat()
            modified = f"{status.st_mtime_ns} {status.st_size}"
            if modified == known.modified:
                return None
            with open_bytes(source.address) as stream:
                pieces = iter(partial(stream.read, _PIECE), b"")
                write(bounded(pieces, source.shown), path)
    except TableError as error:
        raise FetchError(error.place, error.problem, error.mend) from error
    return FetchedDocument(path, Tags(modified=modified))


def with_digest(document: FetchedDocument) -> FetchedDocument:
    """Return a document whose tags hold a sum of its bytes."""
    with document.path.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
    return replace(document, tags=replace(document.tags, digest=digest))


def file_name(source: WatchedSource) -> str:
    """Return what the annotated feed of a source is called: alike, but unique.

    Examples
    --------
    >>> file_name(WatchedSource("https://ferro.example/jobs.rss", "", "", is_url=True))
    'ferro.example-jobs-f3e06a91.rss'
    """
    path = urlsplit(source.name).path if source.is_url else source.name
    last = Path(path).name.removesuffix(".gz")
    ending = Path(last).suffix if _ENDING.fullmatch(Path(last).suffix) else ""
    told = source.name.partition("://")[2] if source.is_url else last
    short = _UNSAFE.sub("-", told.removesuffix(".gz").removesuffix(ending)).strip("-.")
    mark = sha256(source.name.encode("utf-8", "replace")).hexdigest()[:_DIGITS]
    return f"{short[:_LONGEST] or 'feed'}-{mark}{ending}"
