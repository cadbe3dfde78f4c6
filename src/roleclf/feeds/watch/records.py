"""The frozen values of a watch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["FetchedDocument", "Key", "Tags", "WatchedSource"]


@dataclass(frozen=True, slots=True)
class WatchedSource:
    """What is watched: `address` is asked, or read if it is a path.

    `name` stands in the state and in lines: the whole path, or the address without a
    password. `shown` stands in messages: a path is as it was given.
    """

    name: str
    shown: str
    address: str
    is_url: bool


@dataclass(frozen=True, slots=True)
class Tags:
    """By what a document that was read is known again, and what `url` it came from."""

    url: str | None = None
    etag: str | None = None
    modified: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class FetchedDocument:
    """What a source holds, in a file of ours."""

    path: Path
    tags: Tags


@dataclass(frozen=True, slots=True)
class Key:
    """Which posting of a source: its id, and a hash of what it says."""

    id: str
    hash: str
