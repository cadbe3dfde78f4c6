"""Score tools on SkillSpan-TECH, whose annotators marked knowledge in job postings.

    python benchmarks/skillspan.py ../shared/skills/skillspan/tools_dev.jsonl

A marked tool is found when one of our mentions of tools overlaps it; a span that is a
list of tools counts as one. The data has a sentence a line; they are joined to texts
first. About a fifth of the clear names are unmarked (see the README beside the data),
so precision is only a lower bound.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from roleclf.skills.lexicon import Lexicon
from roleclf.skills.matcher import SkillMatcher
from roleclf.taxonomy import shipped_skills
from roleclf.text.tokens import tokenize

MAX_NAMES: Final = 60
Span = tuple[str, int, int]


def main(gold: Path) -> None:
    """Print recall and precision, and what was missed and is unmarked."""
    text_by_doc: defaultdict[str, str] = defaultdict(str)
    marked: list[Span] = []
    for line in gold.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        doc, base = row["doc_id"], len(text_by_doc[row["doc_id"]])
        marked += [
            (doc, base + start, base + end)
            for start, end, kind in row["spans"]
            if kind.startswith("K:TOOL")
        ]
        text_by_doc[doc] += row["text"] + "\n"
    found = _found(text_by_doc)
    _report(text_by_doc, marked, found)


def _found(text_by_doc: Mapping[str, str]) -> list[Span]:
    """Return the tools that the matcher finds in the texts as they are, not cleaned."""
    lexicon = Lexicon(shipped_skills())
    mentions = SkillMatcher(lexicon).find(tokenize(list(text_by_doc.values())))
    docs = list(text_by_doc)
    columns = (mentions.skill, mentions.text, mentions.start, mentions.end)
    return [
        (docs[text], start, end)
        for skill, text, start, end in zip(
            *(column.tolist() for column in columns), strict=True
        )
        if lexicon.kinds[skill] == "tool"
    ]


def _report(
    text_by_doc: Mapping[str, str], marked: Sequence[Span], found: Sequence[Span]
) -> None:
    missed = _not_overlapping(marked, found)
    unmarked = _not_overlapping(found, marked)
    print(f"recall {1 - len(missed) / len(marked):.3f} of {len(marked)} marked tools")
    print(f"precision {1 - len(unmarked) / len(found):.3f} of {len(found)} found")
    for name, spans in (("missed", missed), ("found, unmarked", unmarked)):
        texts = Counter(text_by_doc[doc][start:end] for doc, start, end in spans)
        common = texts.most_common(MAX_NAMES)
        print(f"\n{name}:", ", ".join(f"{text} {n}" for text, n in common))


def _not_overlapping(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """Return the spans that overlap none of the others."""
    taken: defaultdict[str, set[int]] = defaultdict(set)
    for doc, start, end in others:
        taken[doc].update(range(start, end))
    return [span for span in spans if taken[span[0]].isdisjoint(range(*span[1:]))]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
