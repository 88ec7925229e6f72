"""A wire that waits for much takes many pieces together, and still loses and delays nothing."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from inventory.ssh.wire import Wire


@pytest.fixture
def ends() -> Iterator[tuple[Wire, socket.socket]]:
    """Return both ends of a connection over loopback, ours a wire that waits for much."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        ours = socket.create_connection(listening.getsockname())
        theirs, _ = listening.accept()
    wire = Wire(ours, deadline=time.monotonic() + 20)
    wire.wait_for_much()
    with theirs:
        yield wire, theirs
        wire.close()


def _pieces(wire: Wire) -> list[bytes]:
    """Return what each reading brought, until the other end closes."""
    pieces: list[bytes] = []
    while True:
        try:
            piece = wire.recv(1 << 16)
        except TimeoutError:
            continue
        if not piece:
            return pieces
        pieces.append(piece)


def test_many_small_pieces_are_read_together(ends: tuple[Wire, socket.socket]) -> None:
    """Two hundred lines, a few milliseconds apart, are read in far fewer readings, all of them."""
    wire, theirs = ends
    lines = [b"line %d\n" % number for number in range(200)]

    def say() -> None:
        for line in lines:
            theirs.sendall(line)
            time.sleep(0.002)
        theirs.shutdown(socket.SHUT_WR)

    saying = threading.Thread(target=say)
    saying.start()
    pieces = _pieces(wire)
    saying.join()
    assert b"".join(pieces) == b"".join(lines)
    assert len(pieces) < len(lines) / 4


def test_little_is_read_though_no_more_comes(ends: tuple[Wire, socket.socket]) -> None:
    """A few bytes before a long silence arrive at the next look, not at the end of the silence."""
    wire, theirs = ends
    theirs.sendall(b"x")
    deadline = time.monotonic() + 5
    heard = b""
    while not heard and time.monotonic() < deadline:
        try:
            heard = wire.recv(10)
        except TimeoutError:
            continue
    assert heard == b"x"


def test_the_deadline_holds_meanwhile(ends: tuple[Wire, socket.socket]) -> None:
    """Waiting for much never waits past the deadline by more than a slice."""
    wire, _ = ends
    wire.deadline = time.monotonic() + 0.2
    began = time.monotonic()
    with pytest.raises(EOFError):
        _pieces(wire)
    assert wire.expired
    assert time.monotonic() - began < 3
