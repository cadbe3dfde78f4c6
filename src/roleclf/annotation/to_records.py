"""Make the record of one posting of a batch, with its profile and its reasons.

Step 4 of the layers, beside `annotations`, which loads it when a record is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from roleclf.annotation.batch_result import AnnotatorParts, BatchResult
from roleclf.annotation.profile import cover_roles
from roleclf.annotation.reasons import explain
from roleclf.matching import SECTIONS
from roleclf.records import Annotation, FoundSkill, Mention, Reason
from roleclf.skills import need_of

__all__ = ["reasons_of", "record_of"]


def record_of(
    annotator: AnnotatorParts,
    steps: BatchResult,
    place: int,
    row: Mapping[str, Any],
    role: int | None,
) -> Annotation:
    """Return the annotation of the posting at a place of the batch.

    Parameters
    ----------
    row : mapping of str to object
        What columns say of it, by the names of the fields.
    role : int or None
        The place of its role in the model's, None where it has none.
    """
    skills = _found_skills(annotator, steps, place)
    taxonomy, roles = annotator.model.taxonomy, annotator.model.roles
    proba = steps.prediction.proba[place].tolist()
    return Annotation(
        id=steps.postings[place].id,
        **row,
        probabilities={} if role is None else dict(zip(roles, proba, strict=True)),
        language=steps.languages[place],
        skills=skills,
        profile=cover_roles(
            taxonomy.roles,
            {s.id: tuple((m.start, m.end) for m in s.mentions) for s in skills},
            _stated_duties(annotator, steps, place),
        ),
        reasons=reasons_of(annotator, steps, place, role),
        model=annotator.model.name,
        taxonomy=taxonomy.version,
        text=steps.given.texts.texts[place],
    )


def reasons_of(
    annotator: AnnotatorParts, steps: BatchResult, place: int, role: int | None
) -> tuple[Reason, ...]:
    """Return the reasons for a posting's role, none where it has none."""
    if role is None:
        return ()
    return explain(annotator.model, role, place, steps.given)


def _found_skills(
    annotator: AnnotatorParts, steps: BatchResult, place: int
) -> tuple[FoundSkill, ...]:
    lexicon, mentions = annotator.lexicon, steps.mentions
    text = steps.given.texts.texts[place]
    found: dict[int, list[tuple[int, Mention]]] = {}
    for i in range(mentions.bounds[place], mentions.bounds[place + 1]):
        start, end = int(mentions.start[i]), int(mentions.end[i])
        section = int(mentions.section[i])
        named = SECTIONS[section] if section >= 0 else None
        mention = Mention(start, end, text[start:end], named)
        found.setdefault(int(mentions.skill[i]), []).append(
            (int(mentions.strength[i]), mention)
        )
    return tuple(
        FoundSkill(
            id=lexicon.ids[skill],
            name=lexicon.names[skill],
            kind=lexicon.kinds[skill],
            need=need_of(strength for strength, _ in places),
            mentions=tuple(mention for _, mention in places),
        )
        for skill, places in found.items()
    )


def _stated_duties(
    annotator: AnnotatorParts, steps: BatchResult, place: int
) -> dict[str, tuple[tuple[int, int], ...]]:
    """Return the sentences that state each duty, by its concept id."""
    ids = annotator.model.spaces.duties.names
    duties = steps.given.duties
    own = np.flatnonzero((duties.text == place) & duties.is_firm)
    spans: dict[str, tuple[tuple[int, int], ...]] = {}
    for i in own.tolist():
        span = (int(duties.start[i]), int(duties.end[i]))
        concept = ids[duties.duty[i]]
        spans[concept] = (*spans.get(concept, ()), span)
    return spans
