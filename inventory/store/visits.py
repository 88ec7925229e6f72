"""A visit is stored at once and whole: which server it was, what it said, and the raw answer."""

from __future__ import annotations

import uuid
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, not_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from inventory.errors import UsageError
from inventory.model.fact import Facts, Known
from inventory.model.facts import FQDN, HOSTNAME
from inventory.model.identity import Identity
from inventory.model.run import Visit
from inventory.model.target import Target
from inventory.store.contents import keep, load
from inventory.store.facts import (
    Reader,
    digests_of,
    pack,
    read_unknown,
    unpack,
    write_observations,
    write_unknown,
)
from inventory.store.matching import Found, find
from inventory.store.raw import pack_raw
from inventory.store.servers import server_of
from inventory.store.sightings import keep_sightings
from inventory.store.tables import FACT, IDENTITY, SERVER, VISIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, RowMapping
    from sqlalchemy.dialects.postgresql import Insert as PostgresqlInsert
    from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

    from inventory.model.server import Server
    from inventory.store.store import Store


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What became of a visit that was stored."""

    server_id: str
    name: str
    """The server's name for people."""


def record_visit(store: Store, run_id: str, visit: Visit) -> Server:
    """Store a visit in one transaction, and return the server that it was, with all its facts.

    A server that did not answer is listed with its reason, and keeps what was known of it.

    Raises:
        StoreError: the database cannot be written; nothing of the visit was kept.

    """
    return server_of(store, keep_visit(store, run_id, visit).server_id)


def keep_visit(store: Store, run_id: str, visit: Visit) -> Kept:
    """Store a visit as :func:`record_visit` does, and say only which server it was.

    Raises:
        StoreError: the database cannot be written; nothing of the visit was kept.

    """
    facts = Facts.from_observations(visit.observations)
    identity = Identity.of(facts)
    written = write_observations(facts)
    raw, pieces = pack_raw(visit.raw)
    with store.writing() as connection:
        found = find(connection, identity, visit.target)
        server_id = found.server_id or _enter(connection, visit)
        _absorb(connection, found.placeholders, server_id)
        _update(connection, server_id, visit, facts)
        keep(connection, {**written.contents, **pieces})
        if found.identity.updated(identity) != found.identity:
            keep_identity(connection, server_id, found.identity.updated(identity))
        keep_facts(connection, server_id, facts, written.documents)
        keep_sightings(connection, server_id, facts, visit.at)
        _keep_history(connection, run_id, server_id, visit, found, pack(written.documents), raw)
        name = _name(facts) or _name_of(connection, server_id)
    return Kept(server_id=server_id, name=name)


def visits(store: Store, server_id: str) -> tuple[Visit, ...]:
    """Return every visit to a server with what it said then, oldest first; without raw answers."""
    columns = (
        VISIT.c.target,
        VISIT.c.at,
        VISIT.c.seconds,
        VISIT.c.unreachable,
        VISIT.c.observations,
    )
    query = select(*columns).where(VISIT.c.server_id == server_id).order_by(VISIT.c.id)
    with store.reading() as connection:
        rows = connection.execute(query).mappings().all()
        packed = [unpack(row["observations"]) for row in rows]
        digests = digests_of(document for each in packed for document in each.values())
        reader = Reader(store.keys, load(connection, digests))
    return tuple(_visit(row, each, reader) for row, each in zip(rows, packed, strict=True))


def _visit(row: RowMapping, documents: dict[str, dict[str, Any]], reader: Reader) -> Visit:
    return Visit(
        target=row["target"],
        at=row["at"],
        seconds=row["seconds"],
        unreachable=read_unknown(row["unreachable"]),
        observations=tuple(reader.observation(name, each) for name, each in documents.items()),
    )


def _enter(connection: Connection, visit: Visit) -> str:
    server_id = uuid.uuid4().hex
    connection.execute(
        insert(SERVER).values(
            id=server_id,
            name=_address(visit.target),
            target=visit.target,
            first_seen=visit.at,
            last_asked=visit.at,
        )
    )
    return server_id


def _absorb(connection: Connection, placeholders: tuple[str, ...], server_id: str) -> None:
    """Let a server take over what was listed only because it did not answer at its new address."""
    for placeholder in placeholders:
        move = update(VISIT).where(VISIT.c.server_id == placeholder).values(server_id=server_id)
        connection.execute(move)
        connection.execute(delete(FACT).where(FACT.c.server_id == placeholder))
        connection.execute(delete(SERVER).where(SERVER.c.id == placeholder))


def _update(connection: Connection, server_id: str, visit: Visit, facts: Facts) -> None:
    values: dict[str, Any] = {
        "target": visit.target,
        "last_asked": visit.at,
        "unreachable": write_unknown(visit.unreachable),
    }
    if visit.unreachable is None:
        values["last_answered"] = visit.at
    name = _name(facts)
    if name:
        values["name"] = name
    connection.execute(update(SERVER).where(SERVER.c.id == server_id).values(**values))


def keep_identity(connection: Connection, server_id: str, identity: Identity) -> None:
    """Put what identifies a server in the place of what did."""
    connection.execute(delete(IDENTITY).where(IDENTITY.c.server_id == server_id))
    rows = [
        {"server_id": server_id, "kind": kind, "value": value} for kind, value in identity.pairs()
    ]
    if rows:
        connection.execute(insert(IDENTITY), rows)


def keep_facts(
    connection: Connection, server_id: str, facts: Facts, written: Mapping[str, str]
) -> None:
    """Lay newer facts over what was known: an unknown does not erase what was learnt before."""
    rows = [
        {
            "server_id": server_id,
            "name": name,
            "known": isinstance(observation.fact, Known),
            "body": written[name],
        }
        for name, observation in facts.items()
    ]
    if rows:
        connection.execute(_laying_over(connection.dialect.name), rows)


@cache
def _laying_over(dialect: str) -> PostgresqlInsert | SqliteInsert:
    """Return the statement for one engine; both understand the same clause."""
    fresh = sqlite.insert(FACT) if dialect == "sqlite" else postgresql.insert(FACT)
    return fresh.on_conflict_do_update(
        index_elements=["server_id", "name"],
        set_={"known": fresh.excluded.known, "body": fresh.excluded.body},
        where=or_(fresh.excluded.known, not_(FACT.c.known)),
    )


def _keep_history(
    connection: Connection,
    run_id: str,
    server_id: str,
    visit: Visit,
    found: Found,
    observations: bytes,
    raw: bytes,
) -> None:
    connection.execute(
        insert(VISIT),
        {
            "run_id": run_id,
            "server_id": server_id,
            "target": visit.target,
            "at": visit.at,
            "seconds": visit.seconds,
            "why_server": ", ".join(found.why),
            "unreachable": write_unknown(visit.unreachable),
            "observations": observations,
            "raw": raw,
            "stderr": zlib.compress(visit.stderr),
        },
    )


def _name_of(connection: Connection, server_id: str) -> str:
    return str(connection.execute(select(SERVER.c.name).where(SERVER.c.id == server_id)).scalar())


def _name(facts: Facts) -> str:
    full = facts.value(HOSTNAME) or (facts.value(FQDN) or "").split(".", 1)[0]
    return full.replace("\0", "").strip()


def _address(target: str) -> str:
    try:
        return Target.parse(target).host or target
    except UsageError:
        return target
