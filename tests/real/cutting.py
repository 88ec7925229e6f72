"""A wire on loopback that is cut after so many bytes of answers."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK = 64 * 1024


@contextmanager
def cutting(to: int, *, after_bytes: int) -> Iterator[int]:
    """Pass connections on to a port, and cut each after so many bytes of what comes back.

    Yields the port that it listens on.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_serve, args=(listening, to, after_bytes), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def _serve(listening: socket.socket, to: int, after_bytes: int) -> None:
    with suppress(OSError):
        while True:
            near, _ = listening.accept()
            far = socket.create_connection(("127.0.0.1", to))
            for pair in ((near, far, 1 << 62), (far, near, after_bytes)):
                threading.Thread(target=_pass, args=pair, daemon=True).start()


def _pass(source: socket.socket, target: socket.socket, most: int) -> None:
    with suppress(OSError):
        while most > 0 and (chunk := source.recv(min(_CHUNK, most))):
            target.sendall(chunk)
            most -= len(chunk)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
        each.close()
