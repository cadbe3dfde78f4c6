"""Check the comparisons, the disagreements and the words of seniority."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from roleclf.taxonomy.checks.draft import TaxonomyDraft
from roleclf.taxonomy.schemas import ASPECTS
from roleclf.taxonomy.yaml_and_csv import FileProblem, YamlDocument

__all__ = ["comparison_problems"]


def comparison_problems(draft: TaxonomyDraft) -> Iterator[FileProblem]:
    """Yield the problems of `comparisons.yaml` and `seniority.yaml`."""
    if draft.comparisons is not None:
        yield from _pair_problems(draft.comparisons, draft.role_ids)
        yield from _disagreement_problems(draft.comparisons)
    if draft.seniority is not None:
        yield from _seniority_problems(draft.seniority)


def _pair_problems(document: YamlDocument, roles: set[str]) -> Iterator[FileProblem]:
    seen: set[frozenset[str]] = set()
    for index, pair in enumerate(document.content["pairs"]):
        both = frozenset((pair["left"], pair["right"]))
        for side in ("left", "right"):
            if pair[side] not in roles:
                problem = f"role {pair[side]!r} has no file"
                mend = "write it or mend the id"
                yield document.problem(problem, mend, "pairs", index, side)
        if len(both) == 1:
            problem = f"{pair['left']!r} is compared with itself"
            yield document.problem(problem, "name two roles", "pairs", index)
        elif both in seen:
            problem = f"{pair['left']!r} and {pair['right']!r} again"
            yield document.problem(problem, "keep one", "pairs", index)
        seen.add(both)
        yield from _aspect_problems(document, pair, index)


def _aspect_problems(
    document: YamlDocument, pair: dict[str, Any], index: int
) -> Iterator[FileProblem]:
    for key in ("similarities", "differences"):
        for i, item in enumerate(pair[key]):
            if item["aspect"] not in ASPECTS:
                keys = ("pairs", index, key, i, "aspect")
                mend = f"write one of {', '.join(ASPECTS)}"
                yield document.problem(f"aspect {item['aspect']!r}", mend, *keys)


def _disagreement_problems(document: YamlDocument) -> Iterator[FileProblem]:
    for index, entry in enumerate(document.content.get("disagreements", ())):
        if not entry["question"].strip():
            yield document.problem("empty question", "write it", "disagreements", index)
        if len(entry["positions"]) < 2:
            problem = f"{entry['id']!r} has fewer than two positions"
            yield document.problem(problem, "add the other", "disagreements", index)


def _seniority_problems(document: YamlDocument) -> Iterator[FileProblem]:
    level_by_word: dict[str, str] = {}
    for index, level in enumerate(document.content):
        for i, word in enumerate(level["words"]):
            other = level_by_word.setdefault(word.casefold(), level["id"])
            if other != level["id"]:
                problem = f"word {word!r} is one of {other!r} too"
                yield document.problem(problem, "keep one", index, "words", i)
