"""Models to figures: scores with intervals, curves, findings, model card, report.

In: labelled postings and a model. Out: one mapping of figures, as page or text. Must
not know: how a model is trained. Training uses the scores, the corpus reading and the
card of this room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.evaluation.card import write_card
from roleclf.evaluation.corpus import (
    company_groups,
    file_digest,
    read_labelled,
    read_postings,
    readers_agree,
    refuse_rare_roles,
    refuse_unknown_roles,
    role_shares,
)
from roleclf.evaluation.scores import score_predictions
from roleclf.lazy import loader

if TYPE_CHECKING:
    from roleclf.evaluation.evaluation import evaluate_model
    from roleclf.evaluation.page import evaluation_page
    from roleclf.evaluation.summary import evaluation_text

__all__ = [
    "company_groups",
    "evaluate_model",
    "evaluation_page",
    "evaluation_text",
    "file_digest",
    "read_labelled",
    "read_postings",
    "readers_agree",
    "refuse_rare_roles",
    "refuse_unknown_roles",
    "role_shares",
    "score_predictions",
    "write_card",
]

# Training needs scores, but no annotator and no report.
__getattr__ = loader(
    __name__,
    {
        "evaluate_model": "evaluation",
        "evaluation_page": "page",
        "evaluation_text": "summary",
    },
)
