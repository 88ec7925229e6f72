"""One TLS handshake with one listener: what it shows of itself, however old or untrusted it is.

The chain that a server presents is public in Python only from 3.13 on. Before that it is reached
through the socket's inner object; this module alone does so, and its tests hold Python to it.
"""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from inventory.discovery.starttls import DIALOGUES, Talk

_LEGACY_SERVER_CONNECT = 0x4
"""OpenSSL's SSL_OP_LEGACY_SERVER_CONNECT, which Python names only from 3.12 on."""


@dataclass(frozen=True, kw_only=True)
class Door:
    """Where a handshake is tried, and how."""

    address: str
    port: int
    starttls: str | None = None
    """The dialogue that comes before it."""
    name: str | None = None
    """The name to ask for (SNI)."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What came of a handshake."""

    version: str | None
    cipher: str | None
    chain: tuple[bytes, ...]
    """DER, the server's own first."""
    refusal: ssl.SSLError | None = None
    """What it, or OpenSSL here, broke the handshake off with, when it came as far as TLS."""


@lru_cache(maxsize=8)
def any_context() -> ssl.SSLContext:
    """Return a context that talks to whatever still exists, and trusts nobody in particular."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:!aNULL:@SECLEVEL=0")
    context.options |= _LEGACY_SERVER_CONNECT
    return context


@lru_cache(maxsize=8)
def trusting_context(authorities: Path | None) -> ssl.SSLContext:
    """Return one that lets in what the system's authorities, or those of a file, vouch for.

    Raises:
        OSError: the file cannot be read, or holds no certificate.

    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("ALL:!aNULL:@SECLEVEL=0")
    context.options |= _LEGACY_SERVER_CONNECT
    if authorities is None:
        context.load_default_certs()
    else:
        context.load_verify_locations(cafile=authorities)
    return context


def shake(door: Door, context: ssl.SSLContext, until: float) -> Shown:
    """Shake hands, and leave.

    ``until`` is a time of the monotonic clock, by which all is over.

    Raises:
        NotOfferedError: it answers, and offers no TLS in its protocol.
        ssl.SSLError: it does not speak TLS, or is not trusted by the context.
        OSError: it did not answer, or broke off.

    """
    with _connected(door, until) as connection:
        if door.starttls:
            DIALOGUES[door.starttls](Talk(connection=connection, until=until))
        connection.settimeout(_left(until))
        wrapped = context.wrap_socket(
            connection, server_hostname=door.name, do_handshake_on_connect=False
        )
        with wrapped:
            refusal = _handshake(wrapped)
            cipher = wrapped.cipher()
            return Shown(
                version=wrapped.version(),
                cipher=cipher[0] if cipher else None,
                chain=presented_chain(wrapped),
                refusal=refusal,
            )


def _handshake(wrapped: ssl.SSLSocket) -> ssl.SSLError | None:
    try:
        wrapped.do_handshake()
    except ssl.SSLCertVerificationError:
        raise
    except ssl.SSLError as error:
        if not _is_of_tls(error):
            raise
        return error
    return None


def _is_of_tls(error: ssl.SSLError) -> bool:
    """Tell whether the other end spoke TLS, though no handshake came of it."""
    reason = error.reason or ""
    return "ALERT" in reason or reason in {"TLSV1_UNRECOGNIZED_NAME", "UNSUPPORTED_PROTOCOL"}


def presented_chain(wrapped: ssl.SSLSocket) -> tuple[bytes, ...]:
    """Return the certificates that the server presented, as DER, its own first."""
    public = getattr(wrapped, "get_unverified_chain", None)
    inner: Any = getattr(wrapped, "_sslobj", None)
    found = public() if public else inner.get_unverified_chain() if inner else None
    return tuple(_der(each) for each in found or ())


def _der(certificate: Any) -> bytes:
    if isinstance(certificate, bytes):
        return certificate
    return ssl.PEM_cert_to_DER_cert(certificate.public_bytes())


def _connected(door: Door, until: float) -> socket.socket:
    return socket.create_connection((door.address, door.port), timeout=_left(until))


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("it takes too long")
    return left
