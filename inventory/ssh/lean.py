"""paramiko's protocol made cheap: what reaches below its public interface, and nothing else.

Each replaces one method whose work is not wanted here; ``tests/contract/test_paramiko.py`` fails
when paramiko no longer has it as it is understood here. Without them a connection costs about
half as much again of our own processor time.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from paramiko.packet import Packetizer
from paramiko.transport import Transport

if TYPE_CHECKING:
    from paramiko.channel import Channel

_FEEDS: Final = 8
"""How many pieces of an answer, of 32 KiB at most, come before its reader is woken: far fewer than
the two megabytes after which the server would wait for us, and little memory a connection."""


class LeanPacketizer(Packetizer):
    """Leaves the deadline to the wire: a timer's thread would outlive a failed handshake."""

    def start_handshake(self, timeout: float) -> None:
        """Start no timer."""

    def handshake_timed_out(self) -> bool:
        """Never time out by itself."""
        return False

    def complete_handshake(self) -> None:
        """Have no timer to stop."""


class LeanTransport(Transport):
    """Words nothing for a log that nobody reads."""

    def _log(self, level: int, msg: object, *args: object) -> None:
        """Log nothing: what goes wrong becomes our own errors."""

    def _log_agreement(self, which: str, local: str, remote: str) -> None:
        """Log nothing."""


class Bell(threading.Event):
    """Wakes the reader of a channel: when much has come, and when no more will.

    Being woken for every piece would cost more than all else. Each stream's own wish to quiet it
    is passed over, since the other stream may still have something.
    """

    def __init__(self, channel: Channel) -> None:
        """Be rung by both streams of ``channel``."""
        super().__init__()
        self._channel = channel
        self._feeds = 0
        channel.in_buffer.set_event(self)
        channel.in_stderr_buffer.set_event(self)

    def set(self) -> None:
        """Ring, unless more is going to come and little has."""
        self._feeds += 1
        if self._feeds >= _FEEDS or self._channel.eof_received or self._channel.closed:
            super().set()

    def clear(self) -> None:
        """Ignore it."""

    def rest(self) -> None:
        """Be quiet until the next ring."""
        self._feeds = 0
        super().clear()
