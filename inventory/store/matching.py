"""Which known server a visit was to: candidates by address and by identity, judged one by one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, distinct, func, select

from inventory.identity.entry import ASKED
from inventory.model.identity import NEEDED_GROUPS, Identity, Match, same_server
from inventory.store.tables import IDENTITY, SERVER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

NEW: Final = "first seen"
_ASKED: Final = SERVER.c.source == ASKED
_AT_TARGET: Final = select(SERVER).where(SERVER.c.target == bindparam("asked"), _ASKED)
# Thousands of clones may share one key; whoever shares only one is no candidate. Of which kind
# each value is, is looked at when the candidates are judged.
_SHARING: Final = select(SERVER).where(
    _ASKED,
    SERVER.c.id.in_(
        select(IDENTITY.c.server_id)
        .where(IDENTITY.c.value.in_(bindparam("values", expanding=True)))
        .group_by(IDENTITY.c.server_id)
        .having(func.count(distinct(IDENTITY.c.kind)) >= NEEDED_GROUPS)
    ),
)
_IDENTITY: Final = select(IDENTITY.c.kind, IDENTITY.c.value).where(
    IDENTITY.c.server_id == bindparam("server")
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """Which server it is."""

    server_id: str | None = None
    """None when it was never seen before."""
    name: str = ""
    """What people call it until now."""
    last_answered: datetime | None = None
    answered_visit: int | None = None
    """The visit whose statements hold until now."""
    older_facts: bytes | None = None
    """What was learnt before that visit and holds too."""
    identity: Identity = field(default_factory=Identity)
    """What was known of it until now."""
    why: tuple[str, ...] = (NEW,)
    placeholders: tuple[str, ...] = ()
    """Servers that are listed only because nothing ever answered at this address."""


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    row: RowMapping
    identity: Identity
    match: Match

    def rank(self) -> tuple[int, str]:
        """Order candidates: most agreement first, then whoever was asked last."""
        return self.match.groups, self.row["last_asked"].isoformat()


def find(connection: Connection, seen: Identity, target: str) -> Found:
    """Find the server that shows this identity at this target."""
    rows = {row["id"]: row for row in _rows(connection, seen, target)}
    candidates = list(_candidates(connection, rows, seen, target))
    if not candidates:
        return Found()
    best = max(candidates, key=_Candidate.rank)
    return Found(
        server_id=best.row["id"],
        name=best.row["name"],
        last_answered=best.row["last_answered"],
        answered_visit=best.row["answered_visit"],
        older_facts=best.row["older_facts"],
        identity=best.identity,
        why=best.match.why,
        placeholders=tuple(
            row["id"]
            for row in rows.values()
            if row["target"] == target
            and row["last_answered"] is None
            and row["id"] != best.row["id"]
        ),
    )


def _rows(connection: Connection, seen: Identity, target: str) -> Iterator[RowMapping]:
    yield from connection.execute(_AT_TARGET, {"asked": target}).mappings()
    values = seen.telling()
    if values:
        yield from connection.execute(_SHARING, {"values": values}).mappings()


def _identity_on(connection: Connection, server_id: str) -> Identity:
    rows = connection.execute(_IDENTITY, {"server": server_id})
    return Identity.from_pairs((row.kind, row.value) for row in rows)


def _candidates(
    connection: Connection,
    rows: dict[str, RowMapping],
    seen: Identity,
    target: str,
) -> Iterator[_Candidate]:
    for row in rows.values():
        known = _identity_on(connection, row["id"])
        match = same_server(known, seen, same_target=row["target"] == target)
        if isinstance(match, Match):
            yield _Candidate(row=row, identity=known, match=match)
