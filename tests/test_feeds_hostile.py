"""Hostile documents are refused or marked, quickly and in little memory."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fakes import FakeAnnotator
from feeds import dumped, page, read, rss
from roleclf.errors import FeedError
from roleclf.feeds import annotate_document, limits

MOST_SECONDS = 10
MOST_MEBIBYTES = 500
DEEP = 10_000
JOB = b'[{"title": "Data Engineer", "description": "%s"}]'
ITEM = "<item><title>Data Engineer</title>{}</item>"
BILLION = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "lol">'
    for n in range(10)
)


def doctype(inner: str, use: str) -> bytes:
    return f"<!DOCTYPE rss [{inner}]><rss>{ITEM.format(use)}</rss>".encode()


# Each document, the exit code, and what the message says.
HOSTILE: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "billion-laughs": (lambda: doctype(BILLION, "<a>&l9;</a>"), 1, "has a DOCTYPE"),
    "quadratic-blow-up": (
        lambda: doctype(f'<!ENTITY a "{"a" * 100_000}">', "&a;" * 100_000),
        1,
        "has a DOCTYPE",
    ),
    "external-entity": (
        lambda: doctype('<!ENTITY x SYSTEM "file:///etc/passwd">', "<b>&x;</b>"),
        1,
        "has a DOCTYPE",
    ),
    "external-dtd": (
        lambda: b'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd"><rss><item/></rss>',
        1,
        "has a DOCTYPE",
    ),
    "unknown-entity": (lambda: rss("<item>&lol;</item>").encode(), 1, "entity &lol;"),
    "xinclude": (
        lambda: rss(
            ITEM.format('<xi:include href="file:///etc/passwd" parse="text"/>'),
            spaces=' xmlns:xi="http://www.w3.org/2001/XInclude"',
        ).encode(),
        0,
        "1 posting, format rss",
    ),
    "deep-xml": (
        lambda: rss(ITEM.format("<a>" * DEEP + "</a>" * DEEP)).encode(),
        1,
        "line 2: is nested deeper than 100",
    ),
    "deep-and-large-xml": (
        lambda: rss(ITEM.format("<a>" * 95 + "x" * (15 << 20) + "</a>" * 95)).encode(),
        1,
        "a posting is larger than 16 MB",
    ),
    "deep-json": (
        lambda: b'[{"title": "a", "b": ' + b"[" * DEEP + b"]" * DEEP + b"}]",
        1,
        "line 1: is nested deeper than 100",
    ),
    "deep-json-open": (lambda: b'{"a":' * DEEP, 1, "is nested deeper than 100"),
    "deep-and-long": (
        lambda: b"[" * 90 + b"{}," * 1_800_000,
        1,
        "has more than 500,000 values",
    ),
    "not-a-number": (
        lambda: b'[{"title": "Data Engineer", "pay": NaN, "max": -Infinity}]',
        0,
        "1 posting, format json",
    ),
    "huge-numbers": (
        lambda: b'[{"title": "Data Engineer", "id": ' + b"9" * 100_000 + b"e999}]",
        0,
        "1 posting, format json",
    ),
    "equal-keys": (
        lambda: b"[{" + b'"title": "Data Engineer", ' * 9999 + b'"a": 1}]',
        0,
        "1 posting, format json",
    ),
    "lone-surrogates": (
        lambda: JOB % (rb"SQL \ud800 pipelines and dbt " * 9),
        0,
        "1 posting, format json",
    ),
    "surrogate-bytes": (lambda: JOB % b"\xed\xa0\x80", 1, "byte 0xed is not utf-8"),
    "utf-16-without-mark": (
        lambda: (JOB % b"SQL").decode().encode("utf-16-le"),
        0,
        "1 posting, format json",
    ),
    "utf-16-cut-in-half": (
        lambda: (JOB % b"SQL").decode().encode("utf-16")[:-1],
        1,
        "is not utf-16-le",
    ),
    "truncated-gzip": (
        lambda: gzip.compress(JOB % (b"SQL " * 9999))[:-20],
        1,
        "the compressed data ends too early",
    ),
    "zip-bomb": (
        lambda: gzip.compress(bytes(1 << 20), 9) * 600,
        1,
        "is larger than 512 MB unzipped",
    ),
    "nul-bytes": (lambda: bytes(1 << 20), 1, "is empty"),
    "nul-bytes-in-xml": (
        lambda: rss(ITEM.format("<a>\0</a>")).encode(),
        1,
        "is not well-formed XML",
    ),
    "nul-bytes-in-json": (lambda: JOB % b"SQL\0and\0dbt", 0, "1 posting, format json"),
    "html-for-xml": (
        lambda: b"<!doctype html><html><p>Jobs<br>here</html>",
        1,
        "is a page without JSON-LD",
    ),
    "html-entities-of-json": (lambda: b"&#91;&#93;", 1, "is neither JSON nor XML"),
    "open-quotes": (lambda: b'[{"title": "' + b"a\\" * 999_999, 1, "is not JSON"),
    "escaped-quotes": (
        lambda: b'["' + rb"\"" * 1_000_000 + b"\\",
        1,
        "is not JSON",
    ),
    "open-script-tags": (
        lambda: b"<html>" + b"<script " * 500_000,
        1,
        "without JSON-LD",
    ),
    "open-comment-of-xml": (
        lambda: b"<rss><!--" + b"<item>" * 4_000_000,
        1,
        "is not well-formed XML",
    ),
    "open-attribute": (lambda: b'<rss a="' + b"<item " * 500_000, 1, "not well-formed"),
    "open-comments": (lambda: b"<html>" + b"<!--" * 500_000, 1, "without JSON-LD"),
    "open-scripts": (
        lambda: b"<html>" + b"<script type=application/ld+json>" * 100_000,
        1,
        "is not JSON",
    ),
    "many-scripts": (
        lambda: b"<html>" + b"<script type=application/ld+json>{}</script>\n" * 60_000,
        1,
        "script at line 60000: has no postings",
    ),
    "blanks-before-a-company": (
        lambda: dumped(
            [{"title": f"a{' ' * 40_000}Ferro b", "company": "Ferro"}]
        ).encode(),
        0,
        "1 posting, format json",
    ),
    "blanks-before-no-dash": (
        lambda: rss(f"<item><title>a{' ' * 150_000}b</title></item>").encode(),
        0,
        "1 posting, format rss",
    ),
    "long-company": (
        lambda: dumped(
            [{"title": "a" * 7_000_000 + " b", "company": "a" * 7_000_000}]
        ).encode(),
        3,
        "1 posting, format json",
    ),
    "blanks-before-no-noise": (
        lambda: dumped(
            [{"position": "Cook", "slug": "a", "description": f"{' ' * 40_000}a"}]
        ).encode(),
        0,
        "1 posting, format remoteok",
    ),
    "ampersands": (lambda: b"<rss>" + b"&" * 1_000_000, 1, "is not well-formed XML"),
    "broken-lines": (
        lambda: b'{"title": "Data Engineer"}\n' + b'{"a": "\n' * 30_000,
        3,
        "problem: unreadable 30,000",
    ),
    "empty": (lambda: b"", 1, "is empty"),
    "blanks": (lambda: b" \n" * 1_000_000, 1, "is empty"),
    "binary": (lambda: bytes(range(255, -1, -1)) * 4096, 1, "is neither JSON nor XML"),
    "image": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(999), 1, "is neither JSON nor XML"),
    "very-long-text": (
        lambda: JOB % (b"SQL and dbt " * 1_000_000),
        0,
        "problem: too_long 1",
    ),
    "very-long-key": (
        lambda: b'[{"' + b"k" * 10_000_000 + b'": 1}]',
        1,
        "has no postings",
    ),
    "many-fields": (
        lambda: (
            b'{"jobs":[{"title":"Data Engineer"'
            + b"".join(b',"k%d":[{"@type":"x"}]' % n for n in range(100_000))
            + b"}]}"
        ),
        0,
        "1 posting, format json",
    ),
}
# Runs the command for each file, then prints exit code and seconds of each, and the
# most memory that it took.
PROGRAM = """
import io, json, sys, time
from contextlib import redirect_stderr
from roleclf.cli import main

found = {}
for path in sys.argv[1:]:
    said, start = io.StringIO(), time.perf_counter()
    with redirect_stderr(said):
        try:
            main(["annotate", path, "-o", path + ".out"])
        except SystemExit as end:
            code = end.code
    found[path] = code, said.getvalue(), time.perf_counter() - start
status = open("/proc/self/status").read()
most = int(status.partition("VmHWM:")[2].split()[0]) / 1024
print(json.dumps([found, most]))
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], float]:
    """What the command did with each document, and its memory in MiB."""
    folder = tmp_path_factory.mktemp("hostile")
    paths = [str(folder / name) for name in HOSTILE]
    for path, (content, *_) in zip(paths, HOSTILE.values(), strict=True):
        Path(path).write_bytes(content())
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", PROGRAM, *paths], capture_output=True, check=True
    )
    found, most = json.loads(done.stdout)
    return {Path(path).name: (*seen, path) for path, seen in found.items()}, most


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_or_marked(
    name: str, outcomes: tuple[dict[str, Any], float]
) -> None:
    code, said, seconds, path = outcomes[0][name]
    _, expected, message = HOSTILE[name]
    assert message in said
    assert code == expected
    assert "Traceback" not in said
    assert Path(f"{path}.out").exists() == (code != 1)
    assert seconds < MOST_SECONDS


def test_hostile_documents_need_little_memory(
    outcomes: tuple[dict[str, Any], float],
) -> None:
    assert outcomes[1] < MOST_MEBIBYTES


def test_nothing_is_included(outcomes: tuple[dict[str, Any], float]) -> None:
    path = Path(outcomes[0]["xinclude"][3])
    out = Path(f"{path}.out").read_text("utf-8")
    assert "root:" not in out
    assert '<xi:include href="file:///etc/passwd" parse="text"/>' in out


def test_too_many_postings_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_POSTINGS", 2)
    document = '[{"title": "a"}, {"title": "b"}, {"title": "c"}]'
    with pytest.raises(FeedError, match=r"^feed: has more than 2 postings; split it$"):
        annotate_document(FakeAnnotator(), document)


@pytest.mark.parametrize(
    ("limit", "most", "document", "message"),
    [
        pytest.param(
            "MAX_POSTING",
            99,
            dumped([{"title": "a"}, {"title": "b" * 50, "c": "d" * 50}]).encode(),
            "feed, line 5: a posting is larger than 0 MB; shorten it, or take it out",
            id="posting-in-json",
        ),
        pytest.param(
            "MAX_POSTING",
            99,
            b'{"title": "Cook"}\n{"title": "' + b"b" * 100 + b'"}\n',
            "feed, line 2: a posting is larger than 0 MB; shorten it, or take it out",
            id="line",
        ),
        pytest.param(
            "MAX_POSTING",
            99,
            b'["' + b"b" * 100 + b'"]',
            "feed, line 1: a posting is larger than 0 MB; shorten it, or take it out",
            id="string",
        ),
        pytest.param(
            "MAX_POSTING",
            99,
            rss(ITEM.format("<a>b</a>" * 20)).encode(),
            "feed, line 2: a posting is larger than 0 MB; shorten it, or take it out",
            id="posting-in-xml",
        ),
        pytest.param(
            "MAX_POSTING",
            99,
            rss(f"<item>{'<a>' * 10}{'b' * 20}{'</a>' * 10}</item>").encode(),
            "feed, line 2: a posting is larger than 0 MB; shorten it, or take it out",
            id="posting-in-deep-xml",
        ),
        pytest.param(
            "MAX_ELEMENTS",
            4,
            rss(ITEM.format("<a/>" * 4)).encode(),
            "feed, line 2: a posting has more than 4 elements; take it out",
            id="elements",
        ),
        pytest.param(
            "MAX_TOKEN",
            99,
            rss(f"<!--{'-a' * 99}-->").encode(),
            "feed, line 2: a tag or a comment is larger than 0 MB; "
            "check that the document is whole",
            id="comment",
        ),
        pytest.param(
            "MAX_IN_MEMORY",
            99,
            (JOB % b"SQL").decode().encode("utf-16"),
            "feed: is larger than 0 MB unzipped; split it, or use `roleclf classify`",
            id="utf-16",
        ),
        pytest.param(
            "MAX_IN_MEMORY",
            99,
            page(dumped({"@type": "JobPosting"})).encode(),
            "feed: is larger than 0 MB unzipped; split it, or use `roleclf classify`",
            id="page",
        ),
    ],
)
def test_a_document_that_would_need_much_memory_is_refused(
    limit: str,
    most: int,
    document: bytes,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "CHUNK", 10)
    monkeypatch.setattr(limits, "PIECE", 10)
    monkeypatch.setattr(limits, limit, most)
    with pytest.raises(FeedError) as error:
        annotate_document(FakeAnnotator(), document)
    assert str(error.value) == message


def test_too_large_a_document_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_BYTES", 1 << 20)
    with pytest.raises(FeedError, match="is larger than 1 MB unzipped"):
        read(b" " * ((1 << 20) + 1))
