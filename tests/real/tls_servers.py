"""Servers that speak TLS, or do not, each on a loopback port of its own."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress

Manner = Callable[[socket.socket], None]
"""What is done with each connection."""


@contextmanager
def serving(manner: Manner, host: str = "127.0.0.1") -> Iterator[int]:
    """Give the port at which connections are met in this manner."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listener:
        thread = threading.Thread(target=_accept, args=(listener, manner), daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _accept(listener: socket.socket, manner: Manner) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_meet, args=(connection, manner), daemon=True).start()


def _meet(connection: socket.socket, manner: Manner) -> None:
    with closing(connection), suppress(OSError):
        connection.settimeout(5)
        manner(connection)


def tls(context: ssl.SSLContext) -> Manner:
    """Shake hands at once, and wait for the other end to leave."""

    def manner(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            wrapped.recv(1)

    return manner


def after(*lines: tuple[bytes, bytes], context: ssl.SSLContext) -> Manner:
    """Say a line, then answer each line that begins as told; shake hands after the last."""

    def manner(connection: socket.socket) -> None:
        said, *answers = lines
        connection.sendall(said[1])
        for begins, answer in answers:
            heard = b""
            while not heard.endswith(b"\n"):
                heard += connection.recv(1)
            if not heard.startswith(begins):
                connection.sendall(b"500 what?\r\n")
                return
            connection.sendall(answer)
        tls(context)(connection)

    return manner


def http(connection: socket.socket) -> None:
    """Answer whatever comes as a web server without TLS does."""
    connection.recv(64)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def silent(connection: socket.socket) -> None:
    """Say nothing, until the other end leaves."""
    while connection.recv(4096):
        pass


def rude(connection: socket.socket) -> None:
    """Close at the first byte."""
    connection.recv(1)
