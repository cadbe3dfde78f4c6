"""The terms of titles: what words say, and signs, apart from what tells nothing."""

from __future__ import annotations

from typing import Final

__all__ = [
    "ALTERNATIVE",
    "CLOSE",
    "CUT",
    "OPEN",
    "SLASH",
    "UNKNOWN",
    "UNKNOWN_TERM",
    "Term",
    "Terms",
    "telling_terms",
]

# The name of what is no known term, where a pattern allows for any one word.
UNKNOWN: Final = "?"


class Term:
    """A word or phrase of a title; one object a kind and name, compared by identity."""

    __slots__ = ("kind", "name")

    def __init__(self, kind: str, name: str = "") -> None:
        self.kind = kind
        self.name = name


Terms = tuple[Term, ...]
UNKNOWN_TERM: Final = Term("", UNKNOWN)
ALTERNATIVE: Final = Term("alternatives")
# A sign for an alternative, which `telling_terms` makes one.
SLASH: Final = Term("alternatives")
OPEN, CLOSE, CUT = Term("open"), Term("close"), Term("cut")
_DROPPED: Final = frozenset((UNKNOWN_TERM, SLASH, CLOSE, CUT))
_BEFORE_ALTERNATIVE: Final = frozenset((ALTERNATIVE, OPEN, CUT))
_SEPARATORS: Final = frozenset((ALTERNATIVE, CUT))
_ASIDE: Final = [CUT, UNKNOWN_TERM]


def telling_terms(terms: Terms) -> Terms:
    """Return terms without those that tell nothing: "(m/w/d)", "? ?", signs at the end.

    A last bracket of an unknown word becomes an aside.
    """
    told: list[Term] = []
    for term in terms:
        if term in _DROPPED:
            _append(told, term)
        else:
            told.append(term)
    _trim(told)
    return tuple(told)


def _append(terms: list[Term], term: Term) -> None:
    """Add a term, unless it tells nothing behind the last one."""
    last = terms[-1] if terms else CUT
    if term is UNKNOWN_TERM:
        if terms[-3:-1] == _ASIDE and last in _SEPARATORS:
            terms.pop()  # one unknown aside tells as much as two
        elif last is not UNKNOWN_TERM:
            terms.append(term)
    elif term is SLASH:
        if last not in _BEFORE_ALTERNATIVE:
            terms.append(ALTERNATIVE)
    elif term is CUT:
        if last is not CUT:
            terms.append(term)
    else:
        _close(terms)


def _close(terms: list[Term]) -> None:
    if terms and terms[-1] is ALTERNATIVE:
        terms.pop()
    if terms and terms[-1] is OPEN:
        terms.pop()
    else:
        terms.append(CLOSE)


def _trim(terms: list[Term]) -> None:
    if terms and terms[-1] is CLOSE:
        terms.pop()
        if terms[-2:] == [OPEN, UNKNOWN_TERM]:
            terms[-2:] = [] if terms[-4:-2] == _ASIDE else _ASIDE
    while terms and terms[-1] in _BEFORE_ALTERNATIVE:
        terms.pop()
