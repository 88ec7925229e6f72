"""The servers, each with the facts that hold now: what was last known of each thing."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select

from inventory.errors import UsageError
from inventory.model.server import Server
from inventory.store.facts import facts_now, read_packed, read_unknown
from inventory.store.tables import IDENTITY, SERVER, VISIT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy import Connection, Select

    from inventory.model.fact import FactKey
    from inventory.store.keys import Keys
    from inventory.store.store import Store

SHORTEST_PREFIX: Final = 4
_COLUMNS: Final = (
    "id", "name", "target", "unreachable", "first_seen", "last_asked", "last_answered",
)  # fmt: skip
_ROWS: Final = select(
    *(SERVER.c[name] for name in _COLUMNS), SERVER.c.older_facts, VISIT.c.observations
).outerjoin(VISIT, VISIT.c.id == SERVER.c.answered_visit)


def servers(store: Store, only: Sequence[FactKey[Any]] | None = None) -> tuple[Server, ...]:
    """Return every server with its facts, by name; with ``only``, no other facts are read."""
    names = None if only is None else {key.name for key in only}
    query = _ROWS.order_by(SERVER.c.name, SERVER.c.id)
    with store.reading() as connection:
        return tuple(_read(connection, store.keys, query, names))


def find_server(store: Store, text: str) -> Server:
    """Return the server of that name, FQDN, target, or id, of which the beginning is enough.

    Raises:
        UsageError: there is none, or more than one; the hint names those that it might be.

    """
    with store.reading() as connection:
        for ways in (_by_id, _by_name, _by_start):
            ids = ways(connection, text)
            if len(ids) > 1:
                raise _ambiguous(connection, text, ids)
            if ids:
                return server_on(connection, ids[0], store.keys)
        raise _none(connection, text)


def server_of(store: Store, server_id: str) -> Server:
    """Return the server with that id, with all its facts."""
    with store.reading() as connection:
        return server_on(connection, server_id, store.keys)


def server_on(connection: Connection, server_id: str, keys: Keys) -> Server:
    """Return one server, read over an open connection."""
    (server,) = _read(connection, keys, _ROWS.where(SERVER.c.id == server_id))
    return server


def _read(
    connection: Connection, keys: Keys, query: Select[Any], only: Collection[str] | None = None
) -> Iterator[Server]:
    rows = connection.execute(query).mappings().all()
    packed = [row[name] for name in ("older_facts", "observations") for row in rows]
    told = read_packed(connection, keys, packed, only)
    for row, older, latest in zip(rows, told[: len(rows)], told[len(rows) :], strict=True):
        columns = {name: row[name] for name in _COLUMNS}
        unreachable = read_unknown(row["unreachable"])
        yield Server(**{**columns, "unreachable": unreachable}, facts=facts_now(older, latest))


def _by_id(connection: Connection, text: str) -> Sequence[str]:
    return connection.execute(select(SERVER.c.id).where(SERVER.c.id == text)).scalars().all()


def _by_name(connection: Connection, text: str) -> Sequence[str]:
    fqdn = select(IDENTITY.c.server_id).where(
        IDENTITY.c.kind == "fqdn", IDENTITY.c.value == text.lower()
    )
    named = or_(
        func.lower(SERVER.c.name) == text.lower(), SERVER.c.target == text, SERVER.c.id.in_(fqdn)
    )
    return connection.execute(select(SERVER.c.id).where(named)).scalars().all()


def _by_start(connection: Connection, text: str) -> Sequence[str]:
    if len(text) < SHORTEST_PREFIX:
        return ()
    start = SERVER.c.id.startswith(text.lower(), autoescape=True)
    return connection.execute(select(SERVER.c.id).where(start)).scalars().all()


def _ambiguous(connection: Connection, text: str, ids: Sequence[str]) -> UsageError:
    query = select(SERVER.c.id, SERVER.c.target).where(SERVER.c.id.in_(ids)).order_by(SERVER.c.id)
    which = ", ".join(f"{row.id} ({row.target})" for row in connection.execute(query))
    return UsageError(f"{len(ids)} servers go by {text!r}", hint=f"give the id of one: {which}")


def _none(connection: Connection, text: str) -> UsageError:
    names = connection.execute(select(SERVER.c.name)).scalars().all()
    close = difflib.get_close_matches(text, sorted(set(names)))
    if close:
        hint = f"did you mean {' or '.join(close)}?"
    else:
        hint = "see decant servers" if names else "ask some first: decant discover"
    return UsageError(f"there is no server {text!r}", hint=hint)
