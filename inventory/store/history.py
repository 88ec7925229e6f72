"""The estate as it was known at a time: what each server had told by then, and was silent about."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, select

from inventory.model.difference import EstateState, ServerState
from inventory.model.fact import Facts
from inventory.store.facts import read_packed, read_unknown
from inventory.store.naming import name_in
from inventory.store.tables import SERVER, VISIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection, RowMapping

    from inventory.history.points import Point
    from inventory.store.store import Store

_VISITS: Final = (
    select(
        VISIT.c.server_id,
        VISIT.c.unreachable,
        VISIT.c.observations,
        SERVER.c.name,
    )
    .join(SERVER, SERVER.c.id == VISIT.c.server_id)
    .where(VISIT.c.at <= bindparam("at"))
    .order_by(VISIT.c.server_id, VISIT.c.id)
)
_AT_ONCE: Final = 500
"""How many servers' visits are read at a time: what they refer to is held meanwhile."""


def state_at(store: Store, point: Point) -> EstateState:
    """Return every server that had been asked by then, with what was known of it then."""
    found: dict[str, ServerState] = {}
    with store.reading() as connection:
        rows = connection.execute(_VISITS, {"at": point.at}).mappings().all()
        for some in _some(rows):
            found.update((each.id, each) for each in _states(connection, store, some))
    return EstateState(title=point.title, at=point.at, servers=found)


def _some(rows: Iterable[RowMapping]) -> Iterator[list[list[RowMapping]]]:
    """Yield the visits, those of one server together, for so many servers at a time."""
    gathered: list[list[RowMapping]] = []
    for _, each in groupby(rows, key=lambda row: row["server_id"]):
        gathered.append(list(each))
        if len(gathered) == _AT_ONCE:
            yield gathered
            gathered = []
    yield gathered


def _states(
    connection: Connection, store: Store, histories: Sequence[Sequence[RowMapping]]
) -> Iterator[ServerState]:
    packed = [row["observations"] for visits in histories for row in visits]
    told = iter(read_packed(connection, store.keys, packed))
    for visits in histories:
        facts = Facts()
        for _ in visits:
            facts = facts.updated(next(told))
        yield _state(visits[-1], facts)


def _state(last: RowMapping, facts: Facts) -> ServerState:
    columns: dict[str, Any] = dict(last)
    return ServerState(
        id=columns["server_id"],
        name=name_in(facts) or columns["name"],
        facts=facts,
        unreachable=read_unknown(columns["unreachable"]),
    )
