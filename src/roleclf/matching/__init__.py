"""Words to listed phrases: find every phrase of many lists in one pass over the words.

In: `Tokens` and lists of phrases or word forms. Out: `Hits`, sections, languages,
joined line ends. Must not know: what a phrase means; skills and duties are lists like
others.
"""

from __future__ import annotations

from roleclf.matching.automaton import Walk, check_bounds, check_lengths, check_places
from roleclf.matching.hits import Hits, joined, longest_first, written
from roleclf.matching.hyphenation import (
    before_hyphens,
    runs_on,
    soften_hyphens,
    with_broken,
)
from roleclf.matching.language import detect_languages, stopwords
from roleclf.matching.phrases import PhraseTable, States, compile_phrases
from roleclf.matching.sections import SECTIONS, find_sections, headings
from roleclf.matching.stemming import FILLER, KEPT, Forms, WordForms
from roleclf.matching.vocabulary import Vocabulary, WordList
from roleclf.matching.word_lists import read_columns

__all__ = [
    "FILLER",
    "KEPT",
    "SECTIONS",
    "Forms",
    "Hits",
    "PhraseTable",
    "States",
    "Vocabulary",
    "Walk",
    "WordForms",
    "WordList",
    "before_hyphens",
    "check_bounds",
    "check_lengths",
    "check_places",
    "compile_phrases",
    "detect_languages",
    "find_sections",
    "headings",
    "joined",
    "longest_first",
    "read_columns",
    "runs_on",
    "soften_hyphens",
    "stopwords",
    "with_broken",
    "written",
]
