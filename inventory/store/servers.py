"""The servers, each with the facts that hold now: what was last known of each thing."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, func, null, or_, select

from inventory.errors import UsageError
from inventory.identity.entry import ASKED
from inventory.model.nearness import Nearness
from inventory.store.facts import Reader, read_unknown
from inventory.store.merged import Row, together
from inventory.store.rolls import latest_rolls, why_gone
from inventory.store.tables import IDENTITY, SERVER, VISIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import ColumnElement, Connection, Select

    from inventory.model.fact import FactKey
    from inventory.model.server import Server
    from inventory.store.keys import Keys
    from inventory.store.store import Store

SHORTEST_PREFIX: Final = 4
_COLUMNS: Final = (
    "id", "name", "target", "first_seen", "last_asked", "last_answered", "source", "merged_into",
)  # fmt: skip
_READ: Final = ("unreachable", "nearness", "older_facts")
_ROWS: Final = select(
    *(SERVER.c[name] for name in (*_COLUMNS, "source_key", *_READ)),
    VISIT.c.observations,
).outerjoin(VISIT, VISIT.c.id == SERVER.c.answered_visit)
_BARE: Final = select(
    *(SERVER.c[name] for name in (*_COLUMNS, "source_key", "unreachable", "nearness")),
    null().label("older_facts"),
    null().label("observations"),
)
_KNOWN_AS: Final = func.coalesce(SERVER.c.merged_into, SERVER.c.id)
AT_ONCE: Final = 400
"""How many servers are held at a time: SQLite takes no more than 999 parameters in old builds."""
_IDS: Final = (
    select(SERVER.c.id).where(SERVER.c.merged_into.is_(None)).order_by(SERVER.c.name, SERVER.c.id)
)
_CANONICAL: Final = select(_KNOWN_AS).where(SERVER.c.id == bindparam("record"))


def servers(store: Store, only: Sequence[FactKey[Any]] | None = None) -> tuple[Server, ...]:
    """Return every server with its facts, by name; with ``only``, no other facts are read."""
    reader = _reader(store, only)
    with store.reading() as connection:
        found = _read(connection, reader, _ROWS)
        return tuple(sorted(found, key=lambda each: (each.name, each.id)))


def roster(store: Store) -> tuple[Server, ...]:
    """Return every server without any facts, by name; many times as fast as with them."""
    with store.reading() as connection:
        found = _read(connection, Reader(keys=store.keys), _BARE)
        return tuple(sorted(found, key=lambda each: (each.name, each.id)))


def each_server(store: Store, only: Sequence[FactKey[Any]] | None = None) -> Iterator[Server]:
    """Yield every server as :func:`servers` does, by name, holding a few hundred at a time.

    What is alike is read once and shared among those that are held, and with those held before.
    """
    some = some_servers(store, only)
    ids = ids_by_name(store)
    for begin in range(0, len(ids), AT_ONCE):
        yield from some(ids[begin : begin + AT_ONCE])


def ids_by_name(store: Store) -> Sequence[str]:
    """Return the ids of all servers, by the servers' names."""
    with store.reading() as connection:
        return connection.execute(_IDS).scalars().all()


def some_servers(
    store: Store, only: Sequence[FactKey[Any]] | None = None
) -> Callable[[Sequence[str]], list[Server]]:
    """Return what reads the servers of some ids, in their order; no more than :data:`AT_ONCE`.

    What one reading has in common with the one before is not read again, and is the same object.
    """
    reader = _reader(store, only)

    def read(ids: Sequence[str]) -> list[Server]:
        mine = or_(SERVER.c.id.in_(ids), SERVER.c.merged_into.in_(ids))
        with store.reading() as connection:
            found = {each.id: each for each in _read(connection, reader, _ROWS.where(mine))}
        return [found[each] for each in ids if each in found]

    return read


def find_server(store: Store, text: str) -> Server:
    """Return the server of that name, FQDN, target, or id, of which the beginning is enough.

    Any of its records' will do.

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
    """Return the server with that id, or with a record of that id, with all its facts."""
    with store.reading() as connection:
        return server_on(connection, server_id, store.keys)


def server_on(connection: Connection, server_id: str, keys: Keys) -> Server:
    """Return one server, read over an open connection."""
    known = canonical(connection, server_id)
    (server,) = _read(connection, Reader(keys=keys), _ROWS.where(_of_server(known)))
    return server


def canonical(connection: Connection, server_id: str) -> str:
    """Return the id by which the server of a record is known; the same when there is none."""
    known = connection.execute(_CANONICAL, {"record": server_id}).scalar()
    return str(known) if known else server_id


def records_of(connection: Connection, server_id: str) -> list[str]:
    """Return the ids of all records of a server, given by the id of any of them."""
    known = canonical(connection, server_id)
    return list(connection.execute(select(SERVER.c.id).where(_of_server(known))).scalars())


def asked_of(connection: Connection, server_id: str) -> list[str]:
    """Return the ids of those records of a server that it told itself."""
    mine = _of_server(canonical(connection, server_id))
    return list(
        connection.execute(select(SERVER.c.id).where(mine, SERVER.c.source == ASKED)).scalars()
    )


def _of_server(server_id: str) -> ColumnElement[bool]:
    return or_(SERVER.c.id == server_id, SERVER.c.merged_into == server_id)


def _reader(store: Store, only: Sequence[FactKey[Any]] | None) -> Reader:
    return Reader(keys=store.keys, only=None if only is None else {key.name for key in only})


def _read(connection: Connection, reader: Reader, query: Select[Any]) -> Iterator[Server]:
    rows = connection.execute(query).mappings().all()
    packed = [row[name] for name in ("older_facts", "observations") for row in rows]
    told = reader.read(connection, packed)
    listed = any(row["source"] != ASKED for row in rows)
    rolls = latest_rolls(connection) if listed else {}
    yield from together(
        Row(
            **{name: row[name] for name in _COLUMNS},
            gone=why_gone(rolls, row["source"], row["source_key"]),
            unreachable=read_unknown(row["unreachable"]),
            nearness=Nearness[row["nearness"]],
            older=older,
            latest=latest,
        )
        for row, older, latest in zip(rows, told[: len(rows)], told[len(rows) :], strict=True)
    )


def _by_id(connection: Connection, text: str) -> Sequence[str]:
    return _known_as(connection, SERVER.c.id == text)


def _by_name(connection: Connection, text: str) -> Sequence[str]:
    fqdn = select(IDENTITY.c.server_id).where(
        IDENTITY.c.kind == "fqdn", IDENTITY.c.value == text.lower()
    )
    named = or_(
        func.lower(SERVER.c.name) == text.lower(), SERVER.c.target == text, SERVER.c.id.in_(fqdn)
    )
    return _known_as(connection, named)


def _by_start(connection: Connection, text: str) -> Sequence[str]:
    if len(text) < SHORTEST_PREFIX:
        return ()
    start = SERVER.c.id.startswith(text.lower(), autoescape=True)
    return _known_as(connection, start)


def _known_as(connection: Connection, condition: ColumnElement[bool]) -> Sequence[str]:
    """Return the ids of the servers that have a record of that kind."""
    query = select(_KNOWN_AS).where(condition).distinct().order_by(_KNOWN_AS)
    return connection.execute(query).scalars().all()


def _ambiguous(connection: Connection, text: str, ids: Sequence[str]) -> UsageError:
    columns = (SERVER.c.id, SERVER.c.target, SERVER.c.source)
    rows = connection.execute(select(*columns).where(SERVER.c.id.in_(ids)).order_by(SERVER.c.id))
    which = ", ".join(f"{row.id} ({row.target or row.source})" for row in rows)
    return UsageError(f"{len(ids)} servers go by {text!r}", hint=f"give the id of one: {which}")


def _none(connection: Connection, text: str) -> UsageError:
    names = connection.execute(select(SERVER.c.name)).scalars().all()
    close = difflib.get_close_matches(text, sorted(set(names)))
    if close:
        hint = f"did you mean {' or '.join(close)}?"
    else:
        hint = "see decant servers" if names else "ask some first: decant discover"
    return UsageError(f"there is no server {text!r}", hint=hint)
