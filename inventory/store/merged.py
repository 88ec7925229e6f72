"""The rows of one server put together: what each source tells, and which of it is preferred."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.model.fact import Facts, Known, Reason, Unknown
from inventory.model.nearness import Nearness
from inventory.model.preference import Statement, preferred
from inventory.model.server import Server
from inventory.store.facts import facts_now

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from inventory.model.fact import Observation


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one source knows of a server."""

    id: str
    name: str
    target: str
    unreachable: Unknown | None
    first_seen: datetime
    last_asked: datetime
    last_answered: datetime | None
    source: str
    nearness: Nearness
    merged_into: str | None
    gone: str = ""
    """Why its source no longer tells of it; empty while it does."""
    older: Sequence[Observation]
    """What was learnt earlier and not told since."""
    latest: Sequence[Observation]
    """What was told last; an export may say two things of one."""

    @property
    def is_asked(self) -> bool:
        """Whether the server itself was asked."""
        return self.nearness is Nearness.ASKED


def together(rows: Iterable[Row]) -> Iterator[Server]:
    """Yield each server of the rows, in no order."""
    servers: dict[str, list[Row]] = {}
    for row in rows:
        servers.setdefault(row.merged_into or row.id, []).append(row)
    for server_id, some in servers.items():
        yield _server(server_id, some)


def _server(server_id: str, rows: Sequence[Row]) -> Server:
    asked = [row for row in rows if row.is_asked]
    told_last = max(asked or rows, key=_last_told)
    listed = sorted({row.source for row in rows if not row.is_asked})
    never = Unknown(reason=Reason.NOT_ASKED, detail=f"known from {', '.join(listed)} alone")
    return Server(
        id=server_id,
        name=_name(rows),
        target=told_last.target if asked else "",
        facts=_facts(rows),
        unreachable=told_last.unreachable if asked else never,
        first_seen=min(row.first_seen for row in rows),
        last_asked=told_last.last_asked,
        last_answered=told_last.last_answered,
        sources=tuple(listed),
        gone="" if asked else _gone(rows),
        also=tuple(sorted(row.id for row in rows if row.id != server_id)),
    )


def _gone(rows: Sequence[Row]) -> str:
    """Return why none of its sources tells of it any longer; nothing while one does."""
    reasons = sorted({row.gone for row in rows})
    return "" if "" in reasons else "; ".join(reasons)


def _last_told(row: Row) -> tuple[bool, object, datetime, str]:
    return row.last_answered is not None, row.last_answered, row.last_asked, row.id


def _name(rows: Sequence[Row]) -> str:
    """Return what whoever is nearest calls it, the newest of those."""
    nearest = min(map(_nameless, rows))
    named = [row for row in rows if _nameless(row) == nearest]
    return max(named, key=lambda row: (row.last_asked, row.id)).name


def _nameless(row: Row) -> tuple[bool, Nearness]:
    """Put those last that never answered: they are called by their address."""
    return row.is_asked and row.last_answered is None, row.nearness


def _facts(rows: Sequence[Row]) -> Facts:
    if len(rows) == 1 and rows[0].is_asked:
        return facts_now(rows[0].older, rows[0].latest)
    told: dict[str, list[Statement]] = {}
    for row in rows:
        for each in _holding(row):
            statement = Statement(observation=each, nearness=row.nearness)
            told.setdefault(each.key.name, []).append(statement)
    return Facts({name: preferred(statements) for name, statements in told.items()})


def _holding(row: Row) -> Iterator[Observation]:
    """Yield what a source states now: an unknown does not erase what it told earlier."""
    known = {each.key.name for each in row.latest if isinstance(each.fact, Known)}
    learnt = {
        each.key.name: each
        for each in row.older
        if each.key.name not in known and isinstance(each.fact, Known)
    }
    told = {each.key.name for each in row.latest} | set(learnt)
    yield from learnt.values()
    yield from (each for each in row.latest if each.key.name not in learnt)
    yield from (each for each in row.older if each.key.name not in told)
