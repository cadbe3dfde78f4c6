"""Parse what a user wants to watch, URLs and paths, and read the paths."""

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
from roleclf.feeds.watch.bodies import limit_size, write_chunks
from roleclf.feeds.watch.records import FetchedDocument, Validators, WatchedSource
from roleclf.tables import STDIO, open_bytes, table_errors

__all__ = ["feed_file_name", "parse_sources", "read_file", "with_digest"]

_SCHEMES: Final = frozenset({"http", "https"})
_LOOKS_LIKE_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_CREDENTIALS: Final = re.compile(r"//[^/]*@")
_UNSAFE_IN_FILE_NAMES: Final = re.compile(r"[^A-Za-z0-9._-]+")
_SUFFIX: Final = re.compile(r"\.[a-z]{2,6}")
_CHUNK: Final = 1 << 20
_MAX_STEM: Final = 80
_N_HASH_DIGITS: Final = 8


def parse_sources(arguments: Sequence[str]) -> list[WatchedSource]:
    """Return the sources that a user named, in order and without duplicates.

    Raises
    ------
    RequestError
        If one is neither an HTTP URL nor a path.
    """
    sources = map(_parse_source, arguments)
    return list({source.name: source for source in sources}.values())


def _parse_source(argument: str) -> WatchedSource:
    shown = _CREDENTIALS.sub("//", argument)
    try:
        argument.encode()
    except UnicodeEncodeError as error:
        mend = "name it in characters"
        raise RequestError(ascii(shown), "is not UTF-8", mend) from error
    if argument == STDIO:
        problem = "stdin cannot be asked again"
        raise RequestError(argument, problem, "give a file or an address")
    if _LOOKS_LIKE_URL.match(argument):
        return _parse_url(argument, shown)
    path = str(Path(argument).resolve())
    return WatchedSource(path, argument, path, is_url=False)


def _parse_url(url: str, shown: str) -> WatchedSource:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        mend = "check how it is written"
        raise RequestError(shown, f"is no address ({error})", mend) from error
    if parts.scheme.lower() not in _SCHEMES or not host:
        problem = "is no address that begins with http:// or https://"
        raise RequestError(shown, problem, "give one, or the path of a file")
    host_and_port = parts.netloc.rpartition("@")[2]
    name = urlunsplit(parts._replace(netloc=host_and_port, fragment=""))
    return WatchedSource(name, name, url, is_url=True)


def read_file(
    source: WatchedSource, known: Validators, path: Path
) -> FetchedDocument | None:
    """Copy a source that is a file to `path`; return None if it has not changed.

    Time of modification and size tell whether it has. A .gz file is unpacked.

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
                chunks = iter(partial(stream.read, _CHUNK), b"")
                write_chunks(limit_size(chunks, source.shown), path)
    except TableError as error:
        raise FetchError(error.place, error.problem, error.mend) from error
    return FetchedDocument(path, Validators(modified=modified))


def with_digest(document: FetchedDocument) -> FetchedDocument:
    """Return a document with the digest of its bytes among its validators."""
    with document.path.open("rb") as stream:
        digest = file_digest(stream, "sha256").hexdigest()
    validators = replace(document.validators, digest=digest)
    return replace(document, validators=validators)


def feed_file_name(source: WatchedSource) -> str:
    """Return a readable and unique file name for the annotated feed of a source.

    Examples
    --------
    >>> url = "https://ferro.example/jobs.rss"
    >>> feed_file_name(WatchedSource(url, url, url, is_url=True))
    'ferro.example-jobs-f3e06a91.rss'
    """
    path = urlsplit(source.name).path if source.is_url else source.name
    last = Path(path).name.removesuffix(".gz")
    suffix = Path(last).suffix if _SUFFIX.fullmatch(Path(last).suffix) else ""
    readable = source.name.partition("://")[2] if source.is_url else last
    stem = readable.removesuffix(".gz").removesuffix(suffix)
    stem = _UNSAFE_IN_FILE_NAMES.sub("-", stem).strip("-.")
    digest = sha256(source.name.encode("utf-8", "replace")).hexdigest()
    return f"{stem[:_MAX_STEM] or 'feed'}-{digest[:_N_HASH_DIGITS]}{suffix}"
