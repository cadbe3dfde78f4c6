"""Arguments are parsed as URLs or paths, and each source has a file name of its own."""

from __future__ import annotations

import pytest

from roleclf.errors import RequestError
from roleclf.feeds.watch.sources import feed_file_name, parse_sources


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param("-", "-: stdin cannot be asked again", id="stdin"),
        pytest.param("ftp://a.example/x", "is no address that begins", id="ftp"),
        pytest.param("file:///etc/passwd", "is no address that begins", id="file"),
        pytest.param("http://", "is no address that begins", id="no-host"),
        pytest.param("http://a.example:x/", "is no address .Port", id="port"),
        pytest.param("http://a.example:99999/", "is no address .Port", id="high-port"),
        pytest.param("http://[::1/", "is no address .Invalid", id="bracket"),
    ],
)
def test_arguments_that_are_no_source_are_refused(source: str, message: str) -> None:
    with pytest.raises(RequestError, match=message):
        parse_sources([source])


@pytest.mark.parametrize(
    ("source", "start", "ending"),
    [
        ("https://ferro.example/a.xml?b=c&d", "ferro.example-a.xml-b-c-d-", ".xml"),
        ("https://ferro.example/", "ferro.example-", ""),
        ("https://ferro.example/jobs.json.gz", "ferro.example-jobs-", ".json"),
        ("/srv/feeds/a b_c.rss", "a-b_c-", ".rss"),
        ("/srv/feeds/..", "srv-", ""),
        (f"https://ferro.example/{'x' * 999}", "ferro.example-xxx", ""),
    ],
)
def test_file_names_resemble_their_source(source: str, start: str, ending: str) -> None:
    name = feed_file_name(parse_sources([source])[0])
    assert name.startswith(start)
    assert name.endswith(ending)
    assert len(name) < 120
    assert "/" not in name


def test_file_names_are_unique() -> None:
    sources = [f"https://ferro.example/{path}" for path in ("a/b", "a-b", "a?b")]
    assert len({feed_file_name(source) for source in parse_sources(sources)}) == 3
