"""What clouds have that has to do with one server, as ``decant show`` tells of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from inventory.counterparts.matching import Bond, Counterpart, Counterparts
from inventory.printable import printable

if TYPE_CHECKING:
    from inventory.estate import MoveSettings
    from inventory.model.resource import KnownResource
    from inventory.model.server import Server
    from inventory.model.sighting import Sighting


def in_clouds(
    server: Server,
    moves: Iterable[MoveSettings],
    known: Sequence[KnownResource],
    sightings: Iterable[Sighting] = (),
) -> tuple[Counterpart, ...]:
    """Return the resource that a server's move names, what may be it, and what it uses."""
    there = Counterparts(known)
    names = {server.name, server.id, *server.also}
    resources = (there.named(each.resource) for each in moves if each.server in names)
    named = tuple(
        Counterpart(known=each, bond=Bond.NAMED, why=()) for each in resources if each is not None
    )
    said = {each.known.resource.key for each in named}
    found = there.of(server, sightings)
    return (*named, *(each for each in found if each.known.resource.key not in said))


def as_lines(found: Iterable[Counterpart]) -> Iterator[str]:
    """Yield the lines of the section; none where nothing has to do with the server."""
    for number, each in enumerate(found):
        if number == 0:
            yield ""
            yield "in clouds"
        why = f" ({'; '.join(each.why)})" if each.why else ""
        yield printable(f"  {each.known.resource.called}: {each.bond.value}{why}")
        yield printable(f"    {_state(each.known)}")


def as_rows(found: Iterable[Counterpart]) -> list[dict[str, Any]]:
    """Return the same for programs."""
    return [
        {
            "id": each.known.resource.id,
            "kind": each.known.resource.kind.value,
            "name": each.known.resource.name,
            "bond": each.bond.name.lower(),
            "why": list(each.why),
            "gone_since": each.known.gone_since.isoformat() if each.known.gone_since else None,
        }
        for each in found
    ]


def _state(known: KnownResource) -> str:
    found = known.resource
    engine = " ".join(part for part in (found.engine, found.version) if part)
    seen = f"seen on {known.last_seen:%Y-%m-%d %H:%M} UTC"
    gone = f"gone since {known.gone_since:%Y-%m-%d %H:%M} UTC" if known.gone_since else ""
    return ", ".join(part for part in (found.id, engine, found.state, seen, gone) if part)
