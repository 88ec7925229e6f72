"""Which servers depend on which, by the connections that either end sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inventory.applications.accumulated import accumulate
from inventory.applications.addresses import AddressBook
from inventory.applications.uses import Key, Use, listening, uses
from inventory.model.application import Dependency

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inventory.model.server import Server
    from inventory.model.sighting import Sighting


def dependencies(
    servers: Sequence[Server], sightings: Mapping[str, Sequence[Sighting]] | None = None
) -> tuple[Dependency, ...]:
    """Return what depends on what, in order.

    ``sightings`` are the connections that were seen over time, by the server that saw them;
    without them only the last look at each server counts. The connection by which a server was
    asked is among them, on its port (22 for SSH). An end whose address no server has, or several
    have, is ``outside:ADDRESS``; :meth:`~inventory.applications.addresses.AddressBook.shared` says
    which those are.
    """
    found = all_uses(servers, sightings or {})
    return tuple(sorted((_dependency(key, use) for key, use in found.items()), key=_order))


def all_uses(
    servers: Sequence[Server], sightings: Mapping[str, Sequence[Sighting]]
) -> dict[Key, Use]:
    """Return who uses which port of whom, in the last look and over time."""
    book = AddressBook.of(servers)
    found = uses(servers, book)
    accumulate(found, sightings, book, listening(servers))
    return found


def _dependency(key: Key, use: Use) -> Dependency:
    client, server, protocol, port = key
    return Dependency(
        client=client,
        server=server,
        protocol=protocol,
        port=port,
        process=use.process,
        connections=use.most_at_once,
        client_processes=tuple(sorted({name for name, _ in use.clients if name})),
        first_seen=use.first_seen,
        last_seen=use.last_seen,
        looks=use.looks,
    )


def _order(each: Dependency) -> tuple[str, str, str, int]:
    return each.client, each.server, each.protocol, each.port
