"""Check the lexicon: ids, values, parents, and forms that clash or find nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from roleclf.taxonomy.checks.draft import Draft
from roleclf.taxonomy.documents import Problem, Row
from roleclf.taxonomy.records import Skill

__all__ = ["ID", "lexicon_problems"]

ID: Final = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_CASES: Final = ("any", "capital", "exact")
_RULES: Final = ("safe", "word", "vendor", "name", "letter", "list")
_FILLED: Final = ("name", "type", "category")


def lexicon_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what is wrong with the rows of `skills.csv`."""
    yield from _id_problems(draft.skill_rows)
    for row, skill in draft.skills:
        yield from _value_problems(row, skill)
    yield from _parent_problems(draft)
    yield from _form_problems(draft.skills)


def _id_problems(rows: tuple[Row, ...]) -> Iterator[Problem]:
    seen: set[str] = set()
    for row in rows:
        if not ID.fullmatch(row["id"] or ""):
            mend = "write lower-case letters, digits and _"
            yield row.problem(f"id {row['id']!r}", mend)
        elif row["id"] in seen:
            yield row.problem(f"id {row['id']!r} again", "keep one of the rows")
        seen.add(row["id"])


def _value_problems(row: Row, skill: Skill) -> Iterator[Problem]:
    for column in _FILLED:
        if not row[column].strip():
            yield row.problem(f"{skill.id!r} has no {column}", "write it")
    for column, values in (("case", _CASES), ("rule", _RULES)):
        if skill.guarded and row[column] not in values:
            mend = f"write one of {', '.join(values)}"
            yield row.problem(f"{column} {row[column]!r} of guarded forms", mend)
        if row[column] and not skill.guarded:
            mend = "leave it empty or move the forms there"
            yield row.problem(f"{column} {row[column]!r} without guarded forms", mend)


def _parent_problems(draft: Draft) -> Iterator[Problem]:
    known = {row["id"] for row in draft.skill_rows}
    # Of two rows with one id the first counts.
    parent_by_id = {skill.id: skill.parent for _, skill in reversed(draft.skills)}
    done: set[str] = set()
    for row, skill in draft.skills:
        if skill.parent and skill.parent not in known:
            problem = f"parent {skill.parent!r} is not in skills.csv"
            yield row.problem(problem, "add it there or mend its id")
        chain = [skill.id]
        while (parent := parent_by_id.get(chain[-1], "")) and parent not in done:
            if parent in chain:
                ring = [*chain[chain.index(parent) :], parent]
                problem = f"parents go round: {' > '.join(ring)}"
                yield row.problem(problem, "empty the parent of one")
                break
            chain.append(parent)
        done.update(chain)


def _form_problems(skills: tuple[tuple[Row, Skill], ...]) -> Iterator[Problem]:
    written = [
        (row, skill.id, form)
        for row, skill in skills
        for form in (*skill.aliases, *skill.guarded)
    ]
    first_by_key: dict[str | bytes, tuple[str, str]] = {}
    keys = _keys([form for _, _, form in written])
    for (row, id_, form), key in zip(written, keys, strict=True):
        if isinstance(key, ValueError):
            yield row.problem(f"form {form!r} has {key}", "write it without")
            continue
        for same in (form.casefold(), key):
            other, other_form = first_by_key.setdefault(same, (id_, form))
            if other != id_:
                yield row.problem(_clash(form, other_form, other), "keep it in one row")
                break


def _clash(form: str, other_form: str, other: str) -> str:
    if form.casefold() == other_form.casefold():
        return f"form {form!r} is one of {other!r} too"
    return f"form {form!r} reads like {other_form!r} of {other!r}"


def _keys(forms: list[str]) -> Iterator[bytes | ValueError]:
    """Yield for each form what the search for it compares, or why there is none."""
    # Imports numpy, which reading a taxonomy can do without.
    from roleclf.text import HARD_GAP, tokenize

    if not forms:
        return
    tokens = tokenize(forms)
    for first, end in zip(tokens.bounds[:-1], tokens.bounds[1:], strict=True):
        gaps = tokens.gap[first : end - 1]
        if first == end:
            yield ValueError("no word")
        elif (gaps == HARD_GAP).any():
            yield ValueError("a mark that no phrase may cross")
        else:
            yield tokens.hash[first:end].tobytes() + gaps.tobytes()
