"""Servers that misbehave: each takes connections on loopback and does one thing wrong."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from openssh import Server

from inventory.model.target import Target

Habit = Callable[[socket.socket, threading.Event], None]


@contextmanager
def misbehaving(habit: Habit) -> Iterator[Target]:
    """Serve the habit to whoever connects; yield where."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, habit, over), daemon=True).start()
        try:
            yield Target(transport="ssh", host="127.0.0.1", port=listener.getsockname()[1])
        finally:
            over.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket, habit: Habit, over: threading.Event) -> None:
    with suppress(OSError):
        while True:
            taken, _ = listener.accept()
            threading.Thread(target=_one, args=(taken, habit, over), daemon=True).start()


def _one(taken: socket.socket, habit: Habit, over: threading.Event) -> None:
    with taken, suppress(OSError):
        habit(taken, over)


def silent(_taken: socket.socket, over: threading.Event) -> None:
    """Accept, and say nothing."""
    over.wait(30)


def closing(_taken: socket.socket, _over: threading.Event) -> None:
    """Accept, and hang up."""


def dribbling(taken: socket.socket, over: threading.Event) -> None:
    """Say the greeting a byte at a time, too slowly to end."""
    for byte in b"SSH-2.0-OpenSSH_9.9 a very long greeting" + b"." * 1000:
        taken.sendall(bytes([byte]))
        if over.wait(0.1):
            return


def tarpit(taken: socket.socket, over: threading.Event) -> None:
    """Say line after line and never the greeting."""
    while not over.wait(0.1):
        taken.sendall(b"please hold the line\r\n")


def http(taken: socket.socket, _over: threading.Event) -> None:
    """Be a web server."""
    taken.recv(100)
    taken.sendall(b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\n\r\n")


def mute_after_greeting(taken: socket.socket, over: threading.Event) -> None:
    """Greet, and exchange no keys."""
    taken.sendall(b"SSH-2.0-OpenSSH_9.9\r\n")
    over.wait(30)


def hanging_up_after_greeting(taken: socket.socket, _over: threading.Event) -> None:
    """Greet, and hang up during the key exchange."""
    taken.sendall(b"SSH-2.0-OpenSSH_9.9\r\n")
    taken.recv(100)


def cut_after(server: Server, size: int, *, reset: bool = False) -> Habit:
    """Pass everything on to a real server, and cut the line after ``size`` bytes of answer."""

    def habit(taken: socket.socket, over: threading.Event) -> None:
        _relay(taken, server, size, over)
        if reset:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # A thread that still reads would keep the kernel from closing: wake it.
        taken.shutdown(socket.SHUT_RD if reset else socket.SHUT_RDWR)

    return habit


def stall_after(server: Server, size: int) -> Habit:
    """Pass everything on to a real server, and nothing more after ``size`` bytes of answer."""

    def habit(taken: socket.socket, over: threading.Event) -> None:
        _relay(taken, server, size, over)
        over.wait(30)

    return habit


def _relay(taken: socket.socket, server: Server, size: int, over: threading.Event) -> None:
    with socket.create_connection((server.host, server.port), timeout=30) as behind:
        threading.Thread(target=_pump, args=(taken, behind), daemon=True).start()
        left = size
        while left and not over.is_set() and (data := behind.recv(min(left, 65536))):
            taken.sendall(data)
            left -= len(data)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
