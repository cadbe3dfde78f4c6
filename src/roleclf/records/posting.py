"""The frozen value that goes into the line; what comes out is in `records`.

Step 0 of the line. By itself, for where no record is asked for none need be there.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Posting"]


@dataclass(frozen=True, slots=True)
class Posting:
    """One job posting as it arrived; any field may be missing."""

    title: str | None = None
    description: str | None = None
    id: str | None = None
