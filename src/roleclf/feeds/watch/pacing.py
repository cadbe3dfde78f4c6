"""How long a polite reader waits: between requests, after a failure, when told to."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Final

__all__ = ["Clock", "Manners", "pauses", "retry_after", "wait_after"]

_DAY: Final = 86400.0
# So much is added at random, so that many readers do not come back all at once.
_JITTER: Final = 0.25


@dataclass(frozen=True, slots=True)
class Clock:
    """Where time and chance come from; tests bring their own."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    draw: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class Manners:
    """How patient and how polite a reader is; spans in seconds.

    `pause` lies between two requests to one host. After the first failure it waits
    `first_wait`, then twice as long each time, `longest_wait` at most, or as long as
    the server asks, `longest_asked` at most. A request may take `connect` to reach a
    server, `stall` without a byte, and `total` in all.
    """

    pause: float = 2.0
    first_wait: float = 60.0
    longest_wait: float = 6 * 3600.0
    longest_asked: float = 7 * _DAY
    connect: float = 10.0
    stall: float = 30.0
    total: float = 300.0
    n_redirects: int = 5


def pauses(clock: Clock, pause: float) -> Callable[[str], None]:
    """Return a function that waits until a host may be asked again."""
    asked: dict[str, float] = {}

    def wait(host: str) -> None:
        rest = asked.get(host, clock.now() - pause) + pause - clock.now()
        if rest > 0:
            # A clock that was set back must not make it wait for long.
            clock.sleep(min(rest, pause))
        asked[host] = clock.now()

    return wait


def retry_after(value: str | None, now: float) -> float | None:
    """Return how many seconds a header Retry-After asks for; None if it says nothing.

    Examples
    --------
    >>> retry_after("120", 0.0), retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 50.0)
    (120.0, 10.0)
    """
    if value is None:
        return None
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:12])
    try:
        then = parsedate_to_datetime(value)
        # A date without a zone is meant as all dates of HTTP are.
        aware = then if then.tzinfo else then.replace(tzinfo=UTC)
        return max(0.0, aware.timestamp() - now)
    except (ValueError, OverflowError):
        return None


def wait_after(
    failures: int, asked: float | None, manners: Manners, clock: Clock
) -> float:
    """Return how long to wait after so many failures in a row.

    What a server asked for is the least, but not beyond what is agreed on.
    """
    # Beyond 2 ** 30 waits no longer grow, whatever the longest one is.
    wait = manners.first_wait * 2.0 ** min(failures - 1, 30)
    own = float(min(wait, manners.longest_wait) * (1 + _JITTER * clock.draw()))
    if asked is None:
        return own
    return min(max(asked, own), manners.longest_asked)
