"""The line itself, for a batch of postings: the one loop that calls every step.

clean -> tokens -> language -> sections -> skills -> features -> model; profile and
reasons follow for the postings whose whole record is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from roleclf.annotation.annotation_batch import COLUMNS, AnnotationBatch
from roleclf.annotation.batch_result import BatchResult, ModelInput
from roleclf.annotation.frames import frame_of
from roleclf.errors import needs_extra
from roleclf.matching import Vocabulary, detect_languages, stopwords
from roleclf.model import Prior, RoleModel, shipped_model
from roleclf.records import Posting
from roleclf.skills import Lexicon, SkillMatcher
from roleclf.taxonomy import shipped_columns
from roleclf.text import BATCH, cell_text, clean_batch, tokenize

if TYPE_CHECKING:
    from pandas import DataFrame

    from roleclf.records import Annotation

__all__ = ["Annotator", "load"]

_FEWEST_WORDS: Final = 20


class Annotator:
    """A loaded model with its lexicon: costly to build, then fixed.

    Parameters
    ----------
    model : RoleModel
    lexicon : Lexicon
    """

    def __init__(self, model: RoleModel, lexicon: Lexicon) -> None:
        self.model = model
        self.lexicon = lexicon
        self._matcher = SkillMatcher(lexicon)
        lists = (stopwords(), self._matcher.words, *model.spaces.words_of_texts)
        self._vocabulary = Vocabulary(lists)

    @property
    def roles(self) -> tuple[str, ...]:
        """The ids of the roles that the model knows."""
        return self.model.roles

    def annotate(
        self, title: str | None = None, description: str | None = None
    ) -> Annotation:
        """Return the annotation of one posting.

        Parameters
        ----------
        title, description : str or None
            As they arrived; HTML, Markdown or plain text.
        """
        return self.annotate_batch([Posting(title, description)])[0]

    def annotate_many(
        self, postings: Iterable[Posting | Mapping[str, Any]]
    ) -> Iterator[Annotation]:
        """Yield the annotation of each posting, lazily and in order.

        Parameters
        ----------
        postings : iterable of Posting or mapping
            A mapping is read at its keys `title`, `description` and `id`.
        """
        waiting = iter(postings)
        while batch := [_posting(entry) for entry in islice(waiting, BATCH)]:
            yield from self.annotate_batch(batch)

    def annotate_frame(
        self,
        frame: DataFrame,
        title: str = "title",
        description: str = "description",
        columns: Sequence[str] = COLUMNS,
    ) -> DataFrame:
        """Return a DataFrame of the columns that `roleclf classify` adds.

        Parameters
        ----------
        frame : DataFrame, n_postings rows
        title, description : str
            Names of its columns; one of the two may be missing.
        columns : sequence of str
            Those to return: any that `classify` can add, such as
            `p_data_engineer`, `reasons` or `text`, and `mismatch`.

        Returns
        -------
        DataFrame
            With the index of `frame`, so that `frame.join(result)` fits; what is
            missing is NaN.

        Raises
        ------
        KeyError
            If `frame` has neither column, or a name in `columns` is unknown.
        """
        with needs_extra("annotate_frame", "pandas"):
            import pandas as pd  # noqa: F401  # told before the work, not after it

        if title not in frame and description not in frame:
            raise KeyError(
                f"no column {title!r} or {description!r} among {list(frame.columns)}"
            )
        values = [
            frame[name].tolist() if name in frame else [None] * len(frame)
            for name in (title, description)
        ]
        postings = [
            Posting(*map(cell_text, pair)) for pair in zip(*values, strict=True)
        ]
        found: dict[str, list[Any]] = {name: [] for name in columns}
        for start in range(0, len(postings), BATCH):
            batch = self.annotate_batch(postings[start : start + BATCH])
            for name, part in batch.columns(columns).items():
                found[name] += part
        return frame_of(found, frame.index)

    def annotate_batch(
        self,
        postings: Sequence[Posting],
        problems: Sequence[str | None] | None = None,
    ) -> AnnotationBatch:
        """Return the annotations of a batch, made all at once.

        Parameters
        ----------
        postings : sequence of Posting
        problems : sequence of str or None, optional
            What was already wrong with each when it was read.
        """
        descriptions = clean_batch([cell_text(p.description) for p in postings])
        texts = self._vocabulary.number(tokenize(descriptions))
        titles = tokenize(clean_batch([cell_text(p.title) for p in postings]))
        languages = detect_languages(texts)
        mentions = self._matcher.find(texts)
        known = problems or [None] * len(postings)
        n_words = np.diff(texts.bounds).tolist()
        lengths = (texts.texts.ends - texts.texts.base).tolist()
        found = [
            problem or self._problem(*text)
            for problem, *text in zip(known, lengths, n_words, languages, strict=True)
        ]
        readable = np.array([problem is None for problem in found], bool)
        evidence, duties = self.model.extract_features(texts, titles, readable)
        given = ModelInput(evidence, texts, titles, duties)
        prediction = self.model.predict(evidence)
        steps = BatchResult(postings, found, languages, mentions, given, prediction)
        return AnnotationBatch(self, steps)

    def _problem(self, length: int, n_words: int, language: str | None) -> str | None:
        """Say why a text cannot be judged, or None where it can."""
        if not length:
            return "no_text"
        if language is not None and language not in self.model.languages:
            return "unsupported_language"
        return "too_short" if n_words < _FEWEST_WORDS else None


def load(path: str | Path | None = None, *, prior: Prior | None = None) -> Annotator:
    """Return the model in folder `path`, or the one roleclf ships, ready to annotate.

    Parameters
    ----------
    path : str, Path or None
    prior : "uniform", "market", "role=share,…", a JSON file, a mapping, or None
        The mix of roles among the postings to come; the labelled ones' without it.
        See `prior.read_prior`.

    Raises
    ------
    ModelError
        If the folder holds no whole model of a format this version reads.
    ValueError
        If `prior` is no mix of the model's roles.
    """
    model = RoleModel.load(Path(path) if path is not None else shipped_model())
    if prior is not None:
        model = model.with_prior(prior)
    return Annotator(model, Lexicon(model.skills or shipped_columns()))


def _posting(entry: Posting | Mapping[str, Any]) -> Posting:
    if isinstance(entry, Posting):
        return entry
    if not isinstance(entry, Mapping):
        kind = type(entry).__name__
        raise TypeError(f"a posting is a roleclf.Posting or a mapping, not {kind}")
    id_ = entry.get("id")
    return Posting(
        cell_text(entry.get("title")),
        cell_text(entry.get("description")),
        None if id_ is None else str(id_),
    )
