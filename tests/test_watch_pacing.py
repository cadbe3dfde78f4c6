"""Delays between requests, backoff after failures, and Retry-After."""

from __future__ import annotations

import pytest

from roleclf.feeds.watch.pacing import (
    FetchPolicy,
    backoff,
    host_throttle,
    parse_retry_after,
)
from servers import FakeClock

DAY = 86400.0


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        pytest.param(None, None, id="missing"),
        pytest.param("0", 0.0, id="now"),
        pytest.param(" 120 ", 120.0, id="seconds"),
        pytest.param("9" * 500, 999999999999.0, id="endless"),
        pytest.param("Thu, 01 Jan 1970 00:02:00 GMT", 70.0, id="date"),
        pytest.param("Thu, 01 Jan 1970 00:02:00 -0000", 70.0, id="date-without-zone"),
        pytest.param("Thursday, 01-Jan-70 00:02:00 GMT", 70.0, id="old-date"),
        pytest.param("Thu, 01 Jan 1970 00:00:10 GMT", 0.0, id="past"),
        pytest.param("soon", None, id="word"),
        pytest.param("-5", None, id="negative"),
        pytest.param("Thu, 99 Jan 1970 00:02:00 GMT", None, id="no-date"),
        pytest.param(f"Thu, 01 Jan {9**20} 00:00:00 GMT", None, id="no-year"),
        pytest.param(f"Thu, 01 Jan 1970 00:02:00 +{9**20}", None, id="no-zone"),
    ],
)
def test_retry_after_is_parsed(value: str | None, wait: float | None) -> None:
    assert parse_retry_after(value, 50.0) == wait


def test_backoff_doubles_up_to_its_limit() -> None:
    policy = FetchPolicy(min_backoff=60, max_backoff=1000)
    waits = [backoff(n, None, policy, FakeClock()) for n in (1, 2, 3, 5, 6, 10_000)]
    assert waits == [60, 120, 240, 960, 1000, 1000]


def test_backoff_has_jitter() -> None:
    clock = FakeClock()
    clock.random = lambda: 1.0  # type: ignore[method-assign]
    assert backoff(1, None, FetchPolicy(), clock) == 75


def test_retry_after_counts_up_to_its_limit() -> None:
    clock, policy = FakeClock(), FetchPolicy()
    assert backoff(1, 120.0, policy, clock) == 120
    assert backoff(1, 1e12, policy, clock) == 7 * DAY


def test_backoff_grows_beyond_a_short_retry_after() -> None:
    waits = [backoff(n, 60.0, FetchPolicy(), FakeClock()) for n in (1, 2, 3)]
    assert waits == [60, 120, 240]


def test_requests_to_one_host_are_delayed() -> None:
    clock = FakeClock()
    wait = host_throttle(clock, 2.0)
    wait("a.example")
    wait("b.example")
    assert clock.slept == []
    clock.time += 0.5
    wait("a.example")
    assert clock.slept == [1.5]
    wait("a.example")
    assert clock.slept == [1.5, 2.0]


def test_a_clock_set_back_causes_no_long_delay() -> None:
    clock = FakeClock()
    wait = host_throttle(clock, 2.0)
    wait("a.example")
    clock.time -= DAY
    wait("a.example")
    assert clock.slept == [2.0]
