"""Find the skills and tools of the lexicon in a batch of texts.

Step 5 of the line: ... -> sections -> SKILLS -> profile -> ... Candidates come from
the one walk over the words; here the ambiguous ones are weighed by their case and
company, overlaps are settled from the left, the longest first, and each mention
gets its need.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.loops import compiled
from roleclf.matching import (
    Hits,
    PhraseTable,
    WordList,
    add_dehyphenated,
    bridge_hyphens,
    find_sections,
    is_unbroken,
    leftmost_longest,
    read_headings,
    texts_of_hits,
    words_before_hyphens,
)
from roleclf.skills.cues import behind, cues, inside, read_cues, studied
from roleclf.skills.employers import is_employer
from roleclf.skills.lexicon import Lexicon
from roleclf.skills.lists import asked_for, listed, paired, shortened, whole_items
from roleclf.skills.needs import WISHED, strengths_of
from roleclf.text import Tokens

__all__ = [
    "Lexicon",
    "Mentions",
    "SkillMatcher",
    "cues",
    "find_mentions",
]

# Tools stand in lists: another one this many words away vouches for a doubtful one.
_COMPANY_WORDS: Final = 4
# "customers like", and so many words on.
_COMPANIES_WORDS: Final = 25


class Mentions(NamedTuple):
    """The mentions of a batch in reading order, as arrays of equal length.

    `skill` counts in the lexicon, `text` in the batch; `start` and `end` in the
    text; `first` and `last` are words of the batch; `section` counts in `SECTIONS`
    (-1: none); `strength` says how the place asks for it, see `needs`.
    `bounds[i]:bounds[i + 1]` are those of text i.
    """

    skill: npt.NDArray[np.int64]
    text: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    section: npt.NDArray[np.int64]
    strength: npt.NDArray[np.int64]
    bounds: npt.NDArray[np.int64]


class SkillMatcher:
    """Lexicon, headings and cues as one table of phrases, compiled once.

    Whoever looks for skills, the annotator or a spaCy pipeline, asks this, and so
    finds the same mentions.

    Parameters
    ----------
    lexicon : Lexicon
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._phrases = PhraseTable.of(
            {"skills": lexicon.forms, "headings": read_headings().phrases, **cues()}
        )

    @property
    def words(self) -> WordList:
        """The words that forms, headings and cues begin with."""
        return self._phrases.words

    def find(self, tokens: Tokens) -> Mentions:
        """Return every mention in a batch of texts.

        Examples
        --------
        >>> from roleclf.taxonomy import shipped_skills
        >>> from roleclf.text.tokens import tokenize
        >>> matcher = SkillMatcher(Lexicon(shipped_skills()))
        >>> found = matcher.find(tokenize(["We bake bread.", "We run k8s."]))
        >>> [matcher.lexicon.ids[skill] for skill in found.skill]
        ['kubernetes']
        """
        hyphenated = words_before_hyphens(tokens)
        tokens = bridge_hyphens(tokens, hyphenated)
        hits = self._phrases.find(tokens)
        section = find_sections(tokens, hits["headings"])
        found = hits["skills"]
        if len(hyphenated):
            found = add_dehyphenated(found, tokens, hyphenated, self.lexicon.words)
        return find_mentions(tokens, section, found, hits, self.lexicon)


def find_mentions(
    tokens: Tokens,
    section: npt.NDArray[np.int64],
    hits: Hits,
    cue_hits: Mapping[str, Hits],
    lexicon: Lexicon,
) -> Mentions:
    """Return every mention of a skill of `lexicon`.

    Parameters
    ----------
    section : int64 array, shape (n_words,)
        From `find_sections`.
    hits : Hits
        Where the phrases of `lexicon.forms` stand.
    cue_hits : mapping of str to Hits
        Where those of `cues()` stand, by what they say.
    """
    said = read_cues(tokens, cue_hits)
    possible = is_unbroken(tokens, hits) & ~inside(hits, said["something else"])
    hits, in_company = _meant(tokens, hits, possible, said, lexicon)
    skill = lexicon.skill[hits.phrase]
    field = studied(tokens, hits, lexicon.is_subject[skill], said)
    strength = strengths_of(tokens, hits, section, said)
    wanted = in_company | (strength >= WISHED)
    company = is_employer(tokens, hits, skill, wanted, section, said)
    sold = lexicon.is_sold[skill]
    company |= sold & behind(tokens, hits.first, said["companies"], _COMPANIES_WORDS)
    asked = ~np.where(lexicon.is_tool[skill], company, field)
    hits, strength = hits.pick(asked), strength[asked]
    text, bounds = _texts(tokens, hits)
    return Mentions(
        skill=lexicon.skill[hits.phrase],
        text=text,
        first=hits.first,
        last=hits.last,
        start=tokens.start[hits.first] - tokens.base[text],
        end=tokens.end[hits.last] - tokens.base[text],
        section=section[hits.first],
        strength=strength,
        bounds=bounds,
    )


def _meant(
    tokens: Tokens,
    hits: Hits,
    possible: npt.NDArray[np.bool_],
    said: Mapping[str, Hits],
    lexicon: Lexicon,
) -> tuple[Hits, npt.NDArray[np.bool_]]:
    """Return the hits that do name their skill, and whether each is in company."""
    as_asked = possible & _written_as_asked(tokens, hits, lexicon)
    is_tool = lexicon.is_tool[lexicon.skill[hits.phrase]]
    sure = as_asked & ~lexicon.lonely[hits.phrase]
    items = whole_items(tokens, hits, possible & ~sure)
    named = listed(tokens, hits, sure & is_tool, items & is_tool)
    named |= listed(tokens, hits, sure, items & as_asked & ~is_tool)
    named |= paired(tokens, hits, as_asked & is_tool & ~sure & ~named, items)
    alone = np.flatnonzero(as_asked & is_tool & ~sure & ~named)
    named[alone] = asked_for(tokens, hits.pick(alone), said)
    chosen = np.flatnonzero(as_asked | named)
    chosen = chosen[leftmost_longest(hits.pick(chosen))]
    hits = hits.pick(chosen)
    near = _in_company(tokens, hits, lexicon)
    kept = near | (sure | named)[chosen]
    return hits.pick(kept), near[kept]


@compiled
def _written_as_asked(
    tokens: Tokens, hits: Hits, lexicon: Lexicon
) -> npt.NDArray[np.bool_]:
    """Guarded forms count only in the letter case their row asks for, if in any."""
    allowed = ~lexicon.only_listed[hits.phrase]
    guarded = np.flatnonzero(lexicon.cased[hits.phrase] & allowed)
    phrases = hits.phrase[guarded]
    rows = zip(
        texts_of_hits(tokens, hits.pick(guarded)),
        map(lexicon.forms.__getitem__, phrases.tolist()),
        lexicon.is_exact[phrases].tolist(),
        strict=True,
    )
    allowed[guarded] = [
        text == form if exact else not text.islower() for text, form, exact in rows
    ]
    return allowed


def _texts(
    tokens: Tokens, hits: Hits
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the text of each hit, and the bounds of the hits of each text."""
    bounds = np.searchsorted(hits.first, tokens.bounds)
    return np.repeat(np.arange(len(tokens.texts)), np.diff(bounds)), bounds


def _in_company(tokens: Tokens, hits: Hits, lexicon: Lexicon) -> npt.NDArray[np.bool_]:
    """Whether a tool stands near that needs no company itself, or is of the same kind.

    Near is a few words away on the same line, or at the head of the line before for
    one that heads its own. Lines that follow do not vouch: a text that goes on must
    not change what was found before.
    """
    skill = lexicon.skill[hits.phrase]
    vouches = lexicon.is_tool[skill] & ~lexicon.lonely[hits.phrase]
    alike = lexicon.category[skill[1:]] == lexicon.category[skill[:-1]]
    near = np.zeros(len(hits.first), bool)
    line = tokens.line[hits.first]
    close = (line[1:] == line[:-1]) & (
        hits.first[1:] - hits.last[:-1] <= _COMPANY_WORDS
    )
    near[1:] |= close & (vouches[:-1] | alike)
    near[:-1] |= close & (vouches[1:] | alike)
    heads = tokens.begins_line(hits.first)
    # One place more, the last, is the line before the first.
    is_headed = np.zeros(line.max(initial=0) + 2, bool)
    is_headed[line[heads & vouches]] = True
    near |= heads & is_headed[line - 1]
    return near & ~shortened(tokens, hits)
