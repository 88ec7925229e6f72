"""Who uses which port of whom, by the connections that either end sees.

A connection between two servers of the estate is seen from both ends and is one connection. Who
opened it is believed of the end that waits for others at its port. The client's own port is let
go: what is left is who uses which port of whom, and how often at once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from inventory.applications.addresses import AddressBook, plain
from inventory.model.facts import CONNECTIONS, LISTENERS
from inventory.model.parts import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from inventory.model.parts import Connection
    from inventory.model.server import Server

OUTSIDE = "outside:"
"""What stands before the address of an end that is not, or not surely, in the estate."""
Key = tuple[str, str, str, int]
"""Client, server, protocol and port."""
Listening = dict[tuple[str, str, int], str | None]
"""The process that listens, by server, protocol and port."""
_Ends = tuple[str, tuple[str, int], tuple[str, int]]


@dataclass(kw_only=True)
class Use:
    """What is known so far of one server's use of another's port."""

    seen_by: Counter[str] = field(default_factory=Counter)
    """How many connections each end saw in the last look at it."""
    process: str | None = None
    """What serves it."""
    clients: set[tuple[str | None, int | None]] = field(default_factory=set)
    """Name and number of the processes that use it, as the client's end told."""
    most_at_once: int = 0
    looks: int | None = None
    first_seen: datetime | None = None
    last_seen: datetime | None = None


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


def uses(servers: Sequence[Server], book: AddressBook) -> dict[Key, Use]:
    """Return the uses that the last look at each server shows."""
    sightings = [each for server in servers for each in _sightings(server)]
    seen: dict[_Ends, list[_Sighting]] = {}
    for each in sightings:
        seen.setdefault(each.ends, []).append(each)
    waiting = listening(servers)
    found: dict[Key, Use] = {}
    for each in sightings:
        others = [other for other in seen[each.ends] if other.observer != each.observer]
        key = _key(each, others, book, waiting)
        if key:
            _add(found.setdefault(key, Use()), each, key, waiting)
    return found


def listening(servers: Sequence[Server]) -> Listening:
    """Return what waits for others on every server, but for what only the server itself reaches."""
    found: Listening = {}
    for server in servers:
        for each in server.facts.value(LISTENERS) or ():
            if not each.is_loopback:
                key = (server.id, each.protocol.value, each.port)
                found[key] = found.get(key) or each.process
    return found


def _add(use: Use, each: _Sighting, key: Key, waiting: Listening) -> None:
    client, server, protocol, port = key
    own = each.connection
    use.seen_by[each.observer] += 1
    use.most_at_once = max(use.most_at_once, use.seen_by[each.observer])
    if server == each.observer:
        use.process = waiting.get((server, protocol, port)) or use.process or own.process
    else:
        use.process = waiting.get((server, protocol, port)) or use.process
    if client == each.observer and (own.process or own.pid is not None):
        use.clients.add((own.process, own.pid))


def _sightings(server: Server) -> Iterator[_Sighting]:
    for each in server.facts.value(CONNECTIONS) or ():
        if each.direction is not Direction.LOOPBACK:
            yield _Sighting(
                observer=server.id,
                connection=each,
                near=(plain(each.local_address), each.local_port),
                far=(plain(each.remote_address), each.remote_port),
            )


def _key(
    each: _Sighting, others: Sequence[_Sighting], book: AddressBook, waiting: Listening
) -> Key | None:
    """Return who uses which port of whom; None for a server's talk with itself."""
    if each.observer in book.owners(each.far[0]):
        return None
    far = _far(each, others, book)
    other = next((other for other in others if other.observer == far), None)
    name = far or f"{OUTSIDE}{each.far[0]}"
    protocol = each.connection.protocol.value
    if _is_served_near(each, other, far, waiting):
        return name, each.observer, protocol, each.near[1]
    return each.observer, name, protocol, each.far[1]


def _far(each: _Sighting, others: Sequence[_Sighting], book: AddressBook) -> str | None:
    """Return the server at the far end: the only one with its address, or that sees the same."""
    owners = book.owners(each.far[0])
    if len(owners) > 1:
        owners &= {other.observer for other in others}
    return next(iter(owners)) if len(owners) == 1 else None


def _is_served_near(
    each: _Sighting, other: _Sighting | None, far: str | None, waiting: Listening
) -> bool:
    """Tell which end serves: the one that waits for others; of two or none, the lower port."""
    here = each.is_served_here
    there = other.is_served_here if other else not here
    if far and not other:
        there = there or (far, each.connection.protocol.value, each.far[1]) in waiting
    if here != there:
        return here
    return each.near[1] < each.far[1]
