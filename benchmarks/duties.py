"""Score the duties found in sentences against those that a reader marked.

    python benchmarks/duties.py ../shared/corpora/gold_dev.csv \
        corpora/labels/duties_dev.jsonl

A mark has a posting's id, the span of a sentence in its cleaned text, the duties that
it `states`, and those that are `also_ok`: neither right nor wrong when found.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

from roleclf.duties import DutyPatterns
from roleclf.duties.compile import compile_duties
from roleclf.taxonomy import load_taxonomy
from roleclf.taxonomy.outline import duty_triggers
from roleclf.text.cleaning import clean
from roleclf.text.tokens import tokenize


def main(postings: Path, marks: Path) -> None:
    """Print precision and recall over all marked sentences."""
    csv.field_size_limit(1 << 30)
    with postings.open(encoding="utf-8", newline="") as lines:
        text_by_id = {r["id"]: clean(r["description"]) for r in csv.DictReader(lines)}
    patterns = DutyPatterns(
        compile_duties(duty_triggers(load_taxonomy().roles.values()))
    )
    right = wrong = missed = 0
    for line in marks.read_text(encoding="utf-8").splitlines():
        mark = json.loads(line)
        found = _found(patterns, text_by_id[mark["posting"]], mark)
        states = set(mark["states"])
        right += len(found & states)
        wrong += len(found - states - set(mark["also_ok"]))
        missed += len(states - found)
    precision, recall = right / (right + wrong), right / (right + missed)
    print(f"precision {precision:.3f}, recall {recall:.3f}")
    print(f"right {right}, wrong {wrong}, missed {missed}")


def _found(patterns: DutyPatterns, text: str, mark: dict[str, int]) -> set[str]:
    duties = patterns.find(tokenize([text]))
    inside = (duties.start < mark["end"]) & (duties.end > mark["start"])
    return {patterns.ids[duty] for duty in duties.duty[inside]}


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
