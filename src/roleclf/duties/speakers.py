"""Tell of whom a sentence speaks: of the jobholder, the employer, or who may apply.

A sentence may name a duty and yet not give it to the jobholder: "Experience in building
pipelines" asks for something, "We build pipelines" tells of the employer. The section
and the words that a sentence opens with decide; both err, so either may refuse.
`speakers.csv` lists the words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from roleclf.matching import group_by, read_columns

__all__ = ["tells_of_jobholder"]

_WORDS: Final = Path(__file__).parent / "speakers.csv"
# Sections that give no duties where a posting has a section of its own for them.
_ASKING: Final = frozenset({"requirements", "preferred"})
_DUTIES: Final = "duties"
# "In the data team at Acme we build", "The data science team builds": so far from the
# first word may the employer stand that a sentence tells of.
_OPENING: Final = 8
_OPENING_WITH_GROUP: Final = 5
_WORD: Final = re.compile(r"\w[\w'-]*")


def tells_of_jobholder(sentence: str, section: str | None, has_duties: bool) -> bool:
    """Tell whether a sentence that names a duty gives it to the jobholder.

    Parameters
    ----------
    sentence : str
    section : str or None
        The section that it stands in, one of `SECTIONS`.
    has_duties : bool
        Whether the posting has a section of duties: what stands elsewhere then must
        say that it is one.

    Examples
    --------
    >>> tells_of_jobholder("Build data pipelines", "duties", has_duties=True)
    True
    >>> tells_of_jobholder("Experience building pipelines", "duties", has_duties=True)
    False
    >>> tells_of_jobholder("We build pipelines for banks", None, has_duties=False)
    False
    """
    words = _WORD.findall(sentence.casefold().replace("’", "'"))
    while words and words[0] in _lists()["joint"]:
        del words[0]
    if not words or _asks(words):
        return False
    if section in _ASKING:
        return not has_duties and _is_act(words[0])
    if _tells_of_employer(words):
        return _has_any("jobholder", words)
    if section == _DUTIES or (section is None and not has_duties):
        return True
    return _is_act(words[0]) or _has_any("jobholder", words) or _has_any("job", words)


def _asks(words: Sequence[str]) -> bool:
    """Tell whether the first word that weighs asks for something."""
    for word in words:
        if word in _lists()["asked"]:
            return True
        if word not in _lists()["before asked"] and not word.isdecimal():
            return False
    return False


def _tells_of_employer(words: Sequence[str]) -> bool:
    """Tell whether a sentence opens with the employer, such as "we" or "the team"."""
    if _is_act(words[0]):
        return False
    is_group = words[0] in _lists()["article"] and _has_any(
        "group", words[:_OPENING_WITH_GROUP]
    )
    is_owned = _has_any("of employer", words[:1])
    return is_group or is_owned or _has_any("employer", words[:_OPENING])


def _is_act(word: str) -> bool:
    """Tell whether a word is a verb of duties: "build", "builds" or "building"."""
    stem = word.removesuffix("ing")
    forms = (word, word.removesuffix("s"), stem, stem + "e", stem[:-1])
    return _has_any("act", forms)


def _has_any(name: str, words: Sequence[str]) -> bool:
    return not _lists()[name].isdisjoint(words)


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    """Return the words of each list."""
    columns = read_columns(_WORDS)
    cells = group_by(columns["list"], columns["words"])
    return {name: frozenset(" ".join(words).split()) for name, words in cells.items()}
