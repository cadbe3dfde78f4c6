"""Models to figures: scores with intervals, curves, findings, model card, report.

In: labelled postings and a model's answers. Out: one mapping of figures, as page or
text. Must not know: how a model is trained; training asks it for scores and the card.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclf.evaluation.card import write_card
from roleclf.evaluation.corpus import (
    agreed,
    companies,
    file_facts,
    read_labelled,
    read_postings,
    refuse_rare_roles,
    refuse_unknown_roles,
)
from roleclf.evaluation.scores import score
from roleclf.lazy import loader

if TYPE_CHECKING:
    from roleclf.evaluation.evaluation import evaluate_model
    from roleclf.evaluation.page import evaluation_page
    from roleclf.evaluation.summary import evaluation_text

__all__ = [
    "agreed",
    "companies",
    "evaluate_model",
    "evaluation_page",
    "evaluation_text",
    "file_facts",
    "read_labelled",
    "read_postings",
    "refuse_rare_roles",
    "refuse_unknown_roles",
    "score",
    "write_card",
]

# Training scores a model without a report.
__getattr__ = loader(
    __name__,
    {
        "evaluate_model": "evaluation",
        "evaluation_page": "page",
        "evaluation_text": "summary",
    },
)
