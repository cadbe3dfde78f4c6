"""A server of feeds on loopback whose answers tests script, broken ones included."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["_Handler"], None]


class _Handler(BaseHTTPRequestHandler):
    server: FeedServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        self.server.answers[self.path](self)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing."""


class FeedServer(ThreadingHTTPServer):
    """Gives scripted answers, and records the requests."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that disconnect."""

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_address[1]}{path}"

    def serve(
        self,
        path: str,
        body: bytes | str = b"",
        headers: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> str:
        """Script the answer to `path`; return its URL."""
        data = body.encode() if isinstance(body, str) else body

        def answer(handler: _Handler) -> None:
            handler.send_response(status)
            for name, value in {"Content-Length": len(data), **(headers or {})}.items():
                handler.send_header(name, str(value))
            handler.end_headers()
            handler.wfile.write(data)

        self.answers[path] = answer
        return self.url(path)

    def serve_raw(self, path: str, *pieces: bytes | float) -> str:
        """Answer with these bytes; numbers are seconds to wait in between."""

        def answer(handler: _Handler) -> None:
            handler.close_connection = True
            for piece in pieces:
                if isinstance(piece, bytes):
                    handler.wfile.write(piece)
                    handler.wfile.flush()
                else:
                    self.closing.wait(piece)

        self.answers[path] = answer
        return self.url(path)

    def serve_tagged(
        self, path: str, body: str, etag: str | None = None, modified: float = 0.0
    ) -> str:
        """Answer with a document and its validators, or 304 if the request has them."""
        data, tags = body.encode(), {"Last-Modified": formatdate(modified, usegmt=True)}
        tags |= {"ETag": etag} if etag else {}

        def answer(handler: _Handler) -> None:
            is_known = (
                handler.headers.get("If-None-Match") == etag
                if etag
                else handler.headers.get("If-Modified-Since") == tags["Last-Modified"]
            )
            handler.send_response(304 if is_known else 200)
            for name, value in tags.items():
                handler.send_header(name, value)
            if not is_known:
                handler.send_header("Content-Length", str(len(data)))
            handler.end_headers()
            if not is_known:
                handler.wfile.write(data)

        self.answers[path] = answer
        return self.url(path)


@contextmanager
def serving() -> Iterator[FeedServer]:
    server = FeedServer()
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}
    )
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


class FakeClock:
    """A clock that advances only when it is asked to sleep."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.time = now
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def random(self) -> float:
        return 0.0
