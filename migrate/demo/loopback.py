"""A web server on a free port of loopback: one function answers whatever is asked of it."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request."""

    method: str
    path: str
    """With its query."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is answered to it."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    """Content-Length is added."""
    body: bytes = b""
    delay_seconds: float = 0
    cut: bool = False
    """Whether the connection is closed instead, without an answer."""


class LoopbackServer(ThreadingHTTPServer):
    """A server of which nobody knows the port until its ``answer`` is set."""

    daemon_threads = True
    answer: Callable[[Asked], Told]

    @property
    def place(self) -> str:
        """Where it is: ``127.0.0.1:PORT``."""
        return f"127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away."""


@contextmanager
def loopback_server(tls: ssl.SSLContext | None = None) -> Iterator[LoopbackServer]:
    """Run one on a free port until the end, over TLS where a context is given."""
    server = LoopbackServer(("127.0.0.1", 0), _Handler)
    if tls:
        server.socket = tls.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 10
    server: LoopbackServer

    def _go(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        told = self.server.answer(
            Asked(method=self.command, path=self.path, headers=headers, body=body)
        )
        time.sleep(told.delay_seconds)
        if told.cut:
            self.close_connection = True
            return
        self.send_response(told.status)
        for name, value in {**told.headers, "Content-Length": str(len(told.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(told.body)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _go  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing: whoever answers keeps a log of its own."""
