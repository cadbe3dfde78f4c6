"""What the line makes of a batch on its way, for whoever asks what came of it.

Step 7 of the line: ... -> model -> STEPS -> explain -> write. Arrays for all postings
of a batch; columns and records are made of them when they are asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from roleclf.duties import Duties
from roleclf.model import Evidence, Prediction, RoleModel
from roleclf.records import Posting
from roleclf.skills import Lexicon, Mentions
from roleclf.text import Tokens

__all__ = ["AnnotatorParts", "BatchResult", "ModelInput"]


class AnnotatorParts(Protocol):
    """What a batch needs of the annotator that made it."""

    model: RoleModel
    lexicon: Lexicon


class ModelInput(NamedTuple):
    """What the model was given of a batch, and where it comes from."""

    evidence: Evidence
    texts: Tokens
    titles: Tokens
    duties: Duties


class BatchResult(NamedTuple):
    """What the line made of a batch on its way."""

    postings: Sequence[Posting]
    problems: list[str | None]
    languages: list[str | None]
    mentions: Mentions
    given: ModelInput
    prediction: Prediction
