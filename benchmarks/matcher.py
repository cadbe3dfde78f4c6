"""Time the matcher against spaCy's PhraseMatcher: same forms, same texts, one core.

    .venv/bin/python benchmarks/matcher.py

Prints a table in Markdown: medians of five rounds, the contestants taking turns.
"""

from __future__ import annotations

import csv
import os
import platform
import statistics
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Final

# numpy reads it when it is imported.
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import spacy
from spacy.matcher import PhraseMatcher

from roleclf.matching.language import detect_languages
from roleclf.matching.phrases import PhraseTable
from roleclf.matching.sections import NO_SECTION
from roleclf.skills.cues import cue_phrases
from roleclf.skills.everyday import find_subjects
from roleclf.skills.lexicon import Lexicon
from roleclf.skills.matcher import SkillMatcher, find_mentions
from roleclf.taxonomy import shipped_skills
from roleclf.text.cleaning import clean
from roleclf.text.texts import BATCH_SIZE
from roleclf.text.tokens import Tokens, tokenize

ROOT: Final = Path(__file__).parents[1]
# The dev postings, or the sample repeated where they are missing.
TEXTS: Final = (
    (ROOT.parent / "shared" / "corpora" / "gold_dev.csv", 1),
    (ROOT / "corpora" / "sample" / "postings.csv", 7),
)
OURS: Final = ("roleclf, forms alone", "roleclf", "roleclf, sections and need too")
N_ROUNDS: Final = 5


def main() -> None:
    """Run the rounds and print what they took."""
    core = _pin()
    name, texts = _texts()
    lexicon = Lexicon(shipped_skills())
    contestants = _ours(texts, lexicon) | _theirs(texts, lexicon)
    n_found = {name: find() for name, find in contestants.items()}
    seconds = _seconds(contestants)
    rate = {name: len(texts) / took for name, took in seconds.items()}
    n_characters = sum(map(len, texts)) // len(texts)
    print(f"{name}: {len(texts):,} texts of {n_characters:,} characters on average;")
    print(f"{len(lexicon.forms):,} forms; medians of {N_ROUNDS} rounds on core {core}.")
    print("\n| from texts | texts/s | times spaCy | found |\n|---|---|---|---|")
    _print_rows((*OURS, "spaCy"), rate, n_found)
    print("\n| from words | texts/s | times spaCy | found |\n|---|---|---|---|")
    _print_rows(("roleclf, words given", "spaCy, words given"), rate, n_found)
    print(f"\n{_machine()}")


def _pin() -> int:
    """Pin the process to one core, and return its number."""
    if not hasattr(os, "sched_setaffinity"):
        sys.exit("needs Linux: elsewhere a process cannot be pinned to a core")
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return core


def _texts() -> tuple[str, list[str]]:
    path, n_times = next((path, n) for path, n in TEXTS if path.exists())
    csv.field_size_limit(1 << 27)
    with path.open(encoding="utf-8", newline="") as lines:
        texts = [clean(row["description"]) for row in csv.DictReader(lines)]
    return path.name, texts * n_times


def _batches(texts: Sequence[str]) -> list[Sequence[str]]:
    return [
        texts[start : start + BATCH_SIZE] for start in range(0, len(texts), BATCH_SIZE)
    ]


def _ours(texts: Sequence[str], lexicon: Lexicon) -> dict[str, Callable[[], int]]:
    batches = _batches(texts)
    tokenised = [tokenize(batch) for batch in batches]
    table = PhraseTable.of({"skills": lexicon.forms, **cue_phrases()})
    matcher = SkillMatcher(lexicon)

    def n_mentions(tokens: Tokens) -> int:
        hits = table.find(tokens)
        no_sections = np.full(len(tokens.hash), NO_SECTION)
        subjects = find_subjects(tokens, detect_languages(tokens), lexicon)
        found = find_mentions(
            tokens, no_sections, hits["skills"], hits, subjects, lexicon
        )
        return len(found.skill)

    forms = PhraseTable.of({"skills": lexicon.forms})

    def n_forms(tokens: Tokens) -> int:
        return len(forms.find(tokens)["skills"].first)

    return {
        "roleclf, forms alone": lambda: sum(n_forms(tokenize(b)) for b in batches),
        "roleclf": lambda: sum(n_mentions(tokenize(batch)) for batch in batches),
        "roleclf, sections and need too": lambda: sum(
            len(matcher.find(tokenize(batch)).skill) for batch in batches
        ),
        "roleclf, words given": lambda: sum(map(n_mentions, tokenised)),
    }


def _theirs(texts: Sequence[str], lexicon: Lexicon) -> dict[str, Callable[[], int]]:
    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    matcher.add("skill", list(nlp.tokenizer.pipe(lexicon.forms)))
    docs = list(nlp.tokenizer.pipe(texts))
    return {
        "spaCy": lambda: sum(len(matcher(doc)) for doc in nlp.tokenizer.pipe(texts)),
        "spaCy, words given": lambda: sum(len(matcher(doc)) for doc in docs),
    }


def _seconds(contestants: dict[str, Callable[[], int]]) -> dict[str, float]:
    """Return the median time of each; they take turns, so that load affects all."""
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(N_ROUNDS):
        for name, find in contestants.items():
            start = perf_counter()
            find()
            times[name].append(perf_counter() - start)
    return {name: statistics.median(took) for name, took in times.items()}


def _print_rows(
    names: Sequence[str], rate: dict[str, float], n_found: dict[str, int]
) -> None:
    *_, theirs = names
    for name in names:
        ratio = rate[name] / rate[theirs]
        print(f"| {name} | {rate[name]:,.0f} | {ratio:.1f} | {n_found[name]:,} |")


def _machine() -> str:
    known = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = (line.partition(": ")[2] for line in known if line[:10] == "model name")
    packages = [f"{name} {version(name)}" for name in ("roleclf", "spacy", "numpy")]
    model = next(models, platform.machine())
    return f"{model}; Python {platform.python_version()}, {', '.join(packages)}."


if __name__ == "__main__":
    main()
