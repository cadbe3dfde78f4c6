"""Score the recipe, and it changed in one place, on sources that are left out of it.

    python benchmarks/left_out_sources.py ../shared/corpora build benchmarks/SOURCES.md

Two thirds of the labelled postings come from one source, which only ever teaches. The
others are divided in two: each half is judged by a model that learned from the rest,
labels and unlabelled postings both. Needs what `make model` leaves in build. Takes some
minutes for each row.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from field import fit_baseline, joined
from sklearn.metrics import f1_score

from roleclf.evaluation import (
    company_groups,
    read_labelled,
    readers_agree,
    role_shares,
)
from roleclf.training import RoleClassifier

TEACHER: Final = "linkedin_rafabelokurows"
# Sources with fewer postings count in the whole, but have no accuracy of their own.
MIN_OF_SOURCE: Final = 25
DRAWS: Final = 1000
HEAD: Final = """\
# Left-out sources

Written by `benchmarks/left_out_sources.py`; do not edit by hand. Labelled postings of
sources that the model did not learn from, {n:,} of {sources} sources. "by source" is
the mean accuracy over the {large} sources of at least {least} postings. Intervals:
95 %, bootstrap of sources.

| recipe | macro-F1 | 95 % | accuracy | by source | 95 % |
|---|---|---|---|---|---|
"""

Roles = npt.NDArray[np.str_]
# Fits on the labelled postings it is given, and returns the roles of others.
Recipe = Callable[[pd.DataFrame, pd.DataFrame], Roles]


class WithoutRule(RoleClassifier):
    """The classifier, deaf to what the title rule says."""

    def _fit_heads(self, text: Any, title: Any, labels: Any) -> Any:
        deaf = title._replace(named=0.0 * title.named)
        return super()._fit_heads(text, deaf, labels)


def main(corpora: Path, build: Path, output: Path) -> None:
    """Write the table."""
    frame = read_labelled(corpora / "gold_train.csv", [corpora / "labels_train.jsonl"])
    frame = frame.reset_index(drop=True)
    half = halves(frame["source"])
    judged = (half >= 0) & readers_agree(frame)
    sizes = frame["source"][judged].value_counts()
    large = sizes.index[sizes >= MIN_OF_SOURCE]
    facts = {"n": judged.sum(), "sources": len(sizes), "large": len(large)}
    rows = [HEAD.format(**facts, least=MIN_OF_SOURCE)]
    for name, recipe in recipes(build):
        roles = np.full(len(frame), "", object)
        for number in (0, 1):
            is_out = half == number
            roles[is_out] = recipe(frame[~is_out], frame[is_out])
        rows.append(row(name, frame[judged], roles[judged].astype(str), large))
        print(rows[-1], end="", flush=True)
        output.write_text("".join(rows), encoding="utf-8")


def halves(source: pd.Series[str]) -> npt.NDArray[np.int64]:
    """Return the half that each posting's source is in; -1 for the one that teaches."""
    counts = source[source != TEACHER].value_counts().sort_index(kind="stable")
    order = counts.sort_values(ascending=False, kind="stable").index
    number = {name: place % 2 for place, name in enumerate(order)}
    return source.map(number).fillna(-1).to_numpy(int)


def recipes(build: Path) -> Iterator[tuple[str, Recipe]]:
    """Yield each recipe with its name."""
    unlabelled = pd.read_parquet(build / "unlabelled.parquet")
    written = pd.read_parquet(build / "written.parquet")

    def ours(
        kind: type[RoleClassifier] = RoleClassifier,
        with_shares: bool = True,
        lines: pd.DataFrame | None = written,
        **parameters: Any,
    ) -> Recipe:
        def roles(train: pd.DataFrame, test: pd.DataFrame) -> Roles:
            classifier = kind(**parameters).fit(
                train,
                train["role"],
                train["weight"].tolist(),
                groups=company_groups(train),
                shares=role_shares(train) if with_shares else None,
                unlabelled=unlabelled,
                written=lines,
            )
            return classifier.predict(test)

        return roles

    yield "as shipped", ours()
    yield "TF-IDF with logistic regression", baseline
    yield "deaf to the title rule", ours(WithoutRule)
    yield "labels without shares", ours(with_shares=False)
    yield "without written lines", ours(lines=None)
    yield "roles evened out more (0.6)", ours(role_balance=0.6)


def baseline(train: pd.DataFrame, test: pd.DataFrame) -> Roles:
    """Return roles by a plain TF-IDF."""
    return fit_baseline(train).predict(joined(test))


def row(name: str, frame: pd.DataFrame, roles: Roles, large: pd.Index[str]) -> str:
    """Return the line of a recipe."""
    gold, source = frame["role"].to_numpy(str), frame["source"].to_numpy(str)
    places = {s: np.flatnonzero(source == s) for s in np.unique(source).tolist()}
    is_right = roles == gold
    of_source = np.array([is_right[places[s]].mean() for s in large])
    chance = np.random.default_rng(0)
    names = list(places)
    drawn = [
        np.concatenate(
            [places[names[i]] for i in chance.integers(0, len(names), len(names))]
        )
        for _ in range(DRAWS)
    ]
    f1 = [macro_f1(gold[d], roles[d]) for d in drawn]
    means = [chance.choice(of_source, len(of_source)).mean() for _ in range(DRAWS)]
    return (
        f"| {name} | {macro_f1(gold, roles):.3f} | {interval(f1)} "
        f"| {is_right.mean():.3f} | {of_source.mean():.3f} | {interval(means)} |\n"
    )


def macro_f1(gold: Roles, roles: Roles) -> float:
    """Return the mean F1 of the roles."""
    return float(f1_score(gold, roles, average="macro", zero_division=0))


def interval(values: list[float]) -> str:
    """Return the middle 95 % of values."""
    low, high = np.percentile(values, [2.5, 97.5])
    return f"{low:.3f}-{high:.3f}"


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
