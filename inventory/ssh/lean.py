"""paramiko's protocol made cheap: what reaches below its public interface, and nothing else.

Each replaces one method whose work is not wanted here; ``tests/contract/test_paramiko.py`` fails
when paramiko no longer has it as it is understood here. Without them a connection costs about
half as much again of our own processor time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from paramiko.buffered_pipe import BufferedPipe
from paramiko.packet import Packetizer
from paramiko.transport import Transport

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable


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


class Ear(BufferedPipe):  # type: ignore[type-arg]  # generic in the stubs alone
    """Stands for one of a channel's streams, and hands on at once whatever it is fed.

    paramiko's own buffer copies each piece twice and wakes its reader for it, which would cost
    more than all else. What is fed here is nobody's to read, so the window is never moved on: it
    must be as wide as all that is wanted.
    """

    def __init__(self, take: Callable[[bytes], None], over: threading.Event) -> None:
        """``take`` is called in paramiko's thread; ``over`` is set when nothing more will come."""
        super().__init__()
        self._take = take
        self._over = over

    def feed(self, data: bytes | str) -> None:
        """Hand it on."""
        self._take(data if isinstance(data, bytes) else data.encode())

    def close(self) -> None:
        """Say that nothing more will come."""
        super().close()
        self._over.set()
