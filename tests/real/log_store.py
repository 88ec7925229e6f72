"""A storage account's side on loopback: texts under addresses that anybody may read, over TLS."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from migrate.demo.arm_certificate import loopback_tls


@dataclass(kw_only=True)
class LogStore:
    """A running store."""

    url: str
    ca_file: Path
    said: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """Status and body by path, without the query."""
    log: list[tuple[str, str | None]] = field(default_factory=list)
    """Path and ``Authorization`` of every request."""


@contextmanager
def log_store(folder: Path) -> Iterator[LogStore]:
    """Run a store on a free port; its certificate is written to the folder."""
    ca_file = folder / "log-store.pem"
    context = loopback_tls(ca_file)
    server = _Server(("127.0.0.1", 0), _Handler)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.store = LogStore(url=f"https://127.0.0.1:{server.server_port}", ca_file=ca_file)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.store
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    store: LogStore

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away."""


class _Handler(BaseHTTPRequestHandler):
    timeout = 10
    server: _Server

    def do_GET(self) -> None:
        """Answer what is held."""
        path = self.path.partition("?")[0]
        self.server.store.log.append((path, self.headers.get("Authorization")))
        status, body = self.server.store.said.get(path, (404, b"no such blob"))
        self.send_response(status)
        if status // 100 == 3:
            self.send_header("Location", body.decode())
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Write nothing."""
