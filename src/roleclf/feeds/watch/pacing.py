"""How long to wait: between requests to a host, after failures, at a server's wish."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

__all__ = ["Clock", "FetchPolicy", "backoff", "host_throttle", "parse_retry_after"]

_DAY: Final = 86400.0
# Up to this share is added at random, so that clients that failed together do not
# return together.
_JITTER: Final = 0.25


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and randomness; tests pass their own."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """Delays, timeouts and limits of requests, in seconds but for `max_redirects`.

    `host_delay` lies between two requests to one host. After the first failure a
    source is left alone for `min_backoff`, then twice as long each time, up to
    `max_backoff`; a server's Retry-After counts up to `max_retry_after`.
    `total_timeout` limits a whole poll, redirects included.
    """

    host_delay: float = 2.0
    min_backoff: float = 60.0
    max_backoff: float = 6 * 3600.0
    max_retry_after: float = 7 * _DAY
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    total_timeout: float = 300.0
    max_redirects: int = 5


def host_throttle(clock: Clock, delay: float) -> Callable[[str], None]:
    """Return a function that sleeps until a host may be asked again."""
    asked_at: dict[str, float] = {}

    def throttle(host: str) -> None:
        rest = asked_at.get(host, clock.now() - delay) + delay - clock.now()
        if rest > 0:
            # Not longer than `delay`, should the clock have been set back.
            clock.sleep(min(rest, delay))
        asked_at[host] = clock.now()

    return throttle


def parse_retry_after(value: str | None, now: float) -> float | None:
    """Return the seconds that a Retry-After header asks for, None if it is invalid.

    Examples
    --------
    >>> parse_retry_after("120", 0.0)
    120.0
    >>> parse_retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 50.0)
    10.0
    """
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:12])
    try:
        date = parsedate_to_datetime(value)
        # Dates of HTTP are in GMT, also where they do not say so.
        aware = date if date.tzinfo else date.replace(tzinfo=UTC)
        return max(0.0, aware.timestamp() - now)
    except (ValueError, OverflowError):
        return None


def backoff(
    n_failures: int, retry_after: float | None, policy: FetchPolicy, clock: Clock
) -> float:
    """Return how many seconds to wait after `n_failures` failures in a row.

    The wait grows exponentially with jitter. It is at least `retry_after`, as far as
    `policy.max_retry_after` allows.
    """
    # The exponent is limited lest the power overflow a float.
    wait = policy.min_backoff * 2.0 ** min(n_failures - 1, 30)
    jittered = float(min(wait, policy.max_backoff) * (1 + _JITTER * clock.random()))
    if retry_after is None:
        return jittered
    return min(max(retry_after, jittered), policy.max_retry_after)
