"""Durations are parsed with their units, and printed in the unit that suits them."""

from __future__ import annotations

import pytest

from roleclf.feeds.watch.durations import format_duration, parse_duration

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
def test_a_duration_is_parsed_with_its_unit(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "15", "m", "15 m", "-1s", "1.5h", "15min", "0s"])
def test_a_duration_without_a_known_unit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is no time"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "1 s"), (60, "60 s"), (600, "10 min"), (7200, "2 h"), (7 * DAY, "7 d")],
)
def test_a_duration_is_printed_in_the_unit_that_suits_it(
    seconds: float, said: str
) -> None:
    assert format_duration(seconds) == said
