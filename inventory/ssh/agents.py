"""The keys in ssh-agents, and their certificates."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from paramiko.ssh_exception import SSHException

from inventory.ssh.below import AgentAt, HeldKey
from inventory.ssh.certificates import Certificate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from paramiko.agent import AgentKey
    from paramiko.pkey import PKey


class Agents:
    """The agents that a run has come to, each asked once."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[AgentAt, threading.Lock] | None] = {}

    def keys(
        self,
        path: str | None,
        *,
        only: set[bytes] | None,
        certificates: tuple[Certificate, ...],
    ) -> tuple[PKey, ...]:
        """Return the keys of the agent at a socket; none when it is of no use.

        ``only`` are the public keys that may be offered, None means all; each of ``certificates``
        goes before the key that it is for, as do the certificates that the agent itself has.
        """
        agent = self._at(path) if path else None
        if agent is None:
            return ()
        held, lock = agent[0].get_keys(), agent[1]
        own = [Certificate.of(each.blob) for each in held]
        plain = {each.blob for each in held}
        known = (*certificates, *(each for each in own if each))
        found: list[PKey] = []
        for each, certificate in zip(held, own, strict=True):
            public = certificate.public if certificate else each.blob
            if only is not None and public not in only:
                continue
            if certificate is None:
                found += _with_certificates(each, lock, known)
            elif public not in plain:
                found.append(HeldKey(each, lock, certificate.blob))
        return tuple(found)

    def close(self) -> None:
        """Leave all of them."""
        for agent in self._open.values():
            if agent:
                agent[0].close()

    def _at(self, path: str) -> tuple[AgentAt, threading.Lock] | None:
        if path not in self._open:
            try:
                self._open[path] = (AgentAt(path), threading.Lock())
            except (OSError, SSHException):
                self._open[path] = None
        return self._open[path]


def _with_certificates(
    held: AgentKey, lock: threading.Lock, certificates: tuple[Certificate, ...]
) -> Iterator[PKey]:
    for each in certificates:
        if each.public == held.blob:
            yield HeldKey(held, lock, each.blob)
    yield HeldKey(held, lock)
