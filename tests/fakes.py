"""A fake annotator with two roles and one tool, and helpers to classify with it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from roleclf.batch.classify import classify_file
from roleclf.records import (
    Annotation,
    Coverage,
    FoundSkill,
    Match,
    Mention,
    Posting,
    Reason,
)
from roleclf.tables import Reading, Writing, open_table
from roleclf.text.minhash import Signatures, sign_texts
from roleclf.text.tokens import tokenize

ROLES = ("data_engineer", "other")


class FakeAnnotations(Sequence[Annotation]):
    """The annotations of a batch by the fake annotator, as rows and as columns."""

    def __init__(self, rows: Sequence[Annotation]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def columns(self, names: Sequence[str]) -> dict[str, list[Any]]:
        return {name: [_value(row, name) for row in self.rows] for name in names}

    def signatures(self) -> Signatures:
        return sign_texts(tokenize([row.text for row in self.rows]))


class FakeAnnotator:
    """Gives postings with the word pipeline the role data_engineer, others `other`."""

    roles = ROLES
    reader = "fast"

    def annotate_batch(
        self,
        postings: Sequence[Posting],
        problems: Sequence[str | None] | None = None,
    ) -> FakeAnnotations:
        problems = problems or [None] * len(postings)
        return FakeAnnotations(list(map(annotated, postings, problems)))


def annotated(posting: Posting, problem: str | None = None) -> Annotation:
    text = posting.description or ""
    usable = bool(text or posting.title)
    role = ROLES["pipeline" not in text.lower()] if usable else None
    confidence = {"data_engineer": 0.9, "other": 0.6, None: 0.0}[role]
    skills, reasons = _evidence(text)
    return Annotation(
        id=posting.id,
        role=role,
        confidence=confidence,
        sure=confidence >= 0.5,
        probabilities={"data_engineer": 0.9, "other": 0.1},
        second_role=None,
        second_confidence=None,
        title_role=None,
        duties_role=role,
        mismatch=False,
        language="en",
        skills=skills,
        profile=(Coverage("data_engineer", 0.5, (Match("de.pipelines", ((0, 5),)),)),),
        reasons=reasons,
        problem=problem or (None if usable else "no_text"),
        model="fake 1",
        taxonomy="1",
        text=text,
    )


def _evidence(text: str) -> tuple[tuple[FoundSkill, ...], tuple[Reason, ...]]:
    start = text.find("SQL")
    if start < 0:
        return (), ()
    mention = Mention(start, start + 3, "SQL", None)
    skill = FoundSkill("sql", "SQL", "tool", "required", (mention,))
    spans = ((start, start + 3),)
    return (skill,), (Reason("data_engineer", "sql", 1.25, "description", spans),)


def _value(row: Annotation, name: str) -> Any:
    special = {
        "skills": "",
        "tools": ";".join(skill.id for skill in row.skills),
        "reasons": ";".join(reason.feature for reason in row.reasons),
    }
    if name.startswith("p_"):
        return row.probabilities[name.removeprefix("p_")]
    return special[name] if name in special else getattr(row, name)


def read_all(
    path: Path, reading: Reading | None = None
) -> tuple[tuple[str, ...], list[tuple[Any, ...]], list[Posting], list[str | None]]:
    """Return a table's column names, rows, postings and problems."""
    rows, postings, problems = [], [], []
    with open_table(str(path), reading) as table:
        for batch in table.batches:
            rows += zip(*(batch.column(name) for name in table.names), strict=True)
            postings += batch.postings
            problems += batch.problems
    return table.names, rows, postings, problems


def classified(
    source: Path,
    target: Path,
    reading: Reading | None = None,
    writing: Writing | None = None,
) -> bytes:
    """Return the bytes that classifying `source` writes to `target`."""
    classify_file(FakeAnnotator(), str(source), str(target), reading, writing)
    return target.read_bytes()


def cut_small(patch: pytest.MonkeyPatch, size: int) -> None:
    """Have files cut into blocks of about `size` bytes."""
    patch.setattr("roleclf.tables.blocks.BLOCK_SIZE", size)
    patch.setattr("roleclf.tables.delimited._HEADER_SIZE", size)
    patch.setattr("roleclf.tables.row_groups.BLOCK_SIZE", size)


def written(folder: Path, name: str, content: bytes) -> Path:
    """Return a new file of that name and content."""
    path = folder / name
    path.write_bytes(content)
    return path
