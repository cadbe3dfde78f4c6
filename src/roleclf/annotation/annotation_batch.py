"""Hold the annotations of a batch: columns at once, records when asked for."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.annotation.batch_result import AnnotatorParts, BatchResult, Spans
from roleclf.annotation.role_columns import ROLE_COLUMNS, RoleColumns
from roleclf.loops import compiled

if TYPE_CHECKING:
    from roleclf.records import Annotation
    from roleclf.skills import AskedTogether
    from roleclf.text import Signatures

__all__ = ["AnnotationBatch"]


# What `classify` adds unless it is asked for more.
class AnnotationBatch(Sequence["Annotation"]):
    """The annotations of a batch, as a sequence of records or column by column.

    Parameters
    ----------
    annotator : AnnotatorParts
        What the batch was annotated with.
    result : BatchResult
    """

    def __init__(self, annotator: AnnotatorParts, result: BatchResult) -> None:
        self._annotator = annotator
        self._result = result
        self._roles = RoleColumns(annotator.model, result)

    def __len__(self) -> int:
        return len(self._result.postings)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(f"posting {place} of {len(self)}")
        return self._record(place % len(self))

    def columns(self, names: Sequence[str]) -> dict[str, list[Any]]:
        """Return the named columns, one value a posting.

        Raises
        ------
        KeyError
            If a name is none of the columns that `classify` can add.
        """
        return {name: self._column(name) for name in names}

    def signatures(self) -> Signatures:
        """Return signatures of the texts, by which near-duplicates are found."""
        # Here: it draws random numbers, which take numpy a while to prepare.
        from roleclf.text import sign_texts

        return sign_texts(self._result.model_input.texts)

    def _column(self, name: str) -> list[Any]:
        if name in ROLE_COLUMNS:
            return list(ROLE_COLUMNS[name](self._roles))
        if name in self._role_by_probability:
            return self._probabilities(self._role_by_probability[name])
        return _OTHER_COLUMNS[name](self)

    @cached_property
    def _role_by_probability(self) -> dict[str, int]:
        """The place of each role, by the name of the column of its probability."""
        roles = self._annotator.model.roles
        return {f"p_{role}": place for place, role in enumerate(roles)}

    def _probabilities(self, role: int) -> list[float | None]:
        column = self._result.prediction.proba[:, role].tolist()
        return [None if math.isnan(p) else p for p in column]

    def _skill_ids(self) -> list[str]:
        return self._ids(kind="skill")

    def _tool_ids(self) -> list[str]:
        return self._ids(kind="tool")

    def _ids(self, kind: str) -> list[str]:
        mentions = self._result.mentions
        ids = self._annotator.lexicon.ids_by_kind[kind]
        return join_distinct(mentions.skill, mentions.bounds, ids)

    def _texts(self) -> list[str]:
        return list(self._result.model_input.texts.texts)

    def _reason_lines(self) -> list[str]:
        from roleclf.annotation.to_records import reasons_for  # here, as in `_record`

        roles = enumerate(self._roles.role_places)
        reasons = (
            reasons_for(self._annotator, self._result, place, role)
            for place, role in roles
        )
        return ["; ".join(f"{r.feature} {r.weight:+.2f}" for r in rs) for rs in reasons]

    def _record(self, place: int) -> Annotation:
        from roleclf.annotation.to_records import (
            to_record,  # here: columns do without records
        )

        fields = {name: values[place] for name, values in self._record_columns.items()}
        role = self._roles.role_places[place]
        told = (self._stated_duties[place], self._asked_together[place])
        return to_record(self._annotator, self._result, place, role, fields, *told)

    @cached_property
    def _stated_duties(self) -> list[dict[str, Spans]]:
        """The duties that each posting shows, found when a record asks for them."""
        from roleclf.annotation.stated_duties import stated_duties  # as in `_record`

        return stated_duties(self._annotator, self._result)

    @cached_property
    def _asked_together(self) -> list[AskedTogether]:
        """The groups and years of each posting, found when a record asks for them."""
        from roleclf.skills import find_asked_together  # as in `_record`

        result, lexicon = self._result, self._annotator.lexicon
        texts = result.model_input.texts
        return find_asked_together(texts, result.mentions, result.languages, lexicon)

    @cached_property
    def _record_columns(self) -> dict[str, list[Any]]:
        """The columns that are fields of the record under the same names."""
        return self.columns(tuple(ROLE_COLUMNS))


@compiled
def join_distinct(
    place: npt.NDArray[np.int64], bounds: npt.NDArray[np.int64], texts: list[str]
) -> list[str]:
    """Return the texts at each run of places, each once and none empty, joined.

    Parameters
    ----------
    place : int64 array
        Places in `texts`.
    bounds : int64 array, shape (n_runs + 1,)
        Run i is `place[bounds[i]:bounds[i + 1]]`.
    """
    places, text_at = place.tolist(), texts.__getitem__
    runs = (dict.fromkeys(places[a:b]) for a, b in pairwise(bounds.tolist()))
    return [";".join(filter(None, map(text_at, run))) for run in runs]


_OTHER_COLUMNS: Final[Mapping[str, Callable[[AnnotationBatch], list[Any]]]] = {
    "skills": AnnotationBatch._skill_ids,
    "tools": AnnotationBatch._tool_ids,
    "reasons": AnnotationBatch._reason_lines,
    "text": AnnotationBatch._texts,
}
