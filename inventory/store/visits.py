"""A visit is stored at once and whole: which server it was, what it said, and the raw answer."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, insert, select, update

from inventory.errors import UsageError
from inventory.model.fact import Facts
from inventory.model.facts import FQDN, HOSTNAME
from inventory.model.identity import Identity
from inventory.model.run import Visit
from inventory.model.target import Target
from inventory.store.compression import squeeze
from inventory.store.contents import keep
from inventory.store.facts import read_packed, read_unknown
from inventory.store.matching import Found, find
from inventory.store.raw import pack_raw
from inventory.store.servers import server_of
from inventory.store.sightings import keep_sightings
from inventory.store.standing import left_over
from inventory.store.statements import pack
from inventory.store.tables import IDENTITY, SERVER, VISIT
from inventory.store.writing import write_observations, write_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection, RowMapping

    from inventory.model.fact import FactKey, Observation, Unknown
    from inventory.model.server import Server
    from inventory.store.statements import Statement
    from inventory.store.store import Store
    from inventory.store.texts import Text

# Statements are made once: to make one costs several times what it costs to execute it.
_ENTER: Final = insert(SERVER)
_IDENTIFY: Final = insert(IDENTITY)
_KEEP: Final = insert(VISIT)
_OBSERVATIONS: Final = select(VISIT.c.observations).where(VISIT.c.id == bindparam("visit"))
_NOW: Final = (
    update(SERVER)
    .where(SERVER.c.id == bindparam("server"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                "name", "target", "unreachable", "last_asked", "last_answered", "answered_visit",
                "older_facts",
            )
        }
    )
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What became of a visit that was stored."""

    server_id: str
    name: str
    """The server's name for people."""


@dataclass(frozen=True, kw_only=True)
class _Prepared:
    """A visit, with all that can be made ready before the database is written."""

    visit: Visit
    run_id: str
    facts: Facts
    identity: Identity
    statements: tuple[Statement, ...]
    raw: bytes
    contents: Mapping[str, bytes]
    fresh: tuple[Text, ...]


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
    ready = _prepared(store, run_id, visit)
    with store.writing() as connection:
        kept = _keep(connection, store, ready)
    store.lately.add(ready.contents, ready.fresh)
    return kept


def visits(
    store: Store, server_id: str, only: Sequence[FactKey[Any]] | None = None
) -> tuple[Visit, ...]:
    """Return every visit to a server with what it said then, oldest first; without raw answers.

    With ``only``, no other facts are read.
    """
    columns = (
        VISIT.c.target,
        VISIT.c.at,
        VISIT.c.seconds,
        VISIT.c.unreachable,
        VISIT.c.observations,
    )
    query = select(*columns).where(VISIT.c.server_id == server_id).order_by(VISIT.c.id)
    names = None if only is None else {key.name for key in only}
    with store.reading() as connection:
        rows = connection.execute(query).mappings().all()
        told = read_packed(connection, store.keys, (row["observations"] for row in rows), names)
    return tuple(_visit(row, each) for row, each in zip(rows, told, strict=True))


def _visit(row: RowMapping, observations: tuple[Observation, ...]) -> Visit:
    return Visit(
        target=row["target"],
        at=row["at"],
        seconds=row["seconds"],
        unreachable=read_unknown(row["unreachable"]),
        observations=observations,
    )


def _prepared(store: Store, run_id: str, visit: Visit) -> _Prepared:
    facts = Facts.from_observations(visit.observations)
    written = write_observations(facts, store.lately.texts)
    raw, pieces = pack_raw(visit.raw)
    return _Prepared(
        visit=visit,
        run_id=run_id,
        facts=facts,
        identity=Identity.of(facts),
        statements=written.statements,
        raw=raw,
        contents={**written.contents, **pieces},
        fresh=written.fresh,
    )


def _keep(connection: Connection, store: Store, ready: _Prepared) -> Kept:
    visit = ready.visit
    found = find(connection, ready.identity, visit.target)
    server_id = found.server_id or _enter(connection, visit)
    _absorb(connection, found.placeholders, server_id)
    keep(connection, ready.contents, store.lately)
    identity = found.identity.updated(ready.identity)
    if found.server_id is None:
        _identify(connection, server_id, identity)
    elif identity != found.identity:
        keep_identity(connection, server_id, identity)
    keep_sightings(connection, server_id, ready.facts, visit.at, first=found.server_id is None)
    visit_id = _keep_history(connection, server_id, ready, found)
    name = _name(ready.facts) or found.name or _address(visit.target)
    connection.execute(
        _NOW,
        {
            "server": server_id,
            "new_name": name,
            "new_target": visit.target,
            "new_unreachable": _text(visit.unreachable),
            "new_last_asked": visit.at,
            "new_last_answered": found.last_answered if visit.unreachable else visit.at,
            **_standing(connection, ready, found, visit_id),
        },
    )
    return Kept(server_id=server_id, name=name)


def _standing(
    connection: Connection, ready: _Prepared, found: Found, visit_id: int
) -> dict[str, Any]:
    """Return what holds of the server from now on. A visit that told nothing changes nothing."""
    answered, older = found.answered_visit, found.older_facts
    if ready.statements:
        past = [older] if older else []
        if answered is not None:
            past += connection.execute(_OBSERVATIONS, {"visit": answered}).scalars()
        older = left_over(connection, past, ready.facts, ready.statements) if past else None
        answered = visit_id
    return {"new_answered_visit": answered, "new_older_facts": older}


def _enter(connection: Connection, visit: Visit) -> str:
    server_id = uuid.uuid4().hex
    connection.execute(
        _ENTER,
        {
            "id": server_id,
            "name": _address(visit.target),
            "target": visit.target,
            "first_seen": visit.at,
            "last_asked": visit.at,
        },
    )
    return server_id


def _absorb(connection: Connection, placeholders: tuple[str, ...], server_id: str) -> None:
    """Let a server take over what was listed only because it did not answer at its new address."""
    for placeholder in placeholders:
        move = update(VISIT).where(VISIT.c.server_id == placeholder).values(server_id=server_id)
        connection.execute(move)
        connection.execute(delete(SERVER).where(SERVER.c.id == placeholder))


def keep_identity(connection: Connection, server_id: str, identity: Identity) -> None:
    """Put what identifies a server in the place of what did."""
    connection.execute(delete(IDENTITY).where(IDENTITY.c.server_id == server_id))
    _identify(connection, server_id, identity)


def _identify(connection: Connection, server_id: str, identity: Identity) -> None:
    rows = [
        {"server_id": server_id, "kind": kind, "value": value} for kind, value in identity.pairs()
    ]
    if rows:
        connection.execute(_IDENTIFY, rows)


def _keep_history(connection: Connection, server_id: str, ready: _Prepared, found: Found) -> int:
    """Add the visit to the history, and return its number."""
    added = connection.execute(
        _KEEP,
        {
            "run_id": ready.run_id,
            "server_id": server_id,
            "target": ready.visit.target,
            "at": ready.visit.at,
            "seconds": ready.visit.seconds,
            "why_server": ", ".join(found.why),
            "unreachable": _text(ready.visit.unreachable),
            "observations": pack(ready.statements),
            "raw": ready.raw,
            "stderr": squeeze(ready.visit.stderr),
        },
    )
    key: Any = added.inserted_primary_key
    return int(key[0])


def _text(unknown: Unknown | None) -> str | None:
    return None if unknown is None else write_unknown(unknown).decode()


def _name(facts: Facts) -> str:
    full = facts.value(HOSTNAME) or (facts.value(FQDN) or "").split(".", 1)[0]
    return full.replace("\0", "").strip()


def _address(target: str) -> str:
    try:
        return Target.parse(target).host or target
    except UsageError:
        return target
