"""One socket, however a server told of it, and what listeners and connections follow."""

from __future__ import annotations

import ipaddress
import socket
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from inventory.model.parts import Connection, Direction, Listener, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

ANY_V4: Final = "0.0.0.0"  # noqa: S104 - read, not bound
ANY_V6: Final = "::"
_DIGITS: Final = 5
_Ends = tuple[bool, int, str, int, str]
"""Whether it is UDP, local port, remote address, remote port, local address: as it is ordered."""


class Socket(NamedTuple):
    """A socket that waits for others, or that is connected. A tuple, because there are many."""

    protocol: Protocol
    local_address: str
    local_port: int
    remote_address: str | None = None
    """None while it waits for others."""
    remote_port: int | None = None
    process: str | None = None
    pid: int | None = None
    backlog: int | None = None
    is_opening: bool = False
    """Whether it has called and nobody has answered yet."""


def plain_address(text: str) -> str:
    """Return an address in its shortest form: no brackets, no zone, no mapped IPv4.

    Raises:
        ValueError: it is no address.

    """
    if ":" in text:
        return _plain_v6(text)
    bare = text.partition("%")[0] if "%" in text else text
    try:
        socket.inet_pton(socket.AF_INET, bare)  # quicker than ipaddress by far
    except (OSError, UnicodeError) as error:
        raise ValueError(text) from error
    return bare


@lru_cache(maxsize=20_000)
def _plain_v6(text: str) -> str:
    address = ipaddress.ip_address(text.strip("[]").partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def listeners(sockets: Iterable[Socket]) -> tuple[Listener, ...]:
    """Return what waits for others, each port of each address once."""
    found: dict[tuple[str, int, str], Socket] = {}
    for each in sockets:
        if each.remote_address is None:
            key = (each.protocol.value, each.local_port, each.local_address)
            known = found.get(key)
            if known is None or known.process is None:
                found[key] = each
    return tuple(
        Listener(
            protocol=each.protocol,
            address=each.local_address,
            port=each.local_port,
            process=each.process,
            pid=each.pid,
            backlog=each.backlog,
        )
        for _, each in sorted(found.items())
    )


def connections(sockets: Sequence[Socket], *, opening: bool = False) -> tuple[Connection, ...]:
    """Return what is connected, or what is being opened, with its direction, each once."""
    ports = {(each.protocol, each.local_port) for each in sockets if each.remote_address is None}
    own = {each.local_address for each in sockets} - {ANY_V4, ANY_V6}
    found: dict[_Ends, Socket] = {}
    for each in sockets:
        ends = _ends(each) if each.is_opening is opening else None
        if ends:
            known = found.get(ends)
            if known is None or known.process is None:
                found[ends] = each
    return tuple(
        Connection(
            protocol=each.protocol,
            direction=_direction(each.protocol, ends, ports, own),
            local_address=ends[4],
            local_port=ends[1],
            remote_address=ends[2],
            remote_port=ends[3],
            process=each.process,
            pid=each.pid,
        )
        for ends, each in sorted(found.items(), key=_by_ends)
    )


def with_samples(sockets: Sequence[Socket], samples: Iterable[Socket]) -> list[Socket]:
    """Return sockets, and what samples taken later show beside them.

    Of those that come and go, one is added for each use of a service, whatever port the client had:
    how many are open at once is what one look shows. A waiting UDP socket of a sample is left out,
    because a client's that waits for its answer looks the same. The samples name no process; it is
    that of the same service, where there is but one.
    """
    merged = list(sockets)
    ports = {(each.protocol, each.local_port) for each in merged if each.remote_address is None}
    seen = {_use(each, ports) for each in merged}
    processes = _processes(merged, ports)
    for each in samples:
        if each.remote_address is None and each.protocol is Protocol.UDP:
            continue
        if each.remote_address is None:
            ports.add((each.protocol, each.local_port))
        use = _use(each, ports)
        if use not in seen:
            seen.add(use)
            merged.append(each._replace(process=each.process or processes.get(_service(use))))
    return merged


_Use = tuple[Protocol, bool, str, int, str | None, int | None]


def _use(one: Socket, ports: Collection[tuple[Protocol, int]]) -> _Use:
    """Name who uses which service, without the client's own port."""
    inbound = (one.protocol, one.local_port) in ports
    return (
        one.protocol,
        one.is_opening,
        one.local_address,
        one.local_port if inbound else 0,
        one.remote_address,
        0 if inbound and one.remote_address is not None else one.remote_port,
    )


def _service(use: _Use) -> tuple[Protocol, int, str | None, int | None]:
    protocol, _, _, port, remote_address, remote_port = use
    return (protocol, port, None, None) if port else (protocol, 0, remote_address, remote_port)


def _processes(
    sockets: Iterable[Socket], ports: Collection[tuple[Protocol, int]]
) -> dict[tuple[Protocol, int, str | None, int | None], str | None]:
    found: dict[tuple[Protocol, int, str | None, int | None], str | None] = {}
    for each in sockets:
        if each.process:
            service = _service(_use(each, ports))
            same = found.setdefault(service, each.process)
            if same != each.process:
                found[service] = None
    return found


def _ends(one: Socket) -> _Ends | None:
    protocol, address, port, far, far_port, *_ = one
    if far is None or far_port is None:
        return None
    return protocol is Protocol.UDP, port, far, far_port, address


def _by_ends(item: tuple[_Ends, Socket]) -> _Ends:
    return item[0]


def _direction(
    protocol: Protocol,
    ends: _Ends,
    ports: Collection[tuple[Protocol, int]],
    own: Collection[str],
) -> Direction:
    """Tell who opened it: the port that somebody waits at is the one that was called.

    Where the server waits at both of the ports, the lower is the service; two equal ones count as
    called from outside.
    """
    _, local_port, remote_address, remote_port, _ = ends
    if remote_address in own or _is_loopback(remote_address):
        return Direction.LOOPBACK
    if (protocol, local_port) not in ports:
        return Direction.OUTBOUND
    if (protocol, remote_port) in ports and remote_port < local_port:
        return Direction.OUTBOUND
    return Direction.INBOUND


def _is_loopback(address: str) -> bool:
    return address[:4] == "127." or address == "::1"


def endpoint(text: str, anywhere: str, mark: str = ":") -> tuple[str, int]:
    """Return address and port of ``ADDRESS:PORT``; a star is ``anywhere``, or port 0.

    Raises:
        ValueError: it is none.

    """
    address, _, port = text.rpartition(mark)
    plain = anywhere if address in {"*", ""} else plain_address(address)
    if port == "*":
        return plain, 0
    if not (port.isascii() and port.isdecimal()) or len(port) > _DIGITS:
        raise ValueError(text)
    return plain, int(port)
