"""What `watch_feeds` reports of feeds that grow, change, fail and lose postings."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import roleclf
from fakes import FakeAnnotations, FakeAnnotator
from feeds import HTML, item, rss
from roleclf.errors import ModelError, RequestError, WatchError
from roleclf.feeds import WatchOptions, annotate_document, watch_feeds
from roleclf.feeds.watch.pacing import FetchPolicy
from roleclf.feeds.watch.polling import PollOutcome
from roleclf.feeds.watch.sources import feed_file_name, parse_sources
from roleclf.feeds.watch.state import open_state
from roleclf.feeds.watch.stored_postings import restore_annotation
from roleclf.model import shipped_model
from roleclf.records import Posting
from servers import FakeClock, FeedServer, serving

DAY = 86400.0
POLICY = FetchPolicy(read_timeout=0.3, total_timeout=1)


class CountingAnnotator(FakeAnnotator):
    """Records which titles it was asked to annotate."""

    def __init__(self) -> None:
        self.asked: list[str | None] = []

    def annotate_batch(
        self,
        postings: Sequence[Posting],
        problems: Sequence[str | None] | None = None,
    ) -> FakeAnnotations:
        self.asked += [posting.title for posting in postings]
        return super().annotate_batch(postings, problems)


class Watcher:
    """Runs a watch of a single round again and again, with one state and output."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.options = WatchOptions(
            sources=(),
            state=folder / "state.db",
            output=folder / "out.jsonl",
            allow_private=True,
        )
        self.n_stale = 0

    def __call__(self, *sources: str, **changes: Any) -> list[PollOutcome]:
        options = replace(self.options, sources=sources, **changes)
        with watch_feeds(options, self.clock, POLICY) as session:
            self.n_stale = session.n_stale
            return list(session.outcomes)

    def reported(self, *sources: str, **changes: Any) -> list[tuple[str, str, str]]:
        """Return id, title and change of each line that a round adds."""
        n_before = len(self.lines())
        self(*sources, **changes)
        return [
            (line["id"], line["title"], line["change"])
            for line in self.lines()[n_before:]
        ]

    def lines(self) -> list[Any]:
        if not self.options.output.exists():
            return []
        text = self.options.output.read_text("utf-8")
        return [json.loads(line) for line in text.split("\n")[:-1]]


@pytest.fixture(scope="module")
def server() -> Iterator[FeedServer]:
    with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def annotator(monkeypatch: pytest.MonkeyPatch) -> CountingAnnotator:
    counting = CountingAnnotator()
    monkeypatch.setattr(roleclf, "load", lambda path, reader: counting, raising=False)
    return counting


@pytest.fixture
def watcher(tmp_path: Path) -> Watcher:
    return Watcher(tmp_path)


def feed(*postings: tuple[str | None, str] | tuple[str | None, str, str]) -> str:
    """Return a feed with postings of that id and title, and perhaps text."""
    entries = [
        {"title": title, "description": more[0] if more else HTML}
        | ({} if id_ is None else {"id": id_})
        for id_, title, *more in postings
    ]
    return json.dumps(entries)


A, B, C = ("1", "Data Engineer"), ("2", "Baker"), ("3", "Carpenter")


def test_a_line_is_an_annotated_posting(watcher: Watcher, server: FeedServer) -> None:
    url = server.serve("/jobs", feed(A))
    (outcome,) = watcher(url)
    assert (outcome.source, outcome.kind, outcome.postings) == (url, "read", 1)
    assert dict(+outcome.counts) == {"new": 1}
    (line,) = watcher.lines()
    annotation = line.pop("_roleclf")
    assert line == {
        "source": url,
        "id": "1",
        "title": "Data Engineer",
        "description": HTML,
        "change": "new",
        "seen": "1970-01-12T13:46:40Z",
    }
    assert (annotation["id"], annotation["role"]) == ("1", "data_engineer")


@pytest.mark.parametrize(
    ("feeds", "told"),
    [
        pytest.param([feed(A), feed(A, B)], [[A], [B]], id="grows"),
        pytest.param([feed(A), feed(B, A)], [[A], [B]], id="grows-at-its-head"),
        pytest.param([feed(A, B), feed(B, A)], [[A, B], []], id="is-reordered"),
        pytest.param([feed(A, B), feed(A), feed(A, B)], [[A, B], [], []], id="loses"),
        pytest.param([feed(A), feed(), feed(A)], [[A], [], []], id="is-emptied"),
        pytest.param([feed(A, A), feed(A), feed(A, A)], [[A], [], []], id="repeats"),
        pytest.param(
            [feed((None, "Baker")), feed((None, "Baker"), B)],
            [[("sha256:", "Baker")], [B]],
            id="has-no-ids",
        ),
    ],
)
def test_new_postings_are_reported_once(
    watcher: Watcher,
    server: FeedServer,
    feeds: list[str],
    told: list[list[tuple[str, str]]],
) -> None:
    found = [watcher.reported(server.serve("/jobs", document)) for document in feeds]
    assert [
        [(id_[:7], title) for id_, title, _ in of_round] for of_round in found
    ] == told
    assert {change for of_round in found for _, _, change in of_round} == {"new"}


def test_each_change_is_reported(watcher: Watcher, server: FeedServer) -> None:
    told = [
        watcher.reported(server.serve("/jobs", feed(B, ("1", title))))
        for title in ("Engineer", "Data Engineer", "Data Engineer", "Engineer")
    ]
    assert told == [
        [("2", "Baker", "new"), ("1", "Engineer", "new")],
        [("1", "Data Engineer", "changed")],
        [],
        [("1", "Engineer", "changed")],
    ]


def test_a_changed_description_is_a_change(
    watcher: Watcher, server: FeedServer
) -> None:
    watcher(server.serve("/jobs", feed(A)))
    again = server.serve("/jobs", feed((*A, "You bake.")))
    assert watcher.reported(again) == [("1", "Data Engineer", "changed")]
    assert watcher.lines()[-1]["_roleclf"]["role"] == "other"


def test_postings_that_share_an_id_are_told_apart(
    watcher: Watcher, server: FeedServer
) -> None:
    url = server.serve("/jobs", feed(("0", "Baker"), ("0", "Cook"), ("0", "Baker")))
    assert watcher.reported(url) == [("0", "Baker", "new"), ("0", "Cook", "new")]
    server.serve("/jobs", feed(("0", "Cook"), ("0", "Smith"), ("0", "Baker")))
    assert watcher.reported(url) == [("0", "Smith", "changed")]
    server.serve("/jobs", feed(("0", "Smith"), ("0", "Baker")))
    assert watcher.reported(url) == []


def test_an_id_used_again_for_another_posting_is_a_change(
    watcher: Watcher, server: FeedServer
) -> None:
    url = server.serve("/jobs", feed(A))
    watcher(url)
    server.serve("/jobs", feed(B))
    watcher(url)
    server.serve("/jobs", feed(("1", "Cook", "You cook."), B))
    assert watcher.reported(url) == [("1", "Cook", "changed")]


def test_the_same_id_in_two_sources_is_two_postings(
    watcher: Watcher, server: FeedServer
) -> None:
    urls = [server.serve(path, feed(A)) for path in ("/a", "/b")]
    assert len(watcher.reported(*urls)) == 2
    assert [line["source"] for line in watcher.lines()] == urls


def test_only_what_is_new_or_changed_is_annotated(
    watcher: Watcher, server: FeedServer, annotator: CountingAnnotator
) -> None:
    url = server.serve("/jobs", feed(A, B))
    watcher(url, feeds=watcher.folder)
    server.serve("/jobs", feed(A, B, B, C))
    watcher(url, feeds=watcher.folder)
    assert annotator.asked == ["Data Engineer", "Baker", "Carpenter"]


def test_large_feeds_are_compared_in_batches(
    watcher: Watcher, server: FeedServer, annotator: CountingAnnotator
) -> None:
    postings = [(str(n % 300), f"Job {n % 300}") for n in range(400)]
    url = server.serve("/jobs", feed(*postings))
    assert dict(+watcher(url)[0].counts) == {"new": 300, "repeated": 100}
    server.serve("/jobs", feed(*reversed(postings), A))
    assert watcher.reported(url) == [("1", "Data Engineer", "changed")]
    assert len(annotator.asked) == 301


def test_the_annotated_feed_is_what_annotate_makes(
    watcher: Watcher, server: FeedServer, tmp_path: Path
) -> None:
    first = rss(item("<guid>1</guid><title>Baker</title>"))
    second = rss(
        item("<guid>1</guid><title>Baker</title>"),
        item(f"<guid>2</guid><title>Smith</title><description>{HTML}</description>"),
    )
    for document in (first, second):
        (outcome,) = watcher(server.serve("/jobs.rss", document), feeds=tmp_path / "f")
        (path,) = (tmp_path / "f").iterdir()
        assert path.name == feed_file_name(parse_sources([outcome.source])[0])
        expected = annotate_document(FakeAnnotator(), document).document
        assert path.read_text("utf-8") == expected


def test_a_stored_annotation_is_restored_whole(
    sample: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    for annotation in roleclf.load().annotate_many(sample.to_dict("records")):
        fields = annotation.to_dict()
        assert restore_annotation(json.loads(json.dumps(fields))).to_dict() == fields


def test_a_source_that_answers_304_is_not_read(
    watcher: Watcher, server: FeedServer
) -> None:
    url = server.serve_tagged("/jobs", feed(A), '"1"')
    assert [watcher(url)[0].kind for _ in range(3)] == [
        "read",
        "unchanged",
        "unchanged",
    ]
    server.serve_tagged("/jobs", feed(A, B), '"2"')
    assert watcher.reported(url) == [("2", "Baker", "new")]


def test_a_source_without_validators_is_compared_by_digest(
    watcher: Watcher, server: FeedServer, annotator: CountingAnnotator
) -> None:
    url = server.serve("/jobs", feed(A))
    assert [watcher(url)[0].kind for _ in range(2)] == ["read", "unchanged"]
    assert len(annotator.asked) == 1


def test_an_annotated_feed_that_was_removed_is_written_again(
    watcher: Watcher, server: FeedServer, tmp_path: Path
) -> None:
    url = server.serve_tagged("/jobs", feed(A), '"1"')
    watcher(url)
    assert watcher(url, feeds=tmp_path / "f")[0].kind == "read"
    (path,) = (tmp_path / "f").iterdir()
    assert watcher(url, feeds=tmp_path / "f")[0].kind == "unchanged"
    path.unlink()
    assert watcher.reported(url, feeds=tmp_path / "f") == []
    assert path.exists()


def test_a_feed_that_changes_its_encoding_has_not_changed(
    watcher: Watcher, server: FeedServer
) -> None:
    document = rss(item("<guid>1</guid><title>Bäcker</title>"))
    plain = document.partition("?>")[2].strip()
    latin = {"Content-Type": "text/xml; charset=iso-8859-1"}
    wide = plain.encode("utf-16")
    url = server.serve("/jobs", document)
    assert len(watcher.reported(url)) == 1
    for body, headers in (
        (document.replace("UTF-8", "latin-1").encode("latin-1"), {}),
        (plain.encode("latin-1"), latin),
        (wide, {}),
        (plain, {"Content-Type": "text/xml"}),
    ):
        server.serve("/jobs", body, headers)
        assert watcher(url)[0].kind == "read"
    assert [line["title"] for line in watcher.lines()] == ["Bäcker"]


def test_files_are_read_when_they_change(
    watcher: Watcher, tmp_path: Path, annotator: CountingAnnotator
) -> None:
    path = tmp_path / "jobs.json"
    path.write_text(feed(A), encoding="utf-8")
    assert [watcher(str(path))[0].kind for _ in range(2)] == ["read", "unchanged"]
    path.write_text(feed(A, B), encoding="utf-8")
    assert watcher.reported(str(path)) == [("2", "Baker", "new")]
    path.touch()
    assert watcher(str(path))[0].kind == "unchanged"
    path.unlink()
    (outcome,) = watcher(str(path))
    assert str(outcome.error) == (
        f"{path}: No such file or directory; check the path, its permissions and "
        "the disk"
    )
    # A file is read again at once.
    path.write_text(feed(A, C), encoding="utf-8")
    assert watcher.reported(str(path)) == [("3", "Carpenter", "new")]


def test_a_source_is_found_from_any_folder(
    watcher: Watcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "jobs.json").write_text(feed(A), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    watcher("jobs.json")
    assert watcher(str(tmp_path / "jobs.json"), "./jobs.json")[0].kind == "unchanged"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        pytest.param(feed(A, B)[:-20], "is not JSON", id="cut"),
        pytest.param("<html><body>Log in</body></html>", "without JSON-LD", id="page"),
        pytest.param("", "is empty", id="empty"),
    ],
)
def test_a_document_that_is_no_feed_changes_nothing(
    watcher: Watcher, server: FeedServer, body: str, problem: str
) -> None:
    url = server.serve("/jobs", feed(A, B))
    watcher(url, feeds=watcher.folder / "f")
    before = {path: path.read_bytes() for path in (watcher.folder / "f").iterdir()}
    server.serve("/jobs", body)
    (outcome,) = watcher(url, feeds=watcher.folder / "f")
    assert outcome.kind == "failed"
    assert problem in str(outcome.error)
    assert {p: p.read_bytes() for p in (watcher.folder / "f").iterdir()} == before
    server.serve("/jobs", feed(A, B, C))
    watcher.clock.time += DAY
    assert watcher.reported(url) == [("3", "Carpenter", "new")]


def test_lines_cut_by_a_lie_about_their_length_are_no_feed(
    watcher: Watcher, server: FeedServer
) -> None:
    entries = [json.dumps(entry).encode() for entry in json.loads(feed(A, B, C))]
    whole = b"\n".join(entries)
    cut = b"\n".join(entries[:2])
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
    url = server.serve_raw("/jobs", head % len(cut) + whole)
    assert watcher(url)[0].kind == "failed"
    assert watcher.lines() == []


def test_waits_grow_with_each_failure(watcher: Watcher, server: FeedServer) -> None:
    url = server.serve("/jobs", "", status=500)
    waits = []
    for _ in range(4):
        (outcome,) = watcher(url)
        assert outcome.kind == "failed"
        waits.append(outcome.wait)
        watcher.clock.time += outcome.wait - 1
        n_asked = len(server.asked)
        (waiting,) = watcher(url)
        assert (waiting.kind, waiting.wait) == ("waiting", pytest.approx(1))
        assert len(server.asked) == n_asked
        watcher.clock.time += 1
    assert waits == [60, 120, 240, 480]
    server.serve("/jobs", feed(A))
    assert watcher(url)[0].kind == "read"
    server.serve("/jobs", "", status=500)
    assert watcher(url)[0].wait == 60


def test_a_missing_file_is_not_asked_before_its_time(
    watcher: Watcher, tmp_path: Path
) -> None:
    missing, every = str(tmp_path / "missing"), 8 * 86400.0
    before = watcher.clock.time
    polls_for(watcher, 3, missing, every=every)
    assert watcher.clock.time - before >= 2 * every


def test_retry_after_is_heeded_by_the_next_call(
    watcher: Watcher, server: FeedServer
) -> None:
    url = server.serve("/jobs", "", {"Retry-After": "7200"}, 429)
    assert watcher(url)[0].wait == 7200
    watcher.clock.time += 7100
    assert watcher(url)[0].kind == "waiting"
    server.serve("/jobs", feed(A))
    watcher.clock.time += 100
    assert watcher(url)[0].kind == "read"


def test_a_source_that_was_refused_unasked_need_not_wait(
    watcher: Watcher, server: FeedServer
) -> None:
    url = server.serve("/jobs", feed(A))
    (outcome,) = watcher(url, allow_private=False)
    assert (outcome.kind, outcome.wait) == ("failed", 0)
    assert watcher(url)[0].kind == "read"


def test_two_sources_on_one_host_are_asked_one_after_the_other(
    watcher: Watcher, server: FeedServer
) -> None:
    for path in ("/a", "/b", "/c"):
        server.serve(path, feed(A))
    watcher(server.url("/a"), server.url("/b"), server.url("/c", "localhost"))
    assert watcher.clock.slept == [POLICY.host_delay]


def test_one_source_that_fails_does_not_stop_the_others(
    watcher: Watcher, server: FeedServer
) -> None:
    bad = server.serve_raw("/bad", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[]")
    good = server.serve("/good", feed(A))
    assert [outcome.kind for outcome in watcher(bad, good)] == ["failed", "read"]


def test_an_empty_feed_is_reported(
    watcher: Watcher, server: FeedServer, caplog: pytest.LogCaptureFixture
) -> None:
    watcher(server.serve("/jobs.rss", rss(item("<guid>1</guid><title>A</title>"))))
    (outcome,) = watcher(server.serve("/jobs.rss", rss()))
    assert (outcome.postings, outcome.counts["gone"]) == (0, 1)
    assert caplog.messages == [f"{outcome.source}: no postings"]


def test_postings_that_left_lose_their_annotation_but_stay_known(
    watcher: Watcher, server: FeedServer, annotator: CountingAnnotator
) -> None:
    url = server.serve("/jobs", feed(A, B))
    watcher(url)
    (outcome,) = watcher(server.serve("/jobs", feed(A)))
    assert dict(+outcome.counts) == {"gone": 1}
    with sqlite3.connect(watcher.options.state) as state:
        rows = state.execute("SELECT id, annotation IS NULL FROM posting ORDER BY id")
        assert rows.fetchall() == [("1", 0), ("2", 1)]
    state.close()
    assert watcher(server.serve("/jobs", feed(A, B)))[0].counts.total() == 0
    assert annotator.asked == ["Data Engineer", "Baker", "Baker"]


@pytest.fixture
def other_model(tmp_path: Path) -> Path:
    """A folder with the manifest of another model."""
    folder = tmp_path / "model"
    folder.mkdir()
    manifest = (shipped_model() / "manifest.json").read_text("utf-8")
    (folder / "manifest.json").write_text(manifest + " ", encoding="utf-8")
    return folder


def test_annotations_of_another_model_stay_until_reannotate(
    watcher: Watcher, server: FeedServer, other_model: Path
) -> None:
    url = server.serve_tagged("/jobs", feed(A, B), '"1"')
    watcher(url)
    assert watcher.reported(url, model=other_model) == []
    assert watcher.n_stale == 2
    server.serve_tagged("/jobs", feed(A, B, C), '"2"')
    assert watcher.reported(url, model=other_model) == [("3", "Carpenter", "new")]
    assert watcher.n_stale == 2
    assert watcher.reported(url, model=other_model, reannotate=True) == [
        ("1", "Data Engineer", "reannotated"),
        ("2", "Baker", "reannotated"),
    ]
    assert watcher.reported(url, model=other_model, reannotate=True) == []
    assert watcher(url, model=other_model)[0].kind == "unchanged"
    assert watcher.n_stale == 0


def test_a_file_is_annotated_anew_though_it_has_not_changed(
    watcher: Watcher, tmp_path: Path, other_model: Path
) -> None:
    path = tmp_path / "jobs.json"
    path.write_text(feed(A), encoding="utf-8")
    watcher(str(path))
    told = watcher.reported(str(path), model=other_model, reannotate=True)
    assert told == [("1", "Data Engineer", "reannotated")]


def test_a_folder_that_is_no_model_is_refused(watcher: Watcher, tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        watcher(str(tmp_path / "jobs.json"), model=tmp_path)
    assert not watcher.options.state.exists()


def test_no_model_is_loaded_where_nothing_is_new(
    watcher: Watcher, server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.serve("/jobs", feed(A))
    watcher(url)
    monkeypatch.setattr(roleclf, "load", None, raising=False)
    server.serve("/jobs", feed(A) + " ")
    assert watcher(url)[0].kind == "read"


def test_ids_and_titles_may_hold_any_character(
    watcher: Watcher, server: FeedServer
) -> None:
    odd = [("\ud800", "half"), ("\0", "nul\0"), ("x" * 5000, "ä\u2028\u202e\U0001f600")]
    url = server.serve("/jobs", feed(*odd))
    told = watcher.reported(url)
    assert [title for _, title, _ in told] == [title for _, title in odd]
    server.serve("/jobs", feed(*odd) + "\n")
    assert watcher.reported(url) == []


def test_a_state_is_used_by_one_watch_at_a_time(
    watcher: Watcher, server: FeedServer
) -> None:
    url = server.serve("/jobs", feed(A))
    message = f"{watcher.options.state}: is in use by another `roleclf watch`; wait"
    with open_state(watcher.options.state), pytest.raises(WatchError, match=message):
        watcher(url)
    assert watcher(url)[0].kind == "read"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(
            b"no database " * 100, "is no state of `roleclf watch`", id="text"
        ),
        pytest.param(None, "is a database of something else", id="other"),
    ],
)
def test_a_file_that_is_no_state_is_left_alone(
    watcher: Watcher, content: bytes | None, message: str
) -> None:
    path = watcher.options.state
    if content is None:
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE source (name)")
        other.close()
    else:
        path.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(WatchError, match=message):
        watcher("jobs.json")
    assert path.read_bytes() == before


def test_a_state_of_a_later_version_is_refused(watcher: Watcher) -> None:
    with open_state(watcher.options.state) as state:
        state.execute("PRAGMA user_version = 2")
    with pytest.raises(WatchError, match="is of layout 2; this version reads 1"):
        watcher("jobs.json")


def test_an_unusable_feeds_folder_is_an_error(
    watcher: Watcher, server: FeedServer
) -> None:
    url = server.serve("/jobs", feed(A))
    taken = watcher.folder / "taken"
    taken.write_text("mine")
    with pytest.raises(WatchError, match=r"cannot be written .File exists"):
        watcher(url, feeds=taken)
    folder = watcher.folder / "feeds"
    (folder / feed_file_name(parse_sources([url])[0])).mkdir(parents=True)
    with pytest.raises(WatchError, match="check the path"):
        watcher(url, feeds=folder)
    # Nothing was reported or stored.
    assert watcher.lines() == []
    assert watcher.reported(url) == [("1", "Data Engineer", "new")]


def test_an_unwritable_state_is_an_error(watcher: Watcher) -> None:
    message = "cannot be used as state .unable to open database file.; check the path"
    with pytest.raises(WatchError, match=message):
        watcher("jobs.json", state=watcher.folder / "missing" / "state.db")


def test_state_output_and_sources_are_distinct_files(
    watcher: Watcher, tmp_path: Path
) -> None:
    source = str(tmp_path / "out.jsonl")
    with pytest.raises(RequestError, match="is the output and a source"):
        watcher(source)
    with pytest.raises(RequestError, match="is the output and the state"):
        watcher("jobs.json", state=watcher.options.output)


def polls_for(
    watcher: Watcher, n: int, *sources: str, every: float
) -> list[PollOutcome]:
    """Return the first `n` outcomes of an endless watch."""
    options = replace(watcher.options, sources=sources, every=every)
    with watch_feeds(options, watcher.clock, POLICY) as session:
        return list(islice(session.outcomes, n))


def test_sources_are_polled_when_they_are_due(
    watcher: Watcher, server: FeedServer
) -> None:
    start = watcher.clock.time
    good = server.serve("/good", feed(A))
    bad = server.serve("/bad", "", status=500)
    outcomes = polls_for(watcher, 8, good, bad, every=300)
    assert [(o.source == good, o.kind) for o in outcomes] == [
        (True, "read"),
        (False, "failed"),
        (False, "failed"),  # after 60 s
        (False, "failed"),  # 120 s later
        (True, "unchanged"),  # 300 s after the first
        (False, "failed"),  # 240 s later
        (True, "unchanged"),
        (True, "unchanged"),
    ]
    assert watcher.clock.time - start == pytest.approx(900, abs=20)
    assert max(watcher.clock.slept) <= 60


def test_a_restarted_watch_polls_nothing_too_soon(
    watcher: Watcher, server: FeedServer
) -> None:
    url = server.serve("/jobs", feed(A))
    polls_for(watcher, 1, url, every=300)
    watcher.clock.time += 100
    waiting, unchanged = polls_for(watcher, 2, url, every=300)
    assert (waiting.kind, waiting.wait) == ("waiting", 200)
    assert unchanged.kind == "unchanged"


@pytest.mark.parametrize("status", [200, 500])
def test_a_clock_that_was_set_back_stops_nothing(
    watcher: Watcher, server: FeedServer, status: int
) -> None:
    url = server.serve("/jobs", feed(A), status=status)
    first = polls_for(watcher, 1, url, every=300)
    watcher.clock.time -= 900 * DAY
    then = watcher.clock.time
    server.serve("/jobs", feed(A, B))
    outcomes = polls_for(watcher, 2, url, every=300)
    assert [outcome.kind for outcome in outcomes] == ["read", "unchanged"]
    assert first[0].kind != "unchanged"
    assert watcher.clock.time - then == 300


def test_a_file_that_fails_is_tried_again_in_time(
    watcher: Watcher, tmp_path: Path
) -> None:
    start = watcher.clock.time
    outcomes = polls_for(watcher, 3, str(tmp_path / "missing"), every=30)
    assert [(o.kind, o.wait) for o in outcomes] == [("failed", 30)] * 3
    assert watcher.clock.time - start == 60


def test_a_watch_can_move_to_another_machine(
    watcher: Watcher, server: FeedServer, tmp_path: Path
) -> None:
    url = server.serve("/jobs", feed(A))
    watcher(url)
    moved = tmp_path / "moved"
    moved.mkdir()
    for path in (watcher.options.state, watcher.options.output):
        shutil.move(path, moved)
    server.serve("/jobs", feed(A, B))
    assert Watcher(moved).reported(url) == [("2", "Baker", "new")]
    assert len(Watcher(moved).lines()) == 2
