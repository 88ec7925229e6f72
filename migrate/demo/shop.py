"""The application that the demo moves: a small shop, which keeps its database and cache open.

It runs on a server of the demo with whatever Python that has, and needs nothing else. The signal
HUP makes it look up and open both again.
"""

from __future__ import annotations

import http.server
import json
import os
import signal
import socket
import struct
import sys
import threading
import time
from pathlib import Path

_LOGIN = b"user\0postgres\0database\0postgres\0\0"
_POSTGRESQL_HELLO = struct.pack("!ii", len(_LOGIN) + 8, 196608) + _LOGIN
"""PostgreSQL's start-up message, protocol 3.0: its length, its version, who asks for what."""
_POSTGRESQL_BEAT = b"Q" + struct.pack("!i", 13) + b"select 1\0"
_REDIS_BEAT = b"INCR visits\r\n"
_BEAT_SECONDS = 1
_CONNECT_SECONDS = 2
_PID_FILE = Path("/tmp/shop.pid")  # noqa: S108 -- on a server of the demo, which has no other users

_hung_up = 0
"""How often it was told to open its connections again."""


def main() -> None:
    """Serve on the port given first; keep the database and the cache given after it open."""
    signal.signal(signal.SIGHUP, _hang_up)
    _PID_FILE.write_text(f"{os.getpid()}\n", encoding="utf-8")
    port, database, cache = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    _keep_open(database, _POSTGRESQL_HELLO, _POSTGRESQL_BEAT)
    _keep_open(cache, _REDIS_BEAT, _REDIS_BEAT)
    http.server.ThreadingHTTPServer(("0.0.0.0", port), _Page).serve_forever()  # noqa: S104


class _Page(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer every path with who answered."""
        body = json.dumps({"shop": "open", "served_by": socket.gethostname()}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Keep quiet."""


def _hang_up(_signal: int, _frame: object) -> None:
    global _hung_up  # noqa: PLW0603 -- a signal has no other way in
    _hung_up += 1


def _keep_open(address: str, hello: bytes, beat: bytes) -> None:
    threading.Thread(target=_beat_for_ever, args=(address, hello, beat), daemon=True).start()


def _beat_for_ever(address: str, hello: bytes, beat: bytes) -> None:
    while True:
        try:
            _beat(address, hello, beat)
        except OSError as error:
            sys.stderr.write(f"{address}: {error}\n")
        time.sleep(0.2)


def _beat(address: str, hello: bytes, beat: bytes) -> None:
    host, port = address.rsplit(":", 1)
    since = _hung_up
    with socket.create_connection((host, int(port)), timeout=_CONNECT_SECONDS) as connection:
        connection.sendall(hello)
        while connection.recv(65536) and since == _hung_up:
            time.sleep(_BEAT_SECONDS)
            connection.sendall(beat)


if __name__ == "__main__":
    main()
