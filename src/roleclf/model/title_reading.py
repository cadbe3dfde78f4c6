"""Tell which roles or other professions the parts of a title name.

The head noun decides: a "Recruiter for Data Engineers" is a recruiter. A head that can
be a role is one by what stands beside it, else by what the title adds after commas,
dashes and in brackets ("Software Engineer, Data Platform").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from roleclf.model.title_parts import NOUNS, TitlePart, title_parts, title_stretches
from roleclf.model.title_terms import UNKNOWN, Terms, telling_terms
from roleclf.model.title_words import Remembered, TitleWords

__all__ = ["OTHER", "TitleReading"]

OTHER: Final = "other"
# In place of a role: what a noun names is open.
_OPEN: Final = "?"
_Names = frozenset[str]
_NONE: Final[_Names] = frozenset()


class _Stretch(NamedTuple):
    """What stands between two commas, dashes or brackets.

    Attributes
    ----------
    noun : str
        Kind of the first head noun, or empty.
    head : TitlePart, optional
        The first part with a head that can be a role.
    beside : tuple of str
        Names of the terms beside head nouns.
    named : frozenset of str
        What it names without the rest of the title.
    """

    parts: Sequence[TitlePart]
    noun: str
    head: TitlePart | None
    beside: tuple[str, ...]
    named: _Names


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
        self._makes_role = Remembered(self._is_of_a_role).__getitem__
        # Titles that differ in levels, genders and places alone are read once.
        self._role_by_letters = Remembered(self._read)
        self._stretch_of_terms = Remembered(self._read_stretch).__getitem__

    def role(self, title: str) -> str | None:
        """Return the role that a title names, `OTHER` for another profession.

        None if it names nothing or more than one.
        """
        return self._role_by_letters[self._words.read(title)]

    def _read(self, letters: str) -> str | None:
        named = self._named(telling_terms(self._words.terms(letters)))
        return next(iter(named)) if len(named) == 1 else None

    def _named(self, terms: Terms) -> _Names:
        stretches = [*map(self._stretch_of_terms, title_stretches(terms, self._alike))]
        headed = [stretch for stretch in stretches if stretch.noun]
        if not headed:
            return self._by_fields([part for s in stretches for part in s.parts])
        if headed[0].noun == "deciding":
            return frozenset({OTHER})
        asides = [s.beside for s in stretches if s.beside and not s.noun]
        named = self._with_asides(headed[0], asides)
        # Behind the first noun, only another role changes what a title says.
        later = [stretch.named - {OTHER} for stretch in headed[1:]]
        return named.union(*later) - {_OPEN}

    def _read_stretch(self, terms: Terms) -> _Stretch:
        parts = title_parts(terms)
        return _Stretch(
            parts,
            next((part.kind for part in parts if part.kind in NOUNS), ""),
            next((part for part in parts if part.kind == "heads"), None),
            _beside(parts),
            _NONE.union(*(self._by_part(parts, i) for i in range(len(parts)))),
        )

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

    def _with_asides(
        self, stretch: _Stretch, asides: Sequence[tuple[str, ...]]
    ) -> _Names:
        head, named = stretch.head, stretch.named
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

    def _is_of_a_role(self, name: str) -> bool:
        if name == UNKNOWN:
            return False
        return any(self._roles(f"{name} {head}") for head in self._heads)


def _beside(parts: Iterable[TitlePart]) -> tuple[str, ...]:
    return tuple(name for part in parts for name in part.beside)


def _text(beside: Iterable[str], head: TitlePart) -> str:
    return " ".join((*beside, head.text))
