"""Lines are appended exactly once, wherever the process is killed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from roleclf.errors import RequestError, WatchError
from roleclf.feeds.watch.output import append_pending, open_output
from roleclf.feeds.watch.state import open_state, transaction

OLD = b'{"id": "1"}\n'
NEW = [b'{"id": "2"}\n', '{"id": "drei", "title": "Bäcker"}\n'.encode()]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl"


@pytest.fixture
def state(tmp_path: Path, output: Path) -> Iterator[sqlite3.Connection]:
    """A state that has appended one line to the file."""
    with open_state(tmp_path / "state.db") as opened:
        with open_output(opened, output):
            add_pending(opened, output, OLD)
        yield opened


def add_pending(state: sqlite3.Connection, output: Path, *lines: bytes) -> None:
    """Commit pending lines, as a process that is killed before it appends them."""
    with transaction(state):
        state.executemany(
            "INSERT INTO pending (path, line) VALUES (?, ?)",
            [(str(output), line) for line in lines],
        )


@pytest.mark.parametrize("n_written", range(len(b"".join(NEW)) + 1))
def test_lines_that_a_killed_process_began_are_completed(
    state: sqlite3.Connection, output: Path, n_written: int
) -> None:
    add_pending(state, output, *NEW)
    output.write_bytes((OLD + b"".join(NEW))[: len(OLD) + n_written])
    append_pending(state, output)
    assert output.read_bytes() == OLD + b"".join(NEW)
    append_pending(state, output)
    assert output.read_bytes() == OLD + b"".join(NEW)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(b"", b"", id="emptied"),
        pytest.param(b"short\n", b"short\n", id="shorter"),
        pytest.param(b"no end", b"no end\n", id="without-an-end"),
        pytest.param(OLD + b"# note\n", OLD + b"# note\n", id="with-a-line-of-theirs"),
        pytest.param(OLD + OLD, OLD + OLD, id="with-a-line-like-ours"),
        pytest.param(OLD + NEW[0] + b"x", OLD + NEW[0] + b"x\n", id="begun-and-edited"),
        pytest.param(
            OLD + b"".join(NEW) + b"x\n", OLD + b"".join(NEW) + b"x\n", id="longer"
        ),
    ],
)
def test_edits_of_the_file_stay(
    state: sqlite3.Connection,
    output: Path,
    content: bytes,
    expected: bytes,
    caplog: pytest.LogCaptureFixture,
) -> None:
    add_pending(state, output, *NEW)
    output.write_bytes(content)
    append_pending(state, output)
    assert output.read_bytes() == expected + b"".join(NEW)
    assert caplog.messages[0].startswith(f"{output}: ")
    assert caplog.messages[0].endswith("lines are added at its end")
    add_pending(state, output, OLD)
    append_pending(state, output)
    assert output.read_bytes() == expected + b"".join(NEW) + OLD
    assert len(caplog.messages) == 1


def test_a_file_of_the_same_length_is_not_looked_into(
    state: sqlite3.Connection, output: Path
) -> None:
    output.write_bytes(OLD.replace(b"1", b"9"))
    add_pending(state, output, *NEW)
    append_pending(state, output)
    assert output.read_bytes() == OLD.replace(b"1", b"9") + b"".join(NEW)


def test_a_file_that_was_moved_away_begins_anew(
    state: sqlite3.Connection, output: Path, caplog: pytest.LogCaptureFixture
) -> None:
    output.rename(output.with_suffix(".1"))
    add_pending(state, output, *NEW)
    append_pending(state, output)
    assert output.read_bytes() == b"".join(NEW)
    assert caplog.messages == [
        f"{output}: is gone or was emptied; lines are added at its end"
    ]


def test_an_end_of_line_written_before_a_kill_is_not_written_twice(
    state: sqlite3.Connection, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output.write_bytes(b"edited")
    add_pending(state, output, *NEW)
    monkeypatch.setattr("roleclf.feeds.watch.output._store_size", _killed)
    with pytest.raises(KeyboardInterrupt):
        append_pending(state, output)
    monkeypatch.undo()
    append_pending(state, output)
    assert output.read_bytes() == b"edited\n" + b"".join(NEW)


def _killed(*given: object) -> None:
    raise KeyboardInterrupt


def test_lines_of_another_output_still_reach_it(
    state: sqlite3.Connection, output: Path, tmp_path: Path
) -> None:
    add_pending(state, output, *NEW)
    other = tmp_path / "other.jsonl"
    with open_output(state, other):
        add_pending(state, other, OLD)
    assert output.read_bytes() == OLD + b"".join(NEW)
    assert other.read_bytes() == OLD


def test_an_earlier_output_that_is_gone_does_no_harm(
    state: sqlite3.Connection, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    gone, other = tmp_path / "gone" / "out.jsonl", tmp_path / "other.jsonl"
    add_pending(state, gone, *NEW)
    with open_output(state, other):
        add_pending(state, other, OLD)
    assert other.read_bytes() == OLD
    assert caplog.messages[0].startswith("lines of an earlier run wait for their")
    gone.parent.mkdir()
    with open_output(state, other):
        pass
    assert gone.read_bytes() == b"".join(NEW)


def test_a_file_that_the_state_does_not_know_is_refused(
    state: sqlite3.Connection, tmp_path: Path
) -> None:
    other = tmp_path / "other.jsonl"
    other.write_bytes(OLD)
    message = "holds something, and the state does not know of it; name another"
    with pytest.raises(RequestError, match=message), open_output(state, other):
        pass
    assert other.read_bytes() == OLD


def test_stdout_gzip_and_folders_are_refused_as_output(
    state: sqlite3.Connection, tmp_path: Path
) -> None:
    with pytest.raises(RequestError, match=r"which \.gz is not made for"):
        open_output(state, tmp_path / "out.jsonl.gz").__enter__()
    with pytest.raises(RequestError, match="stdout cannot be gone on with"):
        open_output(state, tmp_path / "-").__enter__()
    with pytest.raises(RequestError, match="is no file"):
        open_output(state, tmp_path).__enter__()
    message = "cannot be written .No such file or directory.; check the path"
    with pytest.raises(WatchError, match=message):
        open_output(state, tmp_path / "missing" / "out.jsonl").__enter__()


def test_lines_stay_pending_until_they_are_on_the_disk(
    state: sqlite3.Connection, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, written = [], []

    def sync(handle: int) -> None:
        waiting.append(state.execute("SELECT count(*) FROM pending").fetchone()[0])
        written.append(output.read_bytes())

    add_pending(state, output, *NEW)
    monkeypatch.setattr("os.fsync", sync)
    append_pending(state, output)
    assert (waiting, written) == ([len(NEW)], [OLD + b"".join(NEW)])
    assert state.execute("SELECT count(*) FROM pending").fetchone() == (0,)


def test_a_line_that_cannot_be_written_stays_pending(
    state: sqlite3.Connection, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    add_pending(state, output, *NEW)
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(WatchError, match="No space left on device"):
        append_pending(state, output)
    monkeypatch.undo()
    append_pending(state, output)
    assert output.read_bytes() == OLD + b"".join(NEW)
