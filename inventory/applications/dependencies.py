"""Which servers depend on which, by the connections that either end sees.

A connection between two servers of the estate is seen from both ends and is one connection. Who
opened it is believed of the end that waits for others at its port. The client's own port is let
go: what is left is who uses which port of whom, and how often at once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.applications.addresses import AddressBook, plain
from inventory.model.application import Dependency
from inventory.model.facts import CONNECTIONS, LISTENERS
from inventory.model.parts import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from inventory.model.parts import Connection
    from inventory.model.server import Server

OUTSIDE = "outside:"
"""What stands before the address of an end that is not, or not surely, in the estate."""
_Listening = dict[tuple[str, str, int], str | None]
_Ends = tuple[str, tuple[str, int], tuple[str, int]]


@dataclass(frozen=True, kw_only=True)
class _Sighting:
    """A connection as one server of the estate sees it."""

    observer: str
    connection: Connection
    near: tuple[str, int]
    far: tuple[str, int]

    @property
    def ends(self) -> _Ends:
        """Name the connection alike from both of its ends."""
        first, second = sorted((self.near, self.far))
        return self.connection.protocol.value, first, second

    @property
    def is_served_here(self) -> bool:
        return self.connection.direction is Direction.INBOUND


def dependencies(servers: Sequence[Server]) -> tuple[Dependency, ...]:
    """Return what depends on what, in order.

    The connection by which a server was asked is among them, on its port (22 for SSH). An end
    whose address no server has, or several have, is ``outside:ADDRESS``;
    :meth:`~inventory.applications.addresses.AddressBook.shared` says which those are.
    """
    book = AddressBook.of(servers)
    sightings = [each for server in servers for each in _sightings(server)]
    seen: dict[_Ends, list[_Sighting]] = {}
    for each in sightings:
        seen.setdefault(each.ends, []).append(each)
    listening = _listening(servers)
    counts: dict[tuple[str, str, str, int], Counter[str]] = {}
    processes: dict[tuple[str, str, str, int], str] = {}
    for each in sightings:
        others = [other for other in seen[each.ends] if other.observer != each.observer]
        key = _use(each, others, book, listening)
        if key:
            counts.setdefault(key, Counter())[each.observer] += 1
            process = _process(each, key, listening)
            if process:
                processes.setdefault(key, process)
    return tuple(sorted((_dependency(key, counts[key], processes) for key in counts), key=_order))


def _sightings(server: Server) -> Iterator[_Sighting]:
    for each in server.facts.value(CONNECTIONS) or ():
        if each.direction is not Direction.LOOPBACK:
            yield _Sighting(
                observer=server.id,
                connection=each,
                near=(plain(each.local_address), each.local_port),
                far=(plain(each.remote_address), each.remote_port),
            )


def _listening(servers: Sequence[Server]) -> _Listening:
    found: _Listening = {}
    for server in servers:
        for each in server.facts.value(LISTENERS) or ():
            if not each.is_loopback:
                key = (server.id, each.protocol.value, each.port)
                found[key] = found.get(key) or each.process
    return found


def _use(
    each: _Sighting, others: Sequence[_Sighting], book: AddressBook, listening: _Listening
) -> tuple[str, str, str, int] | None:
    """Return client, server, protocol and port; None for a server's talk with itself."""
    if each.observer in book.owners(each.far[0]):
        return None
    far = _far(each, others, book)
    other = next((other for other in others if other.observer == far), None)
    name = far or f"{OUTSIDE}{each.far[0]}"
    protocol = each.connection.protocol.value
    if _is_served_near(each, other, far, listening):
        return name, each.observer, protocol, each.near[1]
    return each.observer, name, protocol, each.far[1]


def _far(each: _Sighting, others: Sequence[_Sighting], book: AddressBook) -> str | None:
    """Return the server at the far end: the only one with its address, or that sees the same."""
    owners = book.owners(each.far[0])
    if len(owners) > 1:
        owners &= {other.observer for other in others}
    return next(iter(owners)) if len(owners) == 1 else None


def _is_served_near(
    each: _Sighting, other: _Sighting | None, far: str | None, listening: _Listening
) -> bool:
    """Tell which end serves: the one that waits for others; of two or none, the lower port."""
    here = each.is_served_here
    there = other.is_served_here if other else not here
    if far and not other:
        there = there or (far, each.connection.protocol.value, each.far[1]) in listening
    if here != there:
        return here
    return each.near[1] < each.far[1]


def _process(each: _Sighting, key: tuple[str, str, str, int], listening: _Listening) -> str | None:
    _, server, protocol, port = key
    own = each.connection.process if server == each.observer else None
    return listening.get((server, protocol, port)) or own


def _dependency(
    key: tuple[str, str, str, int],
    counts: Counter[str],
    processes: Mapping[tuple[str, str, str, int], str],
) -> Dependency:
    client, server, protocol, port = key
    return Dependency(
        client=client,
        server=server,
        protocol=protocol,
        port=port,
        process=processes.get(key),
        connections=max(counts.values()),
    )


def _order(each: Dependency) -> tuple[str, str, str, int]:
    return each.client, each.server, each.protocol, each.port
