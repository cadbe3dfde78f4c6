"""Parse and format durations such as "15m" and "2 h"."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["format_duration", "parse_duration"]

_SECONDS_BY_UNIT: Final = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_DURATION: Final = re.compile(r"(?:\d{1,6}[dhms])+")
_PART: Final = re.compile(r"(\d+)([dhms])")
# Unit as printed, and from how many seconds on it is used.
_PRINTED_UNITS: Final = (("d", "d", 2 * 86400), ("h", "h", 5400), ("m", "min", 90))


def parse_duration(text: str) -> float:
    """Return a duration in seconds.

    Raises
    ------
    ValueError
        If a number has no unit, as in "15", or the duration is zero.

    Examples
    --------
    >>> parse_duration("15m"), parse_duration("1h30m")
    (900.0, 5400.0)
    """
    if not _DURATION.fullmatch(text):
        raise ValueError(f"{text!r} is no time such as 30s, 15m, 2h or 1d")
    parts = _PART.findall(text)
    seconds = sum(int(number) * _SECONDS_BY_UNIT[unit] for number, unit in parts)
    if not seconds:
        raise ValueError(f"{text!r} is no time at all; 1s is the least")
    return float(seconds)


def format_duration(seconds: float) -> str:
    """Return a duration rounded to the unit that suits its size.

    Examples
    --------
    >>> [format_duration(seconds) for seconds in (0.4, 59, 90, 86400)]
    ['1 s', '59 s', '2 min', '24 h']
    """
    for unit, printed, least in _PRINTED_UNITS:
        if seconds >= least:
            return f"{round(seconds / _SECONDS_BY_UNIT[unit])} {printed}"
    return f"{max(1, round(seconds))} s"
