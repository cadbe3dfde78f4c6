"""Find the skills and tools of the lexicon in a batch of texts.

Lexicon, headings and cues are looked for as phrases in one pass over the words. Then
ambiguous hits are judged by their context, overlaps are settled, names of companies and
fields of study are left out, and each mention gets its section and strength.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np

from roleclf.matching import (
    SECTIONS,
    Hits,
    PhraseTable,
    WordList,
    add_dehyphenated,
    bridge_hyphens,
    detect_languages,
    find_sections,
    is_unbroken,
    read_headings,
    words_before_hyphens,
)
from roleclf.skills.addresses import is_file_ending, is_in_address
from roleclf.skills.ambiguity import accept_hits
from roleclf.skills.cues import CueHits, cue_phrases, scope_preferences
from roleclf.skills.degrees import is_field_of_study
from roleclf.skills.employers import is_company
from roleclf.skills.everyday import Subjects, add_titles, find_subjects
from roleclf.skills.known_employers import (
    EmployerNames,
    HitsOfEmployers,
    is_asked_of_employer,
)
from roleclf.skills.lexicon import Lexicon
from roleclf.skills.needs import PREFERRED, need_strengths
from roleclf.skills.proximity import (
    Flags,
    directly_precedes,
    is_inside,
    is_near_cue,
    is_whole_line,
)
from roleclf.skills.versions import split_versions
from roleclf.text import GAP_CODE_BY_CHARACTER, Ints, Tokens

__all__ = ["Mentions", "SkillMatcher", "find_mentions"]

_ASKING_SECTIONS: Final = [
    SECTIONS.index(name) for name in ("requirements", "preferred")
]
# A tool so many words from "your browser" is what the page needs.
_BOILERPLATE_WORDS: Final = 12


class Mentions(NamedTuple):
    """The mentions of a batch in reading order, as arrays.

    Attributes
    ----------
    skill, text : int64 arrays, shape (n_mentions,)
        Places in the lexicon and in the batch.
    first, last : int64 arrays, shape (n_mentions,)
        First and last word, counted in the batch, both inclusive.
    start, end : int64 arrays, shape (n_mentions,)
        Code points of the text, `end` exclusive.
    section : int64 array, shape (n_mentions,)
        Place in `SECTIONS`, -1 where there is no section.
    strength : int64 array, shape (n_mentions,)
        How strongly the place asks for the skill, as `need_of` reads it.
    bounds : int64 array, shape (n_texts + 1,)
        Mentions of text i are `bounds[i]` to `bounds[i + 1]`.
    """

    skill: Ints
    text: Ints
    first: Ints
    last: Ints
    start: Ints
    end: Ints
    section: Ints
    strength: Ints
    bounds: Ints


class SkillMatcher:
    """Find mentions by a table of all forms, headings and cues, compiled once.

    Annotator and spaCy component both use it, and so find the same mentions.

    Parameters
    ----------
    lexicon : Lexicon
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._employers = EmployerNames(lexicon)
        self._phrases = PhraseTable.of(
            {
                "skills": lexicon.forms,
                "headings": read_headings().phrases,
                **cue_phrases(),
            }
        )

    @property
    def words(self) -> WordList:
        """The words that forms, headings and cues begin with."""
        return self._phrases.words

    def find(
        self,
        tokens: Tokens,
        titles: Tokens | None = None,
        languages: Sequence[str | None] | None = None,
        employers: Sequence[str | None] | None = None,
    ) -> Mentions:
        """Return every mention in a batch of texts.

        Parameters
        ----------
        tokens : Tokens
        titles : Tokens, optional
            Of the postings; they tell what the texts speak of.
        languages : sequence of str or None, optional
            From `detect_languages`, if it was called already.
        employers : sequence of str or None, optional
            The name of each text's employer, which names no skill there.

        Examples
        --------
        >>> from roleclf.taxonomy import shipped_skills
        >>> from roleclf.text.tokens import tokenize
        >>> matcher = SkillMatcher(Lexicon(shipped_skills()))
        >>> found = matcher.find(tokenize(["We bake bread.", "We run k8s."]))
        >>> [matcher.lexicon.ids[skill] for skill in found.skill]
        ['kubernetes']
        """
        subjects = self._find_subjects(tokens, titles, languages)
        tokens = split_versions(tokens, self.words)
        hyphenated = words_before_hyphens(tokens)
        tokens = bridge_hyphens(tokens, hyphenated)
        hits = self._phrases.find(tokens)
        section = find_sections(tokens, hits["headings"])
        forms = hits["skills"]
        if len(hyphenated):
            words = self.lexicon.form_by_word
            forms = add_dehyphenated(forms, tokens, hyphenated, words)
        judge = None
        if employers is not None and any(employers):
            judge = partial(self._employers.judge, employers=employers)
        return find_mentions(
            tokens, section, forms, hits, subjects, self.lexicon, judge
        )

    def find_sections(self, tokens: Tokens) -> Ints:
        """Return the section of each word of a batch, as `matching.find_sections`."""
        return find_sections(tokens, self._phrases.find(tokens)["headings"])

    def _find_subjects(
        self,
        tokens: Tokens,
        titles: Tokens | None,
        languages: Sequence[str | None] | None,
    ) -> Subjects:
        subjects = find_subjects(
            tokens, languages or detect_languages(tokens), self.lexicon
        )
        if titles is None:
            return subjects
        hits = self._phrases.find(titles)
        words = (hits["software"], hits["software title"])
        return add_titles(subjects, titles, hits["skills"], words, self.lexicon)


def find_mentions(
    tokens: Tokens,
    section: Ints,
    hits: Hits,
    cue_hits: CueHits,
    subjects: Subjects,
    lexicon: Lexicon,
    judge_employers: Callable[[Tokens, Hits], HitsOfEmployers] | None = None,
) -> Mentions:
    """Return every mention of a skill of `lexicon`.

    Parameters
    ----------
    section : int64 array, shape (n_words,)
        From `find_sections`.
    hits : Hits
        Where the phrases of `lexicon.forms` stand.
    cue_hits : mapping of str to Hits
        Where those of `cue_phrases` stand, by category.
    subjects : Subjects
        Of the texts.
    judge_employers : callable, optional
        Tells which hits are names of employers, where any are known.
    """
    cue_hits = scope_preferences(tokens, cue_hits)
    asked = is_unbroken(tokens, hits) & ~is_inside(hits, cue_hits["not a skill"])
    asked &= ~is_in_address(
        tokens, hits, cue_hits["address"], cue_hits["address domain"]
    )
    asked &= ~is_file_ending(tokens, hits)
    asked &= ~_is_boilerplate(tokens, hits, cue_hits, lexicon)
    is_item = _asks_for_skills(section, hits) & is_whole_line(tokens, hits)
    hits, near_tool = accept_hits(
        tokens, hits, asked, is_item, cue_hits, subjects, lexicon
    )
    strength = need_strengths(tokens, hits, section, cue_hits)
    is_wanted = near_tool | (strength >= PREFERRED)
    skill = lexicon.skill_of_form[hits.phrase]
    known = judge_employers and judge_employers(tokens, hits)
    if known is not None:
        is_asked = strength >= PREFERRED
        is_asked = is_asked_of_employer(tokens, hits, known, is_asked, cue_hits)
        is_wanted = np.where(known.may_be, is_asked, is_wanted)
    is_field = is_field_of_study(tokens, hits, lexicon.is_academic[skill], cue_hits)
    # A tool is asked for in "Python developer", a method is not.
    is_in_title = directly_precedes(tokens, hits, cue_hits["job noun"])
    is_in_title &= tokens.gap[hits.last] == GAP_CODE_BY_CHARACTER[" "]
    means_other = np.where(
        lexicon.is_tool[skill],
        is_company(tokens, hits, is_wanted, section, cue_hits, lexicon, known),
        is_field | is_in_title,
    )
    kept = ~means_other if known is None else ~(means_other | known.is_inside)
    return _mentions(tokens, hits.pick(kept), skill[kept], section, strength[kept])


def _is_boilerplate(
    tokens: Tokens, hits: Hits, cue_hits: CueHits, lexicon: Lexicon
) -> Flags:
    """Whether each hit is told beside how to apply, or what the page needs.

    Where documents are spoken of, only office software is none that is asked for.
    """
    near, near_documents = (
        is_near_cue(tokens, hits.first, cue_hits[category], _BOILERPLATE_WORDS)
        for category in ("boilerplate", "documents")
    )
    is_office = lexicon.is_office[lexicon.skill_of_form[hits.phrase]]
    return near | is_office & near_documents


def _asks_for_skills(section: Ints, hits: Hits) -> Flags:
    return np.isin(section[hits.first], _ASKING_SECTIONS)


def _mentions(
    tokens: Tokens, hits: Hits, skill: Ints, section: Ints, strength: Ints
) -> Mentions:
    bounds = np.searchsorted(hits.first, tokens.bounds)
    text = np.repeat(np.arange(len(tokens.texts)), np.diff(bounds))
    return Mentions(
        skill=skill,
        text=text,
        first=hits.first,
        last=hits.last,
        start=tokens.start[hits.first] - tokens.base[text],
        end=tokens.end[hits.last] - tokens.base[text],
        section=section[hits.first],
        strength=strength,
        bounds=bounds,
    )
