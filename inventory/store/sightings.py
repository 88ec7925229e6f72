"""Connections as they were seen over time: one row for each use of a service, however often seen.

The client's own port is let go, so that what stays is bounded by who uses what, and not by how
often. Connections of a server with itself are not kept: they tell nothing of others.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, distinct, func, insert, select, update

from inventory.identity.entry import ASKED
from inventory.model.facts import CONNECTIONS
from inventory.model.parts import Connection, Direction, Protocol
from inventory.model.sighting import Observed, Sighting
from inventory.store.tables import SERVER, SIGHTING, VISIT, UtcTime

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection as Database
    from sqlalchemy import RowMapping, Select

    from inventory.model.fact import Facts
    from inventory.store.store import Store

_KEY = ("protocol", "direction", "local_address", "remote_address", "port", "process")
_COLUMNS = ("server_id", *_KEY)
_SEE = insert(SIGHTING)
_SEEN = select(SIGHTING).where(SIGHTING.c.server_id == bindparam("server"))
_SEE_AGAIN = update(SIGHTING).where(
    *(SIGHTING.c[name] == bindparam(f"old_{name}") for name in _COLUMNS)
)
"""One statement for all that a look shows again."""
_MERGED = select(SERVER.c.id, SERVER.c.merged_into).where(SERVER.c.merged_into.is_not(None))
_ASKED = select(SERVER.c.id).where(SERVER.c.source == ASKED)
_Key = tuple[str, str, str, str, int, str]
_PROCESS_CHARACTERS = 255


def keep_sightings(
    database: Database, server_id: str, facts: Facts, at: datetime, *, first: bool
) -> None:
    """Add what one look at a server shows to what was seen before; ``first`` says: nothing was."""
    seen = Counter(map(_key, _between_servers(facts)))
    if not seen:
        return
    known = {} if first else _known(database, server_id)
    new = [
        {
            "server_id": server_id,
            **dict(zip(_KEY, key, strict=True)),
            "first_seen": at,
            "last_seen": at,
            "looks": 1,
            "most_at_once": count,
        }
        for key, count in seen.items()
        if key not in known
    ]
    if new:
        database.execute(_SEE, new)
    again = [_seen_again(known[key], count, at) for key, count in seen.items() if key in known]
    if again:
        database.execute(_SEE_AGAIN, again)


def _known(database: Database, server_id: str) -> dict[_Key, RowMapping]:
    rows = database.execute(_SEEN, {"server": server_id}).mappings()
    return {_key_of(row): row for row in rows}


def sightings(store: Store) -> Mapping[str, tuple[Sighting, ...]]:
    """Return what each server was seen to be connected with, by the server's id."""
    found: dict[str, list[Sighting]] = {}
    query = select(SIGHTING).order_by(*(SIGHTING.c[name] for name in ("server_id", *_KEY)))
    with store.reading() as database:
        known_as = {row.id: row.merged_into for row in database.execute(_MERGED)}
        for row in database.execute(query).mappings():
            server_id = known_as.get(row["server_id"], row["server_id"])
            found.setdefault(server_id, []).append(sighting(row))
    return {server_id: tuple(listed) for server_id, listed in found.items()}


def sightings_of(store: Store, server_id: str) -> tuple[Sighting, ...]:
    """Return what one server was seen to be connected with, under every record that it had."""
    with store.reading() as database:
        found = database.execute(
            select(SIGHTING).where(SIGHTING.c.server_id.in_(_records_of(server_id)))
        )
        return tuple(sighting(row) for row in found.mappings())


def _records_of(server_id: str) -> Select[tuple[str]]:
    return select(SERVER.c.id).where(
        (SERVER.c.id == server_id) | (SERVER.c.merged_into == server_id)
    )


def observed(store: Store) -> Observed:
    """Return over which time, and how often, connections were looked at."""
    query = select(
        func.count(VISIT.c.id),
        func.count(distinct(VISIT.c.server_id)),
        func.min(VISIT.c.at, type_=UtcTime),
        func.max(VISIT.c.at, type_=UtcTime),
    ).where(VISIT.c.unreachable.is_(None), VISIT.c.server_id.in_(_ASKED))
    with store.reading() as database:
        looks, servers, since, until = database.execute(query).one()
    return Observed(looks=looks, servers=servers, since=since, until=until)


def _between_servers(facts: Facts) -> list[Connection]:
    connections = facts.value(CONNECTIONS) or ()
    return [each for each in connections if each.direction is not Direction.LOOPBACK]


def _key(each: Connection) -> _Key:
    inbound = each.direction is Direction.INBOUND
    return (
        each.protocol.value,
        each.direction.value,
        each.local_address,
        each.remote_address,
        each.local_port if inbound else each.remote_port,
        (each.process or "")[:_PROCESS_CHARACTERS],
    )


def _key_of(row: RowMapping) -> _Key:
    protocol, direction, local, remote, port, process = (row[name] for name in _KEY)
    return protocol, direction, local, remote, port, process


def _seen_again(row: RowMapping, count: int, at: datetime) -> dict[str, Any]:
    """Return what a sighting is now, under the names that the statement gives its columns."""
    return {
        **{f"old_{name}": row[name] for name in _COLUMNS},
        "first_seen": min(row["first_seen"], at),
        "last_seen": max(row["last_seen"], at),
        "looks": row["looks"] + 1,
        "most_at_once": max(row["most_at_once"], count),
    }


def sighting(row: RowMapping) -> Sighting:
    """Read one row back."""
    return Sighting(
        protocol=Protocol(row["protocol"]),
        direction=Direction(row["direction"]),
        local_address=row["local_address"],
        remote_address=row["remote_address"],
        port=row["port"],
        process=row["process"] or None,
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        looks=row["looks"],
        most_at_once=row["most_at_once"],
    )
