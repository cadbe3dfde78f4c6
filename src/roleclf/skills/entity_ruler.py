"""Turn the lexicon into patterns for spaCy's EntityRuler, one for each written form.

A form that is safe in any letter case is a phrase; a guarded one is a list of words in
the letter case that its row asks for. Patterns cannot say what else a guarded form
needs, such as its context.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from roleclf.taxonomy import Skill

__all__ = ["spacy_patterns"]

# As spaCy's tokenizer splits, but for a few names that it keeps whole, such as "C++";
# none of the guarded forms is one of those.
_WORD_OR_MARK: Final = re.compile(r"\w+|[^\w\s]")

TokenPattern: TypeAlias = list[dict[str, Any]]


def spacy_patterns(skills: Iterable[Skill]) -> Iterator[dict[str, Any]]:
    """Yield the patterns of the skills, for a ruler whose phrases ignore case.

    Examples
    --------
    >>> from roleclf.taxonomy import load_taxonomy
    >>> go = load_taxonomy().skills["go"]
    >>> list(spacy_patterns([go]))[-1]
    {'label': 'TOOL', 'pattern': [{'ORTH': 'Go'}], 'id': 'go'}
    """
    for skill in skills:
        patterns: list[str | TokenPattern] = [*skill.aliases]
        for form in skill.guarded:
            patterns += _guarded_patterns(form, skill.case)
        for pattern in patterns:
            yield {"label": skill.kind.upper(), "pattern": pattern, "id": skill.id}


def _guarded_patterns(form: str, case: str) -> list[str | TokenPattern]:
    """Return the patterns of a guarded form in letter case `case` of its row."""
    words = _WORD_OR_MARK.findall(form)
    if case == "exact":
        return [[{"ORTH": word} for word in words]]
    if case != "capital":
        return [form]
    # A capital in any word will do: one pattern for each word that may have it.
    lowered = [word.lower() for word in words]
    return [
        [
            {"LOWER": word} | ({"IS_LOWER": False} if other == place else {})
            for other, word in enumerate(lowered)
        ]
        for place, capital in enumerate(lowered)
        if capital.islower()
    ]
