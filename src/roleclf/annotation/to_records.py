"""Make the `Annotation` of one posting of a batch, with its profile and its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from roleclf.annotation.batch_result import AnnotatorParts, BatchResult, Spans
from roleclf.annotation.profile import cover_roles
from roleclf.annotation.reasons import explain
from roleclf.matching import SECTIONS
from roleclf.records import Annotation, FoundSkill, Mention, Reason
from roleclf.skills import AskedTogether, Mentions, need_of

__all__ = ["reasons_for", "to_record"]


def to_record(
    annotator: AnnotatorParts,
    result: BatchResult,
    place: int,
    role: int | None,
    fields: Mapping[str, Any],
    duties: Mapping[str, Spans],
    together: AskedTogether,
) -> Annotation:
    """Return the annotation of one posting.

    Parameters
    ----------
    place : int
        Place of the posting in the batch.
    role : int or None
        Place of its role in `model.roles`, None where it has none.
    fields : mapping of str to object
        The fields of the annotation that columns hold too.
    duties : mapping of str to spans
        The sentences that give each duty to the jobholder, by its concept id.
    together : AskedTogether
        Which of its skills are alternatives, and how many years of each it asks for.
    """
    text = result.model_input.texts.texts[place]
    skills = _found_skills(annotator, result.mentions, place, text, together)
    taxonomy, roles = annotator.model.taxonomy, annotator.model.roles
    proba = result.prediction.proba[place].tolist()
    return Annotation(
        id=result.postings[place].id,
        **fields,
        probabilities={} if role is None else dict(zip(roles, proba, strict=True)),
        language=result.languages[place],
        skills=skills,
        profile=cover_roles(
            taxonomy.roles,
            {s.id: tuple((m.start, m.end) for m in s.mentions) for s in skills},
            duties,
        ),
        reasons=reasons_for(annotator, result, place, role),
        model=annotator.model.name,
        taxonomy=taxonomy.version,
        text=text,
    )


def reasons_for(
    annotator: AnnotatorParts, result: BatchResult, place: int, role: int | None
) -> tuple[Reason, ...]:
    """Return the reasons for a posting's role, none where it has none."""
    if role is None:
        return ()
    return explain(annotator.model, role, place, result.model_input)


def _found_skills(
    annotator: AnnotatorParts,
    mentions: Mentions,
    place: int,
    text: str,
    together: AskedTogether,
) -> tuple[FoundSkill, ...]:
    """Return each skill with its mentions, in order of first mention."""
    lexicon = annotator.lexicon
    own = slice(mentions.bounds[place], mentions.bounds[place + 1])
    columns = (mentions.skill, mentions.start, mentions.end)
    rows = (column[own].tolist() for column in (*columns, mentions.section))
    found: dict[int, list[tuple[int, Mention]]] = {}
    for skill, start, end, section, strength in zip(
        *rows, mentions.strength[own].tolist(), strict=True
    ):
        name = SECTIONS[section] if section >= 0 else None
        mention = Mention(start, end, text[start:end], name)
        found.setdefault(skill, []).append((strength, mention))
    return tuple(
        FoundSkill(
            id=lexicon.ids[skill],
            name=lexicon.names[skill],
            kind=lexicon.kinds[skill],
            need=need_of(strength for strength, _ in pairs),
            mentions=tuple(mention for _, mention in pairs),
            group=together.group.get(skill),
            years=together.years.get(skill),
        )
        for skill, pairs in found.items()
    )
