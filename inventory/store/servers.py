"""The servers, each with the facts that hold now: what was last known of each thing."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, or_, select

from inventory.errors import UsageError
from inventory.model.fact import FactKey, Facts, Observation
from inventory.model.server import Server
from inventory.store.facts import read_all, read_unknown
from inventory.store.tables import FACT, IDENTITY, SERVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection, RowMapping

    from inventory.store.keys import Keys
    from inventory.store.store import Store

SHORTEST_PREFIX: Final = 4


def servers(store: Store, only: Sequence[FactKey[Any]] | None = None) -> tuple[Server, ...]:
    """Return every server with its facts, by name; with ``only``, no other facts are read."""
    query = select(FACT.c.server_id, FACT.c.name, FACT.c.body)
    if only is not None:
        query = query.where(FACT.c.name.in_([key.name for key in only]))
    with store.reading() as connection:
        rows = (
            connection.execute(select(SERVER).order_by(SERVER.c.name, SERVER.c.id)).mappings().all()
        )
        stored = [tuple(row) for row in connection.execute(query)]
        told = read_all(connection, store.keys, ((name, body) for _, name, body in stored))
    facts: dict[str, list[Observation]] = {row["id"]: [] for row in rows}
    for (server_id, _, _), observation in zip(stored, told, strict=True):
        facts[server_id].append(observation)
    return tuple(_server(row, facts[row["id"]]) for row in rows)


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
    row = connection.execute(select(SERVER).where(SERVER.c.id == server_id)).mappings().one()
    query = select(FACT.c.name, FACT.c.body).where(FACT.c.server_id == server_id)
    rows = [(name, body) for name, body in connection.execute(query)]
    return _server(row, read_all(connection, keys, rows))


def _server(row: RowMapping, facts: Iterable[Observation]) -> Server:
    return Server(
        **{**row, "unreachable": read_unknown(row["unreachable"])},
        facts=Facts.from_observations(facts),
    )


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
