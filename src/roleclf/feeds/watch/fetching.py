"""Ask a server for a feed: conditions, redirects, answers, and what is no answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from time import time
from typing import Final

import httpcore
import httpx

from roleclf.errors import FetchError
from roleclf.feeds.watch.bodies import bounded, recode, unzipped, write
from roleclf.feeds.watch.connecting import SurplusError, open_client
from roleclf.feeds.watch.pacing import Manners, retry_after
from roleclf.feeds.watch.records import FetchedDocument, Tags, WatchedSource

__all__ = ["fetch"]

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_OK: Final = 200
_NOT_MODIFIED: Final = 304
_SCHEMES: Final = ("http", "https")
_LAST_PORT: Final = 65535
_WHO: Final = "if it stays so, ask those who run it"
_ADDRESS: Final = "check the address"
_RIGHT: Final = "check the address, and that it may be read without logging in"
# What the status of an answer means, and what to do about it; by hundreds else.
_MEANING_BY_STATUS: Final = {
    401: ("wants a password", _RIGHT),
    403: ("denies access", _RIGHT),
    404: ("is not there", _ADDRESS),
    410: ("is gone for good", "take it out of the call"),
    429: ("was asked too often", "ask less often with --every"),
    2: ("has no document", _ADDRESS),
    3: ("leads nowhere", _ADDRESS),
    4: ("refuses", _ADDRESS),
    5: ("has trouble", _WHO),
}
# What went wrong on the way, the narrower kinds first.
_PROBLEMS: Final[tuple[tuple[type[Exception], str, str], ...]] = (
    (httpcore.ConnectTimeout, "does not answer", _WHO),
    (httpcore.TimeoutException, "stopped answering", _WHO),
    (httpcore.ConnectError, "cannot be reached ({error})", _ADDRESS),
    (httpcore.NetworkError, "broke the connection ({error})", _WHO),
    (httpcore.ProtocolError, "sent a broken or cut answer ({error})", _WHO),
    (httpcore.UnsupportedProtocol, "is no address of the web ({error})", _ADDRESS),
    (SurplusError, "sent more than it had announced", _WHO),
    (httpx.InvalidURL, "is no valid address ({error})", _ADDRESS),
    (httpx.HTTPError, "cannot be read ({error})", _ADDRESS),
    (UnicodeError, "is or leads to no valid address ({error})", _ADDRESS),
)
_ERRORS: Final = tuple(kind for kind, _, _ in _PROBLEMS)


def fetch(
    source: WatchedSource,
    known: Tags,
    user_agent: str,
    pause: Callable[[str], None],
    manners: Manners,
    path: Path,
    *,
    allow_private: bool = False,
) -> FetchedDocument | None:
    """Bring the document at an address to a file; return None if it is as it was.

    Parameters
    ----------
    source : WatchedSource
    known : Tags
        Those of the document that was read before.
    user_agent : str
    pause : callable
        Waits until a host may be asked.
    manners : Manners
    path : Path
        The file, to be written anew.
    allow_private : bool
        Ask servers at addresses that are not public, too.

    Raises
    ------
    FetchError
        If there is no whole answer, or not the document; it says how long the server
        wants to be left alone.
    FeedError
        If it is larger than a feed may be.
    WatchError
        If the file cannot be written.
    """
    place = source.shown
    try:
        with open_client(
            place, user_agent, manners, allow_private=allow_private
        ) as client:
            url = httpx.URL(source.address)
            for _ in range(manners.n_redirects + 1):
                pause(url.host)
                conditions = _conditions(url, known)
                with client.stream("GET", url, headers=conditions) as response:
                    if response.status_code not in _REDIRECTS:
                        if _is_news(response, place, manners, bool(conditions)):
                            return _document(response, place, path)
                        return None
                    url = _next(url, response, place, manners)
    except _ERRORS as error:
        raise _explained(error, place) from error
    problem = f"leads through more than {manners.n_redirects} redirects"
    raise FetchError(place, problem, _ADDRESS)


def _conditions(url: httpx.URL, known: Tags) -> dict[str, str]:
    """Return the headers that ask only for what is new.

    What one address said is not asked of another, which may use the same words.
    """
    if known.url != _without_secrets(url):
        return {}
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    # Others cannot be sent, though servers do send them.
    return {name: value for name, value in headers.items() if value and value.isascii()}


def _without_secrets(url: httpx.URL) -> str:
    return str(url.copy_with(username=None, password=None))


def _next(
    url: httpx.URL, response: httpx.Response, place: str, manners: Manners
) -> httpx.URL:
    """Return where a redirect leads."""
    location = response.headers.get("location")
    if not location:
        raise _refused(response, place, manners)
    following = url.join(location)
    if following.scheme not in _SCHEMES or not following.host:
        problem = f"leads to '{following.scheme}:', which is not followed"
        raise FetchError(place, problem, _ADDRESS)
    if (following.port or 0) > _LAST_PORT:
        raise FetchError(place, f"leads to port {following.port}", _ADDRESS)
    if not following.userinfo and _server(following) == _server(url):
        return following.copy_with(username=url.username, password=url.password)
    return following


def _server(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _is_news(
    response: httpx.Response, place: str, manners: Manners, is_conditional: bool
) -> bool:
    """Tell whether an answer holds a document; else it is as it was."""
    if response.status_code == _NOT_MODIFIED and is_conditional:
        return False
    if response.status_code != _OK:
        raise _refused(response, place, manners)
    return True


def _document(response: httpx.Response, place: str, path: Path) -> FetchedDocument:
    headers = response.headers
    # Not by `iter_raw`, which closes the connection before it can be looked at.
    body: Iterable[bytes] = response.stream  # type: ignore[assignment]
    packing = headers.get("content-encoding", "").strip()
    content = unzipped(bounded(body, place), packing, place)
    write(bounded(content, place), path)
    recode(path, response.charset_encoding)
    tags = Tags(
        url=_without_secrets(response.request.url),
        etag=headers.get("etag"),
        modified=headers.get("last-modified"),
    )
    return FetchedDocument(path, tags)


def _refused(response: httpx.Response, place: str, manners: Manners) -> FetchError:
    """Return the error of an answer that is not the document."""
    status = response.status_code
    known = status if status in _MEANING_BY_STATUS else status // 100
    meaning, mend = _MEANING_BY_STATUS.get(known, ("sends no answer", _WHO))
    asked = retry_after(response.headers.get("retry-after"), time())
    # Who asks for no wait at all is still not asked at once.
    wait = None if asked is None else max(asked, manners.first_wait)
    return FetchError(place, f"{meaning} (HTTP {status})", mend, wait)


def _explained(error: Exception, place: str) -> FetchError:
    problem, mend = next(
        (problem, mend) for kind, problem, mend in _PROBLEMS if isinstance(error, kind)
    )
    return FetchError(place, problem.format(error=error), mend)
