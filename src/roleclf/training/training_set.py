"""What a classifier learns from: labelled postings checked, unlabelled ones read.

Step 7 of the line, at training time, between `learn` and `estimator`. Unlabelled
postings teach by their titles: a rule says which role each names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from roleclf.duties import Duties
from roleclf.matching import detect_languages
from roleclf.model import DutySpace, FeatureSpace, TitleRule, known_titles
from roleclf.taxonomy import Taxonomy
from roleclf.text import BATCH_SIZE, Tokens, cell_text, clean_batch, tokenize
from roleclf.training.fitting import matrix

__all__ = [
    "Unlabelled",
    "checked",
    "duty_matrix",
    "read_unlabelled",
    "rows_of",
    "titles_to_learn",
    "tokenize_postings",
    "word_matrix",
]


@dataclass(frozen=True, slots=True)
class Unlabelled:
    """Postings without a label, and the roles that their titles name.

    Attributes
    ----------
    texts : list of Tokens
        Of some of the postings, in whatever language.
    text_roles : array of str, one a text
        Empty for a text in a language that is left out.
    titles : list of Tokens
        Of all postings whose title names one role, or none.
    title_roles : array of str, one a title
    """

    texts: list[Tokens]
    text_roles: npt.NDArray[np.str_]
    titles: list[Tokens]
    title_roles: npt.NDArray[np.str_]

    def market(self, roles: Sequence[str]) -> dict[str, float] | None:
        """Return the share of each role among the titles; None without any.

        A role that no title names counts as one title.
        """
        if len(self.title_roles) == 0:
            return None
        counts = Counter(self.title_roles.tolist())
        named = {role: max(counts[role], 1) for role in roles}
        return {role: n / sum(named.values()) for role, n in named.items()}


def read_unlabelled(
    unlabelled: Any, rule: TitleRule, languages: Sequence[str], most: int, seed: int
) -> Unlabelled:
    """Read postings without a label, their texts of each role up to `most`.

    Parameters
    ----------
    unlabelled : DataFrame, sequence of mappings, or None
    languages : sequence of str
        ISO 639-1 codes of the texts that keep their role.
    """
    rows = [] if unlabelled is None else rows_of(unlabelled)
    named = [rule.role(str(row.get("title") or "")) for row in rows]
    _, titles = tokenize_postings(
        {"title": row.get("title")}
        for row, role in zip(rows, named, strict=True)
        if role is not None
    )
    chosen = _at_most(named, most, seed)
    texts, _ = tokenize_postings(rows[i] for i in chosen)
    readable = [c in languages for t in texts for c in detect_languages(t)]
    kept = [named[i] if ok else "" for i, ok in zip(chosen, readable, strict=True)]
    title_roles = [role for role in named if role is not None]
    return Unlabelled(texts, _strings(kept), titles, _strings(title_roles))


def tokenize_postings(
    postings: Iterable[Mapping[str, Any]],
) -> tuple[list[Tokens], list[Tokens]]:
    """Return texts and titles of postings, cleaned and cut, in batches."""
    rows = list(postings)
    batches = [rows[i : i + BATCH_SIZE] for i in range(0, len(rows), BATCH_SIZE)]
    texts, titles = (
        [tokenize(clean_batch([cell_text(r.get(name)) for r in b])) for b in batches]
        for name in ("description", "title")
    )
    return texts, titles


def titles_to_learn(
    more: Unlabelled, taxonomy: Taxonomy, weights: tuple[float, float]
) -> tuple[list[Tokens], npt.NDArray[np.str_], npt.NDArray[np.float64]]:
    """Return the titles without a label and the names that the taxonomy gives roles.

    Parameters
    ----------
    weights : pair of float
        What one of the former and one of the latter counts.

    Returns
    -------
    titles : list of Tokens
    roles : array of str
    weight : array
    """
    names = known_titles(taxonomy)
    # Twice, half as heavy each: a feature of one title alone would not be kept.
    _, named = tokenize_postings({"title": name} for name, _ in [*names, *names])
    roles = [*more.title_roles.tolist(), *(role for _, role in [*names, *names])]
    each = weights[0], weights[1] / 2
    weight = np.repeat(each, (len(more.title_roles), 2 * len(names)))
    return [*more.titles, *named], np.array(roles, str), weight


def word_matrix(space: FeatureSpace, batches: Sequence[Tokens]) -> csr_array:
    """Return the words of texts, weighed, a row each."""
    return matrix([space.rows(tokens) for tokens in batches], len(space.names))


def duty_matrix(
    space: DutySpace, texts: Sequence[Tokens], stated: Sequence[Duties]
) -> csr_array:
    """Return the duties that texts state, weighed, a row each."""
    rows = [
        space.rows(duties, len(tokens.texts))
        for tokens, duties in zip(texts, stated, strict=True)
    ]
    return matrix(rows, len(space.names))


def rows_of(X: Any) -> list[Mapping[str, Any]]:
    """Return postings as mappings, whatever shape they came in."""
    if hasattr(X, "to_dict"):  # a DataFrame; pandas itself need not be imported
        X = X[[name for name in ("title", "description") if name in X]]
        return list(X.to_dict("records"))
    return list(X)


def checked(
    y: Iterable[str],
    sample_weight: Sequence[float] | None,
    groups: Sequence[Any] | None,
    n_postings: int,
) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.float64]]:
    """Return roles and weights as arrays.

    Raises
    ------
    ValueError
        If lengths differ, there are fewer than two roles or one has but one posting,
        or all postings are of one group.
    """
    roles = np.array([str(role) for role in y])
    if len(roles) != n_postings:
        raise ValueError(f"{n_postings} postings but {len(roles)} roles")
    names, counts = np.unique(roles, return_counts=True)
    if len(names) < 2:
        raise ValueError("y: at least two different roles are needed")
    if counts.min() < 2:
        role = str(names[counts.argmin()])
        raise ValueError(f"y: {role!r} has one posting, at least two are needed")
    weight = np.ones(n_postings)
    if sample_weight is not None:
        weight = np.asarray(sample_weight, float)
    if weight.shape != roles.shape:
        raise ValueError(f"{n_postings} postings but {weight.size} weights")
    if groups is not None and len(set(groups)) < 2:
        raise ValueError("groups: at least two different ones are needed")
    return roles, weight


def _strings(values: Iterable[str | None]) -> npt.NDArray[np.str_]:
    return np.array([str(value) for value in values], str)


def _at_most(labels: list[str | None], n: int, seed: int) -> list[int]:
    """Return places of at most `n` postings of each label, None left out."""
    order = np.random.default_rng(seed).permutation(len(labels)).tolist()
    left = dict.fromkeys(filter(None, labels), n)
    chosen = []
    for i in order:
        label = labels[i]
        if label is not None and left[label] > 0:
            left[label] -= 1
            chosen.append(i)
    return sorted(chosen)
