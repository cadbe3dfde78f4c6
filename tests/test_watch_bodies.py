"""Bodies are decompressed and transcoded to UTF-8, within limits."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from roleclf.errors import FeedError, FetchError
from roleclf.feeds.watch.bodies import decompress, limit_size, transcode

TEXT = '<rss version="2.0"><title>Bäcker</title></rss>'
NAMED = f'<?xml version="1.0" encoding="iso-8859-1"?>{TEXT}'


@pytest.mark.parametrize(
    ("content", "charset", "expected"),
    [
        pytest.param(TEXT.encode("latin-1"), "iso-8859-1", TEXT, id="xml"),
        pytest.param(f" \n{TEXT}".encode("cp1252"), "cp1252", f" \n{TEXT}", id="blank"),
        pytest.param(TEXT.encode(), None, TEXT, id="no-header"),
        pytest.param(TEXT.encode(), "utf-8", TEXT, id="utf-8"),
        pytest.param(TEXT.encode(), "us-ascii", TEXT, id="header-that-is-wrong"),
        pytest.param(TEXT.encode(), "klingon", TEXT, id="header-of-nonsense"),
        pytest.param(TEXT.encode(), "hex", TEXT, id="header-of-no-text"),
        pytest.param(b'["B\xe4cker"]', "latin-1", '["Bäcker"]', id="json"),
        pytest.param(
            '["Bäcker"]'.encode(), "latin-1", '["Bäcker"]', id="json-in-utf-8"
        ),
    ],
)
def test_the_charset_of_the_header_counts_if_the_document_declares_none(
    content: bytes, charset: str | None, expected: str, tmp_path: Path
) -> None:
    assert recoded(tmp_path, content, charset).decode() == expected


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(NAMED.encode("latin-1"), id="declaration"),
        pytest.param(TEXT.encode("utf-8-sig"), id="mark"),
        pytest.param(TEXT.encode("utf-16"), id="utf-16"),
        pytest.param(TEXT.encode("utf-16-be"), id="utf-16-without-mark"),
        pytest.param('["ä"]'.encode("utf-16-le"), id="json-in-utf-16"),
        pytest.param(b'<html><meta charset="utf-8"><p>\xc3\xa4', id="page"),
        pytest.param(
            b'<meta http-equiv="X" content="text/html; charset=utf-8">\xc3\xa4',
            id="old-page",
        ),
    ],
)
def test_a_declared_encoding_counts_more_than_the_header(
    content: bytes, tmp_path: Path
) -> None:
    assert recoded(tmp_path, content, "iso-8859-5") == content


def recoded(folder: Path, content: bytes, charset: str | None) -> bytes:
    """Return what `transcode` leaves of a file, which must be the only file."""
    path = folder / "document"
    path.write_bytes(content)
    transcode(path, charset)
    assert list(folder.iterdir()) == [path]
    return path.read_bytes()


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        pytest.param(b"jobs", "", id="plain"),
        pytest.param(b"jobs", "identity", id="identity"),
        pytest.param(gzip.compress(b"jobs"), "gzip", id="gzip"),
        pytest.param(gzip.compress(b"jobs"), "X-GZIP", id="old-name"),
        pytest.param(gzip.compress(b"jobs"), "", id="gz-file"),
        pytest.param(gzip.compress(gzip.compress(b"jobs")), "gzip", id="gz-in-gzip"),
        pytest.param(gzip.compress(b"jo") + gzip.compress(b"bs"), "gzip", id="members"),
        pytest.param(gzip.compress(b"jobs") + b"\0\0", "gzip", id="padding"),
        pytest.param(gzip.compress(b"jobs") + b"\n", "gzip", id="newline-behind"),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_gzip_is_decompressed(body: bytes, encoding: str, size: int) -> None:
    assert whole(body, encoding, size) == b"jobs"


def whole(body: bytes, encoding: str, size: int = 1 << 16) -> bytes:
    """Return a decompressed body that comes in chunks of `size` bytes."""
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(limit_size(decompress(pieces, encoding, "feed"), "feed"))


def test_an_empty_body_is_empty() -> None:
    assert whole(b"", "gzip") == b""
    assert whole(b"", "") == b""
    assert whole(gzip.compress(b""), "gzip") == b""


@pytest.mark.parametrize(
    ("body", "encoding", "message"),
    [
        pytest.param(gzip.compress(b"jobs")[:-9], "gzip", "ends too early", id="cut"),
        pytest.param(b"jobs", "gzip", "sends damaged gzip", id="none"),
        pytest.param(
            gzip.compress(b"jobs")[:-8] + bytes(8), "gzip", "damaged", id="wrong-sum"
        ),
        pytest.param(b"jobs", "br", "'br', which was not asked for", id="brotli"),
        pytest.param(b"jobs", "gzip, gzip", "not asked for", id="twice"),
    ],
)
def test_damaged_or_unknown_encodings_are_errors(
    body: bytes, encoding: str, message: str
) -> None:
    with pytest.raises(FetchError, match=message):
        whole(body, encoding)


def test_a_gzip_bomb_is_not_decompressed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roleclf.feeds.limits.MAX_BYTES", 1 << 20)
    bomb = gzip.compress(bytes(64 << 20))
    with pytest.raises(FeedError, match="larger than 1 MB unzipped"):
        whole(bomb, "gzip")
    with pytest.raises(FeedError, match="larger than 1 MB unzipped"):
        whole(gzip.compress(gzip.compress(bytes(8 << 20))), "gzip")


def test_an_endless_body_is_not_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("roleclf.feeds.limits.MAX_BYTES", 1 << 20)
    pieces = iter([bytes(1 << 19)] * 10)
    with pytest.raises(FeedError, match="larger than 1 MB"):
        list(limit_size(pieces, "feed"))
    assert len(list(pieces)) == 7
