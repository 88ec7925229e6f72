"""Which databases and shares are in a cloud already, so that none is migrated twice. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from inventory.counterparts.matching import Bond, Counterpart, Counterparts
from inventory.model.server import Server
from migrate.model.plan import Destination, Move

_CLOUDS: Final = frozenset({Destination.AWS, Destination.AZURE})


def there_already(
    moves: Sequence[Move], known: Iterable[Server], counterparts: Counterparts
) -> list[str]:
    """Warn of moves to a cloud where something is there already that may be the server's.

    A move that names that resource, or what it is within, has said so. What is there in the other
    cloud is told as well: it may have been moved there before.
    """
    servers = {each.id: each for each in known}
    warnings: list[str] = []
    for move in moves:
        named = counterparts.named(move.resource)
        if named and named.gone_since:
            warnings.append(
                f"{move.server}: its {named.resource.called} has been gone since "
                f"{named.gone_since:%Y-%m-%d %H:%M} UTC"
            )
        asked = counterparts.absent(move.resource)
        if asked and asked.told_at:
            warnings.append(
                f"{move.server}: its resource {move.resource} was not there when "
                f"{asked.source} was asked on {asked.told_at:%Y-%m-%d %H:%M} UTC; check the id, "
                f"or run decant discover {move.to.value}: again"
            )
        server = servers.get(move.server_id)
        if server and move.to in _CLOUDS:
            warnings += _of_one(move, counterparts.of(server))
    return warnings


def _of_one(move: Move, found: Iterable[Counterpart]) -> Iterator[str]:
    for each in found:
        resource = each.known.resource
        said = {resource.id.lower(), (resource.part_of or resource.id).lower()}
        if each.bond is not Bond.BECAME or (move.resource or "").lower() in said:
            continue
        remedy = (
            "name it as its resource in decant.toml, or it may be migrated twice"
            if move.resource is None
            else "its move names another resource: it may be migrated twice"
        )
        why = "; ".join(each.why)
        yield f"{move.server}: {resource.called} may be it already ({why}); {remedy}"
