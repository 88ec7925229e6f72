"""The demo's visitor: asks a web server for a page, again and again, until its input ends."""

from __future__ import annotations

import http.client
import sys
import threading
import time


def main() -> None:
    """Visit the address and port that are given, over one connection that stays open."""
    host, port = sys.argv[1], int(sys.argv[2])
    threading.Thread(target=_visit_for_ever, args=(host, port), daemon=True).start()
    sys.stdin.read()


def _visit_for_ever(host: str, port: int) -> None:
    while True:
        try:
            _visit(http.client.HTTPConnection(host, port, timeout=2))
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)


def _visit(connection: http.client.HTTPConnection) -> None:
    try:
        while True:
            connection.request("GET", "/")
            connection.getresponse().read()
            time.sleep(0.3)
    finally:
        connection.close()


if __name__ == "__main__":
    main()
