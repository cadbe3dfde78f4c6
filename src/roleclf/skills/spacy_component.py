"""Provide the spaCy component `roleclf_skills`, which marks skills and tools.

It finds the mentions that `SkillMatcher` finds in the same text. Only spaCy imports
this module, by the entry point in pyproject.toml.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, Final, TypeAlias

from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup

from roleclf.matching import SECTIONS
from roleclf.skills.lexicon import Lexicon
from roleclf.skills.matcher import SkillMatcher
from roleclf.skills.needs import need_of
from roleclf.taxonomy import SHIPPED_TAXONOMY, Skill, read_skills
from roleclf.text import tokenize

__all__ = ["SkillMarker", "make_skill_marker", "mark_skills"]

_SPANS_KEY: Final = "skills"

# Start, end, place of the skill in the lexicon, section, strength.
MentionRow: TypeAlias = tuple[int, int, int, int, int]


def mark_skills(docs: Sequence[Doc], matcher: SkillMatcher) -> None:
    """Write every mention of a skill into `doc.spans["skills"]` of each document.

    Notes
    -----
    Nothing is cleaned: offsets count in `doc.text`. A span covers whole tokens, so it
    may be wider than its mention. The group's `attrs["mentions"]` holds start and end
    of each mention, its section, and the need of its skill in the document, in the
    order of the spans.
    """
    found = matcher.find(tokenize([doc.text for doc in docs]))
    columns = (found.start, found.end, found.skill, found.section, found.strength)
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    for doc, (begin, end) in zip(docs, pairwise(found.bounds.tolist()), strict=True):
        doc.spans[_SPANS_KEY] = _span_group(doc, rows[begin:end], matcher.lexicon)


def _span_group(doc: Doc, rows: Sequence[MentionRow], lexicon: Lexicon) -> SpanGroup:
    strengths: dict[int, list[int]] = {}
    for _, _, skill, _, strength in rows:
        strengths.setdefault(skill, []).append(strength)
    mentions = [
        {
            "start": start,
            "end": end,
            "section": SECTIONS[section] if section >= 0 else None,
            "need": need_of(strengths[skill]),
        }
        for start, end, skill, section, _ in rows
    ]
    spans = [_span(doc, row, lexicon) for row in rows]
    return SpanGroup(doc, name=_SPANS_KEY, spans=spans, attrs={"mentions": mentions})


def _span(doc: Doc, row: MentionRow, lexicon: Lexicon) -> Span:
    start, end, skill, *_ = row
    return doc.char_span(  # type: ignore[return-value]  # None only outside the text
        start,
        end,
        label=lexicon.kinds[skill].upper(),
        kb_id=lexicon.ids[skill],
        span_id=lexicon.ids[skill],
        alignment_mode="expand",
    )


class SkillMarker:
    """The pipeline component; it reads the lexicon at the first document.

    Parameters
    ----------
    lexicon : str or None
        Path of a file like `skills.csv`; None for the lexicon that roleclf ships. A
        saved pipeline holds the rows of the file, and no longer needs it.
    """

    def __init__(self, lexicon: str | None) -> None:
        self.lexicon = lexicon

    def __call__(self, doc: Doc) -> Doc:
        """Mark one document."""
        mark_skills([doc], self.matcher)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int) -> Iterator[Doc]:
        """Mark a stream of documents, a batch at a time."""
        waiting = iter(stream)
        while batch := list(islice(waiting, batch_size)):
            mark_skills(batch, self.matcher)
            yield from batch

    @cached_property
    def skills(self) -> Mapping[str, Skill]:
        """The rows of the lexicon."""
        return read_skills(Path(self.lexicon or SHIPPED_TAXONOMY / "skills.csv"))

    @cached_property
    def matcher(self) -> SkillMatcher:
        """The matcher for the lexicon."""
        return SkillMatcher(Lexicon(self.skills))

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Return the rows of the file `lexicon` as JSON; none without a file."""
        skills = self.skills.values() if self.lexicon else ()
        return json.dumps([asdict(skill) for skill in skills]).encode()

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> SkillMarker:
        """Use the rows that `to_bytes` returned, if any, in place of the file."""
        skills = [_to_skill(row) for row in json.loads(data)]
        if skills:
            self.skills = {skill.id: skill for skill in skills}
            vars(self).pop("matcher", None)
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write what `to_bytes` returns to the file `path`."""
        Path(path).write_bytes(self.to_bytes())

    def from_disk(
        self, path: str | Path, *, exclude: Iterable[str] = ()
    ) -> SkillMarker:
        """Read what `to_disk` wrote."""
        return self.from_bytes(Path(path).read_bytes())


def _to_skill(row: Mapping[str, Any]) -> Skill:
    # JSON makes lists of tuples.
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in row.items()
    }
    return Skill(**fields)


@Language.factory(
    "roleclf_skills", assigns=["doc.spans"], default_config={"lexicon": None}
)
def make_skill_marker(nlp: Language, name: str, lexicon: str | None) -> SkillMarker:
    """Return the component for a pipeline; spaCy calls this."""
    return SkillMarker(lexicon)
