"""Decide which hits name their skill, where its form is a word, letter or name too.

The lexicon guards such forms: "Go", "R", "Excel", "Spark". They count in the letter
case that their row asks for, and if their context shows the skill: in an enumeration
("python,c,java"), after or before words that ask for a tool ("fluent in Go", "Go
developers"), or near a tool that is not ambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from roleclf.loops import compiled
from roleclf.matching import Hits, leftmost_longest, read_columns, texts_of_hits
from roleclf.skills.cues import CueHits
from roleclf.skills.enumerations import (
    is_beside_anchor,
    is_beside_candidate,
    is_whole_item,
)
from roleclf.skills.everyday import Subjects, find_everyday
from roleclf.skills.lexicon import Lexicon
from roleclf.skills.proximity import (
    Flags,
    directly_follows,
    directly_precedes,
    is_inside,
)
from roleclf.text import GAP_CODE_BY_CHARACTER, Ints, Tokens, tokenize

__all__ = ["accept_hits"]

# A tool so many words away on the same line is near.
_NEAR_WORDS: Final = 4
# Words that a sentence goes on with behind a tool that is asked for; any other may
# belong to a longer name, as in "experience in Access Control".
_WORDS_BEHIND: Final = Path(__file__).parent / "words_behind_tools.csv"
_MARKS_BEHIND: Final = r" ?(?:$|[,/|;:+)\n•·]|\.(?:\s|$))"
# As many characters hold the longest of these and what follows it.
_LONGEST_MATCH: Final = 18
# What is said before the language that a program is written in.
_IN: Final = tokenize(["in en em using"]).hash
_IS_LETTER: Final = np.isin(np.arange(256), list(b"abcdefghijklmnopqrstuvwxyz"))
_DIGITS: Final = "0123456789"
# Marks that make a part of a longer word of a form: "R&D", "c'est".
_IS_JOINT: Final = np.isin(np.arange(256), [GAP_CODE_BY_CHARACTER[m] for m in "'&"])


def accept_hits(
    tokens: Tokens,
    hits: Hits,
    asked: Flags,
    is_item: Flags,
    cue_hits: CueHits,
    subjects: Subjects,
    lexicon: Lexicon,
) -> tuple[Hits, Flags]:
    """Return the hits that name their skill, and whether each stands near a tool.

    Where hits overlap, the first is kept, and the longest of those that begin there.

    Parameters
    ----------
    hits : Hits
        Where the forms of the lexicon stand.
    asked : bool array, shape (n_hits,)
        Those to consider.
    is_item : bool array, shape (n_hits,)
        Those that are a line of their own below a heading that asks for skills.
    cue_hits : mapping of str to Hits
        From `scope_preferences`.
    subjects : Subjects
        Of the texts.
    """
    is_word, is_doubtful = find_everyday(
        tokens, hits, asked, cue_hits["software"], subjects, lexicon
    )
    fits_case = asked & ~lexicon.needs_list[hits.phrase] & ~is_word
    fits_case &= _fits_case(tokens, hits, lexicon)
    is_clear = fits_case & ~lexicon.needs_context[hits.phrase] & ~is_doubtful
    is_shown = _is_shown(tokens, hits, asked, fits_case, is_clear, cue_hits, lexicon)
    is_shown |= (
        is_item & fits_case & lexicon.is_tool[lexicon.skill_of_form[hits.phrase]]
    )
    chosen = np.flatnonzero(fits_case | is_shown)
    chosen = chosen[leftmost_longest(hits.pick(chosen))]
    hits = hits.pick(chosen)
    near_tool = _is_near_tool(
        tokens, hits, is_clear[chosen], is_doubtful[chosen], lexicon
    )
    kept = near_tool | (is_clear | is_shown)[chosen]
    return hits.pick(kept), near_tool[kept]


@compiled
def _fits_case(tokens: Tokens, hits: Hits, lexicon: Lexicon) -> Flags:
    """Whether each hit is written in the letter case that its form needs, if any."""
    fits = np.ones(len(hits.first), bool)
    cased = np.flatnonzero(lexicon.needs_case[hits.phrase])
    phrases = hits.phrase[cased]
    rows = zip(
        texts_of_hits(tokens, hits.pick(cased)),
        map(lexicon.forms.__getitem__, phrases.tolist()),
        lexicon.needs_exact_case[phrases].tolist(),
        strict=True,
    )
    fits[cased] = [
        _is_written(text, form) if exact else not text.islower()
        for text, form, exact in rows
    ]
    return fits


def _is_written(text: str, form: str) -> bool:
    """Whether a text is a form, or is that with digits behind it: "Go1"."""
    return text.startswith(form) and not text[len(form) :].strip(_DIGITS)


def _is_shown(
    tokens: Tokens,
    hits: Hits,
    asked: Flags,
    fits_case: Flags,
    is_clear: Flags,
    cue_hits: CueHits,
    lexicon: Lexicon,
) -> Flags:
    """Whether each hit is shown to name its skill by an enumeration or a cue.

    Among tools in an enumeration, letter case does not matter.
    """
    is_tool = lexicon.is_tool[lexicon.skill_of_form[hits.phrase]]
    items = is_whole_item(tokens, hits, asked & ~is_clear)
    shown = is_beside_anchor(tokens, hits, is_clear & is_tool, items & is_tool)
    shown |= is_beside_anchor(tokens, hits, is_clear, items & fits_case & ~is_tool)
    tools = fits_case & is_tool & ~is_clear
    shown |= is_beside_candidate(tokens, hits, tools & ~shown, items)
    alone = np.flatnonzero(tools & ~shown)
    shown[alone] = _is_requested(tokens, hits.pick(alone), cue_hits, lexicon)
    return shown


def _is_requested(
    tokens: Tokens, hits: Hits, cue_hits: CueHits, lexicon: Lexicon
) -> Flags:
    """Whether cues about each hit ask for a tool: "fluent in Go", "Go developers"."""
    requested = directly_follows(tokens, hits, cue_hits["tool follows"])
    # A program is in Go, as nothing is in Excel.
    is_language = lexicon.is_language[lexicon.skill_of_form[hits.phrase]]
    before = tokens.hash.take(hits.first - 1, mode="clip")
    is_in = np.logical_or.reduce([before == word for word in _IN])
    requested |= is_language & is_in & ~tokens.begins_line(hits.first)
    places = np.flatnonzero(requested)
    requested[places] = _ends_name(tokens, hits.pick(places))
    requested |= directly_precedes(tokens, hits, cue_hits["tool precedes"])
    requested |= is_inside(hits, cue_hits["tool inside"])
    return requested & ~_is_part(tokens, hits, lexicon)


def _ends_name(tokens: Tokens, hits: Hits) -> Flags:
    """Whether behind each hit a sentence or a list goes on, not a longer name."""
    text = tokens.text_of(hits.last)
    end = tokens.end[hits.last]
    stop = np.minimum(end + _LONGEST_MATCH, tokens.texts.ends[text])
    goes_on = _sentence_goes_on()
    found = [goes_on(behind) for behind in tokens.texts.spans(end, stop)]
    return np.array([match is not None for match in found], bool)


@cache
def _sentence_goes_on() -> Callable[[str], re.Match[str] | None]:
    """Return what matches the beginning of that which may stand behind a tool."""
    words = " ".join(read_columns(_WORDS_BEHIND)["words"]).split()
    return re.compile(rf"{_MARKS_BEHIND}| (?:{'|'.join(dict.fromkeys(words))})\b").match


def _is_part(tokens: Tokens, hits: Hits, lexicon: Lexicon) -> Flags:
    """Whether each hit is a part of a word: the c of "c'est", the R of "R&D".

    A tool whose name is longer is none: "Word & Excel", "d'Excel".
    """
    is_letter = tokens.end[hits.last] - tokens.start[hits.first] == 1
    may_be = is_letter | ~lexicon.is_tool[lexicon.skill_of_form[hits.phrase]]
    joint_before = _IS_JOINT[tokens.gap.take(hits.first - 1, mode="clip")]
    joint_behind = _IS_JOINT[tokens.gap[hits.last]]
    found = may_be & (joint_before & (hits.first > 0) | joint_behind)
    letters = np.flatnonzero(is_letter)
    found[letters] |= _is_abbreviation(tokens, hits.first[letters])
    return found


def _is_abbreviation(tokens: Tokens, letters: Ints) -> Flags:
    """Whether each letter has a mark that makes it another thing: "C.H.", "R$5"."""
    start = tokens.start[letters]
    before, dot_before, behind, last = (
        tokens.buffer.take(start + i, mode="clip") for i in (-2, -1, 1, 2)
    )
    dotted = (dot_before == ord(".")) & _IS_LETTER[before]
    dotted |= (behind == ord(".")) & _IS_LETTER[last]
    return dotted | (behind == ord("$"))


def _is_near_tool(
    tokens: Tokens, hits: Hits, is_clear: Flags, is_doubtful: Flags, lexicon: Lexicon
) -> Flags:
    """Whether a tool that needs no context, or a skill of the same category, is near.

    Near is a few words away on the same line, or, for hits that begin their lines, at
    the beginning of the line before. Lines that follow do not count: a text that goes
    on must not change what was found before.
    """
    skill = lexicon.skill_of_form[hits.phrase]
    is_clear_tool = lexicon.is_tool[skill] & is_clear
    line = tokens.line[hits.first]
    # Two everyday words do not vouch for each other: each is of a category of its own.
    category = np.where(
        is_doubtful, -1 - np.arange(len(skill)), lexicon.category[skill]
    )
    near = _is_near_on_line(hits, line, is_clear_tool, category)
    near |= _is_below(tokens, hits, line, is_clear_tool)
    return near & ~_is_part(tokens, hits, lexicon)


def _is_near_on_line(
    hits: Hits, line: Ints, is_clear_tool: Flags, category: Ints
) -> Flags:
    is_alike = category[1:] == category[:-1]
    is_close = line[1:] == line[:-1]
    is_close &= hits.first[1:] - hits.last[:-1] <= _NEAR_WORDS
    near = np.zeros(len(line), bool)
    near[1:] |= is_close & (is_clear_tool[:-1] | is_alike)
    near[:-1] |= is_close & (is_clear_tool[1:] | is_alike)
    return near


def _is_below(tokens: Tokens, hits: Hits, line: Ints, is_clear_tool: Flags) -> Flags:
    """Whether each hit begins its line, and a tool begins the line before."""
    begins_line = tokens.begins_line(hits.first)
    # One place more, the last, is the line before the first.
    begins_with_tool = np.zeros(line.max(initial=0) + 2, bool)
    begins_with_tool[line[begins_line & is_clear_tool]] = True
    return begins_line & begins_with_tool[line - 1]
