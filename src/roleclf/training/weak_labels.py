"""Label postings weakly, by the roles that their titles name.

Unlabelled postings and the taxonomy's own names of roles add to what the classifier
learns from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from roleclf.matching import detect_languages
from roleclf.model import TitleRule, known_titles
from roleclf.taxonomy import Taxonomy
from roleclf.text import Tokens
from roleclf.training.training_set import as_mappings, tokenize_postings

__all__ = ["WeakTitles", "WeaklyLabelled", "label_by_title", "weak_titles"]


@dataclass(frozen=True, slots=True)
class WeaklyLabelled:
    """Postings without a label of their own, and the roles that their titles name.

    Attributes
    ----------
    texts : list of Tokens
        Of some of the postings, in whatever language.
    text_roles : array of str, one a text
        Empty for a text in a language that is left out.
    titles : list of Tokens
        Of all postings whose title names one role, or none (`other`).
    title_roles : array of str, one a title
    """

    texts: list[Tokens]
    text_roles: npt.NDArray[np.str_]
    titles: list[Tokens]
    title_roles: npt.NDArray[np.str_]

    def market(self, roles: Sequence[str]) -> dict[str, float] | None:
        """Return the share of each role among the titles; None if there are none.

        A role that no title names counts as one title.
        """
        if len(self.title_roles) == 0:
            return None
        counts = Counter(self.title_roles.tolist())
        n_titles = {role: max(counts[role], 1) for role in roles}
        return {role: n / sum(n_titles.values()) for role, n in n_titles.items()}


class WeakTitles(NamedTuple):
    """Titles with the role that each names, and how much it counts in training."""

    batches: list[Tokens]
    roles: npt.NDArray[np.str_]
    weight: npt.NDArray[np.float64]


def label_by_title(
    unlabelled: Any,
    rule: TitleRule,
    languages: Sequence[str],
    max_texts: int,
    seed: int,
) -> WeaklyLabelled:
    """Label postings by their titles; keep some of the texts of each role.

    Parameters
    ----------
    unlabelled : DataFrame, sequence of mappings, or None
    languages : sequence of str
        ISO 639-1 codes of the texts that keep their role.
    max_texts : int
        Texts to keep of each role, drawn with `seed`.
    """
    postings = [] if unlabelled is None else as_mappings(unlabelled)
    named = [rule.role(str(posting.get("title") or "")) for posting in postings]
    _, titles = tokenize_postings(
        {"title": posting.get("title")}
        for posting, role in zip(postings, named, strict=True)
        if role is not None
    )
    drawn = _draw(named, max_texts, seed)
    texts, _ = tokenize_postings(postings[i] for i in drawn)
    is_readable = [code in languages for t in texts for code in detect_languages(t)]
    text_roles = [
        named[i] if readable else ""
        for i, readable in zip(drawn, is_readable, strict=True)
    ]
    title_roles = [role for role in named if role is not None]
    return WeaklyLabelled(texts, _strings(text_roles), titles, _strings(title_roles))


def weak_titles(
    weak: WeaklyLabelled, taxonomy: Taxonomy, *, title_weight: float, name_weight: float
) -> WeakTitles:
    """Return weakly labelled titles, then the names that the taxonomy gives roles.

    Parameters
    ----------
    title_weight, name_weight : float
        What a title and a name count, beside 1 for a labelled posting.
    """
    # Each twice at half the weight: a feature of one title alone would not be kept.
    names = known_titles(taxonomy) * 2
    _, tokens = tokenize_postings({"title": name} for name, _ in names)
    roles = [*weak.title_roles.tolist(), *(role for _, role in names)]
    weights = title_weight, name_weight / 2
    weight = np.repeat(weights, (len(weak.title_roles), len(names)))
    return WeakTitles([*weak.titles, *tokens], np.array(roles, str), weight)


def _strings(values: Iterable[str | None]) -> npt.NDArray[np.str_]:
    return np.array([str(value) for value in values], str)


def _draw(labels: list[str | None], n: int, seed: int) -> list[int]:
    """Return places of at most `n` postings of each label, None left out."""
    order = np.random.default_rng(seed).permutation(len(labels)).tolist()
    n_left = dict.fromkeys(filter(None, labels), n)
    drawn = []
    for i in order:
        label = labels[i]
        if label is not None and n_left[label] > 0:
            n_left[label] -= 1
            drawn.append(i)
    return sorted(drawn)
