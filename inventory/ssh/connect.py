"""Get to a server and shake hands: directly, through a jump host, or through a command.

A server that turns us away at once (MaxStartups) is knocked at again, a bounded number of times,
for no longer than its greeting may take.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.errors import BadInputError, HostKeyError, UnreachableError
from inventory.ssh.dial import dial
from inventory.ssh.handshake import TurnedAwayError, shake_hands
from inventory.ssh.pace import Pace, Patience
from inventory.ssh.pipes import Command
from inventory.ssh.wire import Wire

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from paramiko.transport import Transport

    from inventory.model.asking import Limits
    from inventory.ssh.route import Hop
    from inventory.ssh.trust import HostTrust, Trusts

    Through = Callable[[Hop, str, int, Limits], socket.socket]


@dataclass(frozen=True, kw_only=True)
class Line:
    """A connection to a server that was verified; nobody is logged in yet."""

    transport: Transport
    wire: Wire
    end: float
    """When the server's own limit passes, on the monotonic clock."""
    started: float
    """When it was first connected to, on the monotonic clock."""


class Connector:
    """Opens lines. Safe to use from many threads."""

    def __init__(self, trusts: Trusts, through: Through) -> None:
        """``through`` gives a connection from a jump host to a name and a port."""
        self._trusts = trusts
        self._through = through
        self._pace = Pace()
        self._open: set[Wire] = set()
        self._closed = False
        self._lock = threading.Lock()

    @contextmanager
    def line(self, hop: Hop, limits: Limits) -> Iterator[Line]:
        """Give a line to the last hop of a way, and close it at the end.

        Raises:
            UnreachableError: nobody answered, or what answered is no SSH server to agree with.
            HostKeyError: the server, or a jump host, is not the one that is trusted.
            AccessRefusedError: a jump host refused us.
            LateError: its turn to be connected to would come after ``limits.until``.

        """
        patience: Patience | None = None
        while True:
            with self._connected(hop, limits) as (connected, said):
                patience = patience or Patience(seconds=limits.banner_seconds)
                started = patience.started
                end = min(started + limits.server_seconds, limits.until)
                try:
                    deadline = min(end, time.monotonic() + limits.banner_seconds)
                    with self._held(connected, deadline) as wire:
                        trust = self._trust(hop)
                        transport = shake_hands(wire, hop.known_as, trust, hop.algorithms)
                        yield Line(transport=transport, wire=wire, end=end, started=started)
                        return
                except TurnedAwayError as error:
                    rest = None if self._closed else patience.rest()
                    if rest is None:
                        raise _told(error, patience.tries, said()) from error
            self._pace.rest(rest)

    def close(self) -> None:
        """Cut every connection that is still open, and begin no other."""
        with self._lock:
            self._closed = True
            wires = tuple(self._open)
        self._pace.end()
        for wire in wires:
            wire.close()

    @contextmanager
    def _connected(
        self, hop: Hop, limits: Limits
    ) -> Iterator[tuple[socket.socket, Callable[[], str]]]:
        """Give a connection, and what tells the words of whoever made it for us."""
        self._pace.wait(hop.site, limits.connections_a_second, limits.until)
        if self._closed:
            raise UnreachableError("the run was stopped")
        if hop.jump:
            yield self._through(hop.jump, hop.host, hop.port, limits), str
            return
        if not hop.command:
            seconds = hop.connect_seconds or limits.connect_seconds
            yield dial(hop.host, hop.port, seconds=seconds), str
            return
        command = Command(hop.command)
        try:
            yield command.socket, command.said
        finally:
            command.stop()

    def _trust(self, hop: Hop) -> HostTrust:
        try:
            return self._trusts.of(hop.known_hosts)
        except BadInputError as error:
            raise HostKeyError(str(error), hint=error.hint) from error

    @contextmanager
    def _held(self, connected: socket.socket, deadline: float) -> Iterator[Wire]:
        """Keep a connection where ``close`` finds it, and close it at the end."""
        wire = Wire(connected, deadline=deadline)
        try:
            with self._lock:
                if self._closed:
                    raise UnreachableError("the run was stopped")
                self._open.add(wire)
            yield wire
        finally:
            with self._lock:
                self._open.discard(wire)
            wire.close()


def _told(error: TurnedAwayError, tries: int, said: str) -> UnreachableError:
    times = "" if tries == 1 else f" (tried {tries} times)"
    command = f"; its ProxyCommand said {said!r}" if said else ""
    return UnreachableError(f"{error.message}{times}{command}", hint=error.hint)
