"""How long a watch waits: between requests, after failures, when it is told to."""

from __future__ import annotations

import pytest

from roleclf.feeds.watch.durations import format_duration, parse_duration
from roleclf.feeds.watch.pacing import (
    FetchPolicy,
    backoff,
    host_throttle,
    parse_retry_after,
)
from servers import FakeClock

DAY = 86400.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30s", 30),
        ("15m", 900),
        ("2h", 7200),
        ("1d", DAY),
        ("1h30m", 5400),
    ],
)
def test_a_time_is_read_with_its_unit(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "15", "m", "15 m", "-1s", "1.5h", "15min", "0s"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no time"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "1 s"), (60, "60 s"), (600, "10 min"), (7200, "2 h"), (7 * DAY, "7 d")],
)
def test_a_time_is_said_in_the_unit_that_fits(seconds: float, said: str) -> None:
    assert format_duration(seconds) == said


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
def test_retry_after_is_read(value: str | None, wait: float | None) -> None:
    assert parse_retry_after(value, 50.0) == wait


def test_each_failure_doubles_the_wait_to_a_limit() -> None:
    policy = FetchPolicy(min_backoff=60, max_backoff=1000)
    waits = [backoff(n, None, policy, FakeClock()) for n in (1, 2, 3, 5, 6, 10_000)]
    assert waits == [60, 120, 240, 960, 1000, 1000]


def test_waits_differ_by_chance_so_that_readers_do_not_come_together() -> None:
    clock = FakeClock()
    clock.random = lambda: 1.0  # type: ignore[method-assign]
    assert backoff(1, None, FetchPolicy(), clock) == 75


def test_a_server_that_names_a_time_is_heeded_within_reason() -> None:
    clock, policy = FakeClock(), FetchPolicy()
    assert backoff(1, 120.0, policy, clock) == 120
    assert backoff(1, 1e12, policy, clock) == 7 * DAY


def test_a_server_that_names_a_short_time_is_left_alone_longer_and_longer() -> None:
    waits = [backoff(n, 60.0, FetchPolicy(), FakeClock()) for n in (1, 2, 3)]
    assert waits == [60, 120, 240]


def test_a_host_is_left_alone_between_two_requests() -> None:
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


def test_a_clock_that_is_set_back_makes_nobody_wait_for_long() -> None:
    clock = FakeClock()
    wait = host_throttle(clock, 2.0)
    wait("a.example")
    clock.time -= DAY
    wait("a.example")
    assert clock.slept == [2.0]
