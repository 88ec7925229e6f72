"""Ask servers through SSH: dial, shake hands, log in, run; each in bounded time."""

from __future__ import annotations

import getpass
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from inventory.errors import AccessRefusedError, UnreachableError
from inventory.ssh import identities
from inventory.ssh.dial import dial
from inventory.ssh.handshake import shake_hands
from inventory.ssh.known_hosts import name_of
from inventory.ssh.login import log_in
from inventory.ssh.session import run_script
from inventory.ssh.trust import HostTrust
from inventory.ssh.wire import Wire

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from inventory.model.asking import Access, Limits, Reply
    from inventory.model.target import Target
    from inventory.ssh.identities import Identities

_PORT = 22


def open_asker(access: Access) -> SshAsker:
    """Load keys and known hosts, once for the run.

    Raises:
        BadInputError: a key or a known_hosts file cannot be used; the message names it.

    """
    return SshAsker(trust=HostTrust(access), keys=identities.load(access))


class SshAsker:
    """Asks through SSH. Safe to use from many threads."""

    def __init__(self, *, trust: HostTrust, keys: Identities) -> None:
        self._trust = trust
        self._keys = keys
        self._open: set[Wire] = set()
        self._closed = False
        self._lock = threading.Lock()

    def ask(self, target: Target, script: str, limits: Limits) -> Reply:
        """Run the script on the server and return what it said; see ``Asker``.

        The limits hold step by step, and ``server_seconds`` over all that follows the connection.

        Raises:
            UnreachableError: nothing answered, or it broke off before the script could start.
            HostKeyError: the server is not, or no longer, the one that is trusted.
            AccessRefusedError: the credentials were refused.

        """
        user = target.user or _own_name()
        port = target.port or _PORT
        connected = dial(target.host, port, seconds=limits.connect_seconds)
        started = time.monotonic()
        end = started + limits.server_seconds
        with self._held(connected, min(end, started + limits.banner_seconds)) as wire:
            transport = shake_hands(wire, name_of(target.host, port), self._trust)
            wire.deadline = min(end, time.monotonic() + limits.authenticate_seconds)
            log_in(transport, wire, user, self._keys.keys)
            wire.deadline = end
            return run_script(transport, wire, script, limits, started=started)

    def close(self) -> None:
        """Cut every connection that is still open, and leave the agent."""
        with self._lock:
            self._closed = True
            wires = tuple(self._open)
        for wire in wires:
            wire.close()
        self._keys.close()

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


def _own_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError) as error:
        raise AccessRefusedError(
            "there is no user name to log in with", hint="write ssh://USER@server"
        ) from error
