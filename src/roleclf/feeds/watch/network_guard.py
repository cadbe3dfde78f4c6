"""Connect to public addresses only, within a deadline.

A host name is resolved once, all its addresses are checked, and the connection goes to
one of these. No second look-up can answer otherwise (DNS rebinding). Each hop of a
redirect is checked in the same way. TLS and `Host` still use the name.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, Final

import httpcore

from roleclf.errors import FetchError
from roleclf.feeds.watch.addresses import is_public, resolve
from roleclf.feeds.watch.durations import format_duration
from roleclf.feeds.watch.pacing import FetchPolicy

__all__ = ["GuardedBackend", "GuardedStream"]

# More than h11 accepts as the head of a response.
_MAX_HEAD: Final = 1 << 18
# The head of the response, behind those of informational ones such as 103.
_HEAD: Final = re.compile(
    rb"(?>HTTP/1\.\d 1\d\d\b.*?\n\r?\n)*HTTP/1\.\d .*?\n\r?\n", re.S
)
# Seconds to wait for surplus bytes where a server ignores `Connection: close`.
_SURPLUS_TIMEOUT: Final = 0.25


class GuardedBackend(httpcore.NetworkBackend):
    """Makes the connections of one poll, to addresses that it has checked.

    Parameters
    ----------
    place : str
        What errors call the source.
    policy : FetchPolicy
        Its total timeout starts now.
    allow_private : bool
        Connect to addresses that are not public, too.
    """

    def __init__(self, place: str, policy: FetchPolicy, allow_private: bool) -> None:
        self._place = place
        self._policy = policy
        self._allow_private = allow_private
        self._deadline = monotonic() + policy.total_timeout
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of `host` that answers."""
        last_error: Exception | None = None
        for address in self._checked_addresses(host, port):
            try:
                with self.within_deadline(timeout) as limited:
                    stream = self._backend.connect_tcp(
                        address, port, limited, local_address, socket_options
                    )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last_error = error
            else:
                return GuardedStream(stream, self)
        raise last_error or httpcore.ConnectError(f"{host} has no address")

    def _checked_addresses(self, host: str, port: int) -> list[str]:
        try:
            addresses = resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} is not known ({error})") from error
        private = [address for address in addresses if not is_public(address)]
        if private and not self._allow_private:
            shown = host if host == private[0] else f"{host} ({private[0]})"
            problem = f"leads to {shown}, which is no public address"
            mend = "give --allow-private if that is meant"
            raise FetchError(self._place, problem, mend, 0.0)
        return addresses

    @contextmanager
    def within_deadline(self, timeout: float | None) -> Iterator[float]:
        """Give the timeout of an operation, cut at the deadline of the poll.

        Raises
        ------
        FetchError
            If the deadline has passed, or passes in the block.
        """
        left = self._time_left()
        try:
            yield left if timeout is None else min(timeout, left)
        except httpcore.TimeoutException:
            self._time_left()
            raise

    def _time_left(self) -> float:
        left = self._deadline - monotonic()
        if left <= 0:
            problem = f"took more than {format_duration(self._policy.total_timeout)}"
            raise FetchError(self._place, problem, "see whether it is well")
        return left


class GuardedStream(httpcore.NetworkStream):
    """A connection that keeps the deadline of its poll, and counts what it receives."""

    def __init__(self, stream: httpcore.NetworkStream, backend: GuardedBackend) -> None:
        self._stream = stream
        self._backend = backend
        self._n_received = 0
        self._start = b""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return the next bytes; none at the end."""
        with self._backend.within_deadline(timeout) as limited:
            data = self._stream.read(max_bytes, limited)
        self._n_received += len(data)
        if len(self._start) < _MAX_HEAD:
            self._start += data
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        with self._backend.within_deadline(timeout) as limited:
            self._stream.write(buffer, limited)

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Return the connection, encrypted."""
        with self._backend.within_deadline(timeout) as limited:
            secure = self._stream.start_tls(ssl_context, server_hostname, limited)
        return GuardedStream(secure, self._backend)

    def get_extra_info(self, info: str) -> Any:
        """Return what httpcore asks of a connection, such as its socket."""
        return self._stream.get_extra_info(info)

    def has_surplus(self, n_body: int) -> bool:
        """Tell whether bytes follow the head and a body of `n_body` bytes."""
        head = _HEAD.match(self._start)
        if head and self._n_received > head.end() + n_body:
            return True
        try:
            return bool(self._stream.read(1, _SURPLUS_TIMEOUT))
        except (httpcore.TimeoutException, httpcore.NetworkError):
            return False
