"""Fetching from servers that redirect, stall, cut, lie and send Retry-After."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, time
from typing import NamedTuple

import httpcore
import pytest

from roleclf.errors import FeedError, FetchError
from roleclf.feeds.watch import network_guard
from roleclf.feeds.watch.fetching import fetch
from roleclf.feeds.watch.pacing import FetchPolicy
from roleclf.feeds.watch.records import Validators
from roleclf.feeds.watch.sources import parse_sources
from servers import FeedServer, serving

JOBS = '[{"title": "Data Engineer", "description": "SQL"}]'
HURRIED = FetchPolicy(
    host_delay=0, connect_timeout=1, read_timeout=0.3, total_timeout=1, max_redirects=3
)
OK = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[FeedServer]:
    with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def no_questions_left(server: FeedServer) -> None:
    server.asked.clear()


class Fetched(NamedTuple):
    """A document, and what is in its file."""

    content: bytes
    validators: Validators


def ask(
    url: str,
    known: Validators | None = None,
    *,
    policy: FetchPolicy = HURRIED,
    allow_private: bool = True,
    throttle: Callable[[str], None] = lambda host: None,
) -> Fetched | None:
    (source,) = parse_sources([url])
    with TemporaryDirectory() as folder:
        document = fetch(
            source,
            known or Validators(),
            "roleclf/test",
            throttle,
            policy,
            Path(folder, "document"),
            allow_private=allow_private,
        )
        return document and Fetched(document.path.read_bytes(), document.validators)


def refused(url: str, **options: bool) -> FetchError:
    with pytest.raises(FetchError) as raised:
        ask(url, **options)  # type: ignore[arg-type]
    assert raised.value.place == url
    return raised.value


def test_a_document_comes_with_its_validators(server: FeedServer) -> None:
    url = server.serve("/jobs", JOBS, {"ETag": '"7"', "Last-Modified": "yesterday"})
    assert ask(url) == Fetched(JOBS.encode(), Validators(url, '"7"', "yesterday"))
    headers = server.asked[0][1]
    assert headers["User-Agent"] == "roleclf/test"
    assert headers["Accept-Encoding"] == "gzip"
    assert "If-None-Match" not in headers


@pytest.mark.parametrize("etag", ['"7"', 'W/"7"', None])
def test_an_unchanged_document_is_not_fetched_again(
    server: FeedServer, etag: str | None
) -> None:
    url = server.serve_tagged("/jobs", JOBS, etag)
    first = ask(url)
    assert first is not None
    assert ask(url, first.validators) is None
    server.serve_tagged("/jobs", f"{JOBS} ", etag and '"8"', 1.0)
    second = ask(url, first.validators)
    assert second is not None
    assert second.content == f"{JOBS} ".encode()


def test_validators_are_sent_to_their_own_url_only(server: FeedServer) -> None:
    old = server.serve("/old", JOBS, {"ETag": '"1"'})
    new = server.serve_tagged("/new", "[]", '"1"')
    url = server.serve("/jobs", "", {"Location": "/old"}, 302)
    first = ask(url)
    assert first is not None
    assert first.validators.url == old
    server.serve("/jobs", "", {"Location": "/new"}, 302)
    second = ask(url, first.validators)
    assert second is not None
    assert (second.content, second.validators.url) == (b"[]", new)


def test_304_to_an_unconditional_request_is_an_error(server: FeedServer) -> None:
    assert "HTTP 304" in str(refused(server.serve("/jobs", status=304)))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["/jobs", "jobs", "{url}"])
def test_redirects_are_followed(server: FeedServer, status: int, location: str) -> None:
    target = server.serve("/jobs", JOBS)
    url = server.serve("/", "", {"Location": location.format(url=target)}, status)
    document = ask(url)
    assert document is not None
    assert document.content == JOBS.encode()


@pytest.mark.parametrize(
    ("location", "problem"),
    [
        pytest.param("/loop", "leads through more than 3 redirects", id="loop"),
        pytest.param("file:///etc/passwd", "leads to 'file:'", id="file"),
        pytest.param("ftp://ferro.example/jobs", "leads to 'ftp:'", id="ftp"),
        pytest.param("javascript:alert(1)", "For absolute URLs", id="script"),
        pytest.param("data:text/plain,x", "For absolute URLs", id="data"),
        pytest.param("", "leads nowhere (HTTP 302)", id="nowhere"),
        pytest.param("http://[::1/", "Invalid port", id="no-address"),
        pytest.param("http://127.0.0.1:99999/", "leads to port 99999", id="no-port"),
    ],
)
def test_redirects_that_are_not_followed(
    server: FeedServer, location: str, problem: str
) -> None:
    url = server.serve("/loop", "", {"Location": location}, 302)
    assert problem in str(refused(url))


def test_loopback_addresses_are_not_asked(server: FeedServer) -> None:
    for host in ("127.0.0.1", "localhost", "127.1", "[::1]", "[::ffff:127.0.0.1]"):
        error = refused(server.url("/jobs", host), allow_private=False)
        assert "which is no public address; give --allow-private" in str(error)
        assert error.wait == 0
    assert server.asked == []


def test_a_redirect_to_loopback_is_not_followed(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first hop counts as public, the second as what it is.
    answers = iter([True, False])
    monkeypatch.setattr(network_guard, "is_public", lambda address: next(answers))
    server.serve("/inside", JOBS)
    url = server.serve(
        "/jobs", "", {"Location": server.url("/inside", "localhost")}, 302
    )
    error = refused(url, allow_private=False)
    assert "leads to localhost (127.0.0.1), which is no public address" in str(error)
    assert [path for path, _ in server.asked] == ["/jobs"]


def test_one_private_address_among_public_ones_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    both = ["93.184.216.34", "10.0.0.1"]
    monkeypatch.setattr(network_guard, "resolve", lambda host, port: both)
    error = refused("http://ferro.example/jobs", allow_private=False)
    assert "ferro.example (10.0.0.1)" in str(error)


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # A name that leads elsewhere when it is looked up again: DNS rebinding.
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    connected = []

    def connect(self: object, host: str, port: int, *rest: object) -> None:
        connected.append((host, port))
        raise httpcore.ConnectError("not tried")

    monkeypatch.setattr(network_guard, "resolve", lambda host, port: next(answers))
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    error = refused("https://ferro.example/jobs", allow_private=False)
    assert "cannot be reached" in str(error)
    assert connected == [("93.184.216.34", 443)]
    assert next(answers) == ["127.0.0.1"]


def test_the_next_address_is_tried_and_the_name_stays(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing listens at the first, as with IPv6 on a machine without it.
    found = ["127.0.0.99" if socket.has_ipv6 else "127.0.0.98", "127.0.0.1"]
    monkeypatch.setattr(network_guard, "resolve", lambda host, port: found)
    server.serve("/jobs", JOBS)
    assert ask(server.url("/jobs", "ferro.example")) is not None
    assert server.asked[0][1]["Host"].startswith("ferro.example:")


def test_an_unknown_host_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(network_guard, "resolve", unknown)
    message = "cannot be reached (ferro.example is not known"
    assert message in str(refused("http://ferro.example/jobs"))


@pytest.mark.parametrize(
    ("pieces", "problem"),
    [
        pytest.param([2.0], "stopped answering", id="stalls-before-it-answers"),
        pytest.param([OK, 2.0], "stopped answering", id="stalls-in-the-head"),
        pytest.param(
            [OK + b"Content-Length: 50\r\n\r\n[", 2.0],
            "stopped answering",
            id="stalls-in-the-body",
        ),
        pytest.param(
            [OK, *(b"X: y\r\n", 0.2) * 20], "took more than 1 s", id="drips-its-head"
        ),
        pytest.param(
            [OK + b"Content-Length: 50\r\n\r\n", *(b" ", 0.2) * 20],
            "took more than 1 s",
            id="drips-its-body",
        ),
        pytest.param([], "sent a broken or cut answer", id="says-nothing"),
        pytest.param([b"[]"], "sent a broken or cut answer", id="speaks-no-http"),
        pytest.param([OK], "sent a broken or cut answer", id="cuts-its-head"),
        pytest.param(
            [OK + b"Content-Length: 50\r\n\r\n[]"],
            "sent a broken or cut answer",
            id="cuts-its-body",
        ),
        pytest.param(
            [OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n"],
            "sent a broken or cut answer",
            id="cuts-its-chunks",
        ),
        pytest.param(
            [OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n[] "],
            "sent a broken or cut answer",
            id="names-two-lengths",
        ),
        pytest.param(
            [OK + b"Content-Length: 2\r\n\r\n[]\n{}"],
            "sent more than it had announced",
            id="names-too-short-a-length",
        ),
        pytest.param(
            [OK + b"Content-Length: 2\r\n\r\n[]", 0.1, b"\n{}"],
            "sent more than it had announced",
            id="sends-more-later",
        ),
        pytest.param(
            [b"HTTP/1.1 103 Hints\r\n\r\n" + OK + b"Content-Length: 2\r\n\r\n[]{}"],
            "sent more than it had announced",
            id="sends-more-after-hints",
        ),
        pytest.param(
            [OK + b"Content-Length: 3\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08"],
            "sends gzip that ends too early",
            id="cuts-its-gzip",
        ),
        pytest.param(
            [OK + b"Content-Length: 99999999999\r\n\r\n" + b"[" * 70_000],
            "sent a broken or cut answer",
            id="names-a-huge-length",
        ),
        pytest.param(
            [OK + b"X: " + b"y" * 500_000 + b"\r\n\r\n"],
            "sent a broken or cut answer",
            id="has-a-huge-head",
        ),
    ],
)
def test_a_stalled_cut_or_broken_response_is_an_error(
    server: FeedServer, pieces: list[bytes | float], problem: str
) -> None:
    start = monotonic()
    error = refused(server.serve_raw("/jobs", *pieces))
    assert problem in str(error)
    assert error.wait is None
    assert monotonic() - start < 2


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param([OK + b"Content-Length: 2\r\n\r\n[]"], id="length"),
        pytest.param([OK + b"\r\n[]"], id="until-it-ends"),
        pytest.param(
            [OK + b"Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n"],
            id="chunks",
        ),
        pytest.param([OK + b"Content-Length: 2\r\n\r\n[]", 0.5], id="kept-open"),
        pytest.param(
            [
                b"HTTP/1.1 103 Hints\r\nX: y\r\n\r\n"
                + OK
                + b"Content-Length: 2\r\n\r\n[]"
            ],
            id="hints-first",
        ),
        pytest.param([OK, b"Content-Length", b": 2\r\n\r", b"\n[", b"]"], id="in-bits"),
        pytest.param([b"HTTP/1.0 200 OK\n\n[]"], id="old"),
    ],
)
def test_whole_responses_are_read(
    server: FeedServer, pieces: list[bytes | float]
) -> None:
    document = ask(server.serve_raw("/jobs", *pieces))
    assert document is not None
    assert document.content == b"[]"


def test_a_refused_connection_is_an_error() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = refused(f"http://127.0.0.1:{port}/jobs")
    assert "cannot be reached" in str(error)
    assert "Connection refused" in str(error)


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (204, "has no document (HTTP 204)"),
        (206, "has no document (HTTP 206)"),
        (300, "leads nowhere (HTTP 300)"),
        (400, "refuses (HTTP 400)"),
        (401, "wants a password (HTTP 401)"),
        (403, "denies access (HTTP 403)"),
        (404, "is not there (HTTP 404)"),
        (410, "is gone for good (HTTP 410)"),
        (429, "was asked too often (HTTP 429)"),
        (500, "has trouble (HTTP 500)"),
        (503, "has trouble (HTTP 503)"),
        (799, "sends no answer (HTTP 799)"),
    ],
)
def test_a_status_without_a_document_is_an_error(
    server: FeedServer, status: int, problem: str
) -> None:
    error = refused(server.serve("/jobs", "", status=status))
    assert problem in str(error)
    assert error.wait is None


def test_retry_after_is_the_wait_of_the_error(server: FeedServer) -> None:
    url = server.serve("/jobs", "", {"Retry-After": "120"}, 429)
    assert refused(url).wait == 120
    later = formatdate(time() + 1000, usegmt=True)
    server.serve("/jobs", "", {"Retry-After": later}, 503)
    assert refused(url).wait == pytest.approx(1000, abs=5)
    server.serve("/jobs", "", {"Retry-After": "0"}, 503)
    assert refused(url).wait == HURRIED.min_backoff


def test_an_etag_outside_ascii_is_not_sent_back(server: FeedServer) -> None:
    answer = OK + b'ETag: "caf\xe9"\r\nContent-Length: 2\r\n\r\n[]'
    url = server.serve_raw("/jobs", answer)
    document = ask(url)
    assert document is not None
    assert document.validators.etag == '"caf\xe9"'
    assert ask(url, document.validators) is not None
    assert "If-None-Match" not in server.asked[1][1]


def test_a_redirect_within_a_server_keeps_the_password(server: FeedServer) -> None:
    server.serve("/jobs", JOBS)
    url = server.serve("/old", "", {"Location": server.url("/jobs")}, 301)
    assert ask(url.replace("//", "//user:secret@")) is not None
    other = server.url("/jobs", host="localhost")
    server.serve("/old", "", {"Location": other}, 301)
    assert ask(url.replace("//", "//user:secret@")) is not None
    sent = [headers.get("Authorization") is not None for _, headers in server.asked]
    assert sent == [True, True, True, False]


def test_a_redirect_to_an_invalid_host_is_refused(server: FeedServer) -> None:
    url = server.serve("/jobs", "", {"Location": "http://xn--/"}, 302)
    assert "no valid address" in str(refused(url))


def test_gzip_and_charset_of_the_headers_are_decoded(server: FeedServer) -> None:
    packed = gzip.compress("<rss>é</rss>".encode("latin-1"))
    headers = {"Content-Encoding": "gzip", "Content-Type": "text/xml; charset=latin-1"}
    document = ask(server.serve("/jobs", packed, headers))
    assert document is not None
    assert document.content.decode() == "<rss>é</rss>"


def test_more_than_a_feed_may_hold_is_not_read(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roleclf.feeds.limits.MAX_BYTES", 1 << 20)
    url = server.serve_raw("/jobs", OK + b"\r\n", *[bytes(1 << 16)] * 400)
    with pytest.raises(FeedError, match="larger than 1 MB"):
        ask(url)


def test_the_password_of_a_url_is_sent_but_never_shown(server: FeedServer) -> None:
    server.serve("/jobs", JOBS)
    url = server.url("/jobs", "maria:s3cret@127.0.0.1")
    (source,) = parse_sources([url])
    assert source.name == server.url("/jobs")
    document = ask(url)
    assert document is not None
    assert document.validators.url == source.name
    assert server.asked[0][1]["Authorization"].startswith("Basic ")
    server.serve("/jobs", "", status=403)
    with pytest.raises(FetchError) as raised:
        ask(url)
    assert "s3cret" not in str(raised.value)


def test_proxies_of_the_environment_are_not_used(
    server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A proxy would look names up itself, and nobody could check them.
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert ask(server.serve("/jobs", JOBS)) is not None


def test_every_request_is_throttled_by_host(server: FeedServer) -> None:
    server.serve("/jobs", JOBS)
    hosts: list[str] = []
    ask(server.serve("/", "", {"Location": "/jobs"}, 302), throttle=hosts.append)
    assert hosts == ["127.0.0.1", "127.0.0.1"]


def test_the_total_timeout_covers_redirects(server: FeedServer) -> None:
    server.serve_raw(
        "/slow",
        0.2,
        b"HTTP/1.1 302 Found\r\nLocation: /slow\r\nContent-Length: 0\r\n\r\n",
    )
    policy = replace(HURRIED, total_timeout=0.5, max_redirects=50)
    with pytest.raises(FetchError, match="took more than 1 s"):
        ask(server.url("/slow"), policy=policy)
