"""Score tools whose names are words too ("Go", "Spark", "Excel"), in short contexts.

    python benchmarks/ambiguity.py ../shared/skills/ambiguity_dev.jsonl

Two rules decide whether a marked name is found. "same text", of
../shared/bench/score_ambiguity.py: a tool mention has the text of the marked name and
starts near it. "overlap", for the guide's "longest name wins": a tool mention covers
the marked name, also as a part of a longer one ("Microsoft Fabric"); a name that is
marked as a part of another (PART) is then wrong only if it is found by itself.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import roleclf
from roleclf.records import Mention

# In characters, as in score_ambiguity.py: cleaning moves a name by a few.
MAX_SHIFT: Final = 12
Case = dict[str, Any]
Tools = Sequence[Mention]


def main(gold: Path) -> None:
    """Print accuracy, false and missed tools by both rules, and the errors."""
    lines = gold.read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    postings = [{"description": case["text"]} for case in cases]
    annotations = list(roleclf.load().annotate_many(postings))
    tools = [_tools(annotation) for annotation in annotations]
    texts = [annotation.text for annotation in annotations]
    places = [_place(case, text or "") for case, text in zip(cases, texts, strict=True)]
    for name, rule in (("same text", _same_text), ("overlap", _overlap)):
        found = [rule(*row) for row in zip(cases, places, tools, strict=True)]
        _report(name, cases, found)
    missed = [
        row
        for row in zip(cases, places, tools, strict=True)
        if row[0]["label"] == "TOOL" and not _same_text(*row)
    ]
    inside = sum(_overlap(*row) for row in missed)
    print(f"\nof {len(missed)} missed by same text, {inside} lie in a found tool")


def _tools(annotation: roleclf.Annotation) -> Tools:
    return [
        mention
        for skill in annotation.skills
        if skill.kind == "tool"
        for mention in skill.mentions
    ]


def _place(case: Case, text: str) -> int:
    """Return where the marked name stands in the cleaned text."""
    name = case["text"][case["start"] : case["end"]]
    place = -1
    for _ in range(case["text"].count(name, 0, case["start"]) + 1):
        place = text.find(name, place + 1)
    return place


def _same_text(case: Case, place: int, tools: Tools) -> bool:
    name = case["text"][case["start"] : case["end"]]
    return any(
        m.text == name and abs(m.start - case["start"]) <= MAX_SHIFT for m in tools
    )


def _overlap(case: Case, place: int, tools: Tools) -> bool:
    end = place + case["end"] - case["start"]
    if case["label"] == "PART":
        return any((m.start, m.end) == (place, end) for m in tools)
    return any(m.start < end and place < m.end for m in tools)


def _report(name: str, cases: Sequence[Case], is_found: Sequence[bool]) -> None:
    cells = Counter(
        (case["label"] == "TOOL", found)
        for case, found in zip(cases, is_found, strict=True)
    )
    tp, fn = cells[True, True], cells[True, False]
    fp, tn = cells[False, True], cells[False, False]
    print(f"{name}: accuracy {(tp + tn) / len(cases):.3f}", end=", ")
    print(f"false tools {fp / (fp + tn):.1%}, missed tools {fn / (fn + tp):.1%}")
    print(f"  tp {tp}, fp {fp}, fn {fn}, tn {tn}; wrong:", end=" ")
    wrong = [
        f"{case['term']} ({case['id']})"
        for case, found in zip(cases, is_found, strict=True)
        if found != (case["label"] == "TOOL")
    ]
    print(", ".join(wrong))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
