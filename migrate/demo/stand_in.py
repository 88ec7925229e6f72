"""A stand-in for software that is not installed: it listens, and answers whatever comes.

It answers a web request with a page, and anything else with a plain ``+OK``, so that connections
to it stay open. It runs on a server of the demo with whatever Python that has.
"""

from __future__ import annotations

import socketserver
import sys

_PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nopen\n"


class _Answer(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        """Answer until the other end goes."""
        while asked := self.request.recv(65536):
            self.request.sendall(_PAGE if b" HTTP/1." in asked else b"+OK\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


if __name__ == "__main__":
    _Server(("0.0.0.0", int(sys.argv[1])), _Answer).serve_forever()  # noqa: S104
