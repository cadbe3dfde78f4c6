"""Score skills and tools in six languages, and how strongly they are asked for.

    python benchmarks/languages.py ../shared

`corpora/labels/skills_languages.jsonl` has ten postings in each of German, French,
Spanish, Portuguese, Italian and Dutch, which have no other label here. A reader marked
every skill and tool in them, by the guide in `../shared/skills`, before roleclf had
read them. Ids and offsets only: the texts lie in `../shared/corpora`, and without them
there is nothing to score. The rules are those of `../shared/bench/score_skills.py`:
mentions are compared by what is written, so the longest name wins, and need is judged
where both found the mention.
"""

from __future__ import annotations

import json
import runpy
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

import roleclf

LABELS: Final = Path(__file__).parents[1] / "corpora" / "labels"
MARKS: Final = LABELS / "skills_languages.jsonl"
TABLES: Final = ("postings.parquet", "postings_more.parquet")
ALL: Final = "all"
Record = Mapping[str, Any]
Score = Callable[[str, str], Record]


def main(shared: Path) -> None:
    """Print tools, skills and need, for each language and for all."""
    scorer, corpora = shared / "bench" / "score_skills.py", shared / "corpora"
    for needed in (scorer, *(corpora / name for name in TABLES)):
        if not needed.exists():
            print(f"not measured: it takes {needed}, which is not there")
            return
    items = [json.loads(line) for line in MARKS.read_text("utf-8").splitlines()]
    rows = list(_marked_and_found(items, _postings_by_id(corpora, items)))
    score = runpy.run_path(str(scorer))["score"]
    print("| language | tools P | R | F1 | skills P | R | F1 | need | judged |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in [*dict.fromkeys(item["lang"] for item in items), ALL]:
        pairs = zip(items, rows, strict=True)
        chosen = [row for item, row in pairs if name in (ALL, item["lang"])]
        print(f"| {name} | {' | '.join(_cells(_scored(score, chosen)))} |")


def _postings_by_id(corpora: Path, items: Sequence[Record]) -> dict[str, Record]:
    """Return the postings of marks."""
    ids = {item["id"] for item in items}
    found: dict[str, Record] = {}
    for name in TABLES:
        table = pq.read_table(corpora / name, columns=["id", "title", "description"])
        found |= {str(r["id"]): r for r in table.to_pylist() if str(r["id"]) in ids}
    return found


def _marked_and_found(
    items: Sequence[Record], postings: Mapping[str, Record]
) -> Iterator[tuple[Record, Record]]:
    """Yield, for each posting, what is marked and found, as the scorer reads them."""
    model = roleclf.load()
    annotations = model.annotate_many(postings[item["id"]] for item in items)
    for item, annotation in zip(items, annotations, strict=True):
        text = roleclf.clean(postings[item["id"]]["description"])
        marks = [
            {"text": text[start:end], "label": kind.upper(), "need": need}
            for start, end, _, kind, need in item["mentions"]
        ]
        found = annotation.to_dict() | {"text": text}
        yield (
            {"doc_id": item["id"], "mentions": marks},
            {"doc_id": item["id"], "_roleclf": found},
        )


def _scored(score: Score, rows: Sequence[tuple[Record, Record]]) -> Record:
    """Return what the scorer says of some postings."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("marked.jsonl", "found.jsonl")]
        for path, records in zip(paths, zip(*rows, strict=True), strict=True):
            lines = (json.dumps(record) + "\n" for record in records)
            path.write_text("".join(lines), encoding="utf-8")
        return score(*map(str, paths))


def _cells(report: Record) -> Iterator[str]:
    for kind in ("tool_mentions", "skill_mentions"):
        for figure in ("precision", "recall", "f1"):
            yield f"{report[kind][figure]:.3f}"
    yield f"{report['need_accuracy']:.3f}"
    yield str(report["need_judged"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
