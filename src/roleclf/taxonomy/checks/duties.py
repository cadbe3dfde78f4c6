"""Check the responsibilities: their phases, and that every trigger can match."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from roleclf.taxonomy.checks.lexicon import ID
from roleclf.taxonomy.documents import Problem, YamlDocument
from roleclf.taxonomy.records import Responsibility, Role
from roleclf.taxonomy.triggers import expand_trigger

__all__ = ["duty_problems", "trigger_problems", "word_problems"]

_Place = tuple[str | int, ...]


def duty_problems(document: YamlDocument, role: Role) -> Iterator[Problem]:
    """Yield what is wrong with the responsibilities in a role's file."""
    phases = {phase.id for phase in role.phases}
    for place, duty in enumerate(role.responsibilities):
        at = ("responsibilities", place)
        if duty.phase and duty.phase not in phases:
            problem = f"phase {duty.phase!r} is not among the role's phases"
            mend = "add it there or mend its id"
            yield document.problem(problem, mend, *at, "phase")
        if not duty.triggers:
            problem = f"{duty.id!r} has no trigger"
            yield document.problem(problem, "write how postings say it", *at)


def word_problems(document: YamlDocument) -> Iterator[Problem]:
    """Yield what is wrong with the lists of words that triggers name."""
    ids = [entry["id"] for entry in document.content]
    for place, id_ in enumerate(ids):
        if not ID.fullmatch(id_):
            problem, mend = f"id {id_!r}", "write lower-case letters, digits and _"
            yield document.problem(problem, mend, place)
        if id_ in ids[:place]:
            yield document.problem(f"list {id_!r} again", "keep one", place)


def trigger_problems(document: YamlDocument, role: Role) -> Iterator[Problem]:
    """Yield the triggers and hints of a role that cannot match."""
    place_by_phrase: dict[str, _Place] = {}
    for place, duty in enumerate(role.responsibilities):
        for key, i, trigger in _patterns(duty):
            at = ("responsibilities", place, key, i)
            try:
                phrases = list(chain.from_iterable(expand_trigger(trigger)))
            except ValueError as error:
                yield document.problem(f"trigger {trigger!r}: {error}", "mend it", *at)
            else:
                place_by_phrase |= dict.fromkeys(phrases, at)
    for phrase in _wordless([*place_by_phrase]):
        problem = f"phrase {phrase!r} of a trigger has but filler words"
        yield document.problem(problem, "name what is done", *place_by_phrase[phrase])


def _patterns(duty: Responsibility) -> Iterator[tuple[str, int, str]]:
    """Yield key, place and text of each trigger and hint."""
    for key, patterns in (("triggers", duty.triggers), ("hints", duty.hints)):
        yield from ((key, i, pattern) for i, pattern in enumerate(patterns))


def _wordless(phrases: list[str]) -> Iterator[str]:
    """Yield the phrases of which nothing is left when triggers are matched."""
    # Imports numpy, which reading a taxonomy can do without.
    from roleclf.matching import InflectedForms, TokenStemmer

    if not phrases:
        return
    bounds = TokenStemmer(InflectedForms.of(phrases)).tokenize(phrases).bounds
    for phrase, first, end in zip(phrases, bounds[:-1], bounds[1:], strict=True):
        if first == end:
            yield phrase
