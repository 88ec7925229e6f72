"""What discovery saw of one server until now: when, what was known then, and who else saw it."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from inventory.model.fact import Facts
from inventory.model.facts import CONNECTIONS
from inventory.model.parts import Direction
from inventory.model.sighting import Use
from inventory.store.facts import documents_of, read_packed
from inventory.store.servers import asked_of, records_of
from inventory.store.sightings import sighting
from inventory.store.statements import unpack
from inventory.store.tables import SERVER, SIGHTING, VISIT

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from inventory.store.store import Store

_MOST_VISITS: Final = 20
"""How many looks back it is looked for what was known: what none of them told is unknown."""
_AT_ONCE: Final = 200
"""How many visits are unpacked at a time: each holds a statement for every question."""
_CANONICAL: Final = func.coalesce(SERVER.c.merged_into, SERVER.c.id)


def looks_at(store: Store, server_id: str, since: datetime) -> tuple[datetime, ...]:
    """Return when a server was asked since then and told its connections, oldest first."""
    with store.reading() as database:
        visits = database.execute(
            select(VISIT.c.at, VISIT.c.observations)
            .where(
                VISIT.c.unreachable.is_(None),
                VISIT.c.server_id.in_(asked_of(database, server_id)),
                VISIT.c.at >= since,
            )
            .order_by(VISIT.c.at)
        ).all()
        return tuple(
            at
            for begin in range(0, len(visits), _AT_ONCE)
            for at in _telling(database, visits[begin : begin + _AT_ONCE])
        )


def facts_before(store: Store, server_id: str, before: datetime) -> Facts:
    """Return what a server itself had told by then, in the last looks before that moment."""
    with store.reading() as database:
        newest = (
            database.execute(
                select(VISIT.c.observations)
                .where(
                    VISIT.c.unreachable.is_(None),
                    VISIT.c.server_id.in_(asked_of(database, server_id)),
                    VISIT.c.at < before,
                )
                .order_by(VISIT.c.at.desc(), VISIT.c.id.desc())
                .limit(_MOST_VISITS)
            )
            .scalars()
            .all()
        )
        facts = Facts()
        for observations in read_packed(database, store.keys, reversed(newest)):
            facts = facts.updated(observations)
        return facts


def uses_of(
    store: Store, server_id: str, addresses: Collection[str], since: datetime
) -> tuple[Use, ...]:
    """Return what other servers were seen to open to those addresses since then, by their names.

    What a server opens to an address of its own is its talk with itself.
    """
    known_as = SERVER.alias()
    with store.reading() as database:
        rows = database.execute(
            select(SIGHTING, known_as.c.name.label("server"))
            .join(SERVER, SERVER.c.id == SIGHTING.c.server_id)
            .join(known_as, known_as.c.id == _CANONICAL)
            .where(
                SIGHTING.c.direction == Direction.OUTBOUND.value,
                SIGHTING.c.remote_address.in_(_as_written(addresses)),
                SIGHTING.c.remote_address != SIGHTING.c.local_address,
                SIGHTING.c.last_seen >= since,
                SIGHTING.c.server_id.not_in(records_of(database, server_id)),
            )
            .order_by(known_as.c.name, SIGHTING.c.port, SIGHTING.c.local_address)
        ).mappings()
        return tuple(Use(server=row["server"], sighting=sighting(row)) for row in rows)


def _telling(database: Connection, visits: Sequence[Any]) -> list[datetime]:
    """Return when those of some visits were that told connections."""
    told = [unpack(visit.observations) for visit in visits]
    documents = documents_of(database, (each for statements in told for each in statements))
    telling = {body for body, facts in documents.items() if _is_told(facts.get(CONNECTIONS.name))}
    return [
        visit.at
        for visit, statements in zip(visits, told, strict=True)
        if any(each.body in telling for each in statements)
    ]


def _is_told(document: object) -> bool:
    return isinstance(document, dict) and "unknown" not in document


def _as_written(addresses: Collection[str]) -> list[str]:
    """Return each address as servers may write it: an IPv4 one also as mapped into IPv6."""
    return [
        form
        for each in addresses
        for form in ((each, f"::ffff:{each}") if _is_v4(each) else (each,))
    ]


def _is_v4(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).version == 4  # noqa: PLR2004 - IPv4
    except ValueError:
        return False
