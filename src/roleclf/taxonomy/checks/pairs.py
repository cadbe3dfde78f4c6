"""Check the comparisons, the disagreements and the words of seniority."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from roleclf.taxonomy.checks.draft import Draft
from roleclf.taxonomy.documents import Problem, YamlDocument
from roleclf.taxonomy.shapes import ASPECTS

__all__ = ["pair_problems"]


def pair_problems(draft: Draft) -> Iterator[Problem]:
    """Yield what is wrong with `comparisons.yaml` and `seniority.yaml`."""
    if draft.comparisons is not None:
        yield from _comparison_problems(draft.comparisons, draft.role_ids)
        yield from _disagreement_problems(draft.comparisons)
    if draft.seniority is not None:
        yield from _seniority_problems(draft.seniority)


def _comparison_problems(document: YamlDocument, roles: set[str]) -> Iterator[Problem]:
    seen: set[frozenset[str]] = set()
    for place, pair in enumerate(document.content["pairs"]):
        both = frozenset((pair["left"], pair["right"]))
        for side in ("left", "right"):
            if pair[side] not in roles:
                problem = f"role {pair[side]!r} has no file"
                mend = "write it or mend the id"
                yield document.problem(problem, mend, "pairs", place, side)
        if len(both) == 1:
            problem = f"{pair['left']!r} is compared with itself"
            yield document.problem(problem, "name two roles", "pairs", place)
        elif both in seen:
            problem = f"{pair['left']!r} and {pair['right']!r} again"
            yield document.problem(problem, "keep one", "pairs", place)
        seen.add(both)
        yield from _aspect_problems(document, pair, place)


def _aspect_problems(
    document: YamlDocument, pair: dict[str, Any], place: int
) -> Iterator[Problem]:
    for key in ("similarities", "differences"):
        for i, item in enumerate(pair[key]):
            if item["aspect"] not in ASPECTS:
                at = ("pairs", place, key, i, "aspect")
                mend = f"write one of {', '.join(ASPECTS)}"
                yield document.problem(f"aspect {item['aspect']!r}", mend, *at)


def _disagreement_problems(document: YamlDocument) -> Iterator[Problem]:
    for place, entry in enumerate(document.content.get("disagreements", ())):
        if not entry["question"].strip():
            yield document.problem("empty question", "write it", "disagreements", place)
        if len(entry["positions"]) < 2:
            problem = f"{entry['id']!r} has fewer than two positions"
            yield document.problem(problem, "add the other", "disagreements", place)


def _seniority_problems(document: YamlDocument) -> Iterator[Problem]:
    level_by_word: dict[str, str] = {}
    for place, level in enumerate(document.content):
        for i, word in enumerate(level["words"]):
            other = level_by_word.setdefault(word.casefold(), level["id"])
            if other != level["id"]:
                problem = f"word {word!r} is one of {other!r} too"
                yield document.problem(problem, "keep one", place, "words", i)
