"""Visits are entered: which server each was to, what it said then, and what holds of it now."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, delete, insert, select, update

from inventory.model.fact import Facts
from inventory.model.identity import Identity
from inventory.store.compression import squeeze
from inventory.store.contents import keep
from inventory.store.matching import Found, find
from inventory.store.naming import address_in, name_in
from inventory.store.raw import pack_raw
from inventory.store.sightings import keep_sightings
from inventory.store.standing import left_over
from inventory.store.statements import pack
from inventory.store.tables import IDENTITY, SERVER, VISIT
from inventory.store.writing import write_observations, write_unknown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from inventory.model.fact import Unknown
    from inventory.model.run import Visit
    from inventory.store.statements import Statement
    from inventory.store.store import Store
    from inventory.store.texts import Text

# Statements are made once: to make one costs several times what it costs to execute it.
_LIST: Final = insert(SERVER)
_IDENTIFY: Final = insert(IDENTITY)
_FORGET: Final = delete(IDENTITY).where(IDENTITY.c.server_id == bindparam("record"))
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
class Prepared:
    """A visit, with all that can be made ready before the database is written."""

    visit: Visit
    """Without its raw answer and its observations."""
    run_id: str
    facts: Facts
    identity: Identity
    statements: tuple[Statement, ...]
    raw: bytes
    contents: Mapping[str, bytes]
    fresh: tuple[Text, ...]


def prepare(store: Store, run_id: str, visit: Visit) -> Prepared:
    """Make a visit ready to be entered, which takes most of the time and no lock."""
    facts = Facts.from_observations(visit.observations)
    written = write_observations(facts.values(), store.lately.texts)
    raw, pieces = pack_raw(visit.raw)
    return Prepared(
        visit=replace(visit, raw=b"", observations=()),
        run_id=run_id,
        facts=facts,
        identity=Identity.of(facts),
        statements=written.statements,
        raw=raw,
        contents={**written.contents, **pieces},
        fresh=written.fresh,
    )


def enter(store: Store, ready: Sequence[Prepared]) -> list[Kept]:
    """Enter visits in one transaction, in this order: all of them, or none.

    Raises:
        StoreError: the database cannot be written.

    """
    contents = {digest: each for one in ready for digest, each in one.contents.items()}
    with store.writing() as connection:
        keep(connection, contents, store.lately)
        kept = [_enter(connection, each) for each in ready]
    store.lately.add(contents, [text for one in ready for text in one.fresh])
    return kept


def _enter(connection: Connection, ready: Prepared) -> Kept:
    visit = ready.visit
    found = find(connection, ready.identity, visit.target)
    server_id = found.server_id or _list(connection, visit)
    _absorb(connection, found.placeholders, server_id)
    identity = found.identity.updated(ready.identity)
    if found.server_id is None:
        _identify(connection, server_id, identity)
    elif identity != found.identity:
        keep_identity(connection, server_id, identity)
    keep_sightings(connection, server_id, ready.facts, visit.at, first=found.server_id is None)
    visit_id = _keep_history(connection, server_id, ready, found)
    name = name_in(ready.facts) or found.name or address_in(visit.target)
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
    connection: Connection, ready: Prepared, found: Found, visit_id: int
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


def _list(connection: Connection, visit: Visit) -> str:
    server_id = uuid.uuid4().hex
    connection.execute(
        _LIST,
        {
            "id": server_id,
            "name": address_in(visit.target),
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
        follow = update(SERVER).where(SERVER.c.merged_into == placeholder)
        connection.execute(follow.values(merged_into=server_id))
        connection.execute(delete(SERVER).where(SERVER.c.id == placeholder))


def keep_identity(connection: Connection, server_id: str, identity: Identity) -> None:
    """Put what identifies a server in the place of what did."""
    connection.execute(delete(IDENTITY).where(IDENTITY.c.server_id == server_id))
    _identify(connection, server_id, identity)


def keep_identities(connection: Connection, identities: Mapping[str, Identity]) -> None:
    """Put what identifies some records, by their ids, in the place of what did."""
    if not identities:
        return
    connection.execute(_FORGET, [{"record": record_id} for record_id in identities])
    rows = [
        {"server_id": record_id, "kind": kind, "value": value}
        for record_id, identity in identities.items()
        for kind, value in identity.pairs()
    ]
    if rows:
        connection.execute(_IDENTIFY, rows)


def _identify(connection: Connection, server_id: str, identity: Identity) -> None:
    rows = [
        {"server_id": server_id, "kind": kind, "value": value} for kind, value in identity.pairs()
    ]
    if rows:
        connection.execute(_IDENTIFY, rows)


def _keep_history(connection: Connection, server_id: str, ready: Prepared, found: Found) -> int:
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
