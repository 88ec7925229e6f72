"""Which databases and shares are in a cloud already, so that none is migrated twice. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from inventory.counterparts.matching import Bond, Counterpart, Counterparts
from inventory.model.resource import KnownResource
from inventory.model.server import Server
from migrate.model.plan import Destination, Move

_CLOUDS: Final = frozenset({Destination.AWS, Destination.AZURE})


def there_already(
    moves: Sequence[Move], known: Iterable[Server], counterparts: Counterparts
) -> list[str]:
    """Warn of moves to a cloud where something is there already that may be the server's.

    A move that names that resource, what it is within or what is within it has said so. What is
    there in the other cloud is told as well: it may have been moved there before. Of a resource and
    what is within it, the one around it is told.
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
            warnings += _of_one(move, named, counterparts.of(server))
    return warnings


def _of_one(move: Move, named: KnownResource | None, found: Iterable[Counterpart]) -> Iterator[str]:
    became = [each for each in found if each.bond is Bond.BECAME]
    around = {each.known.resource.id.lower() for each in became}
    given = (move.resource, named.resource.part_of if named else None)
    said = {each.lower() for each in given if each}
    for each in became:
        resource = each.known.resource
        within = (resource.part_of or "").lower()
        if within in around or said & {resource.id.lower(), within}:
            continue
        remedy = (
            "name it as its resource in decant.toml, or it may be migrated twice"
            if move.resource is None
            else "its move names another resource: it may be migrated twice"
        )
        why = "; ".join(each.why)
        yield f"{move.server}: {resource.called} may be it already ({why}); {remedy}"
