"""Measure the memory and time that `roleclf annotate` takes for feeds of some sizes.

    .venv/bin/python benchmarks/feed_memory.py [--sizes 20 100 400] [--shapes rss lines]

Makes feeds of several formats from the postings of corpora/sample, and runs the command
on each in a process of its own. Needs Linux.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

ROOT: Final = Path(__file__).parents[1]
SAMPLE: Final = ROOT / "corpora" / "sample" / "postings.csv"
MEGABYTE: Final = 1_000_000
# The beginning of a feed, the separator of its postings, and its end.
FRAME_BY_SHAPE: Final = {
    "indeed": ("<?xml version='1.0' encoding='utf-8'?>\n<source>\n", "\n", "</source>"),
    "rss": (
        "<rss version='2.0'><channel><title>Jobs</title>\n",
        "\n",
        "</channel></rss>",
    ),
    "list": ("[\n", ",\n", "\n]\n"),
    "jobs": ('{"meta": {"page": 1}, "jobs": [\n', ",\n", '\n], "next": null}\n'),
    "jsonld": ('{"@context": "https://schema.org", "@graph": [\n', ",\n", "\n]}\n"),
    "lines": ("", "\n", "\n"),
}


def main() -> None:
    """Print a row for each size of each shape."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[20, 100, 400])
    parser.add_argument("--shapes", nargs="+", default=list(FRAME_BY_SHAPE))
    options = parser.parse_args()
    print(f"{'feed':<8}{'MB':>6}{'postings':>10}{'seconds':>9}{'MiB':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for shape in options.shapes:
            for size in options.sizes:
                path = Path(folder, "feed")
                n_postings = write_feed(path, shape, size * MEGABYTE)
                seconds, peak = measure(path)
                print(
                    f"{shape:<8}{size:>6}{n_postings:>10,}{seconds:>9.1f}{peak:>6.0f}",
                    flush=True,
                )


def write_feed(path: Path, shape: str, n_bytes: int) -> int:
    """Write a feed of at least `n_bytes`; return how many postings are in it."""
    head, between, end = FRAME_BY_SHAPE[shape]
    with path.open("w", encoding="utf-8") as feed:
        feed.write(head)
        for n, posting in enumerate(postings(shape)):
            feed.write(f"{between if n else ''}{posting}")
            if feed.tell() >= n_bytes:
                feed.write(end)
                return n + 1
    raise AssertionError


def postings(shape: str) -> Iterator[str]:
    """Yield the sample's postings over and over, each with an id of its own."""
    with SAMPLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    write = WRITE_BY_SHAPE.get(shape, as_json)
    for n in count():
        yield write({**rows[n % len(rows)], "id": str(n)})


def as_json(row: Mapping[str, str]) -> str:
    """Return a posting as plain JSON."""
    return json.dumps(row, ensure_ascii=False)


def as_jsonld(row: Mapping[str, str]) -> str:
    """Return a posting as schema.org has it."""
    fields = {"title": row["title"], "description": row["description"]}
    return json.dumps({"@type": "JobPosting", "identifier": row["id"], **fields})


def as_indeed(row: Mapping[str, str]) -> str:
    """Return a posting as Indeed reads it."""
    inner = "".join(
        f"<{key}><![CDATA[{row[name]}]]></{key}>"
        for key, name in (
            ("referencenumber", "id"),
            ("title", "title"),
            ("description", "description"),
        )
    )
    return f"<job>{inner}</job>"


def as_item(row: Mapping[str, str]) -> str:
    """Return a posting as an item of RSS."""
    inner = "".join(
        f"<{key}>{escape(row[name])}</{key}>"
        for key, name in (
            ("title", "title"),
            ("description", "description"),
            ("guid", "id"),
        )
    )
    return f"<item>{inner}</item>"


def measure(path: Path) -> tuple[float, float]:
    """Return the seconds of processor time and the peak MiB of the command."""
    command = [sys.executable, "-m", "roleclf", "annotate", str(path), "-q"]
    child = os.posix_spawn(sys.executable, [*command, "-o", f"{path}.out"], os.environ)
    _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"the command ended with {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


WRITE_BY_SHAPE: Final[Mapping[str, Callable[[Mapping[str, str]], str]]] = {
    "indeed": as_indeed,
    "rss": as_item,
    "jsonld": as_jsonld,
}


if __name__ == "__main__":
    main()
