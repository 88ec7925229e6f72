"""How a server is asked: one request, one reply, whatever the transport.

A transport is a plug-in with one verb. Its file in ``inventory/transports`` holds a
:class:`Transport` under ``TRANSPORT``; the file's name is the target's scheme.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from inventory.model.site import Site
    from inventory.model.target import Target
    from inventory.secret import Reference

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long each step may take, and how much may be said. Nothing waits for ever."""

    connect_seconds: float = 10
    banner_seconds: float = 10
    authenticate_seconds: float = 20
    question_seconds: int = 20
    """For one collector's question, kept by the server itself where it has ``timeout``."""
    server_seconds: float = 120
    """For the whole exchange with one server, from the first byte to the last."""
    run_seconds: float | None = None
    """For all servers together; None sets no limit. What was not asked by then is unknown."""
    until: float = float("inf")
    """On the monotonic clock: none is connected to from then on, nor asked any longer."""
    connections_a_second: float | None = None
    """Most new connections a second, where a site sets no rate of its own; None sets no limit."""
    answer_bytes: int = 64 * MEBIBYTE
    stderr_bytes: int = MEBIBYTE
    """How much of the error stream is kept; the rest is read and let go."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """What a run may use to get in. Never holds a secret itself."""

    identities: tuple[Path, ...] = ()
    """Private key files to offer, in order, before those that ssh_config names."""
    use_agent: bool = True
    passphrase: Reference | None = None
    """Where the passphrase of locked private keys is."""
    password: Reference | None = None
    """Where the password is that is given when no key suffices: to servers whose host key was
    known before the run, and never to a jump host."""
    ssh_config: tuple[Path, ...] | None = None
    """Files in the form of ssh_config(5); None means the user's and the system's own."""
    sites: tuple[Site, ...] = ()
    known_hosts: tuple[Path, ...] = ()
    """Files of trusted host keys; missing ones are passed over. Empty means those that ssh_config
    names, or the user's and the system's own."""
    estate_known_hosts: Path | None = None
    """One more file, which counts beside all others."""
    accept_new_into: Path | None = None
    """Where to record the key of a server seen for the first time; None refuses it."""
    sudo: bool = False
    """Whether ``sudo -n`` may be used for what needs privilege."""


class Ending(Enum):
    """How an exchange ended."""

    FINISHED = "finished"
    CUT = "the connection was cut"
    TIMED_OUT = "it took longer than the limit"
    TOO_LARGE = "the answer was larger than the limit"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What came back. Whatever arrived before an early ending is kept."""

    stdout: bytes
    stderr: bytes
    """At most ``Limits.stderr_bytes``, from the beginning."""
    exit_status: int | None
    """None when the server did not say."""
    ending: Ending
    seconds: float


class Asker(Protocol):
    """A transport made ready for one run. Safe to use from many threads."""

    def ask(self, target: Target, script: str, limits: Limits) -> Reply:
        """Run a POSIX shell script on the target and return what it said.

        The script is given to ``sh`` on its standard input; nothing is written on the server.

        Raises:
            UnreachableError: nothing answered, or it broke off before the script could start.
            HostKeyError: the server is not, or no longer, the one that is trusted.
            AccessRefusedError: the credentials were refused.

        """
        ...

    def close(self) -> None:
        """Let go of what the run held."""
        ...


@dataclass(frozen=True, kw_only=True)
class Transport:
    """A way to reach servers."""

    open: Callable[[Access], Asker]
    """Make it ready for a run. Raises BadInputError when a key or known_hosts file cannot be used;
    the message names the file."""
