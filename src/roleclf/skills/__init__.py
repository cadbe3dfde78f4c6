"""Mentions of skills and tools: which, where, and how strongly they are asked for.

In: `Tokens` and the taxonomy's lexicon. Out: `Mentions` with section and need. Must not
know: duties, the model, or any file but its own word lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.lazy import loader
from roleclf.skills.lexicon import Lexicon
from roleclf.skills.matcher import Mentions, SkillMatcher
from roleclf.skills.needs import need_of

if TYPE_CHECKING:
    from roleclf.skills.patterns import spacy_patterns
    from roleclf.skills.term_mining import TermFinder, Terms

__all__ = [
    "Lexicon",
    "Mentions",
    "SkillMatcher",
    "TermFinder",
    "Terms",
    "need_of",
    "spacy_patterns",
]

# Annotating needs neither spaCy patterns nor new terms.
__getattr__ = loader(
    __name__,
    {
        "TermFinder": "term_mining",
        "Terms": "term_mining",
        "spacy_patterns": "patterns",
    },
)
