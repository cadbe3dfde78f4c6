"""Tell which roles or other professions the parts of a title name.

The head noun decides: a "Recruiter for Data Engineers" is a recruiter. A head that can
be a role is one by what stands beside it, else by what the title adds after commas,
dashes and in brackets ("Software Engineer, Data Platform").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from roleclf.model.title_parts import NOUNS, TitlePart, title_parts
from roleclf.model.title_words import UNKNOWN, Terms, TitleWords

__all__ = ["OTHER", "TitleReading"]

OTHER: Final = "other"
# In place of a role: what a noun names is open.
_OPEN: Final = "?"
_Names = frozenset[str]
_NONE: Final[_Names] = frozenset()
_CACHE_SIZE: Final = 1 << 14


class TitleReading:
    """The words of titles, and what patterns say of them.

    Parameters
    ----------
    words : mapping
        The content of the taxonomy's `titles.yaml`.
    roles : callable
        Returns the roles whose title patterns match a text.
    """

    def __init__(
        self, words: Mapping[str, Any], roles: Callable[[str], _Names]
    ) -> None:
        self._words = TitleWords(words)
        self._alike = frozenset(words["alike"])
        self._roles = roles
        self._heads = [h["id"] for h in words["heads"] if not roles(h["id"])]
        self._telling = frozenset(words["telling"])
        self._complete = frozenset(words["complete"])
        self._of_a_role: dict[str, bool] = {UNKNOWN: False}
        # Titles that differ in levels, genders and places alone are read once.
        self._named_by_terms: dict[Terms, _Names] = {}

    def named(self, title: str) -> _Names:
        """Return the roles that a title names, and `OTHER` for other professions.

        Empty where it names nothing.
        """
        terms = self._words.read(title)
        named = self._named_by_terms.get(terms)
        if named is None:
            if len(self._named_by_terms) >= _CACHE_SIZE:
                self._named_by_terms.clear()
            named = self._by_stretches(title_parts(terms, self._alike))
            self._named_by_terms[terms] = named
        return named

    def _by_stretches(self, stretches: Sequence[Sequence[TitlePart]]) -> _Names:
        headed = [s for s in stretches if any(part.kind in NOUNS for part in s)]
        if not headed:
            return self._by_fields([part for s in stretches for part in s])
        first = next(part for part in headed[0] if part.kind in NOUNS)
        if first.kind == "deciding":
            return frozenset({OTHER})
        asides = [_beside(s) for s in stretches if s not in headed]
        named = self._by_stretch(headed[0], [aside for aside in asides if aside])
        # Behind the first noun, only another role changes what a title says.
        later = [self._by_stretch(s, []) - {OTHER} for s in headed[1:]]
        return named.union(*later) - {_OPEN}

    def _by_fields(self, parts: Sequence[TitlePart]) -> _Names:
        """Return what a title without a head noun names, as "Data Science Intern"."""
        kinds = {part.kind for part in parts}
        if "grades" in kinds:
            return frozenset({OTHER})
        beside = _beside(parts)
        roles = self._roles(" ".join(beside))
        if roles:
            return roles
        is_other = "trades" in kinds or (
            "weak" in kinds and beside and not self._is_near_role(beside)
        )
        return frozenset({OTHER}) if is_other else _NONE

    def _by_stretch(
        self, parts: Sequence[TitlePart], asides: Sequence[tuple[str, ...]]
    ) -> _Names:
        named = _NONE.union(*(self._by_part(parts, i) for i in range(len(parts))))
        head = next((part for part in parts if part.kind == "heads"), None)
        if head is None or not asides:
            return named
        if named - {OTHER, _OPEN}:
            # A "Research Scientist, Chemistry" is none of the roles.
            every = [name for aside in asides for name in aside]
            return named if self._roles(_text(every, head)) else frozenset({_OPEN})
        return self._by_asides(head, asides) or self._beside_asides(named, head, asides)

    def _by_asides(self, head: TitlePart, asides: Sequence[tuple[str, ...]]) -> _Names:
        """Return the roles that a head is with what the title adds."""
        named: set[str] = set()
        for aside in asides:
            roles = self._roles(_text(aside, head))
            # An unknown word may be what the job is about: "(Healthcare AI)".
            is_open = head.beside and UNKNOWN in aside
            named |= {_OPEN} if roles and is_open else roles
        return frozenset(named)

    def _beside_asides(
        self, named: _Names, head: TitlePart, asides: Sequence[tuple[str, ...]]
    ) -> _Names:
        """Return what a head that is no role names, given what the title adds."""
        added = [name for aside in asides for name in aside]
        if self._is_near_role(added):
            return frozenset({_OPEN})
        is_known = any(name != UNKNOWN for name in added)
        return frozenset({OTHER}) if is_known and not head.beside else named

    def _by_part(self, parts: Sequence[TitlePart], place: int) -> _Names:
        part = parts[place]
        if part.kind == "heads":
            if not part.beside:
                near = [*parts[max(place - 1, 0) : place], *parts[place + 1 :][:1]]
                # "Data Analyst / Engineer": both are of data.
                beside = next((p.beside for p in near if p.kind in NOUNS), ())
                part = part._replace(beside=beside)
            before = parts[place - 1] if place else None
            return self._by_head(part) | self._by_loan(before, part)
        if part.kind not in NOUNS:
            return _NONE
        is_open = not self._telling.isdisjoint(part.beside)
        return frozenset({_OPEN if is_open else OTHER})

    def _by_head(self, part: TitlePart) -> _Names:
        roles = self._roles(part.text)
        if roles:
            return roles
        is_complete = bool(part.beside) or part.head in self._complete
        is_other = is_complete and not self._is_near_role(part.beside)
        return frozenset({OTHER if is_other else _OPEN})

    def _by_loan(self, before: TitlePart | None, part: TitlePart) -> _Names:
        """Return the roles of "data" in "Data / ML Engineer", which lends its head."""
        if before is None or before.kind or not before.beside or not part.beside:
            return _NONE
        if UNKNOWN in before.beside:
            return _NONE
        fields = [name for name in part.beside if name != UNKNOWN]
        return self._roles(
            _text(before.beside, part._replace(beside=tuple(fields[1:])))
        )

    def _is_near_role(self, beside: Iterable[str]) -> bool:
        """Whether one of the terms makes a role of some head."""
        return any(self._makes_role(name) for name in beside)

    def _makes_role(self, name: str) -> bool:
        known = self._of_a_role.get(name)
        if known is None:
            known = any(self._roles(f"{name} {head}") for head in self._heads)
            self._of_a_role[name] = known
        return known


def _beside(parts: Iterable[TitlePart]) -> tuple[str, ...]:
    return tuple(name for part in parts for name in part.beside)


def _text(beside: Iterable[str], head: TitlePart) -> str:
    return " ".join((*beside, head.text))
