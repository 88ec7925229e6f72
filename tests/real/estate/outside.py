"""The world outside of the estate: a payment service, and a resident who looks at the web site.

It runs in the lab's network: ``python3 outside.py``, with nothing but Python's own library.
"""

from __future__ import annotations

import http.client
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SERVICE = ("10.77.0.98", 8443)
RESIDENT = "10.77.0.99"
WEB_SITE = "10.77.0.11"


class Payments(BaseHTTPRequestHandler):
    """Says yes to every payment, over connections that stay."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Keep quiet."""


def look_around() -> None:
    """Ask for the web site's pages over one connection, for as long as it stays."""
    site = http.client.HTTPConnection(WEB_SITE, timeout=10, source_address=(RESIDENT, 0))
    while True:
        for page in ("/", "/parking"):
            site.request("GET", page)
            site.getresponse().read()
        time.sleep(1)


def visit() -> None:
    """Look around, again and again."""
    while True:
        try:
            look_around()
        except (OSError, http.client.HTTPException):
            time.sleep(0.5)


if __name__ == "__main__":
    threading.Thread(target=visit, daemon=True).start()
    ThreadingHTTPServer(SERVICE, Payments).serve_forever()
