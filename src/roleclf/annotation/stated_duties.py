"""Choose the sentences that show what the jobholder does, of all that name a duty."""

from __future__ import annotations

from typing import Final

import numpy as np

from roleclf.annotation.batch_result import AnnotatorParts, BatchResult, Spans
from roleclf.duties import tells_of_jobholder
from roleclf.matching import NO_SECTION, SECTIONS

__all__ = ["stated_duties"]

_DUTIES: Final = SECTIONS.index("duties")


def stated_duties(
    annotator: AnnotatorParts, result: BatchResult
) -> list[dict[str, Spans]]:
    """Return the sentences that give each duty to the jobholder, by its concept id.

    The classifier weighs more: a duty asked for as experience tells of the role too,
    but nobody should be told that the jobholder does it.

    Returns
    -------
    list of dict of str to spans, length n_postings
    """
    tokens, duties = result.model_input.texts, result.model_input.duties
    found: list[dict[str, Spans]] = [{} for _ in range(len(tokens.texts))]
    named = np.flatnonzero(duties.is_firm)
    if not len(named):
        return found
    sections = annotator.matcher.find_sections(tokens)
    has_duties = np.zeros(len(tokens.texts), bool)
    has_duties[tokens.text_of(np.flatnonzero(sections == _DUTIES))] = True
    place, start = duties.text[named], duties.start[named]
    section = sections[np.searchsorted(tokens.start, start + tokens.base[place])]
    end, base = duties.end[named], tokens.base[place]
    sentences = tokens.texts.spans(start + base, end + base)
    rows = (duties.duty[named], place, start, end, section)
    is_told: dict[tuple[int, int], bool] = {}  # once a sentence, which may name several
    for sentence, duty, text, first, stop, at in zip(
        sentences, *(row.tolist() for row in rows), strict=True
    ):
        if (text, first) not in is_told:
            name = None if at == NO_SECTION else SECTIONS[at]
            is_told[text, first] = tells_of_jobholder(
                sentence, name, bool(has_duties[text])
            )
        if is_told[text, first]:
            spans = found[text]
            concept = annotator.model.spaces.duties.names[duty]
            spans[concept] = (*spans.get(concept, ()), (first, stop))
    return found
