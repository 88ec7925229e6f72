"""The private keys that a run offers: from files, and from the agent. Loaded once a run."""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import UnsupportedAlgorithm
from paramiko.agent import Agent, AgentKey
from paramiko.pkey import PKey, UnknownKeyType
from paramiko.ssh_exception import SSHException

from inventory.errors import BadInputError, Place

if TYPE_CHECKING:
    from paramiko.message import Message

    from inventory.model.asking import Access

_DEFAULTS = ("id_ed25519", "id_ecdsa", "id_rsa")
_UNUSABLE = (SSHException, UnknownKeyType, UnsupportedAlgorithm, ValueError, TypeError)


class _SharedKey(AgentKey):
    """A key in the agent, which answers one request at a time on its one connection."""

    one_at_a_time: threading.Lock

    def sign_ssh_data(self, data: Any, algorithm: str | None = None) -> Message:
        """Let the agent sign."""
        with self.one_at_a_time:
            return super().sign_ssh_data(data, algorithm)


@dataclass(frozen=True, kw_only=True)
class Identities:
    """The keys to offer, in order. Never written anywhere, never shown."""

    keys: tuple[PKey, ...]
    agent: Agent | None = None

    def close(self) -> None:
        """Leave the agent."""
        if self.agent:
            self.agent.close()


def load(access: Access) -> Identities:
    """Load the files that were named, or else the usual ones that can be used; then the agent's.

    Raises:
        BadInputError: a file that was named cannot be used; the message names it.

    """
    if access.identities:
        files = tuple(_read(path.expanduser()) for path in access.identities)
    else:
        files = tuple(_usual(Path("~/.ssh").expanduser()))
    agent, held = _agent() if access.use_agent else (None, ())
    return Identities(keys=_once((*files, *held)), agent=agent)


def _usual(folder: Path) -> list[PKey]:
    found = []
    for name in _DEFAULTS:
        try:
            found.append(_read(folder / name))
        except BadInputError:
            continue
    return found


def _read(path: Path) -> PKey:
    try:
        return PKey.from_path(path)
    except OSError as error:
        message, hint = f"the private key cannot be read: {error.strerror}", "name a readable file"
        cause: Exception = error
    except _UNUSABLE as error:
        message, hint = _fault(error)
        cause = error
    raise BadInputError(message, hint=hint, place=Place(file=path)) from cause


def _fault(error: Exception) -> tuple[str, str]:
    if "password" in str(error).lower() or "encrypted" in str(error).lower():
        return (
            "the private key is locked by a passphrase",
            "unlock it into the agent with ssh-add, and do not name the file",
        )
    return "this is no private key that can be used", "name an Ed25519, ECDSA or RSA private key"


def _agent() -> tuple[Agent | None, tuple[PKey, ...]]:
    """Return the agent and its keys; none when there is no agent, or it is of no use."""
    if not _agent_answers():
        return None, ()
    try:
        agent = Agent()
    except SSHException:
        return None, ()
    lock = threading.Lock()
    keys = []
    for each in agent.get_keys():
        key = _SharedKey(agent, each.blob, each.comment)
        key.one_at_a_time = lock
        keys.append(key)
    return agent, tuple(keys)


def _agent_answers() -> bool:
    """Tell whether the agent's socket takes connections; paramiko leaks one that does not."""
    with socket.socket(socket.AF_UNIX) as knocking:
        try:
            knocking.connect(os.environ.get("SSH_AUTH_SOCK", ""))
        except OSError:
            return False
    return True


def _once(keys: tuple[PKey, ...]) -> tuple[PKey, ...]:
    found: dict[bytes, PKey] = {}
    for key in keys:
        found.setdefault(key.asbytes(), key)
    return tuple(found.values())
