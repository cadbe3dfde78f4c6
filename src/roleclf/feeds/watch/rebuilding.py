"""An annotation as it was, from what was remembered of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from roleclf.records import Annotation, Coverage, FoundSkill, Match, Mention, Reason

__all__ = ["annotation_of"]


def annotation_of(fields: Mapping[str, Any]) -> Annotation:
    """Return the annotation that `to_dict` made `fields` of, but for the text."""
    lists = {
        "skills": tuple(map(_skill, fields["skills"])),
        "profile": tuple(map(_coverage, fields["profile"])),
        "reasons": tuple(map(_reason, fields["reasons"])),
    }
    return Annotation(**{**fields, **lists, "text": ""})


def _skill(fields: Mapping[str, Any]) -> FoundSkill:
    mentions = tuple(Mention(**mention) for mention in fields["mentions"])
    return FoundSkill(**{**fields, "mentions": mentions})


def _coverage(fields: Mapping[str, Any]) -> Coverage:
    matched = (Match(m["concept"], _spans(m["evidence"])) for m in fields["matched"])
    return Coverage(**{**fields, "matched": tuple(matched)})


def _reason(fields: Mapping[str, Any]) -> Reason:
    return Reason(**{**fields, "spans": _spans(fields["spans"])})


def _spans(spans: Sequence[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in spans)
