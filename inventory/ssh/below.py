"""Host certificates and agents elsewhere: what paramiko can do, but offers no public way to.

``tests/contract/test_paramiko_certificates.py`` fails when paramiko no longer has it as it is
understood here.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

from paramiko.agent import AgentKey, AgentSSH
from paramiko.message import Message
from paramiko.pkey import PublicBlob
from paramiko.ssh_exception import SSHException

from inventory.ssh.lean import LeanTransport

if TYPE_CHECKING:
    import threading

    from paramiko.pkey import PKey

_SUFFIX = "-cert-v01@openssh.com"


class HostTransport(LeanTransport):
    """Asks for exactly the kinds of host keys that we want, certificates among them."""

    wanted: tuple[str, ...] = ()
    """Names of algorithms, the most wanted first."""

    @property
    def preferred_keys(self) -> tuple[str, ...]:
        """Return them; paramiko would put every certificate behind every plain key."""
        return self.wanted


def certificate_of(key: PKey) -> bytes | None:
    """Return the certificate that a server showed in place of its plain key, if it did.

    paramiko takes the key out of it, and proves that the server has that key; what the
    certificate says it leaves to us.
    """
    blob: PublicBlob | None = getattr(key, "public_blob", None)
    return blob.key_blob if blob and blob.key_type.endswith(_SUFFIX) else None


class AgentAt(AgentSSH):
    """An ssh-agent at a socket of its own, not only at the one of the environment."""

    def __init__(self, path: str) -> None:
        """Connect, and ask which keys it has.

        Raises:
            OSError: nobody answers there.
            SSHException: whoever answers is no agent.

        """
        super().__init__()
        knocking = socket.socket(socket.AF_UNIX)
        try:
            knocking.connect(path)
            self._connect(knocking)  # type: ignore[attr-defined]  # the stubs hide it
        except (OSError, SSHException):
            knocking.close()
            raise

    def close(self) -> None:
        """Leave it."""
        self._close()  # type: ignore[attr-defined]  # as above


class HeldKey(AgentKey):
    """A key in the agent, which answers one request at a time on its one connection.

    A certificate stands beside it: what is signed is signed by the key itself, since an agent that
    is asked for the certificate's signature makes an old one (SHA-1) of an RSA key.
    """

    def __init__(
        self, held: AgentKey, lock: threading.Lock, certificate: bytes | None = None
    ) -> None:
        """Offer the plain key, or ``certificate`` in its place."""
        super().__init__(held.agent, held.blob, held.comment)
        self._lock = lock
        if certificate:
            blob = PublicBlob(Message(certificate).get_text(), certificate)
            self.public_blob = blob  # type: ignore[assignment]  # the stubs allow for none only

    def asbytes(self) -> bytes:
        """Return what the agent knows it by."""
        return self.blob

    def sign_ssh_data(self, data: Any, algorithm: str | None = None) -> Message:
        """Let the agent sign."""
        plain = algorithm.removesuffix(_SUFFIX) if algorithm else None
        with self._lock:
            return super().sign_ssh_data(data, plain)
