"""The record of a posting, the input.

In a module of its own, for classifying a file needs it and no other record.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Posting"]


@dataclass(frozen=True, slots=True)
class Posting:
    """One job posting as it arrived; any field may be missing.

    `employer` is the employer's name, which is not taken for a skill.
    """

    title: str | None = None
    description: str | None = None
    id: str | None = None
    employer: str | None = None
