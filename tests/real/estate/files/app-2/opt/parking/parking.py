"""Parking permits: an old application that serves its own pages and asks its database."""

from __future__ import annotations

import http.server
import threading
import time

import pymysql


def keep_asking() -> None:
    """Keep a connection to the database."""
    while True:
        try:
            cursor = pymysql.connect(host="db-2", user="parking", database="parking").cursor()
            while True:
                cursor.execute("select 1")
                time.sleep(8)
        except (OSError, pymysql.Error):
            time.sleep(0.5)


class Permits(http.server.BaseHTTPRequestHandler):
    """Serves a page."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        self.send_header("Content-Length", "8")
        self.end_headers()
        self.wfile.write(b"parking\n")

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


threading.Thread(target=keep_asking, daemon=True).start()
http.server.ThreadingHTTPServer(("0.0.0.0", 8080), Permits).serve_forever()
