"""Spans of time as people write and read them: "15m", "2 h"."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["said_span", "seconds_of"]

_SECONDS_BY_UNIT: Final = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_NAME_BY_UNIT: Final = {"d": "d", "h": "h", "m": "min", "s": "s"}
_SPAN: Final = re.compile(r"(?:\d{1,6}[dhms])+")
_PART: Final = re.compile(r"(\d+)([dhms])")


def seconds_of(text: str) -> float:
    """Return a span in seconds.

    Raises
    ------
    ValueError
        If `text` is no span, or none of at least a second.

    Examples
    --------
    >>> seconds_of("15m"), seconds_of("1h30m")
    (900.0, 5400.0)
    """
    if not _SPAN.fullmatch(text):
        raise ValueError(f"{text!r} is no time such as 30s, 15m, 2h or 1d")
    parts = _PART.findall(text)
    seconds = sum(int(number) * _SECONDS_BY_UNIT[unit] for number, unit in parts)
    if not seconds:
        raise ValueError(f"{text!r} is no time at all; 1s is the least")
    return float(seconds)


def said_span(seconds: float) -> str:
    """Return a span in the unit that fits it.

    Examples
    --------
    >>> [said_span(seconds) for seconds in (0.4, 59, 90, 86400)]
    ['1 s', '59 s', '2 min', '24 h']
    """
    for unit, least in (("d", 2 * 86400), ("h", 5400), ("m", 90)):
        if seconds >= least:
            return f"{round(seconds / _SECONDS_BY_UNIT[unit])} {_NAME_BY_UNIT[unit]}"
    return f"{max(1, round(seconds))} s"
