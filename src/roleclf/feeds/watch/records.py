"""Records that several modules of the watch share: options, sources, documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["FetchedDocument", "Validators", "WatchOptions", "WatchedSource"]


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """The options of `roleclf watch`.

    `every` is in seconds, None for a single round. `model` is a model folder, None for
    the shipped one. `reader` is a value of `--reader`.
    """

    sources: Sequence[str]
    state: Path
    output: Path
    every: float | None = None
    feeds: Path | None = None
    model: Path | None = None
    reader: str = "fast"
    reannotate: bool = False
    allow_private: bool = False


@dataclass(frozen=True, slots=True)
class WatchedSource:
    """A feed to poll: `address` is a URL with its password, or a path.

    `name` identifies it in the state and in lines: the URL without password, or the
    absolute path. `shown` is for messages: a path as the user gave it.
    """

    name: str
    shown: str
    address: str
    is_url: bool


@dataclass(frozen=True, slots=True)
class Validators:
    """What identifies a version of a document (RFC 9110, section 8.8).

    `url` is where it came from after redirects; `modified` is Last-Modified, or time
    and size of a file; `digest` is the SHA-256 of its decoded bytes.
    """

    url: str | None = None
    etag: str | None = None
    modified: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class FetchedDocument:
    """A document of a source, copied to a file of ours."""

    path: Path
    validators: Validators
