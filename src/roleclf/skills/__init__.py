"""Tokens to mentions: which skills and tools a text names, where, how strongly wanted.

In: `Tokens`, and the taxonomy's rows of skills as a `Lexicon`. Out: `Mentions` with
section and strength; also, outside the line, candidate terms that the lexicon lacks and
patterns for spaCy. Must not know: duties, the model, what roles are.

Each mention has a strength, decided in `needs` from its section and the cues around it;
`need_of` makes required, preferred ("nice to have") or mentioned of the strengths of a
skill. `find_asked_together` tells which skills are alternatives, and how many years
are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.lazy import loader
from roleclf.skills.lexicon import Lexicon
from roleclf.skills.matcher import Mentions, SkillMatcher
from roleclf.skills.needs import need_of

if TYPE_CHECKING:
    from roleclf.skills.asked_together import AskedTogether, find_asked_together
    from roleclf.skills.entity_ruler import spacy_patterns
    from roleclf.skills.term_mining import TermFinder, Terms

__all__ = [
    "AskedTogether",
    "Lexicon",
    "Mentions",
    "SkillMatcher",
    "TermFinder",
    "Terms",
    "find_asked_together",
    "need_of",
    "spacy_patterns",
]

# Annotating needs neither patterns for spaCy nor new terms, and columns no groups.
__getattr__ = loader(
    __name__,
    {
        "AskedTogether": "asked_together",
        "TermFinder": "term_mining",
        "Terms": "term_mining",
        "find_asked_together": "asked_together",
        "spacy_patterns": "entity_ruler",
    },
)
