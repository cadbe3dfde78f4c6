"""Words to listed phrases: find the phrases of many lists in one pass over the words.

In: `Tokens`, and lists of phrases or words. Out: `Hits`, that is where each phrase
stands; also the language of each text, and the stem and the section (such as
requirements) of each word. Must not know: what a phrase means, but for headings, whose
list is here.
"""

from __future__ import annotations

from roleclf.matching.array_checks import check_bounds, check_lengths, check_range
from roleclf.matching.automaton import PhraseAutomaton
from roleclf.matching.csv_columns import group_by, read_columns
from roleclf.matching.headings import read_headings
from roleclf.matching.hits import Hits, leftmost_longest, merge_hits, texts_of_hits
from roleclf.matching.hyphenation import (
    add_dehyphenated,
    bridge_hyphens,
    words_before_hyphens,
)
from roleclf.matching.language import detect_languages, stopwords
from roleclf.matching.line_breaks import is_unbroken
from roleclf.matching.phrase_states import PhraseStates, compile_phrases
from roleclf.matching.phrases import PhraseTable
from roleclf.matching.section_names import SECTIONS
from roleclf.matching.sections import NO_SECTION, find_sections
from roleclf.matching.stemming import InflectedForms, TokenStemmer
from roleclf.matching.vocabulary import Vocabulary, WordList

__all__ = [
    "NO_SECTION",
    "SECTIONS",
    "Hits",
    "InflectedForms",
    "PhraseAutomaton",
    "PhraseStates",
    "PhraseTable",
    "TokenStemmer",
    "Vocabulary",
    "WordList",
    "add_dehyphenated",
    "bridge_hyphens",
    "check_bounds",
    "check_lengths",
    "check_range",
    "compile_phrases",
    "detect_languages",
    "find_sections",
    "group_by",
    "is_unbroken",
    "leftmost_longest",
    "merge_hits",
    "read_columns",
    "read_headings",
    "stopwords",
    "texts_of_hits",
    "words_before_hyphens",
]
