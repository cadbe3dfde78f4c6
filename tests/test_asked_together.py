"""What is read only where a cue stands is what reading every sentence finds."""

from __future__ import annotations

import numpy as np
import pytest

from roleclf.skills import Lexicon, SkillMatcher
from roleclf.skills.alternatives import alternatives_in, joins_by_slash
from roleclf.skills.asked_together import AskedTogether, find_asked_together
from roleclf.skills.needs import MENTIONED
from roleclf.skills.sentences import Place, sentences_naming
from roleclf.skills.years import years_in
from roleclf.taxonomy import shipped_skills
from roleclf.text import tokenize

POSTINGS = (
    ("You know Python, Java or Scala. Spark is a must, and so is Kafka.", "en"),
    ("Requirements\nResearch internships or earlier AI/ML work, AWS/GCP", "en"),
    ("Requirements\n3yrs of Python; two years of SQL, 5+ years Spark", "en"),
    ("Requirements\nMachine\nLearning or Python, at least one of R and SQL", "en"),
    ("Anforderungen\nDreijährige Erfahrung mit Python, Java bzw. Scala", "de"),
    ("Vereisten\n3 jaar ervaring met Python of Java, Kafka/Kinesis", "nl"),
    ("Requisitos\nPython u Oracle, cinco años de Spark", "es"),
    ("Requirements\nPython of Java, an engineer with 3 cats, Terraform", "en"),
    ("Requirements\nPython, R oder Scala, deux ans de Kafka", None),
    ("We bake bread.", "en"),
)


@pytest.fixture(scope="module")
def matcher() -> SkillMatcher:
    return SkillMatcher(Lexicon(shipped_skills()))


@pytest.fixture(scope="module")
def found(matcher: SkillMatcher) -> list[AskedTogether]:
    texts, languages = zip(*POSTINGS, strict=True)
    tokens = tokenize(texts)
    mentions = matcher.find(tokens)
    return find_asked_together(tokens, mentions, languages, matcher.lexicon)


@pytest.mark.parametrize("place", range(len(POSTINGS)))
def test_sentences_without_cues_are_skipped_and_no_others(
    matcher: SkillMatcher, found: list[AskedTogether], place: int
) -> None:
    text, language = POSTINGS[place]
    lexicon = matcher.lexicon
    mentions = matcher.find(tokenize([text]))
    asked = np.flatnonzero(mentions.strength != MENTIONED)
    columns = (mentions.start, mentions.end, mentions.skill)
    rows = zip(*(column[asked].tolist() for column in columns), strict=True)
    joins = joins_by_slash(lexicon.ids, lexicon.categories, lexicon.kinds)
    groups: list[set[int]] = []
    years: dict[int, float] = {}
    for sentence in sentences_naming(text, [Place(*row) for row in rows]):
        for numbers in alternatives_in(sentence, language, joins):
            groups.append({sentence.places[number].skill for number in numbers})
        for number, least in years_in(sentence).items():
            years.setdefault(sentence.places[number].skill, least)
    said = {
        number: {skill for skill, n in found[place].group.items() if n == number}
        for number in found[place].group.values()
    }
    assert list(said.values()) == groups
    assert found[place].years == years


def test_the_postings_above_have_groups_and_years(found: list[AskedTogether]) -> None:
    assert [bool(one.group) for one in found] == [True] * 2 + [False] + [True] * 4 + [
        False,
        True,
        False,
    ]
    assert [bool(one.years) for one in found] == [False] * 2 + [True] + [False] + [
        *[True] * 3,
        False,
        True,
        False,
    ]
