"""Score the duties that users are shown, with their evidence, against a reader's marks.

    python benchmarks/shown_duties.py ../shared

`corpora/labels/duties_fresh.jsonl` has sentences of postings that no other marks of
duties have. What `duties.py` measures is sentences of duties alone; here the whole
posting counts, so a duty in a line on the company, or one that is asked for as
experience, is wrong: the jobholder is not said to do it. Of postings marked as a
`whole`, each sentence has the duties that it `states` and those that are `also_ok`,
neither right nor wrong when found; anything else found there is wrong. Of the others
only what was found when they were marked was judged, and they say nothing of recall.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

import roleclf

LABELS: Final = Path(__file__).parents[1] / "corpora" / "labels"
MARKS: Final = LABELS / "duties_fresh.jsonl"
TABLE: Final = "postings.parquet"
ENGLISH: Final = "en"
MAX_NAMES: Final = 20
Record = Mapping[str, Any]


def main(shared: Path) -> None:
    """Print precision and recall of English and the others, and what is most wrong."""
    table = shared / "corpora" / TABLE
    if not table.exists():
        print(f"not measured: it takes {table}, which is not there")
        return
    marks = [json.loads(line) for line in MARKS.read_text("utf-8").splitlines()]
    shown = _shown(_descriptions(table, {mark["posting"] for mark in marks}))
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for mark in marks:
        for name, outcome, duty in _outcomes(mark, shown[mark["posting"]]):
            counts[name][outcome] += 1
            counts[duty.split(".")[0]][outcome] += name == ENGLISH
            counts[duty][outcome] += name == ENGLISH
    print("| | precision | right | wrong | recall | missed | not judged |")
    print("|---|---|---|---|---|---|---|")
    for name in [name for name in counts if "." not in name]:
        print(f"| {name} | {' | '.join(_cells(counts[name]))} |")
    duties = sorted(
        (name for name in counts if "." in name), key=lambda d: -counts[d]["wrong"]
    )
    for name in duties[:MAX_NAMES]:
        print(f"{name}: {counts[name]['right']} right, {counts[name]['wrong']} wrong")


def _descriptions(table: Path, ids: set[str]) -> list[Record]:
    rows = pq.read_table(table, columns=["id", "title", "description"]).to_pylist()
    return [row for row in rows if str(row["id"]) in ids]


def _shown(postings: Sequence[Record]) -> dict[str, list[tuple[int, int, str]]]:
    """Return start, end and duty of each piece of evidence, by posting."""
    annotations = roleclf.load().annotate_many(postings)
    return {
        str(posting["id"]): [
            (start, end, match.concept)
            for coverage in annotation.profile
            for match in coverage.matched
            if ".responsibility." in match.concept
            for start, end in match.evidence
        ]
        for posting, annotation in zip(postings, annotations, strict=True)
    }


def _outcomes(
    mark: Record, shown: Iterable[tuple[int, int, str]]
) -> Iterator[tuple[str, str, str]]:
    """Yield the group of languages, the outcome and the duty of a mark's duties."""
    name = ENGLISH if mark["lang"] == ENGLISH else "six languages"
    found = {
        duty
        for start, end, duty in shown
        if start < mark["end"] and end > mark["start"]
    }
    states, also_ok = set(mark["states"]), set(mark["also_ok"])
    rest = found - states - also_ok
    wrong = rest if mark["whole"] else rest & set(mark["wrong"])
    yield from ((name, "right", duty) for duty in found & states)
    yield from ((name, "wrong", duty) for duty in wrong)
    yield from ((name, "not judged", duty) for duty in rest - wrong)
    if mark["whole"]:
        yield from ((name, "found", duty) for duty in states & found)
        yield from ((name, "missed", duty) for duty in states - found)


def _cells(counts: Counter[str]) -> Iterator[str]:
    yield _share(counts["right"], counts["wrong"])
    yield from (str(counts[name]) for name in ("right", "wrong"))
    yield _share(counts["found"], counts["missed"])
    yield from (str(counts[name]) for name in ("missed", "not judged"))


def _share(part: int, rest: int) -> str:
    return f"{part / (part + rest):.3f}" if part + rest else "-"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
