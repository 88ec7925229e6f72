"""Which records people mean by what they type: a record by its id, or a server by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from inventory.errors import UsageError
from inventory.identity.decisions import decision_about
from inventory.identity.entry import Reference
from inventory.store.identities import decisions
from inventory.store.servers import SHORTEST_PREFIX, find_server
from inventory.store.tables import SERVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from inventory.identity.decisions import Decision
    from inventory.store.store import Store


def records_named(store: Store, one: str, other: str) -> tuple[Reference, Reference]:
    """Return the two records; of a server that is named, its oldest.

    Raises:
        UsageError: there is no such record or server, or more than one, or both are the same.

    """
    first, second = _records(store, one), _records(store, other)
    if first[0] == second[0]:
        raise UsageError(
            f"{one!r} and {other!r} are one server",
            hint="name its records by their ids: decant identity --only merged --format csv",
        )
    return first[0], second[0]


def decision_on(store: Store, one: str, other: str) -> Decision:
    """Return what was decided about two records, or about any of two servers'.

    Raises:
        UsageError: there are no such records, or nothing was decided, or several things were.

    """
    return decision_about(decisions(store), _records(store, one), _records(store, other))


def _records(store: Store, text: str) -> Sequence[Reference]:
    """Return the record of that id, or all records of the server of that name, the oldest first."""
    rows = _of_id(store, text)
    if len(rows) != 1:
        server = find_server(store, text)
        rows = [record for each in (server.id, *server.also) for record in _of_id(store, each)]
    return rows


def _of_id(store: Store, text: str) -> list[Reference]:
    if len(text) < SHORTEST_PREFIX:
        return []
    columns = (SERVER.c.id, SERVER.c.source, SERVER.c.source_key)
    query = select(*columns).where(SERVER.c.id.startswith(text.lower(), autoescape=True))
    with store.reading() as connection:
        return [
            Reference(source=row.source, key=row.source_key or row.id)
            for row in connection.execute(query)
        ]
