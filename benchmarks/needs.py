"""Measure what clauses say of tools: required, preferred, not asked for, or nothing.

    python benchmarks/needs.py ../shared/corpora

`corpora/labels/needs.jsonl` has sentences of postings in seven languages, drawn at
random from those that name a tool, seven in ten of them with a word of asking, wishing
or denying. A reader said what each sentence by itself says of each tool; null where it
says nothing, and the section decides. The cues of six languages were written by the
readers of these sentences, and the errors in English were read while the rules were
made, so the figures flatter.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow.parquet as pq

from roleclf.matching.hits import Hits
from roleclf.skills.clauses import (
    NEGATED,
    PREFERRED,
    REQUIRED,
    UNSAID,
    clause_strengths,
)
from roleclf.skills.cues import scope_preferences
from roleclf.skills.lexicon import Lexicon
from roleclf.skills.matcher import SkillMatcher
from roleclf.skills.proximity import follows_within, is_inside
from roleclf.taxonomy import shipped_skills
from roleclf.text.cleaning import clean
from roleclf.text.tokens import tokenize

MARKS: Final = Path(__file__).parents[1] / "corpora" / "labels" / "needs.jsonl"
NEED_BY_STRENGTH: Final = {
    UNSAID: None,
    NEGATED: "mentioned",
    PREFERRED: "preferred",
    REQUIRED: "required",
}


def main(corpora: Path) -> None:
    """Print, for each language, how many marks are met, and of which need."""
    items = [json.loads(line) for line in MARKS.read_text("utf-8").splitlines()]
    texts = texts_by_id(corpora, {item["id"] for item in items})
    matcher = SkillMatcher(Lexicon(shipped_skills()))
    seen: dict[str, Counter[Any]] = defaultdict(Counter)
    met: dict[str, Counter[Any]] = defaultdict(Counter)
    for item in items:
        for need, said in judged(item, texts[item["id"]], matcher):
            seen[item["lang"]][need] += 1
            met[item["lang"]][need] += need == said
    print("| language | all | required | preferred | not asked for | nothing said |")
    print("|---|---|---|---|---|---|")
    for lang, counts in seen.items():
        parts = ("required", "preferred", "mentioned", None)
        cells = [f"{met[lang][need]}/{counts[need]}" for need in parts]
        share = met[lang].total() / counts.total()
        print(f"| {lang} | {share:.3f} | {' | '.join(cells)} |")


def texts_by_id(corpora: Path, ids: set[str]) -> Mapping[str, str]:
    """Return the cleaned texts of postings."""
    found = {}
    for name in ("postings.parquet", "postings_more.parquet"):
        table = pq.read_table(corpora / name, columns=["id", "description"])
        for id_, text in zip(*(c.to_pylist() for c in table.columns), strict=True):
            if str(id_) in ids:
                found[str(id_)] = clean(text)
    return found


def judged(
    item: Mapping[str, Any], text: str, matcher: SkillMatcher
) -> Iterator[tuple[str | None, str | None]]:
    """Yield what was marked and what is found for each mention of a sentence."""
    start, end = item["start"], item["end"]
    tokens = tokenize([text[start:end]])
    cue_hits = scope_preferences(tokens, matcher._phrases.find(tokens))
    found = matcher.find(tokens)
    hits = Hits(np.zeros(len(found.first), np.int64), found.first, found.last)
    strengths = clause_strengths(tokens, hits, cue_hits)
    strengths[follows_within(tokens, hits.first, cue_hits["negated next"], 1)] = NEGATED
    strengths[is_inside(hits, cue_hits["preferred inside"])] = PREFERRED
    columns = (found.start, found.end, strengths)
    said = {
        (start + first, start + last): NEED_BY_STRENGTH[strength]
        for first, last, strength in zip(*(c.tolist() for c in columns), strict=True)
    }
    for first, last, need in item["mentions"]:
        if (first, last) in said:
            yield need, said[first, last]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
