"""A feed read in small pieces comes out as if it was read as a whole."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import FakeAnnotator
from feeds import JOB, SAMPLES, dumped, ids, item, page, rss
from roleclf.errors import FeedError
from roleclf.feeds import annotate_document, annotate_file, limits
from test_feeds import OtherAnnotator
from test_feeds_properties import VALUES

SHARED = Path(__file__).parents[2] / "shared" / "feeds"
REAL = sorted(path for path in SHARED.glob("*") if path.suffix != ".md")
TYPED = {"@type": "JobPosting", **JOB}
FEED = "https://jsonfeed.org/version/1.1"
ANNOTATED = annotate_document(OtherAnnotator(), rss(item("<title>Cook</title>") * 2))
DOCUMENTS = {
    **{
        name: sample.document.encode()
        for name, sample in zip(ids(SAMPLES), SAMPLES, strict=True)
    },
    "page": page(dumped(TYPED), "{", dumped([TYPED, {"a": [TYPED]}])).encode(),
    "page-in-latin-1": page(dumped({**TYPED, "é": "ü"})).encode("latin-1"),
    "mark": dumped([JOB]).encode("utf-8-sig"),
    "utf-16": dumped([JOB, JOB]).encode("utf-16"),
    "xml-in-utf-16": rss(item("<title>Zürich</title>"), "<item/>")
    .replace("UTF-8", "utf-16")
    .encode("utf-16"),
    "annotated": str(ANNOTATED.document).encode(),
    "ampersands": rss(
        item("<title>R&D &nbsp;&amp; Chef</title>", "<link>?a=1&b=2</link>"),
        "<!-- & --><![CDATA[ & ]]>".join(["<item><a>", "</a></item>"]),
    ).encode(),
    "lines": (
        f' \n{json.dumps({**JOB, "é": "ü"}, ensure_ascii=False)}\r\n\n{{"a": \n[1]\n'
        f"  {json.dumps(JOB)}  \n{json.dumps({'jobs': [JOB]})}"
    ).encode(),
    "equal-keys": b'{"jobs": [], "a": {"b": 1, "b": 2}, "jobs": [{"title": "Baker", '
    b'"title": "Engineer"}], "version": 2}',
    "equal-keys-with-postings": dumped(TYPED)
    .join(['{"a": {}, "b": ', ', "a": ', ', "c": 1, "c": 2}'])
    .encode(),
    "places-of-schema-org": dumped(
        {"@graph": [{"b": TYPED}, [[{**TYPED, "skills": ["x", None]}]], 1, None]}
    ).encode(),
    "deep-lists": dumped({"a": [], "b": {"c": [1, [], JOB, 2, JOB]}}).encode(),
    "titles-of-a-shape": dumped(
        {"version": FEED, "items": [{"title": f"Cook {n} at Ferro"} for n in range(9)]}
    ).encode(),
    "titles-alone": dumped([{"title": "Cook"}, {"title": None}, {}]).encode(),
    "no-postings": b'{"jobs": [], "meta": {"total": 0}}',
    "spelling": b'\r\n[ {"title" :"D\\u0061ta","n":1.50e+3,"deep":[[],{ }] '
    b',\t"description": "pipeline \\ud83d \xf0\x9f\x98\x80" }\n ,"x]", null,{ } ]\n\n',
}
LONG = "Engineer " * 700
SIZES = st.integers(1, 9) | st.sampled_from([30, 100, 1000])


def in_bits(chunk: int, piece: int) -> AbstractContextManager[Any]:
    return patch.multiple(limits, CHUNK=chunk, PIECE=piece)


def outcome(document: bytes) -> Any:
    """Return what comes out, or what is said."""
    try:
        return annotate_document(FakeAnnotator(), document)
    except FeedError as error:
        return str(error)


@pytest.mark.parametrize("chunk", [1, 10, 1000])
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_file_comes_out_as_a_document_does(
    name: str, chunk: int, tmp_path: Path
) -> None:
    expected = annotate_document(FakeAnnotator(), DOCUMENTS[name])
    source, target = tmp_path / "feed", tmp_path / "out"
    source.write_bytes(DOCUMENTS[name])
    with in_bits(chunk, 3 * chunk):
        found = annotate_file(FakeAnnotator(), str(source), str(target))
    assert target.read_bytes() == expected.document
    assert (found.format, found.postings, found.postings_by_problem) == (
        expected.format,
        expected.postings,
        expected.postings_by_problem,
    )


@pytest.mark.shared
@pytest.mark.parametrize("path", REAL, ids=[path.name for path in REAL])
def test_a_real_file_comes_out_as_a_document_does(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    with in_bits(chunk=50, piece=200):
        annotate_file(FakeAnnotator(), str(path), str(target))
    expected = annotate_document(FakeAnnotator(), path.read_bytes()).document
    assert target.read_bytes() == expected


@given(
    value=VALUES | st.lists(st.just(JOB) | VALUES, min_size=1),
    indent=st.sampled_from([None, 1]),
    chunk=SIZES,
    piece=SIZES,
)
def test_any_json_comes_out_the_same(
    value: Any, indent: int | None, chunk: int, piece: int
) -> None:
    document = json.dumps([{"jobs": value}, TYPED], indent=indent).encode()
    expected = outcome(document)
    with in_bits(chunk, piece):
        assert outcome(document) == expected


@given(
    name=st.sampled_from(["lever-1", "spelling", "jsonfeed-1", "equal-keys"]),
    at=st.floats(0, 1),
    n_bytes=st.integers(0, 3),
    new=st.sampled_from(
        [b"", b",", b"]", b"}", b"[", b"{", b'"', b"\\", b":", b"x", b" "]
    ),
    piece=SIZES,
)
def test_an_error_in_json_is_reported_at_the_same_place(
    name: str, at: float, n_bytes: int, new: bytes, piece: int
) -> None:
    whole = DOCUMENTS[name]
    start = round(at * len(whole))
    document = whole[:start] + new + whole[start + n_bytes :]
    expected = outcome(document)
    with in_bits(7, piece):
        assert outcome(document) == expected


@given(
    name=st.sampled_from(["rss-1", "ampersands", "annotated", "indeed-1"]),
    at=st.floats(0, 1),
    new=st.sampled_from(
        [b"", b"&", b"<", b"]]>", b"<!--", b"<![CDATA[", b"&x;", b"\0"]
    ),
    chunk=SIZES,
)
def test_an_error_in_xml_is_reported_at_the_same_place(
    name: str, at: float, new: bytes, chunk: int
) -> None:
    whole = DOCUMENTS[name]
    start = round(at * len(whole))
    document = whole[:start] + new + whole[start:]
    expected = outcome(document)
    with in_bits(chunk, chunk):
        assert outcome(document) == expected


# Annotates each file by the fake model, and prints the most memory that it took.
PROGRAM = """
import sys
from fakes import FakeAnnotator
from roleclf.feeds import annotate_file

for path in sys.argv[1:]:
    annotate_file(FakeAnnotator(), path, path + ".out")
    status = open("/proc/self/status").read()
    print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
@pytest.mark.parametrize(
    ("head", "posting", "between", "end"),
    [
        pytest.param("<rss>", item(f"<title>{LONG}</title>"), "\n", "</rss>", id="xml"),
        pytest.param("[", f'{{"title": "{LONG}"}}', ",", "]", id="list"),
        pytest.param('{"jobs": [', f'{{"title": "{LONG}"}}', ",", "]}", id="jobs"),
        pytest.param("", f'{{"title": "{LONG}"}}', "\n", "", id="lines"),
    ],
)
def test_memory_does_not_grow_with_the_document(
    head: str, posting: str, between: str, end: str, tmp_path: Path
) -> None:
    paths = [tmp_path / "small", tmp_path / "large"]
    for path, n_postings in zip(paths, (1000, 10_000), strict=True):
        path.write_text(head + between.join([posting] * n_postings) + end)
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", PROGRAM, *map(str, paths)],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parent,
        encoding="utf-8",
    )
    small, large = map(float, done.stdout.split())
    assert paths[1].stat().st_size > 60e6
    assert large < small + 16
