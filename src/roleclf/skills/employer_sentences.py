"""Recognise sentences that tell of the employer and ask nothing of the applicant.

"Our models run on Kubernetes" and "Acme builds a catalogue that reads Snowflake" name
tools of the company, its product or its customers. Such a sentence has the employer for
a subject, and neither itself nor what its line says before it speaks to the applicant:
"You join the platform team. We deploy on Kubernetes" tells of the job. The words are
rows of `context_cues.csv`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from roleclf.skills.cues import CueHits
from roleclf.skills.proximity import Flags
from roleclf.text import GAP_CODE_BY_CHARACTER, Ints, Tokens

__all__ = ["tells_of_employer"]

# "At Acme in Ghent we", "The Acme Group of Ghent is": so many words of a sentence may
# stand before its subject, or before the verb of a name.
_MOST_BEFORE: Final = 4
# In words.
_MOST_OF_PARAGRAPH: Final = 100
_COMMA, _COLON = (GAP_CODE_BY_CHARACTER[mark] for mark in ",:")
_CATEGORIES: Final = (
    "employer subject",
    "employer opening",
    "employer verb",
    "applicant",
    "applicant capital",
    "asked",
)


def tells_of_employer(tokens: Tokens, words: Ints, cue_hits: CueHits) -> Flags:
    """Tell which words stand in a sentence that tells only of the employer, (n_words,).

    Parameters
    ----------
    words : int64 array, shape (n_words,)
        First words of mentions.
    cue_hits : mapping of str to Hits
        From `scope_preferences`.
    """
    if len(words) == 0:
        return np.zeros(0, bool)
    # Few lines have such a mention: the cues of the others need not be looked at.
    has_word = np.zeros(tokens.line[-1] + 1, bool)
    has_word[tokens.line[words]] = True
    cues = {
        category: first[has_word[tokens.line[first]]]
        for category in _CATEGORIES
        for first in (cue_hits[category].first,)
    }
    asking = _asking(tokens, cues)
    # "Kubernetes runs behind our maps" tells of Kubernetes.
    is_subject = _n_before(tokens, words, 0) == 0
    told = _subjects(tokens, cues)
    is_other = _shares(tokens.sentence, told, words[is_subject])
    told = told[~(is_other | _shares(tokens.sentence, told, asking))]
    found = _follows_in_line(tokens, words, told) & _is_in_paragraph(tokens, words)
    found |= _shares(tokens.sentence, words, told)
    found &= ~_shares(tokens.sentence, words, asking)
    return found & ~_follows_in_line(tokens, words, asking)


def _subjects(tokens: Tokens, cues: Mapping[str, Ints]) -> Ints:
    """Return a word of each sentence that has the employer for a subject, in order."""
    subject, opening, verb = (cues[category] for category in _CATEGORIES[:3])
    before_verb = _n_before(tokens, verb, _MOST_BEFORE)
    is_named = (before_verb > 0) & (before_verb <= _MOST_BEFORE)
    named = verb[is_named]
    is_name = tokens.is_capital(named - 1)
    is_name &= tokens.is_capital(named - before_verb[is_named])
    # "Designs, develops" and "Designs and builds pipelines" have no subject.
    is_name &= (before_verb[is_named] > 1) | (tokens.gap[named - 1] != _COMMA)
    is_name &= ~_shares(tokens.sentence, named, verb[before_verb == 0])
    opens = _n_before(tokens, subject, _MOST_BEFORE) <= _MOST_BEFORE
    opens |= tokens.gap.take(subject - 1, mode="clip") == _COLON
    told = (
        subject[opens],
        opening[_n_before(tokens, opening, 0) == 0],
        named[is_name],
    )
    return np.sort(np.concatenate(told))


def _asking(tokens: Tokens, cues: Mapping[str, Ints]) -> Ints:
    """Return the words that speak to the applicant or ask for something, in order.

    "Sie" and "Ihr" are the applicant with a capital only.
    """
    plain, polite, asked = (cues[category] for category in _CATEGORIES[3:])
    return np.sort(np.concatenate((plain, polite[tokens.is_capital(polite)], asked)))


def _is_in_paragraph(tokens: Tokens, words: Ints) -> Flags:
    """Tell which words stand in a line of some length.

    A line is a paragraph, which keeps its subject; a very long one has lost the ends of
    its lines.
    """
    line = tokens.line[words]
    first = np.searchsorted(tokens.line, line)
    stop = np.searchsorted(tokens.line, line, "right")
    return stop - first <= _MOST_OF_PARAGRAPH


def _n_before(tokens: Tokens, words: Ints, most: int) -> Ints:
    """Return how many words of its sentence stand before each, `most` + 1 for more."""
    count = np.zeros(len(words), np.int64)
    for back in range(1, most + 2):
        before = tokens.sentence.take(words - back, mode="clip")
        count += (before == tokens.sentence[words]) & (words >= back)
    return count


def _shares(number: Ints, words: Ints, others: Ints) -> Flags:
    """Tell which words have the line or sentence of one of `others`."""
    has_other = np.zeros(number[-1] + 1 if len(number) else 0, bool)
    has_other[number[others]] = True
    return has_other[number[words]]


def _follows_in_line(tokens: Tokens, words: Ints, others: Ints) -> Flags:
    """Tell which words one of `others`, which rise, comes before in the same line."""
    before = np.searchsorted(others, words) - 1
    known = np.flatnonzero(before >= 0)
    found = np.zeros(len(words), bool)
    found[known] = tokens.line[others[before[known]]] == tokens.line[words[known]]
    return found
