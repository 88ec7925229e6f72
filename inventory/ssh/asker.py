"""Ask servers through SSH: find the way, connect, log in, run; each in bounded time."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from inventory.secret import fetch
from inventory.ssh.connect import Connector
from inventory.ssh.identities import KeyRing
from inventory.ssh.jump import JumpHosts
from inventory.ssh.login import log_in
from inventory.ssh.route import Routes
from inventory.ssh.session import run_script
from inventory.ssh.trust import Trusts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from paramiko.transport import Transport

    from inventory.model.asking import Access, Limits, Reply
    from inventory.model.target import Target
    from inventory.secret import Secret
    from inventory.ssh.connect import Line
    from inventory.ssh.route import Hop

_EVER = float("inf")
_FIRST_SEEN = (
    "the password is not given to a server that was first seen in this run: "
    "check its key, and ask again"
)


def open_asker(access: Access) -> SshAsker:
    """Load ssh_config, keys, secrets and known hosts, once for the run.

    Raises:
        BadInputError: one of them cannot be used; the message names it.

    """
    routes = Routes(access)
    trusts = Trusts(access.accept_new_into)
    trusts.of(routes.usual_known_hosts)
    password = fetch(access.password, os.environ) if access.password else None
    return SshAsker(routes=routes, trusts=trusts, keys=KeyRing(access), password=password)


class SshAsker:
    """Asks through SSH. Safe to use from many threads."""

    def __init__(
        self, *, routes: Routes, trusts: Trusts, keys: KeyRing, password: Secret | None
    ) -> None:
        self._routes = routes
        self._trusts = trusts
        self._keys = keys
        self._password = password
        self._jumps = JumpHosts(self._entered)
        self._connector = Connector(trusts, self._jumps.through)

    def ask(self, target: Target, script: str, limits: Limits) -> Reply:
        """Run the script on the server and return what it said; see ``Asker``.

        The limits hold step by step, and ``server_seconds`` over all that follows the connection.

        Raises:
            UnreachableError: nothing answered, or it broke off before the script could start.
            HostKeyError: the server is not, or no longer, the one that is trusted.
            AccessRefusedError: the credentials were refused.
            LateError: its turn to be connected to would come after ``limits.until``.

        """
        hop = self._routes.to(target)
        with self._connector.line(hop, limits) as line:
            self._log_in(hop, line, limits, self._password_for(hop))
            line.wire.deadline = line.end
            return run_script(line.transport, line.wire, script, limits, started=line.started)

    def close(self) -> None:
        """Cut every connection that is still open, and leave the jump hosts and the agents."""
        self._connector.close()
        self._jumps.close()
        self._keys.close()

    @contextmanager
    def _entered(self, jump: Hop, limits: Limits) -> Iterator[Transport]:
        """Log in to a jump host, without the password, and stay."""
        with self._connector.line(jump, replace(limits, server_seconds=_EVER)) as line:
            self._log_in(jump, line, limits, "a jump host is given no password")
            line.wire.deadline = _EVER
            yield line.transport

    def _log_in(self, hop: Hop, line: Line, limits: Limits, password: Secret | str) -> None:
        line.wire.deadline = min(line.end, time.monotonic() + limits.authenticate_seconds)
        log_in(line.transport, line.wire, hop.user, self._keys.offered(hop.keys), password)

    def _password_for(self, hop: Hop) -> Secret | str:
        if self._password and self._trusts.of(hop.known_hosts).is_new(hop.known_as):
            return _FIRST_SEEN
        return self._password or ""
