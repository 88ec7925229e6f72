"""A socket on which nothing waits for ever, however slowly the other side speaks."""

from __future__ import annotations

import os
import socket
import time
from contextlib import suppress

_SLICE_SECONDS = 0.5
"""How late a deadline may be noticed."""
_CHUNK = 1 << 16
_MUCH_BYTES = 1 << 15
_SHORTEST_SECONDS = 0.02
_LATE = 0.1
"""What part of the time that an answer took its end may be late by."""
_GREETING_BYTES = 200


class Wire(socket.socket):
    """A connected socket whose every read and write ends at a deadline that can be moved.

    Given to paramiko as its socket: past the deadline its thread meets the end of the stream,
    and all that waits for that thread is woken. It reads ahead, because paramiko asks for a few
    bytes at a time.
    """

    def __init__(self, connected: socket.socket, *, deadline: float) -> None:
        """Take over ``connected``, until ``deadline`` on the monotonic clock."""
        super().__init__(fileno=connected.detach())
        super().settimeout(_SLICE_SECONDS)
        self.deadline = deadline
        self.expired = False
        """Whether the deadline is what ended it."""
        self.greeting = b""
        """The first bytes that the other side said."""
        self._ahead = b""
        self._position = 0
        self._much_since: float | None = None

    @property
    def left(self) -> float:
        """Return how many seconds are left until the deadline; never less than none."""
        return max(0.0, self.deadline - time.monotonic())

    def settimeout(self, value: float | None, /) -> None:
        """Keep our own timeout: paramiko's would wake each connection ten times a second."""

    def wait_for_much(self) -> None:
        """From now on, read when much has come, and otherwise only now and then.

        An answer comes in hundreds of small pieces. Being woken for each of them would cost more
        than all the rest of reading; as it is, the end of the answer may be noticed late, by a
        tenth of the time that the answer took and never by more than half a second.
        """
        if self._much_since is None:
            self._much_since = time.monotonic()
            with suppress(OSError):
                self.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, _MUCH_BYTES)

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """Return the next bytes.

        Raises:
            EOFError: the deadline has passed.
            TimeoutError: nothing came in this slice; try again.

        """
        if self._position == len(self._ahead):
            self._heed_deadline()
            self._ahead, self._position = self._next(flags), 0
            self.greeting += self._ahead[: _GREETING_BYTES - len(self.greeting)]
        start = self._position
        self._position = min(start + bufsize, len(self._ahead))
        return self._ahead[start : self._position]

    def send(self, data: bytes, flags: int = 0, /) -> int:  # type: ignore[override]  # no buffers
        """Write what the socket takes; raises as ``recv`` does."""
        self._heed_deadline()
        return super().send(data, flags)

    def close(self) -> None:
        """Close it, and wake whoever reads from it."""
        with suppress(OSError):
            self.shutdown(socket.SHUT_RDWR)
        super().close()
        self._ahead, self._position = b"", 0

    def _next(self, flags: int) -> bytes:
        if self._much_since is None:
            return super().recv(_CHUNK, flags)
        waited = time.monotonic() - self._much_since
        super().settimeout(min(max(_SHORTEST_SECONDS, waited * _LATE), _SLICE_SECONDS))
        try:
            return super().recv(_CHUNK, flags)
        except TimeoutError:
            return self._whatever_came()

    def _whatever_came(self) -> bytes:
        """Return what came, though it is not much; Python's own ``recv`` would wait for more."""
        try:
            return os.read(self.fileno(), _CHUNK)
        except BlockingIOError:
            raise TimeoutError from None

    def _heed_deadline(self) -> None:
        if time.monotonic() >= self.deadline:
            self.expired = True
            raise EOFError
