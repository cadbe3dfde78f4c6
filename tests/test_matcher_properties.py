"""What is true of the mentions in any text, whatever the lexicon says."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import chain, pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from roleclf.matching.headings import read_headings
from roleclf.skills.cues import cue_phrases
from roleclf.skills.lexicon import Lexicon
from roleclf.skills.matcher import SkillMatcher
from roleclf.taxonomy import Skill, shipped_skills
from roleclf.text.cleaning import clean
from roleclf.text.tokens import tokenize

SKILLS = shipped_skills()
FORMS = tuple(f for s in SKILLS.values() for f in (*s.aliases, *s.guarded))
GUARDED = tuple(form for skill in SKILLS.values() for form in skill.guarded)
# Half of the pieces are such as mislead: words that are names too, and their company.
PIECES = st.one_of(
    st.sampled_from(GUARDED),
    st.sampled_from(FORMS),
    st.sampled_from(("Go", "R", "C", "Excel", "Spark", "Python", "SQL", "machine")),
    st.sampled_from((*read_headings().phrases, *chain(*cue_phrases().values()))).map(
        str.capitalize
    ),
    st.sampled_from(("the", "we", "and", "learning", "D", "för", "e.g.", "😀", "")),
)
JOINTS = st.sampled_from(
    (" ", " ", ", ", "/", "\n", "\n- ", "\n\n", ". ", ": ", " (", ")", "+", " & ", "-")
)
TEXTS = st.lists(st.tuples(PIECES, JOINTS), max_size=12).map(
    lambda parts: "".join(piece + joint for piece, joint in parts)
)
# Skill, start, end, section, and how strongly the place asks for it.
type_mention = tuple[str, int, int, int, int]

# A machine that is busy is no reason to fail.
unhurried = settings(deadline=None)


@pytest.fixture(scope="module")
def matcher() -> SkillMatcher:
    return SkillMatcher(Lexicon(SKILLS))


@pytest.fixture(scope="module")
def reordered() -> list[SkillMatcher]:
    """The same lexicon, its rows and the forms of each in two other orders."""
    rows = list(SKILLS.values())
    orders = [rows[::-1], random.Random(7).sample(rows, len(rows))]  # noqa: S311
    return [SkillMatcher(Lexicon({s.id: s for s in order})) for order in orders]


def found_in(matcher: SkillMatcher, texts: Sequence[str]) -> list[list[type_mention]]:
    """Return the mentions of each text, in reading order."""
    # A posting speaks of software, and English, from its beginning, or it may be what
    # comes later that shows it.
    titles = tokenize(["Data Engineer"] * len(texts))
    found = matcher.find(tokenize(texts), titles, ["en"] * len(texts))
    columns = (found.skill, found.start, found.end, found.section, found.strength)
    rows = [
        (matcher.lexicon.ids[skill], *place)
        for skill, *place in zip(*(c.tolist() for c in columns), strict=True)
    ]
    return [rows[start:end] for start, end in pairwise(found.bounds.tolist())]


def words(text: str) -> tuple[int, ...]:
    return tuple(tokenize([text]).hash.tolist())


@pytest.fixture(scope="module")
def words_by_skill() -> dict[str, set[tuple[int, ...]]]:
    """The words of every form of each skill."""

    def forms(skill: Skill) -> set[tuple[int, ...]]:
        return {words(form) for form in (*skill.aliases, *skill.guarded)}

    return {id_: forms(skill) for id_, skill in SKILLS.items()}


@unhurried
@given(TEXTS)
@example("😀 för Python, machine\nlearning & C++/C#")
def test_offsets_cut_a_form_of_the_skill_out_of_the_text(
    matcher: SkillMatcher,
    words_by_skill: dict[str, set[tuple[int, ...]]],
    text: str,
) -> None:
    for id_, start, end, *_ in found_in(matcher, [text])[0]:
        assert 0 <= start < end <= len(text)
        assert words(text[start:end]) in words_by_skill[id_]
        assert text[start:end].strip() == text[start:end]


@unhurried
@given(TEXTS)
@example("Apache Spark Streaming, machine learning engineering, Azure SQL Database")
def test_mentions_do_not_overlap(matcher: SkillMatcher, text: str) -> None:
    mentions = found_in(matcher, [text])[0]
    assert all(left[2] <= right[1] for left, right in pairwise(mentions))


@unhurried
@given(TEXTS, TEXTS)
@example("Go", "Python")
@example("R: years", "Python is a plus")
@example("machine", "learning")
@example("Requirements\nSpark", "Nice to have: SQL")
@example("AI (helpful but not required ", "")
@example("AI (a plus", ") SQL")
@example("Edge AI What we offer Networking. AI ", "AI ")
def test_another_paragraph_changes_no_mention_before_it(
    matcher: SkillMatcher, text: str, more: str
) -> None:
    before, after = found_in(matcher, [text, f"{text}\n\n{more}"])
    assert [mention for mention in after if mention[1] < len(text)] == before


@unhurried
@given(TEXTS, TEXTS)
@example("Stack\nGo", "Python")
@example("Python\nGo", "SQL\nExcel")
def test_another_paragraph_changes_no_mention_after_cleaning(
    matcher: SkillMatcher, text: str, more: str
) -> None:
    # Blank lines are gone then; what ends a sentence still ends the paragraph.
    short, long = clean(f"{text}."), clean(f"{text}.\n\n{more}")
    assume(long.startswith(short))
    before, after = found_in(matcher, [short, long])
    assert [mention for mention in after if mention[1] < len(short)] == before


@unhurried
@given(TEXTS)
@example("Go, Python and R\nExcel\nSpark/Kafka")
def test_the_order_of_the_lexicon_changes_nothing(
    matcher: SkillMatcher, reordered: Sequence[SkillMatcher], text: str
) -> None:
    mentions = found_in(matcher, [text])
    assert [found_in(other, [text]) for other in reordered] == [mentions, mentions]


@unhurried
@given(st.lists(TEXTS, max_size=5))
@example(["Go", "Python", "", "R&D", "D"])
@example(["machine", "learning", "Requirements", "Python"])
def test_a_batch_is_read_as_its_texts_alone(
    matcher: SkillMatcher, texts: list[str]
) -> None:
    alone = [found_in(matcher, [text])[0] for text in texts]
    assert found_in(matcher, texts) == alone
