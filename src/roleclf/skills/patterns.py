"""Turn the lexicon into patterns for spaCy's EntityRuler, one for each written form.

Step 2 of the layers, beside `skills`. A form that is safe in any letter case is a
phrase; a guarded one is a list of words in the case that its row asks for. What else
guards it, its company and its place, patterns cannot say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from roleclf.taxonomy import Skill

__all__ = ["spacy_patterns"]

# spaCy parts words from marks, but keeps a few names such as "C++" whole; none of
# the guarded forms is one of those.
_WORD_OR_MARK: Final = re.compile(r"\w+|[^\w\s]")

type_words = list[dict[str, Any]]


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
        patterns: list[str | type_words] = [*skill.aliases]
        for form in skill.guarded:
            patterns += _guarded(form, skill.case)
        for pattern in patterns:
            yield {"label": skill.kind.upper(), "pattern": pattern, "id": skill.id}


def _guarded(form: str, case: str) -> list[str | type_words]:
    words = _WORD_OR_MARK.findall(form)
    if case == "exact":
        return [[{"ORTH": word} for word in words]]
    if case != "capital":
        return [form]
    # Not all is in lower case: one pattern for each word that may have the capital.
    lowered = [word.lower() for word in words]
    return [
        [
            {"LOWER": word} | ({"IS_LOWER": False} if other == place else {})
            for other, word in enumerate(lowered)
        ]
        for place, capital in enumerate(lowered)
        if capital.islower()
    ]
