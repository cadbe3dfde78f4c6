"""Read the words that say for how many years a skill is asked for, as patterns.

They are rows of `years_cues.csv`, in seven languages; a category that is a number has
the words for that number. CONTRIBUTING.md says what the others mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from roleclf.skills.cues import cue_phrases
from roleclf.skills.sentences import alternation, read_cues

__all__ = [
    "YearPatterns",
    "asking_nouns",
    "clause_ends",
    "number_words",
    "words_with_number",
    "year_patterns",
    "year_words",
]

_CUES: Final = Path(__file__).parent / "years_cues.csv"


class YearPatterns(NamedTuple):
    """The cues as patterns, by what they are looked for in."""

    years: re.Pattern[str]
    not_before: re.Pattern[str]
    not_behind: re.Pattern[str]
    backward: re.Pattern[str]
    least: re.Pattern[str]
    experience: re.Pattern[str]
    object: re.Pattern[str]
    company: re.Pattern[str]
    ends: re.Pattern[str]
    joint: re.Pattern[str]
    joint_word: re.Pattern[str]
    either: re.Pattern[str]


@cache
def year_patterns() -> YearPatterns:
    """Return the patterns, compiled."""
    cues = {name: alternation(_cues(name)) for name in read_cues(_CUES)}
    lists = read_cues(_CUES.with_name("alternative_cues.csv"))
    words = {name: alternation([row[0] for row in lists[name]]) for name in lists}
    joints = f"{words['and']}|{words['or']}"
    least = cues["least"]
    patterns = {
        "years": _years_pattern(cues),
        "not_before": rf"{cues['not asked before']}\W*(?:{least}\W*)?\Z",
        "not_behind": rf"\W{{0,3}}{cues['not asked behind']}",
        "backward": rf"\s*{cues['backward']}\s*(?:{least}\s*){{0,3}}",
        "least": least,
        "experience": rf"{cues['experience']}|\w*{cues['experience']}",
        "object": rf"\s*(?:{least}\s*)?{cues['object']}",
        "company": cues["company"],
        "ends": rf"{cues['ends']}|,\s*{cues['ends behind comma']}",
        "joint": rf",|/|{joints}",
        "joint_word": joints,
        "either": words["or"],
    }
    compiled = {k: re.compile(p, re.IGNORECASE) for k, p in patterns.items()}
    return YearPatterns(**compiled)


def _years_pattern(cues: dict[str, str]) -> str:
    """Return the pattern of a number of years: "3 to 5+ years", "two (2) years"."""
    words = sorted(number_words(), key=len, reverse=True)
    number = rf"(?:\d{{1,2}}(?:[.,]5)?(?![\d.,]*\d)|{'|'.join(words)})"
    more = rf"\s*(?:{cues['or more']}\s*)?"
    span = rf"(?:\s*{cues['range']}\s*{number}{more})?"
    again = r"(?:[(\[]\s*\d+\s*\+?\s*[)\]]\s*)?"
    # "dreijährig", "3jr": no blank is needed between number and noun.
    half = rf"\s*{alternation(_cues('half'), glued=True)}"
    noun = alternation(_cues("year"), glued=True)
    return (
        rf"(?<![\w,$€£%-])(?<!\d\.)(?P<least>{number})(?P<more>{half})?{more}{again}"
        rf"{span}{again}(?:-?\s*{cues['or more']}\s*)?[-\s]*{noun}\.?(?P<half>{half})?"
    )


def _cues(category: str) -> list[str]:
    return [row[0] for row in read_cues(_CUES)[category]]


@cache
def number_words() -> dict[str, float]:
    """Return numbers by the words for them."""
    rows = read_cues(_CUES)
    return {row[0]: float(n) for n in rows if n.isdigit() for row in rows[n]}


@cache
def year_words() -> frozenset[str]:
    """Return the words for a year, also behind a number: "dreijährige"."""
    words = [word.strip("'’.s") for word in _cues("year")]
    return frozenset((*words, *_cues("year"), *_glued_years()))


def _glued_years() -> Iterator[str]:
    words = [word.strip("'’.s") for word in _cues("year")]
    return (number + word for number in number_words() for word in words)


@cache
def words_with_number() -> frozenset[str]:
    """Return the words for a number, also before a half or a year: "zweieinhalb"."""
    numbers = number_words()
    halves = (number + half for number in numbers for half in _cues("half"))
    return frozenset((*numbers, *halves, *_glued_years()))


@cache
def asking_nouns() -> frozenset[str]:
    """Return nouns that ask for skills: "knowledge", "experience"."""
    return frozenset(cue_phrases()["clause noun"])


@cache
def clause_ends() -> frozenset[str]:
    """Return words behind which a clause has its object: "experience", "engineer"."""
    return frozenset((*_cues("general"), *_cues("experience")))
