"""A socket on which nothing waits for ever, however slowly the other side speaks."""

from __future__ import annotations

import socket
import time
from contextlib import suppress

_SLICE_SECONDS = 0.5
"""How late a deadline may be noticed."""
_CHUNK = 1 << 16
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

    @property
    def left(self) -> float:
        """Return how many seconds are left until the deadline; never less than none."""
        return max(0.0, self.deadline - time.monotonic())

    def settimeout(self, value: float | None, /) -> None:
        """Keep our own timeout: paramiko's would wake each connection ten times a second."""

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """Return the next bytes.

        Raises:
            EOFError: the deadline has passed.
            TimeoutError: nothing came in this slice; try again.

        """
        if self._position == len(self._ahead):
            self._heed_deadline()
            self._ahead, self._position = super().recv(_CHUNK, flags), 0
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

    def _heed_deadline(self) -> None:
        if time.monotonic() >= self.deadline:
            self.expired = True
            raise EOFError
