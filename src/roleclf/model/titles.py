"""Tell which role a title names, by the words and title patterns of the taxonomy.

A rule, not a prediction. A model keeps the words and patterns that it was trained with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.errors import ModelError
from roleclf.model.title_reading import OTHER, TitleReading

if TYPE_CHECKING:
    from roleclf.taxonomy import Role, Taxonomy

__all__ = ["OTHER", "TitleRule", "known_titles", "title_rule"]

# Titles whose role is remembered: half of a file's titles occur in it more than once.
_CACHE_SIZE: Final = 1 << 14
# What is longer is a text in the wrong field, and takes long to be read as a title.
_MOST_CHARACTERS: Final = 300
_ESCAPE: Final = re.compile(r"\\.")


class TitleRule:
    """The patterns that titles of each role match, compiled once.

    Parameters
    ----------
    patterns_by_role : mapping of str to sequence of str
        Regular expressions; case does not matter.
    words : mapping, optional
        The content of the taxonomy's `titles.yaml`. Patterns then match the terms that
        it calls a title's words, and titles that name nothing are told from those that
        name another profession. Without it they match the title itself.
    source : str, optional
        The model folder that the patterns come from. They were checked when it was
        made, and are compiled when the first title comes.

    Raises
    ------
    ValueError
        If a pattern is no regular expression.
    ModelError
        Instead, by `role`, if the pattern comes from a model folder.
    """

    def __init__(
        self,
        patterns_by_role: Mapping[str, Sequence[str]],
        *,
        words: Mapping[str, Any] | None = None,
        source: str | None = None,
    ) -> None:
        self.patterns_by_role = {r: list(p) for r, p in patterns_by_role.items()}
        self.words = words
        self._role_by_title: dict[str, str | None] = {}
        self._roles_by_text: dict[str, frozenset[str]] = {}
        self._source = source
        if source is None:
            _ = self._pattern_by_role  # now, as it refuses what is no pattern

    def role(self, title: str) -> str | None:
        """Return the role a title names, `other` for another profession.

        None if it names nothing or more than one. Without `words`, what names no role
        is `other`.

        Examples
        --------
        >>> rule = TitleRule({"cook": ["cook|chef"], "baker": ["baker"]})
        >>> [rule.role(t) for t in ("Sous Chef", "Pilot", "Cook and Baker")]
        ['cook', 'other', None]
        """
        title = title[:_MOST_CHARACTERS]
        cache = self._role_by_title
        if title not in cache:
            if len(cache) >= _CACHE_SIZE:
                cache.clear()
            reading = self._reading
            cache[title] = reading.role(title) if reading else self._match(title)
        return cache[title]

    def named(
        self, titles: Iterable[str], is_known: npt.NDArray[np.bool_]
    ) -> list[str | None]:
        """Return the role that each title names, for the heads to weigh.

        Parameters
        ----------
        titles : iterable of str
        is_known : bool array, shape (n_titles,)
            Whether a title has a feature that the model knows. A rule without `words`
            calls whatever is no role another profession, an empty title too; the
            others name nothing to it.
        """
        roles = list(map(self.role, titles))
        if self.words is None:
            pairs = zip(roles, is_known.tolist(), strict=True)
            roles = [role if known else None for role, known in pairs]
        return roles

    @cached_property
    def _reading(self) -> TitleReading | None:
        return TitleReading(self.words, self._roles) if self.words else None

    @cached_property
    def _pattern_by_role(self) -> dict[str, re.Pattern[str]]:
        try:
            return {
                role: _compile("|".join(f"(?:{p})" for p in patterns))
                for role, patterns in self.patterns_by_role.items()
                if patterns
            }
        except re.error as error:
            problem = f"no regular expression: {error}"
            if self._source is None:
                raise ValueError(problem) from error
            mend = "train it again, or give another folder with --model"
            raise ModelError(self._source, problem, mend) from error

    def _match(self, title: str) -> str | None:
        roles = self._roles(title.lower()) or {OTHER}
        return next(iter(roles)) if len(roles) == 1 else None

    def _roles(self, text: str) -> frozenset[str]:
        """Return the roles whose patterns match."""
        cache = self._roles_by_text
        if text not in cache:
            if len(cache) >= _CACHE_SIZE:
                cache.clear()
            patterns = self._pattern_by_role.items()
            cache[text] = frozenset(r for r, p in patterns if p.search(text))
        return cache[text]


def _compile(pattern: str) -> re.Pattern[str]:
    """Return a pattern, itself in any letter case, that matches lower-case titles."""
    # IGNORECASE doubles the time, and only patterns with capitals need it.
    literal = _ESCAPE.sub("", pattern)
    return re.compile(pattern, 0 if literal == literal.lower() else re.IGNORECASE)


def title_rule(taxonomy: Taxonomy) -> TitleRule:
    """Return the rule made of a taxonomy's title patterns and words of titles."""
    patterns = {r.id: r.title_patterns for r in taxonomy.roles.values()}
    return TitleRule(patterns, words=taxonomy.title_terms)


def known_titles(taxonomy: Taxonomy) -> list[tuple[str, str]]:
    """Return every name that the taxonomy gives a role, and the id of that role.

    The names of roles that it only sets apart from the others are `OTHER`'s.
    """
    roles = [(name, r.id) for r in taxonomy.roles.values() for name in _names(r)]
    contrast = [(n, OTHER) for r in taxonomy.contrast_roles.values() for n in _names(r)]
    return roles + contrast


def _names(role: Role) -> Iterator[str]:
    yield role.name
    yield from (other.statement for other in role.other_names)
