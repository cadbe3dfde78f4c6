"""The annotations of a batch: columns at once, whole records when asked for.

Step 4 of the layers, beside `annotate`: what the line made of a batch stays arrays
until somebody asks for a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from roleclf.annotation.batch_result import AnnotatorParts, BatchResult
from roleclf.loops import compiled

if TYPE_CHECKING:
    from roleclf.records import Annotation
    from roleclf.text import Signatures

__all__ = ["COLUMNS", "AnnotationBatch"]

_OTHER: Final = "other"
# A text whose best role is below the first says nothing; where the role that the title
# names is less likely than the second, there may be a mismatch; a second role is one
# above the third. What each gives, out of fold: models/roleclf-en/EXPERIMENTS.md.
_LEAST_SAYING: Final = 0.4
_MOST_OF_MISMATCH: Final = 0.45
_LEAST_SECOND: Final = 0.2


class AnnotationBatch(Sequence["Annotation"]):
    """The annotations of a batch: columns at once, records when asked for."""

    def __init__(self, annotator: AnnotatorParts, steps: BatchResult) -> None:
        self._annotator = annotator
        self._steps = steps
        prediction = steps.prediction
        self._silent: list[bool] = np.isnan(prediction.proba[:, 0]).tolist()
        self._role: list[int] = np.nan_to_num(prediction.proba).argmax(axis=1).tolist()
        self._confidence = np.nan_to_num(prediction.proba.max(axis=1, initial=0.0))

    def __len__(self) -> int:
        return len(self._steps.postings)

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
        proba = [f"p_{role}" for role in self._annotator.model.roles]
        return {
            name: self._proba(proba.index(name))
            if name in proba
            else list(_COLUMN[name](self))
            for name in names
        }

    def signatures(self) -> Signatures:
        """Return by what near-duplicates of the texts are found."""
        # Here: it draws random numbers, which take numpy a while to prepare.
        from roleclf.text import sign_texts

        return sign_texts(self._steps.given.texts)

    def _roles(self) -> list[str | None]:
        roles = self._annotator.model.roles
        return [
            None if silent else roles[role]
            for role, silent in zip(self._role, self._silent, strict=True)
        ]

    def _confidences(self) -> list[float]:
        return list(self._confidence.tolist())

    def _sure(self) -> list[bool]:
        enough = self._confidence >= self._annotator.model.threshold
        return [
            e and problem is None
            for e, problem in zip(enough.tolist(), self._problems(), strict=True)
        ]

    def _problems(self) -> list[str | None]:
        # A text with no word the model knows is as good as unreadable.
        return [
            problem or ("unreadable" if silent else None)
            for problem, silent in zip(self._steps.problems, self._silent, strict=True)
        ]

    @cached_property
    def _seconds(self) -> list[tuple[str, float] | None]:
        """Return the next of the roles proper where it is near enough to be a blend."""
        roles = self._annotator.model.roles
        proba = np.nan_to_num(self._steps.prediction.proba)
        proba[np.arange(len(proba)), self._role] = 0.0
        proba[:, [role == _OTHER for role in roles]] = 0.0
        return [
            (roles[best], share) if share >= _LEAST_SECOND else None
            for best, share in _best(proba)
        ]

    def _second_roles(self) -> list[str | None]:
        return [second and second[0] for second in self._seconds]

    def _second_confidences(self) -> list[float | None]:
        return [second and second[1] for second in self._seconds]

    @cached_property
    def _named(self) -> list[str | None]:
        """Return the role that each title names; None where it says nothing."""
        model, titles = self._annotator.model, self._steps.given.titles.texts
        silent = np.isnan(self._steps.prediction.title_proba[:, 0])
        named = [
            None if nothing else model.titles.role(title)
            for title, nothing in zip(titles, silent, strict=True)
        ]
        return [role if role in model.roles else None for role in named]

    def _title_roles(self) -> list[str | None]:
        return self._named

    def _duties_roles(self) -> list[str | None]:
        return self._said(self._steps.prediction.text_proba, _LEAST_SAYING)

    def _mismatches(self) -> list[bool]:
        roles, proba = self._annotator.model.roles, self._steps.prediction.proba
        return [
            title is not None
            and duties not in (None, title)
            and bool(proba[place, roles.index(title)] < _MOST_OF_MISMATCH)
            for place, (title, duties) in enumerate(
                zip(self._named, self._duties_roles(), strict=True)
            )
        ]

    def _said(self, proba: npt.NDArray[np.float64], least: float) -> list[str | None]:
        roles = self._annotator.model.roles
        return [
            roles[best] if share >= least else None
            for best, share in _best(np.nan_to_num(proba))
        ]

    def _proba(self, role: int) -> list[float | None]:
        column = self._steps.prediction.proba[:, role]
        return [None if np.isnan(p) else float(p) for p in column]

    def _skill_ids(self) -> list[str]:
        return self._ids(kind="skill")

    def _tool_ids(self) -> list[str]:
        return self._ids(kind="tool")

    def _ids(self, kind: str) -> list[str]:
        mentions = self._steps.mentions
        ids = self._annotator.lexicon.ids_by_kind[kind]
        return join_distinct(mentions.skill, mentions.bounds, ids)

    def _texts(self) -> list[str]:
        return list(self._steps.given.texts.texts)

    def _reason_lines(self) -> list[str]:
        from roleclf.annotation.to_records import reasons_of  # here, as in `_record`

        reasons = (
            reasons_of(self._annotator, self._steps, i, self._told(i))
            for i in range(len(self))
        )
        return [
            "; ".join(f"{r.feature} {r.weight:+.2f}" for r in own) for own in reasons
        ]

    def _record(self, place: int) -> Annotation:
        from roleclf.annotation.to_records import (
            record_of,  # here: columns do without records
        )

        row = {name: values[place] for name, values in self._shared.items()}
        return record_of(self._annotator, self._steps, place, row, self._told(place))

    def _told(self, place: int) -> int | None:
        """Return the place of the role, None where nothing is said."""
        return None if self._silent[place] else self._role[place]

    @cached_property
    def _shared(self) -> dict[str, list[Any]]:
        """Columns that are fields of the record too."""
        return self.columns(_IN_RECORD)


@compiled
def join_distinct(
    place: npt.NDArray[np.int64], bounds: npt.NDArray[np.int64], texts: list[str]
) -> list[str]:
    """Return the texts at each run of places, each once and none empty, joined."""
    places, text_at = place.tolist(), texts.__getitem__
    runs = (dict.fromkeys(places[a:b]) for a, b in pairwise(bounds.tolist()))
    return [";".join(filter(None, map(text_at, run))) for run in runs]


def _best(proba: npt.NDArray[np.float64]) -> Iterator[tuple[int, float]]:
    """Yield the best column of each row, and what stands there."""
    best = proba.argmax(axis=1)
    shares = proba[np.arange(len(proba)), best]
    return zip(best.tolist(), shares.tolist(), strict=True)


_COLUMN: Final[Mapping[str, Callable[[AnnotationBatch], list[Any]]]] = {
    "role": AnnotationBatch._roles,
    "confidence": AnnotationBatch._confidences,
    "sure": AnnotationBatch._sure,
    "second_role": AnnotationBatch._second_roles,
    "second_confidence": AnnotationBatch._second_confidences,
    "title_role": AnnotationBatch._title_roles,
    "duties_role": AnnotationBatch._duties_roles,
    "skills": AnnotationBatch._skill_ids,
    "tools": AnnotationBatch._tool_ids,
    "problem": AnnotationBatch._problems,
    "mismatch": AnnotationBatch._mismatches,
    "reasons": AnnotationBatch._reason_lines,
    "text": AnnotationBatch._texts,
}
COLUMNS: Final = tuple(_COLUMN)[:10]
_IN_RECORD: Final = (*COLUMNS[:7], "problem", "mismatch")
