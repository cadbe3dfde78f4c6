"""What the line makes of a batch on its way, for whoever asks what came of it.

Step 7 of the line: ... -> model -> STEPS -> explain -> write. Arrays for all postings
of a batch; columns and records are made of them when they are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from roleclf.duties import Duties
from roleclf.features import Evidence
from roleclf.model import Prediction, RoleModel
from roleclf.posting import Posting
from roleclf.skills import Lexicon, Mentions
from roleclf.tokens import Tokens

__all__ = ["Given", "Steps", "Tools"]


class Tools(Protocol):
    """What a batch needs of the annotator that made it."""

    model: RoleModel
    lexicon: Lexicon


class Given(NamedTuple):
    """What the model was given of a batch, and where it comes from."""

    evidence: Evidence
    texts: Tokens
    titles: Tokens
    duties: Duties


class Steps(NamedTuple):
    """What the line made of a batch on its way."""

    postings: Sequence[Posting]
    problems: list[str | None]
    languages: list[str | None]
    mentions: Mentions
    given: Given
    prediction: Prediction
