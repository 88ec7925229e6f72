"""The estate as it was known at a time: what each server had told by then, and was silent about."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, func, select

from inventory.history.compare import changes_of
from inventory.model.difference import EstateState, Moment, ServerState
from inventory.model.fact import Facts, Known
from inventory.model.nearness import Nearness
from inventory.store.facts import read_packed, read_unknown
from inventory.store.merged import Row, together
from inventory.store.naming import name_in
from inventory.store.rolls import latest_rolls, why_gone
from inventory.store.servers import records_of
from inventory.store.tables import RUN, SERVER, VISIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, RowMapping

    from inventory.history.points import Point
    from inventory.store.rolls import Roll
    from inventory.store.store import Store

_SERVER: Final = func.coalesce(SERVER.c.merged_into, SERVER.c.id).label("known_as")
_RECORD: Final = (
    "name", "target", "first_seen", "source", "source_key", "nearness", "merged_into",
)  # fmt: skip
# What an export tells is as old as the export, and known only since the run that took it in.
_VISITS: Final = (
    select(
        _SERVER,
        VISIT.c.server_id,
        VISIT.c.at,
        VISIT.c.unreachable,
        VISIT.c.observations,
        *(SERVER.c[name] for name in _RECORD),
    )
    .join(SERVER, SERVER.c.id == VISIT.c.server_id)
    .join(RUN, RUN.c.id == VISIT.c.run_id)
    .where(VISIT.c.at <= bindparam("at"), RUN.c.started <= bindparam("at"))
    .order_by(_SERVER, VISIT.c.server_id, VISIT.c.at, VISIT.c.id)
)
_LIFE: Final = (
    select(
        VISIT.c.server_id, VISIT.c.at, VISIT.c.run_id, VISIT.c.target, VISIT.c.unreachable,
        VISIT.c.observations, SERVER.c.source,
    )
    .join(SERVER, SERVER.c.id == VISIT.c.server_id)
    .where(VISIT.c.server_id.in_(bindparam("records", expanding=True)))
    .order_by(VISIT.c.server_id, VISIT.c.at, VISIT.c.id)
)  # fmt: skip
_AT_ONCE: Final = 500
"""How many servers' visits are read at a time: what they refer to is held meanwhile."""


def state_at(store: Store, point: Point) -> EstateState:
    """Return every server that had been told of by then, with what was known of it then.

    Which records are one server is as it is known today.
    """
    found: dict[str, ServerState] = {}
    with store.reading() as connection:
        rows = connection.execute(_VISITS, {"at": point.at}).mappings().all()
        rolls = latest_rolls(connection, point.at)
        for some in _some(rows):
            found.update((each.id, each) for each in _states(connection, store, some, rolls))
    return EstateState(title=point.title, at=point.at, servers=found)


def life_of(store: Store, server_id: str, *, restless: bool = False) -> tuple[Moment, ...]:
    """Return every time that a server was asked or told of, the oldest first, and what changed.

    ``restless`` compares what comes and goes by itself too.
    """
    with store.reading() as connection:
        records = records_of(connection, server_id)
        rows = connection.execute(_LIFE, {"records": records}).mappings().all()
        told = read_packed(connection, store.keys, (row["observations"] for row in rows))
    before: dict[str, Facts] = {}
    found = []
    for row, observations in zip(rows, told, strict=True):
        older = before.get(row["server_id"])
        now = (older or Facts()).updated(reversed(observations))
        changes = changes_of(older, now, restless=restless) if older else ()
        found.append(
            Moment(
                at=row["at"],
                run=row["run_id"],
                source=row["source"],
                target=row["target"],
                told=sum(isinstance(each.fact, Known) for each in observations),
                unreachable=read_unknown(row["unreachable"]),
                is_first=older is None and bool(observations),
                changes=tuple(changes),
            )
        )
        if observations:
            before[row["server_id"]] = now
    return tuple(sorted(found, key=lambda each: (each.at, each.run)))


def _some(rows: Iterable[RowMapping]) -> Iterator[list[RowMapping]]:
    """Yield the visits, those of one server together, of so many servers at a time."""
    gathered: list[RowMapping] = []
    for number, (_, each) in enumerate(groupby(rows, key=lambda row: row["known_as"])):
        if number and number % _AT_ONCE == 0:
            yield gathered
            gathered = []
        gathered += each
    yield gathered


def _states(
    connection: Connection, store: Store, visits: Sequence[RowMapping], rolls: Mapping[str, Roll]
) -> Iterator[ServerState]:
    told = iter(read_packed(connection, store.keys, (row["observations"] for row in visits)))
    records = []
    for _, some in groupby(visits, key=lambda row: row["server_id"]):
        history, facts = list(some), Facts()
        for _ in history:
            # Of two statements of one export the first holds, as in the inventory of today.
            facts = facts.updated(reversed(next(told)))
        last = history[-1]
        gone = why_gone(rolls, last["source"], last["source_key"])
        records.append(_record(history, facts, gone))
    for server in together(records):
        yield ServerState(
            id=server.id,
            name=server.name,
            facts=server.facts,
            unreachable=server.unreachable,
            gone=server.gone,
        )


def _record(visits: Sequence[RowMapping], facts: Facts, gone: str) -> Row:
    """Return what one source knew, from all that it had told by then, the oldest first."""
    last = visits[-1]
    answered = [row["at"] for row in visits if row["unreachable"] is None]
    nearness = Nearness[last["nearness"]]
    asked = nearness is Nearness.ASKED
    return Row(
        id=last["server_id"],
        name=(name_in(facts) if asked else "") or last["name"],
        target=last["target"],
        unreachable=read_unknown(last["unreachable"]),
        first_seen=last["first_seen"],
        last_asked=last["at"],
        last_answered=answered[-1] if asked and answered else None,
        source=last["source"],
        nearness=nearness,
        merged_into=last["merged_into"],
        gone=gone,
        older=(),
        latest=tuple(facts.values()),
    )
