"""Hold what the steps found in a batch, for columns and records to be made of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeAlias

from roleclf.duties import Duties
from roleclf.model import Evidence, Prediction, RoleModel
from roleclf.records import Posting
from roleclf.skills import Lexicon, Mentions, SkillMatcher
from roleclf.text import Tokens

__all__ = ["AnnotatorParts", "BatchResult", "ModelInput", "Spans"]

# Starts and ends of places in a cleaned text, in code points, ends exclusive.
Spans: TypeAlias = tuple[tuple[int, int], ...]


class AnnotatorParts(Protocol):
    """The parts of an annotator that its batches need."""

    model: RoleModel
    lexicon: Lexicon
    matcher: SkillMatcher


class ModelInput(NamedTuple):
    """The evidence that the model was given of a batch, and what it was found in."""

    evidence: Evidence
    texts: Tokens
    titles: Tokens
    duties: Duties


class BatchResult(NamedTuple):
    """What each step found in a batch.

    Attributes
    ----------
    postings : sequence of Posting, length n_postings
    problems, languages : list of str or None, length n_postings
    mentions : Mentions
    model_input : ModelInput
    prediction : Prediction
    """

    postings: Sequence[Posting]
    problems: list[str | None]
    languages: list[str | None]
    mentions: Mentions
    model_input: ModelInput
    prediction: Prediction
