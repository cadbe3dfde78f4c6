"""The record of an annotation, the output, and the records that it consists of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "Annotation",
    "Coverage",
    "FoundSkill",
    "Match",
    "Mention",
    "Reason",
]


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a skill is named.

    `start` and `end` count Unicode code points in the cleaned text, `end` exclusive;
    `text` is the text between them. `section` is None outside of any known section.
    """

    start: int
    end: int
    text: str
    section: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the mention as the dict of an annotation has it."""
        return {
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "section": self.section,
        }


@dataclass(frozen=True, slots=True)
class FoundSkill:
    """A skill or tool of the lexicon with all its mentions.

    `kind` is "tool" or "skill"; `need` is "required", "preferred" or
    "mentioned", the strongest of its mentions. Skills with the same number in `group`
    are alternatives, of which one will do. `years` is how many years of it are asked
    for, the least of a span. Both are None where the posting says nothing of it.
    """

    id: str
    name: str
    kind: str
    need: str
    mentions: tuple[Mention, ...]
    group: int | None = None
    years: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the skill as the dict of an annotation has it.

        Without `group` and `years` where there is none.
        """
        fields: dict[str, Any] = {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "need": self.need,
        }
        if self.group is not None:
            fields["group"] = self.group
        if self.years is not None:
            fields["years"] = _whole(self.years)
        fields["mentions"] = [mention.to_dict() for mention in self.mentions]
        return fields


@dataclass(frozen=True, slots=True)
class Match:
    """A concept of the taxonomy and the spans of the cleaned text that show it."""

    concept: str
    evidence: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The share of one role's taxonomy that a posting covers, 0-1, and the matches."""

    role: str
    coverage: float
    matched: tuple[Match, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the coverage as the dict of an annotation has it, rounded."""
        return {
            "role": self.role,
            "coverage": round(self.coverage, 4),
            "matched": [
                {"concept": m.concept, "evidence": [list(span) for span in m.evidence]}
                for m in self.matched
            ],
        }


@dataclass(frozen=True, slots=True)
class Reason:
    """A feature that counted for a role, with its weight in log-odds.

    `where` is "title" or "description"; the spans are offsets in the cleaned title or
    the cleaned text.
    """

    role: str
    feature: str
    weight: float
    where: str
    spans: tuple[tuple[int, int], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the reason as the dict of an annotation has it, rounded."""
        return {
            "role": self.role,
            "feature": self.feature,
            "weight": round(self.weight, 3),
            "where": self.where,
            "spans": [list(span) for span in self.spans],
        }


@dataclass(frozen=True, slots=True)
class Annotation:
    """The role of one posting, with skills, coverage and reasons.

    `role` is None only when `problem` is set. `confidence` is the calibrated
    probability of `role`, 0-1; `sure` says whether it reaches the model's threshold.
    `title_role` and `duties_role` are predicted from the title alone and the text
    alone. `text` is the cleaned text, in which all spans count. `encoder_role` is what
    the encoder of the careful reader says by itself, None if it did not read the
    posting.
    """

    id: str | None
    role: str | None
    confidence: float
    sure: bool
    probabilities: Mapping[str, float]
    second_role: str | None
    second_confidence: float | None
    title_role: str | None
    duties_role: str | None
    mismatch: bool
    language: str | None
    skills: tuple[FoundSkill, ...]
    profile: tuple[Coverage, ...]
    reasons: tuple[Reason, ...]
    problem: str | None
    model: str
    taxonomy: str
    text: str = field(repr=False)
    encoder_role: str | None = None

    def to_dict(self, *, text: bool = False) -> dict[str, Any]:
        """Return the annotation as a dict for JSON, rounded; the text on request."""
        fields: dict[str, Any] = {
            "id": self.id,
            "role": self.role,
            "confidence": round(self.confidence, 4),
            "sure": self.sure,
            "probabilities": {r: round(p, 4) for r, p in self.probabilities.items()},
            "second_role": self.second_role,
            "second_confidence": _rounded(self.second_confidence),
            "title_role": self.title_role,
            "duties_role": self.duties_role,
            "mismatch": self.mismatch,
            "language": self.language,
            "skills": [skill.to_dict() for skill in self.skills],
            "profile": [coverage.to_dict() for coverage in self.profile],
            "reasons": [reason.to_dict() for reason in self.reasons],
            "problem": self.problem,
            "model": self.model,
            "taxonomy": self.taxonomy,
        }
        if self.encoder_role is not None:
            fields["encoder_role"] = self.encoder_role
        return fields | {"text": self.text} if text else fields


def _whole(number: float) -> float:
    """Return a number as an int where it is one: 3 rather than 3.0."""
    return int(number) if number == int(number) else number


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
