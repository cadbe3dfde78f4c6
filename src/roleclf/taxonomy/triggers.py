"""Parse triggers, the patterns that describe how postings word a duty.

Example: `(build|set up) .. pipelines [daily]`. Words must occur in this order. Round
brackets hold alternatives, square brackets an optional part, and `..` stands for a few
other words. `({build}|run)` means a word of the list `build` in `words.yaml`, or "run".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final

__all__ = ["expand_trigger", "fill_trigger"]

_VALID_WORDS: Final = re.compile(r"[a-z0-9/'+#-]+(?: [a-z0-9/'+#-]+)*")
_VALID_CHARACTERS: Final = "lower-case letters, digits and / ' + # -"
_LIST_NAME: Final = re.compile(r"\{([^{}]*)\}")
_PIECE: Final = re.compile(
    r"\((?P<any>[^()\[\]]*)\)|\[(?P<optional>[^()\[\]]*)\]|(?P<gap>\.\.)"
    r"|(?P<word>[^()\[\]\s.]+)|(?P<odd>.)"
)
# What a piece of each kind may stand for besides the alternatives written in it.
_EXTRA_ALTERNATIVES: Final = {"any": [], "optional": [""], "word": [], "odd": []}


def fill_trigger(trigger: str, words_by_list: Mapping[str, Sequence[str]]) -> str:
    """Return the trigger with each `{list}` replaced by the words of that list.

    The name of an unknown list stays; `expand_trigger` raises an error for it.

    Examples
    --------
    >>> fill_trigger("({watch}|track) .. jobs", {"watch": ["watch", "monitor"]})
    '(watch|monitor|track) .. jobs'
    """
    return _LIST_NAME.sub(
        lambda name: "|".join(words_by_list.get(name[1], (name[0],))), trigger
    )


def expand_trigger(trigger: str) -> list[list[str]]:
    """Return every phrase that each segment of a trigger stands for.

    Segments are the parts between `..`.

    Raises
    ------
    ValueError
        If the syntax is wrong; the message says what is.

    Examples
    --------
    >>> expand_trigger("(watch|track) .. [data] jobs")
    [['watch', 'track'], ['data jobs', 'jobs']]
    """
    segments: list[list[list[str]]] = [[]]
    for kind, piece in _pieces(trigger):
        if kind == "gap":
            segments.append([])
        else:
            segments[-1].append(
                [*_alternatives(piece, kind), *_EXTRA_ALTERNATIVES[kind]]
            )
    return [_combined_phrases(choices) for choices in segments]


def _pieces(trigger: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text of each word, bracket and gap, in order."""
    end = -1
    for match in _PIECE.finditer(trigger):
        if match[0].isspace():
            continue
        if match.start() == end:
            raise ValueError(f"no blank before {match[0]!r}")
        end = match.end()
        kind = str(match.lastgroup)
        yield kind, match[kind]


def _alternatives(piece: str, kind: str) -> list[str]:
    alternatives = [text.strip() for text in piece.split("|")]
    if "" in alternatives:
        raise ValueError(f"an alternative of {piece!r} is empty")
    for text in alternatives:
        if _LIST_NAME.fullmatch(text):
            raise ValueError(f"no list {text} in words.yaml")
        if not _VALID_WORDS.fullmatch(text):
            raise ValueError(f"{text!r} has other than {_VALID_CHARACTERS}")
    if kind == "word" and len(alternatives) > 1:
        raise ValueError(f"no brackets around {piece!r}")
    return alternatives


def _combined_phrases(choices: list[list[str]]) -> list[str]:
    phrases = [" ".join(filter(None, words)) for words in product(*choices)]
    if not all(phrases):
        raise ValueError("a part between `..` has no word that must be there")
    return phrases
