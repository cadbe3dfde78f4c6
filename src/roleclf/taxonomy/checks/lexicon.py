"""Check the lexicon: ids, values, parents, and written forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from roleclf.taxonomy.checks.draft import TaxonomyDraft
from roleclf.taxonomy.records import Skill
from roleclf.taxonomy.yaml_and_csv import CsvRow, FileProblem

__all__ = ["ID", "lexicon_problems"]

ID: Final = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_CASES: Final = ("any", "capital", "exact")
_RULES: Final = ("safe", "software", "word", "vendor", "name", "letter", "list")
_REQUIRED_COLUMNS: Final = ("name", "type", "category")


def lexicon_problems(draft: TaxonomyDraft) -> Iterator[FileProblem]:
    """Yield the problems of the rows of `skills.csv`."""
    yield from _id_problems(draft.skill_rows)
    for row, skill in draft.skills:
        yield from _value_problems(row, skill)
    yield from _unknown_parent_problems(draft)
    yield from _parent_cycle_problems(draft.skills)
    yield from _form_problems(draft.skills)


def _id_problems(rows: tuple[CsvRow, ...]) -> Iterator[FileProblem]:
    seen: set[str] = set()
    for row in rows:
        if not ID.fullmatch(row["id"] or ""):
            mend = "write lower-case letters, digits and _"
            yield row.problem(f"id {row['id']!r}", mend)
        elif row["id"] in seen:
            yield row.problem(f"id {row['id']!r} again", "keep one of the rows")
        seen.add(row["id"])


def _value_problems(row: CsvRow, skill: Skill) -> Iterator[FileProblem]:
    for column in _REQUIRED_COLUMNS:
        if not row[column].strip():
            yield row.problem(f"{skill.id!r} has no {column}", "write it")
    for column, values in (("case", _CASES), ("rule", _RULES)):
        if skill.guarded and row[column] not in values:
            mend = f"write one of {', '.join(values)}"
            yield row.problem(f"{column} {row[column]!r} of guarded forms", mend)
        if row[column] and not skill.guarded:
            mend = "leave it empty or move the forms there"
            yield row.problem(f"{column} {row[column]!r} without guarded forms", mend)


def _unknown_parent_problems(draft: TaxonomyDraft) -> Iterator[FileProblem]:
    known = {row["id"] for row in draft.skill_rows}
    for row, skill in draft.skills:
        if skill.parent and skill.parent not in known:
            problem = f"parent {skill.parent!r} is not in skills.csv"
            yield row.problem(problem, "add it there or mend its id")


def _parent_cycle_problems(
    skills: tuple[tuple[CsvRow, Skill], ...],
) -> Iterator[FileProblem]:
    """Yield a problem for each cycle of parents, at the first row that leads to it."""
    # Reversed: of several rows with the same id the first counts.
    parent_by_id = {skill.id: skill.parent for _, skill in reversed(skills)}
    done: set[str] = set()
    for row, skill in skills:
        ancestors = [skill.id]
        while (parent := parent_by_id.get(ancestors[-1], "")) and parent not in done:
            if parent in ancestors:
                cycle = [*ancestors[ancestors.index(parent) :], parent]
                problem = f"parents go round: {' > '.join(cycle)}"
                yield row.problem(problem, "empty the parent of one")
                break
            ancestors.append(parent)
        done.update(ancestors)


def _form_problems(skills: tuple[tuple[CsvRow, Skill], ...]) -> Iterator[FileProblem]:
    """Yield forms that cannot be found in a text, or that two skills share."""
    forms = [
        (row, skill.id, form)
        for row, skill in skills
        for form in (*skill.aliases, *skill.guarded)
    ]
    first_by_key: dict[str | bytes, tuple[str, str]] = {}
    keys = _token_keys([form for _, _, form in forms])
    for (row, id_, form), key in zip(forms, keys, strict=True):
        if isinstance(key, ValueError):
            yield row.problem(f"form {form!r} has {key}", "write it without")
            continue
        for same in (form.casefold(), key):
            other, other_form = first_by_key.setdefault(same, (id_, form))
            if other != id_:
                problem = _shared_form_text(form, other_form, other)
                yield row.problem(problem, "keep it in one row")
                break


def _shared_form_text(form: str, other_form: str, other: str) -> str:
    if form.casefold() == other_form.casefold():
        return f"form {form!r} is one of {other!r} too"
    return f"form {form!r} reads like {other_form!r} of {other!r}"


def _token_keys(forms: list[str]) -> Iterator[bytes | ValueError]:
    """Yield what the phrase search compares of each form, or why it finds nothing."""
    # Imported here: it imports numpy, which loading a taxonomy does without.
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
