"""Annotate postings, a batch at a time: `Annotator.annotate_batch` calls every step.

All other methods, and whatever reads or writes postings, call that one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from roleclf.annotation.annotation_batch import AnnotationBatch
from roleclf.annotation.batch_result import BatchResult, ModelInput
from roleclf.annotation.frames import postings_in, to_frame
from roleclf.annotation.problems import find_problems
from roleclf.errors import ModelError, needs_extra
from roleclf.matching import Vocabulary, detect_languages, stopwords
from roleclf.model import Prior, RoleModel, shipped_model
from roleclf.records import COLUMNS, Posting
from roleclf.skills import Lexicon, SkillMatcher
from roleclf.taxonomy import shipped_skill_columns
from roleclf.text import BATCH_SIZE, cell_text, clean_batch, tokenize

if TYPE_CHECKING:
    from pandas import DataFrame

    from roleclf.records import Annotation

__all__ = ["Annotator", "load"]


class Annotator:
    """A model and a skill lexicon, ready to annotate; costly to build, then fixed.

    Parameters
    ----------
    model : RoleModel
    lexicon : Lexicon
    """

    def __init__(self, model: RoleModel, lexicon: Lexicon) -> None:
        self.model = model
        self.lexicon = lexicon
        self.matcher = SkillMatcher(lexicon)
        lists = (stopwords(), self.matcher.words, *model.spaces.words_of_texts)
        self._vocabulary = Vocabulary(lists)

    @property
    def roles(self) -> tuple[str, ...]:
        """The ids of the roles that the model knows."""
        return self.model.roles

    @property
    def reader(self) -> str:
        """Which reader was loaded: `fast`, or `careful`, which has an encoder too."""
        return "fast" if self.model.encoder is None else "careful"

    def annotate_batch(
        self,
        postings: Sequence[Posting],
        problems: Sequence[str | None] | None = None,
    ) -> AnnotationBatch:
        """Return the annotations of a batch, every step done for all of it at once.

        Parameters
        ----------
        postings : sequence of Posting
        problems : sequence of str or None, optional
            What went wrong with each when it was read.
        """
        descriptions = clean_batch([cell_text(p.description) for p in postings])
        texts = self._vocabulary.number(tokenize(descriptions))
        titles = tokenize(clean_batch([cell_text(p.title) for p in postings]))
        languages = detect_languages(texts)
        employers = [p.employer for p in postings]
        mentions = self.matcher.find(texts, titles, languages, employers)
        found = find_problems(texts, languages, self.model.languages, problems)
        readable = np.array([problem is None for problem in found], bool)
        evidence, duties = self.model.extract_features(texts, titles, readable)
        prediction = self.model.predict(evidence)
        if self.model.encoder is not None:
            from roleclf.model import read_again  # here: the fast reader has none

            prediction = read_again(
                self.model, prediction, titles.texts, descriptions, readable
            )
        model_input = ModelInput(evidence, texts, titles, duties)
        result = BatchResult(
            postings, found, languages, mentions, model_input, prediction
        )
        return AnnotationBatch(self, result)

    def annotate(
        self,
        title: str | None = None,
        description: str | None = None,
        employer: str | None = None,
    ) -> Annotation:
        """Return the annotation of one posting.

        Parameters
        ----------
        title, description : str or None
            As they arrived; HTML, Markdown or plain text.
        employer : str or None
            The employer's name, which is not taken for a skill.
        """
        posting = Posting(title, description, employer=employer)
        return self.annotate_batch([posting])[0]

    def annotate_many(
        self, postings: Iterable[Posting | Mapping[str, Any]]
    ) -> Iterator[Annotation]:
        """Yield the annotation of each posting, lazily and in order.

        Parameters
        ----------
        postings : iterable of Posting or mapping
            A mapping is read at its keys `title`, `description`, `id` and `employer`.
        """
        waiting = iter(postings)
        while batch := [_to_posting(entry) for entry in islice(waiting, BATCH_SIZE)]:
            yield from self.annotate_batch(batch)

    def annotate_frame(
        self,
        frame: DataFrame,
        title: str = "title",
        description: str = "description",
        columns: Sequence[str] = COLUMNS,
        employer: str | None = None,
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
        employer : str or None
            Name of the column with the employer's name; without it, one that
            `roleclf classify` would find, such as `company`.

        Returns
        -------
        DataFrame
            With the index of `frame`, so that `frame.join(result)` fits; what is
            missing is NaN.

        Raises
        ------
        KeyError
            If `frame` has neither column, or not that of the employer, or a name in
            `columns` is unknown.
        """
        with needs_extra("annotate_frame", "pandas"):
            import pandas as pd  # noqa: F401  # fails before the work, not after it

        postings = postings_in(frame, title, description, employer)
        values: dict[str, list[Any]] = {name: [] for name in columns}
        for start in range(0, len(postings), BATCH_SIZE):
            batch = self.annotate_batch(postings[start : start + BATCH_SIZE])
            for name, column in batch.columns(columns).items():
                values[name] += column
        return to_frame(values, frame.index)


def load(
    path: str | Path | None = None,
    *,
    prior: Prior | None = None,
    reader: str | Path = "fast",
) -> Annotator:
    """Return the model in folder `path`, or the one roleclf ships, ready to annotate.

    Parameters
    ----------
    path : str, Path or None
    prior : "uniform", "market", "role=share,…", a JSON file, a mapping, or None
        The mix of roles among the postings to come; the labelled ones' without it.
        See `prior.read_prior`.
    reader : "fast", "careful", or Path
        The careful reader has an encoder read again what the model is unsure of: the
        one that roleclf ships, or that of a folder.

    Raises
    ------
    MissingExtraError
        If the careful reader's libraries are not installed.
    ModelError
        If the folder holds no whole model of a format this version reads, or no
        encoder that knows the same roles.
    ValueError
        If `prior` is no mix of the model's roles, or there is no such reader.
    """
    model = RoleModel.load(Path(path) if path is not None else shipped_model())
    if reader != "fast":
        model = _with_encoder(model, reader)
    if prior is not None:
        model = model.with_prior(prior)
    return Annotator(model, Lexicon(model.skills or shipped_skill_columns()))


def _with_encoder(model: RoleModel, reader: str | Path) -> RoleModel:
    """Return the model with the encoder of a reader beside it."""
    # Imported here: the fast reader has none.
    from roleclf.model import Encoder, shipped_encoder

    if isinstance(reader, str) and reader != "careful":
        raise ValueError(f"{reader!r} is no reader; there are fast and careful")
    folder = shipped_encoder() if isinstance(reader, str) else reader
    encoder = Encoder.load(folder)
    try:
        return model.with_encoder(encoder)
    except ValueError as error:
        raise ModelError(folder, str(error), "give another with --model") from error


def _to_posting(entry: Posting | Mapping[str, Any]) -> Posting:
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
        cell_text(entry.get("employer")),
    )
