"""A visit is stored at once and whole: which server it was, what it said, and the raw answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from inventory.model.run import Visit
from inventory.store.entering import Kept, enter, prepare
from inventory.store.facts import read_packed, read_unknown
from inventory.store.servers import records_of, server_of
from inventory.store.tables import VISIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import RowMapping

    from inventory.model.fact import FactKey, Observation
    from inventory.model.server import Server
    from inventory.store.store import Store


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
    (kept,) = enter(store, [prepare(store, run_id, visit)])
    return kept


def visits(
    store: Store, server_id: str, only: Sequence[FactKey[Any]] | None = None
) -> tuple[Visit, ...]:
    """Return every visit to a server with what it said then, oldest first; without raw answers.

    What exports told of it is among them, each as a visit to its source. With ``only``, no other
    facts are read.
    """
    columns = (
        VISIT.c.target,
        VISIT.c.at,
        VISIT.c.seconds,
        VISIT.c.unreachable,
        VISIT.c.observations,
    )
    query = select(*columns).order_by(VISIT.c.at, VISIT.c.id)
    names = None if only is None else {key.name for key in only}
    with store.reading() as connection:
        mine = VISIT.c.server_id.in_(records_of(connection, server_id))
        rows = connection.execute(query.where(mine)).mappings().all()
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
