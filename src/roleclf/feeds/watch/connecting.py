"""Connections to public addresses only, to the very address that was checked.

A name is looked up once, all its addresses are checked, and one of these is what the
connection goes to, so that no second look-up can say otherwise (DNS rebinding). Every
hop of a redirect takes this way. The name stays what TLS proves and `Host` says.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from time import monotonic
from typing import Any, Final

import httpcore
import httpx

from roleclf.errors import FetchError
from roleclf.feeds.watch.addresses import addresses_of, is_public
from roleclf.feeds.watch.durations import said_span
from roleclf.feeds.watch.pacing import Manners

__all__ = ["SurplusError", "open_client"]

# Beyond what h11 takes for a head.
_LONGEST_HEAD: Final = 1 << 18
# Answers that only announce the answer may come before it.
_HEADS: Final = re.compile(
    rb"(?>HTTP/1\.\d 1\d\d\b.*?\n\r?\n)*HTTP/1\.\d .*?\n\r?\n", re.S
)
# How long to look for bytes behind the last one announced, where a server that was
# asked to close the connection does not.
_LOOK: Final = 0.25
# Many servers of feeds serve their pages to browsers first.
_ACCEPT: Final = (
    "application/json, application/rss+xml, application/atom+xml, application/xml, "
    "text/xml, text/html;q=0.8, */*;q=0.5"
)


class SurplusError(Exception):
    """More came than the server had announced."""


def open_client(
    place: str, user_agent: str, manners: Manners, *, allow_private: bool
) -> httpx.Client:
    """Return a client for one poll, which follows nothing by itself.

    Parameters
    ----------
    place : str
        What errors call the source.
    user_agent : str
    manners : Manners
    allow_private : bool
        Connect to any address.
    """
    guard = _Guard(place, manners, allow_private)
    return httpx.Client(
        transport=_Transport(guard),
        headers={
            "User-Agent": user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip",
            "Connection": "close",
        },
        timeout=httpx.Timeout(manners.stall, connect=manners.connect),
        trust_env=False,
    )


@cache
def _trusted() -> ssl.SSLContext:
    """Return whom TLS trusts; reading that takes longer than a poll does."""
    return httpx.create_ssl_context()


class _Transport(httpx.BaseTransport):
    """Hands requests of httpx to a pool of httpcore that has a guard."""

    def __init__(self, guard: _Guard) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trusted(), network_backend=guard
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response, whose body is still to be read."""
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
            stream=_Body(response),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close what is open."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    """A body that is as long as the server said, or an error."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        n_bytes = 0
        for piece in self._response.iter_stream():
            n_bytes += len(piece)
            yield piece
        names = {name.lower() for name, _ in self._response.headers}
        if b"content-length" in names and b"transfer-encoding" not in names:
            stream: _Stream = self._response.extensions["network_stream"]
            if stream.holds_more(n_bytes):
                raise SurplusError

    def close(self) -> None:
        self._response.close()


class _Guard(httpcore.NetworkBackend):
    """Connects to addresses that it has checked, and to no others."""

    def __init__(self, place: str, manners: Manners, allow_private: bool) -> None:
        self._place = place
        self._manners = manners
        self._allow_private = allow_private
        self._deadline = monotonic() + manners.total
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of `host` that answers."""
        error: Exception | None = None
        for address in self._checked(host, port):
            try:
                with self.patience(timeout) as patience:
                    stream = self._plain.connect_tcp(
                        address, port, patience, local_address, socket_options
                    )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as found:
                error = found
            else:
                return _Stream(stream, self)
        raise error or httpcore.ConnectError(f"{host} has no address")

    def _checked(self, host: str, port: int) -> list[str]:
        try:
            addresses = addresses_of(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} is not known ({error})") from error
        closed = [address for address in addresses if not is_public(address)]
        if closed and not self._allow_private:
            at = host if host == closed[0] else f"{host} ({closed[0]})"
            problem = f"leads to {at}, which is no public address"
            mend = "give --allow-private if that is meant"
            raise FetchError(self._place, problem, mend, 0.0)
        return addresses

    @contextmanager
    def patience(self, timeout: float | None) -> Iterator[float]:
        """Give how long may be waited now, of `timeout` and of all that is left."""
        left = self._left()
        try:
            yield left if timeout is None else min(timeout, left)
        except httpcore.TimeoutException:
            self._left()
            raise

    def _left(self) -> float:
        left = self._deadline - monotonic()
        if left <= 0:
            problem = f"took more than {said_span(self._manners.total)}"
            raise FetchError(self._place, problem, "see whether it is well")
        return left


class _Stream(httpcore.NetworkStream):
    """A connection that heeds the end of all patience, and counts what comes."""

    def __init__(self, inner: httpcore.NetworkStream, guard: _Guard) -> None:
        self._inner = inner
        self._guard = guard
        self._n_bytes = 0
        self._head = b""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what comes next."""
        with self._guard.patience(timeout) as patience:
            data = self._inner.read(max_bytes, patience)
        self._n_bytes += len(data)
        if len(self._head) < _LONGEST_HEAD:
            self._head += data
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        with self._guard.patience(timeout) as patience:
            self._inner.write(buffer, patience)

    def close(self) -> None:
        """Close the connection."""
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Return the same connection, encrypted."""
        with self._guard.patience(timeout) as patience:
            secure = self._inner.start_tls(ssl_context, server_hostname, patience)
        return _Stream(secure, self._guard)

    def get_extra_info(self, info: str) -> Any:
        """Return what the connection says of itself."""
        return self._inner.get_extra_info(info)

    def holds_more(self, n_body: int) -> bool:
        """Tell whether something stands behind the head and so many bytes."""
        heads = _HEADS.match(self._head)
        n_head = heads.end() if heads else 0
        if heads and self._n_bytes > n_head + n_body:
            return True
        try:
            return bool(self._inner.read(1, _LOOK))
        except (httpcore.TimeoutException, httpcore.NetworkError):
            return False
