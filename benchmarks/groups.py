"""Measure which skills are said to be alternatives, and how many years are asked for.

    python benchmarks/groups.py ../shared/corpora

`corpora/labels/groups.jsonl` has sentences of postings in seven languages that name
skills, half drawn from those with a word for "or" or a slash beside one, half from
those with a number of years. A reader said, before the rules were made, which of the
skills are alternatives, and how many years of which are asked for. The errors in the
split `read` were looked at while the rules were made, so its figures flatter; those in
`judge` were not.

For groups, pairs of skills in one group are counted; for years, skills with a number.
What a section says of a skill does not count here.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from roleclf.skills.alternatives import alternatives_in, joins_by_slash
from roleclf.skills.lexicon import Lexicon
from roleclf.skills.matcher import SkillMatcher
from roleclf.skills.sentences import Place, sentences_naming
from roleclf.skills.years import years_in
from roleclf.taxonomy import shipped_skills
from roleclf.text.cleaning import clean
from roleclf.text.tokens import tokenize

MARKS: Final = Path(__file__).parents[1] / "corpora" / "labels" / "groups.jsonl"
SPLITS: Final = ("read", "judge")
KINDS: Final = ("group", "years")

# What is said of a sentence: pairs of skills in a group, or a skill and its years.
Facts = set[tuple[Any, Any]]


def main(corpora: Path) -> None:
    """Print precision and recall for each split, and how many sentences it has."""
    if not corpora.is_dir():
        print(f"skipped: no third-party postings at {corpora}")
        return
    items = [json.loads(line) for line in MARKS.read_text("utf-8").splitlines()]
    texts = texts_by_id(corpora, {item["id"] for item in items})
    matcher = SkillMatcher(Lexicon(shipped_skills()))
    print("| split | of | sentences | precision | recall | marked |")
    print("|---|---|---|---|---|---|")
    for split in SPLITS:
        chosen = [item for item in items if item["split"] == split]
        counts = counted(chosen, texts, matcher)
        for kind in KINDS:
            met, said, marked = (counts[kind, n] for n in ("met", "said", "marked"))
            shares = f"{met / said:.3f} | {met / marked:.3f} | {marked}"
            print(f"| {split} | {kind} | {len(chosen)} | {shares} |")


def texts_by_id(corpora: Path, ids: set[str]) -> Mapping[str, str]:
    """Return the cleaned texts of postings."""
    table = pq.read_table(corpora / "postings.parquet", columns=["id", "description"])
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    return {str(id_): clean(text) for id_, text in rows if str(id_) in ids}


def counted(
    items: list[Mapping[str, Any]], texts: Mapping[str, str], matcher: SkillMatcher
) -> Counter[tuple[str, str]]:
    """Return how many facts of each kind are met, said and marked."""
    counts: Counter[tuple[str, str]] = Counter()
    for item in items:
        for kind, said, marked in zip(
            KINDS, found(item, texts[item["id"]], matcher), facts(item), strict=True
        ):
            counts[kind, "met"] += len(said & marked)
            counts[kind, "said"] += len(said)
            counts[kind, "marked"] += len(marked)
    return counts


def facts(item: Mapping[str, Any]) -> tuple[Facts, Facts]:
    """Return the pairs and the years that were marked in a sentence."""
    pairs = {p for group in item["groups"] for p in combinations(sorted(set(group)), 2)}
    return pairs, set(item["years"].items())


def found(
    item: Mapping[str, Any], text: str, matcher: SkillMatcher
) -> tuple[Facts, Facts]:
    """Return the pairs and the years that are found, of the skills marked."""
    pairs: Facts = set()
    years: dict[str, float] = {}
    for groups, asked in said_in(item, text, matcher):
        for group in groups:
            known = sorted(group & set(item["skills"]))
            pairs.update(combinations(known, 2))
        for skill, number in asked.items():
            if skill in item["skills"]:
                years.setdefault(skill, number)
    return pairs, set(years.items())


def said_in(
    item: Mapping[str, Any], text: str, matcher: SkillMatcher
) -> Iterator[tuple[list[set[str]], dict[str, float]]]:
    """Yield groups and years of each sentence of a text, those in the marked part."""
    lexicon = matcher.lexicon
    mentions = matcher.find(tokenize([text]))
    columns = (mentions.start, mentions.end, mentions.skill)
    places = [Place(*row) for row in zip(*(c.tolist() for c in columns), strict=True)]
    joins = joins_by_slash(lexicon.ids, lexicon.categories, lexicon.kinds)
    for sentence in sentences_naming(text, places):
        own = places[sentence.number : sentence.number + len(sentence.places)]
        ids = {
            n: lexicon.ids[place.skill]
            for n, place in enumerate(own)
            if item["start"] <= place.start < item["end"]
        }
        groups = alternatives_in(sentence, item["lang"], joins)
        years = years_in(sentence).items()
        yield (
            [{ids[n] for n in group if n in ids} for group in groups],
            {ids[n]: number for n, number in years if n in ids},
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
