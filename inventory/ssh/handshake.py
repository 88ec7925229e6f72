"""Agree on keys with a server and verify that it is the one that is trusted."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from paramiko.ssh_exception import IncompatiblePeer, SSHException

from inventory.errors import UnreachableError
from inventory.ssh.algorithms import ANY, choose
from inventory.ssh.below import HostTransport, certificate_of
from inventory.ssh.host_certificate import SUFFIX
from inventory.ssh.known_hosts import HostKey
from inventory.ssh.lean import LeanPacketizer

if TYPE_CHECKING:
    from paramiko.transport import Transport

    from inventory.ssh.algorithms import Algorithms
    from inventory.ssh.trust import HostTrust
    from inventory.ssh.wire import Wire

# What paramiko has to say becomes our errors; without a handler it would write on our stderr.
logging.getLogger("paramiko").addHandler(logging.NullHandler())

_RSA = ("rsa-sha2-512", "rsa-sha2-256")
_BROKEN = (SSHException, EOFError, OSError)
_FULL = "Exceeded MaxStartups"
_PENALISED = "Not allowed at this time"
"""OpenSSH 9.8's word to an address that failed too often (PerSourcePenalties)."""
_PENALTY = "it holds earlier failures against this address: wait, or see PerSourcePenalties there"
_NO_REASON = "Negotiation failed."
"""paramiko's word for a server that took its leave without one."""
_PATIENCE_SECONDS = 3600.0
"""For paramiko's own limits, which the wire's deadline always precedes."""


class TurnedAwayError(UnreachableError):
    """It takes no more connections just now."""


def shake_hands(wire: Wire, name: str, trust: HostTrust, algorithms: Algorithms = ANY) -> Transport:
    """Return an encrypted connection to the server that known_hosts calls ``name``.

    The caller closes the wire, whatever happens.

    Raises:
        TurnedAwayError: it closed the connection at once; it may take one a moment later.
        UnreachableError: no SSH server answered in time, or none that can be agreed with.
        HostKeyError: the server is not the one that is trusted.

    """
    transport = HostTransport(wire, packetizer_class=LeanPacketizer)
    transport.banner_timeout = _PATIENCE_SECONDS
    options = transport.get_security_options()
    transport.wanted = _wanted(name, trust, algorithms, tuple(options.key_types))
    fast = tuple(sorted(options.ciphers, key=_is_slow))
    options.ciphers = choose("Ciphers", algorithms.ciphers, fast)
    options.kex = choose("KexAlgorithms", algorithms.kex, tuple(options.kex))
    options.digests = choose("MACs", algorithms.macs, tuple(options.digests))
    try:
        transport.start_client()
        key = transport.get_remote_server_key()
    except _BROKEN as error:
        transport.close()
        raise _failure(wire, transport, error) from error
    shown = HostKey(type=key.get_name(), blob=key.asbytes())
    trust.verify(name, shown, certificate_of(key))
    return transport


def _wanted(
    name: str, trust: HostTrust, algorithms: Algorithms, able: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the types of host keys to ask for: a certificate first, if one could prove it."""
    plain = _preferred(trust.types(name), able)
    certified = tuple(f"{each}{SUFFIX}" for each in able) if trust.has_authority(name) else ()
    first = (*plain, *certified) if trust.types(name) else (*certified, *plain)
    return choose("HostKeyAlgorithms", algorithms.host_keys, first)


def _preferred(known: tuple[str, ...], able: tuple[str, ...]) -> tuple[str, ...]:
    """Put the types of the keys we know first, so that the server shows one of those."""
    first = [way for kind in known for way in (_RSA if kind == "ssh-rsa" else (kind,))]
    return tuple(dict.fromkeys([*(way for way in first if way in able), *able]))


def _is_slow(cipher: str) -> bool:
    """AES-GCM encrypts and authenticates in one call; the rest need a second one."""
    return "gcm" not in cipher


def _failure(wire: Wire, transport: Transport, error: Exception) -> UnreachableError:
    if isinstance(error, IncompatiblePeer):
        return UnreachableError(
            f"no algorithm in common with this SSH server: {error}",
            hint="it is too old or too strict; update its OpenSSH, or import what is known of it",
        )
    if transport.remote_version:
        return _late(wire, error)
    said = wire.greeting.decode("utf-8", "replace").strip().split("\n")[0].strip()
    if said.startswith(_FULL):
        return TurnedAwayError(
            f"it takes no more connections just now: it said {said!r}",
            hint="ask fewer at once (--at-once, --rate), or raise MaxStartups there",
        )
    if said:
        words = "took too long over its SSH greeting" if wire.expired else "gave no SSH greeting"
        return UnreachableError(
            f"what answers there {words}: it said {said!r}",
            hint=_PENALTY if said.startswith(_PENALISED) else "is the port right?",
        )
    if wire.expired:
        return UnreachableError(
            "it accepted the connection and said nothing",
            hint="is sshd overloaded or stopped?",
        )
    return TurnedAwayError(
        "it closed the connection before it said anything",
        hint="does it refuse this address, or too many connections at once (MaxStartups)?",
    )


def _late(wire: Wire, error: Exception) -> UnreachableError:
    if wire.expired:
        return UnreachableError("the key exchange took too long", hint="is sshd overloaded?")
    said = isinstance(error, SSHException) and str(error) != _NO_REASON
    return UnreachableError(
        f"the key exchange failed: {error}"
        if said
        else "it closed the connection during the key exchange",
        hint="look at the server's own log of sshd",
    )
