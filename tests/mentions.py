"""The mentions of a text, for the tests of `roleclf.skills`."""

from __future__ import annotations

from roleclf.annotation.annotate import Annotator


def mentions(annotator: Annotator, description: str) -> list[str]:
    """Return the text of every mention, in reading order."""
    skills = annotator.annotate(None, description).skills
    found = [(m.start, m.text) for skill in skills for m in skill.mentions]
    return [text for _, text in sorted(found)]
