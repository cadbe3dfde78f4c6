"""Say which role a title names, by the patterns of the taxonomy.

Step 6 of the line, beside `features`: what a title names is a rule, not a judgement;
a model keeps the patterns it was trained with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from roleclf.errors import ModelError

if TYPE_CHECKING:
    from roleclf.taxonomy import Role, Taxonomy

__all__ = ["OTHER", "TitleRule", "known_titles", "title_rule"]

OTHER: Final = "other"
# Every other posting has a title that stood in the same file before.
_MOST_KEPT: Final = 1 << 14
_ESCAPE: Final = re.compile(r"\\.")


class TitleRule:
    """The patterns that titles of each role match, compiled once.

    Parameters
    ----------
    patterns_by_role : mapping of str to sequence of str
        Regular expressions; case does not matter.
    place : str, optional
        The model that they come from: they were compiled when it was made, and are
        again when there is a title.

    Raises
    ------
    ValueError
        If a pattern is no regular expression.
    ModelError
        Instead, by `role`, if it is one of a model's.
    """

    def __init__(
        self, patterns_by_role: Mapping[str, Sequence[str]], *, place: str | None = None
    ) -> None:
        self.patterns_by_role = {r: list(p) for r, p in patterns_by_role.items()}
        self._role_by_title: dict[str, str | None] = {}
        self._place = place
        if place is None:
            self._named("")

    def role(self, title: str) -> str | None:
        """Return the role a title names, `other` for none, None for more than one.

        Examples
        --------
        >>> rule = TitleRule({"cook": ["cook|chef"], "baker": ["baker"]})
        >>> [rule.role(t) for t in ("Sous Chef", "Pilot", "Cook and Baker")]
        ['cook', 'other', None]
        """
        known = self._role_by_title
        if title not in known:
            if len(known) >= _MOST_KEPT:
                known.clear()
            known[title] = self._named(title.lower())
        return known[title]

    @cached_property
    def _pattern_by_role(self) -> dict[str, re.Pattern[str]]:
        try:
            return {
                role: _compiled("|".join(f"(?:{p})" for p in patterns))
                for role, patterns in self.patterns_by_role.items()
                if patterns
            }
        except re.error as error:
            problem = f"no regular expression: {error}"
            if self._place is None:
                raise ValueError(problem) from error
            mend = "train it again, or give another folder with --model"
            raise ModelError(self._place, problem, mend) from error

    def _named(self, title: str) -> str | None:
        found = self._pattern_by_role.items()
        named = [role for role, pattern in found if pattern.search(title)]
        if len(named) > 1:
            return None
        return named[0] if named else OTHER


def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern for titles in lower case, in whatever case it is written."""
    # Regard of case takes as long as the rest; only capitals of a pattern need it.
    literal = _ESCAPE.sub("", pattern)
    return re.compile(pattern, 0 if literal == literal.lower() else re.IGNORECASE)


def title_rule(taxonomy: Taxonomy) -> TitleRule:
    """Return the rule that the roles of a taxonomy make."""
    return TitleRule({r.id: r.title_patterns for r in taxonomy.roles.values()})


def known_titles(taxonomy: Taxonomy) -> list[tuple[str, str]]:
    """Return every name the taxonomy gives a role, and the role it is; see `OTHER`."""
    roles = [(name, r.id) for r in taxonomy.roles.values() for name in _names(r)]
    contrast = [(n, OTHER) for r in taxonomy.contrast_roles.values() for n in _names(r)]
    return roles + contrast


def _names(role: Role) -> Iterator[str]:
    yield role.name
    yield from (other.statement for other in role.other_names)
