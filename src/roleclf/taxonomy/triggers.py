"""The small language of trigger phrases, which say how postings word a duty.

`(build|set up) .. pipelines [daily]`: words in this order; one of the alternatives in
round brackets; what stands in square brackets or nothing; at `..` a few other words.
`({build}|run)`: the words of the list `build` in `words.yaml`, or "run".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final

__all__ = ["expand_trigger", "fill_trigger"]

_WORDS: Final = re.compile(r"[a-z0-9/'+#-]+(?: [a-z0-9/'+#-]+)*")
_MARKS: Final = "lower-case letters, digits and / ' + # -"
_NAME: Final = re.compile(r"\{([^{}]*)\}")
_PIECE: Final = re.compile(
    r"\((?P<any>[^()\[\]]*)\)|\[(?P<optional>[^()\[\]]*)\]|(?P<gap>\.\.)"
    r"|(?P<word>[^()\[\]\s.]+)|(?P<odd>.)"
)
# What a piece of each kind may stand for beside its alternatives.
_BESIDE: Final = {"any": [], "optional": [""], "word": [], "odd": []}


def fill_trigger(trigger: str, words_by_list: Mapping[str, Sequence[str]]) -> str:
    """Return the trigger with the words of each list that it names.

    A name that no list has stays; `expand_trigger` refuses it.

    Examples
    --------
    >>> fill_trigger("({watch}|track) .. jobs", {"watch": ["watch", "monitor"]})
    '(watch|monitor|track) .. jobs'
    """
    return _NAME.sub(
        lambda name: "|".join(words_by_list.get(name[1], (name[0],))), trigger
    )


def expand_trigger(trigger: str) -> list[list[str]]:
    """Return the segments of a trigger, each as every phrase it stands for.

    Raises
    ------
    ValueError
        If it is not of the language; the message says what is wrong.

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
            segments[-1].append([*_alternatives(piece, kind), *_BESIDE[kind]])
    return [_phrases(choices) for choices in segments]


def _pieces(trigger: str) -> Iterator[tuple[str, str]]:
    """Yield kind and text of each piece, in order."""
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
        if _NAME.fullmatch(text):
            raise ValueError(f"no list {text} in words.yaml")
        if not _WORDS.fullmatch(text):
            raise ValueError(f"{text!r} has other than {_MARKS}")
    if kind == "word" and len(alternatives) > 1:
        raise ValueError(f"no brackets around {piece!r}")
    return alternatives


def _phrases(choices: list[list[str]]) -> list[str]:
    phrases = [" ".join(filter(None, words)) for words in product(*choices)]
    if not all(phrases):
        raise ValueError("a part between `..` has no word that must be there")
    return phrases
