"""Check the responsibilities of a role, and the triggers by which they are found."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from roleclf.taxonomy.checks.lexicon import ID
from roleclf.taxonomy.records import Responsibility, Role
from roleclf.taxonomy.triggers import expand_trigger
from roleclf.taxonomy.yaml_and_csv import FileProblem, YamlDocument

__all__ = ["duty_problems", "trigger_problems", "word_list_problems"]

_Keys = tuple[str | int, ...]


def duty_problems(document: YamlDocument, role: Role) -> Iterator[FileProblem]:
    """Yield responsibilities with an unknown phase or without a trigger."""
    phases = {phase.id for phase in role.phases}
    for index, duty in enumerate(role.responsibilities):
        keys = ("responsibilities", index)
        if duty.phase and duty.phase not in phases:
            problem = f"phase {duty.phase!r} is not among the role's phases"
            mend = "add it there or mend its id"
            yield document.problem(problem, mend, *keys, "phase")
        if not duty.triggers:
            problem = f"{duty.id!r} has no trigger"
            yield document.problem(problem, "write how postings say it", *keys)


def word_list_problems(document: YamlDocument) -> Iterator[FileProblem]:
    """Yield invalid and repeated ids of word lists in `words.yaml`."""
    ids = [entry["id"] for entry in document.content]
    for index, id_ in enumerate(ids):
        if not ID.fullmatch(id_):
            problem, mend = f"id {id_!r}", "write lower-case letters, digits and _"
            yield document.problem(problem, mend, index)
        if id_ in ids[:index]:
            yield document.problem(f"list {id_!r} again", "keep one", index)


def trigger_problems(document: YamlDocument, role: Role) -> Iterator[FileProblem]:
    """Yield triggers and hints with a syntax error or nothing to match."""
    keys_by_phrase: dict[str, _Keys] = {}
    for keys, trigger in _triggers_and_hints(role.responsibilities):
        try:
            phrases = list(chain.from_iterable(expand_trigger(trigger)))
        except ValueError as error:
            yield document.problem(f"trigger {trigger!r}: {error}", "mend it", *keys)
        else:
            keys_by_phrase |= dict.fromkeys(phrases, keys)
    for phrase in _phrases_of_filler_words([*keys_by_phrase]):
        problem = f"phrase {phrase!r} of a trigger has but filler words"
        yield document.problem(problem, "name what is done", *keys_by_phrase[phrase])


def _triggers_and_hints(
    duties: tuple[Responsibility, ...],
) -> Iterator[tuple[_Keys, str]]:
    """Yield the keys and the text of every trigger and hint."""
    for index, duty in enumerate(duties):
        for key, patterns in (("triggers", duty.triggers), ("hints", duty.hints)):
            for i, pattern in enumerate(patterns):
                yield ("responsibilities", index, key, i), pattern


def _phrases_of_filler_words(phrases: list[str]) -> Iterator[str]:
    """Yield the phrases that have no words left once filler words are dropped."""
    # Imported here: it imports numpy, which loading a taxonomy does without.
    from roleclf.matching import InflectedForms, TokenStemmer

    if not phrases:
        return
    bounds = TokenStemmer(InflectedForms.of(phrases)).tokenize(phrases).bounds
    for phrase, first, end in zip(phrases, bounds[:-1], bounds[1:], strict=True):
        if first == end:
            yield phrase
