"""What a server's listeners show when they are asked for TLS, from where Decant runs.

To every TCP listener that others can reach, and that may speak TLS, a connection is opened; nothing
is said but a handshake, and what the listener's protocol wants before one. Ports whose protocol has
no TLS, or takes what it gets for work (printers, logs), are left alone.
"""

from __future__ import annotations

import ipaddress
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from inventory.discovery.starttls import BY_PORT, BY_PROCESS, NotOfferedError
from inventory.discovery.tls_handshake import Door, any_context, shake, trusting_context
from inventory.errors import BadInputError, Place
from inventory.model.certificates import TLS, Certificate, TlsLook, TlsSpeech, Trust
from inventory.model.fact import Known, Reason
from inventory.model.facts import LISTENERS
from inventory.model.parts import Listener, Protocol
from inventory.x509 import read_certificate, what_is_wrong

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from inventory.model.fact import Facts, Observation

_LEFT_ALONE: Final = frozenset({
    22, 23, 53, 88, 111, 135, 137, 138, 139, 179, 445, 513, 514, 515, 548, 873, 2049, 3260,
    *range(6000, 6064), 9100, 9101, 9102, 9103, 20048,
})  # fmt: skip
"""SSH, Telnet, DNS, Kerberos, RPC, SMB, BGP, r-services, syslog, printing, AFP, rsync, NFS, iSCSI,
X11, raw printing and backup agents."""
_LEFT_ALONE_PROCESSES: Final = frozenset({
    "bacula-dir", "bacula-fd", "bacula-sd", "cupsd", "lpd", "nmbd", "rpc.mountd", "rpc.statd",
    "rpcbind", "rsync", "rsyslogd", "smbd", "sshd", "syslog-ng", "tgtd",
})  # fmt: skip
_NO_TLS: Final = frozenset({
    "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE", "UNKNOWN_PROTOCOL",
    "WRONG_VERSION_NUMBER",
})  # fmt: skip
"""How OpenSSL's releases say that what came back is no TLS."""
_EVERYWHERE: Final = frozenset({"", "*", "0.0.0.0", "::"})  # noqa: S104  as listeners are told


@dataclass(frozen=True, kw_only=True)
class TlsLimits:
    """How long a look may take, and how much at once."""

    port_seconds: float = 3
    """For one listener, from the first packet to the last."""
    server_seconds: float = 30
    """For all listeners of a server. Those that were not come to are unknown."""
    at_once: int = 8
    ports: int = 64
    """How many listeners of a server are looked at, lowest ports first."""


def look_at_tls(
    facts: Facts,
    address: str,
    limits: TlsLimits | None = None,
    *,
    authorities: Path | None = None,
) -> tuple[Observation, ...]:
    """Return what each listener of a server shows, under the key ``network.tls``.

    ``facts`` must tell the server's listeners; ``address`` is the name or address by which it is
    reached, and is asked for (SNI) when it is a name. Trust is judged by the system's authorities,
    or by those in the file ``authorities``. What fails costs only its own listener, which is then
    unknown with the reason. The observation has no origin: the caller knows it.

    Raises:
        BadInputError: the file of authorities cannot be used.

    """
    listeners = facts.of(LISTENERS)
    if not isinstance(listeners, Known):
        return (TLS.unknown(Reason.NOT_TOLD, f"its listeners are {listeners}"),)
    bounds = limits or TlsLimits()
    try:
        trusting = trusting_context(authorities)
    except OSError as error:
        place = Place(file=authorities) if authorities else None
        raise BadInputError(f"no authorities to trust: {error}", place=place) from error
    doors = doors_of(listeners.value, address)
    until = time.monotonic() + bounds.server_seconds

    def look(door: Door) -> TlsLook:
        left = min(until - time.monotonic(), bounds.port_seconds)
        if left <= 0:
            return _unknown(door, "not asked: the time for this server was over")
        return _look(door, trusting, time.monotonic() + left)

    with ThreadPoolExecutor(max_workers=bounds.at_once, thread_name_prefix="tls") as pool:
        seen = list(pool.map(look, doors[: bounds.ports]))
    rest = (
        _unknown(each, f"not asked: it has more than {bounds.ports}")
        for each in doors[bounds.ports :]
    )
    return (TLS.known((*seen, *rest)),)


def doors_of(listeners: Iterable[Listener], address: str) -> tuple[Door, ...]:
    """Return where TLS is tried, in order of the ports; each address and port once."""
    doors = {
        (where, each.port): Door(
            address=where,
            port=each.port,
            starttls=BY_PROCESS.get(each.process or "") or BY_PORT.get(each.port),
            name=None if _is_address(where) else where,
        )
        for each in listeners
        if _may_speak_tls(each)
        for where in _where(each, address)
    }
    return tuple(sorted(doors.values(), key=lambda door: (door.port, door.address)))


def _may_speak_tls(listener: Listener) -> bool:
    return (
        listener.protocol is Protocol.TCP
        and not listener.is_loopback
        and listener.port not in _LEFT_ALONE
        and listener.process not in _LEFT_ALONE_PROCESSES
    )


def _where(listener: Listener, address: str) -> Iterator[str]:
    """Yield where a listener is reached; nothing for one that only its own network can reach."""
    bound = listener.address.partition("%")[0].removeprefix("::ffff:").strip("[]")
    if bound in _EVERYWHERE:
        yield address
    elif _is_address(bound) and not ipaddress.ip_address(bound).is_link_local:
        yield bound


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _look(door: Door, trusting: ssl.SSLContext, until: float) -> TlsLook:
    try:
        shown = shake(door, any_context(), until)
    except NotOfferedError as error:
        return _told(door, TlsSpeech.PLAIN, str(error))
    except ssl.SSLEOFError:
        return _unknown(door, _words(ConnectionResetError()))
    except ssl.SSLError as error:
        if error.reason in _NO_TLS:
            return _told(door, TlsSpeech.PLAIN, "it answers, but not in TLS")
        return _unknown(door, f"the handshake failed: {_reason(error)}")
    except OSError as error:
        return _unknown(door, _words(error))
    chain = tuple(_certificates(shown.chain))
    trust, fault = _trust(door, trusting, until) if shown.refusal is None else (None, None)
    return TlsLook(
        address=door.address,
        port=door.port,
        speech=TlsSpeech.TLS,
        detail=f"it broke off: {_reason(shown.refusal)}" if shown.refusal else None,
        starttls=door.starttls,
        asked_for=door.name,
        version=shown.version,
        cipher=shown.cipher,
        chain=chain,
        trust=trust,
        fault=fault,
    )


def _trust(door: Door, trusting: ssl.SSLContext, until: float) -> tuple[Trust | None, str | None]:
    """Shake hands once more, believing only authorities; None when that gave no answer."""
    try:
        shown = shake(door, trusting, until)
    except ssl.SSLCertVerificationError as error:
        return Trust.NOT_TRUSTED, what_is_wrong(error)
    except (OSError, NotOfferedError):
        return None, None
    return (Trust.TRUSTED, None) if shown.refusal is None else (None, None)


def _certificates(chain: Iterable[bytes]) -> Iterator[Certificate]:
    for der in chain:
        try:
            yield read_certificate(der)
        except ValueError:
            return


def _unknown(door: Door, detail: str) -> TlsLook:
    return _told(door, TlsSpeech.UNKNOWN, detail)


def _told(door: Door, speech: TlsSpeech, detail: str) -> TlsLook:
    return TlsLook(
        address=door.address,
        port=door.port,
        speech=speech,
        detail=detail,
        starttls=door.starttls,
        asked_for=door.name,
    )


def _reason(error: ssl.SSLError) -> str:
    return (error.reason or str(error)).lower().replace("_", " ")


def _words(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    if isinstance(error, ConnectionRefusedError):
        return "it refused the connection"
    if isinstance(error, ConnectionError):
        return "it closed the connection when TLS was asked for"
    return (error.strerror or str(error)).lower()
