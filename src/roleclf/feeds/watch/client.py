"""Open an HTTP client that connects through the network guard."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from functools import cache
from typing import Final

import httpcore
import httpx

from roleclf.feeds.watch.network_guard import GuardedBackend, GuardedStream
from roleclf.feeds.watch.pacing import FetchPolicy

__all__ = ["SurplusError", "open_client"]

# Servers that choose by Accept often serve their pages to browsers first.
_ACCEPT: Final = (
    "application/json, application/rss+xml, application/atom+xml, application/xml, "
    "text/xml, text/html;q=0.8, */*;q=0.5"
)


class SurplusError(Exception):
    """A server sent more bytes than its Content-Length."""


def open_client(
    place: str, user_agent: str, policy: FetchPolicy, *, allow_private: bool
) -> httpx.Client:
    """Return a client for one poll, which does not follow redirects.

    Parameters
    ----------
    place : str
        What errors call the source.
    user_agent : str
    policy : FetchPolicy
        Its total timeout starts now.
    allow_private : bool
        Connect to addresses that are not public, too.
    """
    return httpx.Client(
        transport=_GuardedTransport(GuardedBackend(place, policy, allow_private)),
        headers={
            "User-Agent": user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip",
            "Connection": "close",
        },
        timeout=httpx.Timeout(policy.read_timeout, connect=policy.connect_timeout),
        trust_env=False,
    )


@cache
def _ssl_context() -> ssl.SSLContext:
    """Load the trusted certificates once; it takes longer than a poll."""
    return httpx.create_ssl_context()


class _GuardedTransport(httpx.BaseTransport):
    """Sends requests through a connection pool with a given network backend.

    `httpx.HTTPTransport` has no argument for the backend of its pool.
    """

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_ssl_context(), network_backend=backend
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response, its body not yet read."""
        response = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_CheckedBody(response),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


class _CheckedBody(httpx.SyncByteStream):
    """A body that raises if more follows than Content-Length; h11 raises for less."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        n_bytes = 0
        for chunk in self._response.iter_stream():
            n_bytes += len(chunk)
            yield chunk
        names = {name.lower() for name, _ in self._response.headers}
        if b"content-length" in names and b"transfer-encoding" not in names:
            stream: GuardedStream = self._response.extensions["network_stream"]
            if stream.has_surplus(n_bytes):
                raise SurplusError

    def close(self) -> None:
        self._response.close()
