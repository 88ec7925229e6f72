"""One socket, however a server told of it, and what listeners and connections follow."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from inventory.model.parts import Connection, Direction, Listener, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

ANY_V4: Final = "0.0.0.0"  # noqa: S104 - read, not bound
ANY_V6: Final = "::"


@dataclass(frozen=True, kw_only=True)
class Socket:
    """A socket that waits for others, or that is connected."""

    protocol: Protocol
    local_address: str
    local_port: int
    remote_address: str | None = None
    """None while it waits for others."""
    remote_port: int | None = None
    process: str | None = None
    pid: int | None = None


def plain_address(text: str) -> str:
    """Return an address in its shortest form: no brackets, no zone, no mapped IPv4.

    Raises:
        ValueError: it is no address.

    """
    address = ipaddress.ip_address(text.strip("[]").partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def listeners(sockets: Sequence[Socket]) -> tuple[Listener, ...]:
    """Return what waits for others, each port of each address once."""
    found: dict[tuple[Protocol, str, int], Listener] = {}
    for each in sockets:
        if each.remote_address is not None:
            continue
        key = (each.protocol, each.local_address, each.local_port)
        known = found.get(key)
        if known is None or known.process is None:
            found[key] = Listener(
                protocol=each.protocol,
                address=each.local_address,
                port=each.local_port,
                process=each.process,
                pid=each.pid,
            )
    return tuple(
        sorted(found.values(), key=lambda each: (each.protocol.value, each.port, each.address))
    )


def connections(sockets: Sequence[Socket]) -> tuple[Connection, ...]:
    """Return what is connected, with its direction."""
    ports = {(each.protocol, each.local_port) for each in sockets if each.remote_address is None}
    own = {each.local_address for each in sockets} - {ANY_V4, ANY_V6}
    found = {
        Connection(
            protocol=each.protocol,
            direction=_direction(each, each.remote_address, each.remote_port, ports, own),
            local_address=each.local_address,
            local_port=each.local_port,
            remote_address=each.remote_address,
            remote_port=each.remote_port,
            process=each.process,
        )
        for each in sockets
        if each.remote_address is not None and each.remote_port is not None
    }
    return tuple(
        sorted(
            found,
            key=lambda each: (
                each.protocol.value,
                each.local_port,
                each.remote_address,
                each.remote_port,
                each.local_address,
            ),
        )
    )


def _direction(
    socket: Socket,
    remote_address: str,
    remote_port: int,
    ports: Collection[tuple[Protocol, int]],
    own: Collection[str],
) -> Direction:
    """Tell who opened it: the port that somebody waits at is the one that was called.

    Where the server waits at both of the ports, the lower is the service; two equal ones count as
    called from outside.
    """
    if remote_address in own or ipaddress.ip_address(remote_address).is_loopback:
        return Direction.LOOPBACK
    if (socket.protocol, socket.local_port) not in ports:
        return Direction.OUTBOUND
    if (socket.protocol, remote_port) in ports and remote_port < socket.local_port:
        return Direction.OUTBOUND
    return Direction.INBOUND
