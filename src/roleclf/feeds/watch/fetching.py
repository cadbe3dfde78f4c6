"""Fetch a feed over HTTP: conditional requests, redirects, statuses, errors.

Redirects are followed here and not by httpx: each hop waits for its host, sends its
own validators, and keeps the password only on the same server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from time import time
from typing import Final

import httpcore
import httpx

from roleclf.errors import FetchError
from roleclf.feeds.watch.bodies import decompress, limit_size, transcode, write_chunks
from roleclf.feeds.watch.client import SurplusError, open_client
from roleclf.feeds.watch.pacing import FetchPolicy, parse_retry_after
from roleclf.feeds.watch.records import FetchedDocument, Validators, WatchedSource

__all__ = ["fetch"]

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_OK: Final = 200
_NOT_MODIFIED: Final = 304
_SCHEMES: Final = ("http", "https")
_MAX_PORT: Final = 65535
_ASK_OPERATOR: Final = "if it stays so, ask those who run it"
_CHECK_URL: Final = "check the address"
_CHECK_ACCESS: Final = "check the address, and that it may be read without logging in"
# Problem and mend of a status, or of its first digit if it is not listed.
_PROBLEM_BY_STATUS: Final = {
    401: ("wants a password", _CHECK_ACCESS),
    403: ("denies access", _CHECK_ACCESS),
    404: ("is not there", _CHECK_URL),
    410: ("is gone for good", "take it out of the call"),
    429: ("was asked too often", "ask less often with --every"),
    2: ("has no document", _CHECK_URL),
    3: ("leads nowhere", _CHECK_URL),
    4: ("refuses", _CHECK_URL),
    5: ("has trouble", _ASK_OPERATOR),
}
# Kind of exception, problem and mend; narrower kinds come first.
_PROBLEM_BY_ERROR: Final[tuple[tuple[type[Exception], str, str], ...]] = (
    (httpcore.ConnectTimeout, "does not answer", _ASK_OPERATOR),
    (httpcore.TimeoutException, "stopped answering", _ASK_OPERATOR),
    (httpcore.ConnectError, "cannot be reached ({error})", _CHECK_URL),
    (httpcore.NetworkError, "broke the connection ({error})", _ASK_OPERATOR),
    (httpcore.ProtocolError, "sent a broken or cut answer ({error})", _ASK_OPERATOR),
    (SurplusError, "sent more than it had announced", _ASK_OPERATOR),
    (httpx.InvalidURL, "is no valid address ({error})", _CHECK_URL),
    (httpx.HTTPError, "cannot be read ({error})", _CHECK_URL),
    (UnicodeError, "is or leads to no valid address ({error})", _CHECK_URL),
)
_ERRORS: Final = tuple(kind for kind, _, _ in _PROBLEM_BY_ERROR)


def fetch(
    source: WatchedSource,
    known: Validators,
    user_agent: str,
    throttle: Callable[[str], None],
    policy: FetchPolicy,
    path: Path,
    *,
    allow_private: bool = False,
) -> FetchedDocument | None:
    """Write the document at a URL to a file; return None if it has not changed.

    Parameters
    ----------
    source : WatchedSource
    known : Validators
        Those of the document that was fetched last.
    user_agent : str
    throttle : callable
        Sleeps until the host that it is given may be asked.
    policy : FetchPolicy
    path : Path
        The file; it is overwritten.
    allow_private : bool
        Connect to addresses that are not public, too.

    Raises
    ------
    FetchError
        If no whole document came; `wait` is what the server asks for with Retry-After.
    FeedError
        If the document is larger than a feed may be.
    WatchError
        If the file cannot be written.
    """
    place = source.shown
    try:
        with open_client(
            place, user_agent, policy, allow_private=allow_private
        ) as client:
            url = httpx.URL(source.address)
            for _ in range(policy.max_redirects + 1):
                throttle(url.host)
                conditions = _conditions(url, known)
                with client.stream("GET", url, headers=conditions) as response:
                    if response.status_code not in _REDIRECTS:
                        if response.status_code == _NOT_MODIFIED and conditions:
                            return None
                        return _save(response, place, policy, path)
                    url = _redirect_target(url, response, place, policy)
    except _ERRORS as error:
        raise _to_fetch_error(error, place) from error
    problem = f"leads through more than {policy.max_redirects} redirects"
    raise FetchError(place, problem, _CHECK_URL)


def _conditions(url: httpx.URL, known: Validators) -> dict[str, str]:
    """Return the headers that make a request conditional.

    Validators are sent only to the URL that gave them: another may use the same ETag.
    """
    if known.url != _without_credentials(url):
        return {}
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    # Servers send others, but httpx cannot send them back.
    return {name: value for name, value in headers.items() if value and value.isascii()}


def _without_credentials(url: httpx.URL) -> str:
    return str(url.copy_with(username=None, password=None))


def _redirect_target(
    url: httpx.URL, response: httpx.Response, place: str, policy: FetchPolicy
) -> httpx.URL:
    """Return where a redirect leads, with the password if that is the same server."""
    location = response.headers.get("location")
    if not location:
        raise _status_error(response, place, policy)
    target = url.join(location)
    if target.scheme not in _SCHEMES or not target.host:
        problem = f"leads to '{target.scheme}:', which is not followed"
        raise FetchError(place, problem, _CHECK_URL)
    if (target.port or 0) > _MAX_PORT:
        raise FetchError(place, f"leads to port {target.port}", _CHECK_URL)
    if not target.userinfo and _origin(target) == _origin(url):
        return target.copy_with(username=url.username, password=url.password)
    return target


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _save(
    response: httpx.Response, place: str, policy: FetchPolicy, path: Path
) -> FetchedDocument:
    """Write the body of a response to a file, decoded."""
    if response.status_code != _OK:
        raise _status_error(response, place, policy)
    headers = response.headers
    # `iter_raw` would close the connection before it is checked for surplus bytes.
    body: Iterable[bytes] = response.stream  # type: ignore[assignment]
    encoding = headers.get("content-encoding", "").strip()
    content = decompress(limit_size(body, place), encoding, place)
    write_chunks(limit_size(content, place), path)
    transcode(path, response.charset_encoding)
    validators = Validators(
        url=_without_credentials(response.request.url),
        etag=headers.get("etag"),
        modified=headers.get("last-modified"),
    )
    return FetchedDocument(path, validators)


def _status_error(
    response: httpx.Response, place: str, policy: FetchPolicy
) -> FetchError:
    """Return the error of a response that holds no document."""
    status = response.status_code
    key = status if status in _PROBLEM_BY_STATUS else status // 100
    problem, mend = _PROBLEM_BY_STATUS.get(key, ("sends no answer", _ASK_OPERATOR))
    retry_after = parse_retry_after(response.headers.get("retry-after"), time())
    # "Retry-After: 0" does not mean at once.
    wait = None if retry_after is None else max(retry_after, policy.min_backoff)
    return FetchError(place, f"{problem} (HTTP {status})", mend, wait)


def _to_fetch_error(error: Exception, place: str) -> FetchError:
    problem, mend = next(
        (problem, mend)
        for kind, problem, mend in _PROBLEM_BY_ERROR
        if isinstance(error, kind)
    )
    return FetchError(place, problem.format(error=error), mend)
