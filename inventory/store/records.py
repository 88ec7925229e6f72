"""Records: versioned JSON documents by which stages meet. A new version is added, none is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, insert, select

from inventory.store.engine import expect_much
from inventory.store.tables import RECORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import ColumnElement, Connection

    from inventory.store.store import Store

_AT_ONCE: Final = 400
"""How many documents one query asks for: SQLite takes no more than 999 parameters in old builds."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One version of one document."""

    kind: str
    key: str
    version: int
    """1 is the first."""
    body: str
    """JSON."""
    at: datetime


def put_record(store: Store, *, kind: str, key: str, body: str, at: datetime) -> Record:
    """Add a version, and return it; the same body as the latest adds none, and returns that."""
    put_records(store, kind=kind, bodies=[(key, body)], at=at)
    return records(store, kind, key)[-1]


def put_records(
    store: Store, *, kind: str, bodies: Iterable[tuple[str, str]], at: datetime
) -> None:
    """Add versions of many documents of a kind, by their keys: all of them, or none.

    The bodies are taken a few hundred at a time, and not held: they may be made meanwhile. A body
    that is the same as the latest adds no version; of one key given twice, the last counts.
    """
    with store.writing() as connection:
        expect_much(connection)
        left = iter(bodies)
        while some := dict(islice(left, _AT_ONCE)):
            latest = _latest(connection, kind, RECORD.c.key.in_(list(some)))
            rows = [
                {"kind": kind, "key": key, "version": _next(latest, key), "body": body, "at": at}
                for key, body in some.items()
                if key not in latest or latest[key].body != body
            ]
            if rows:
                connection.execute(insert(RECORD), rows)


def latest_records(
    store: Store, kind: str, *, until: datetime | None = None, holding: str = ""
) -> dict[str, Record]:
    """Return the latest version of each document of a kind, by its key, in order of the keys.

    With ``until``, the latest that was put by then; with ``holding``, the latest with that in it.
    """
    which = [RECORD.c.at <= until] if until else []
    which += [RECORD.c.body.contains(holding, autoescape=True)] if holding else []
    with store.reading() as connection:
        found = _latest(connection, kind, *which)
    return {key: found[key] for key in sorted(found)}


def record_keys(store: Store, kind: str) -> frozenset[str]:
    """Return the keys of all documents of a kind."""
    query = select(RECORD.c.key).where(RECORD.c.kind == kind).distinct()
    with store.reading() as connection:
        return frozenset(connection.execute(query).scalars())


def latest_record(store: Store, kind: str, key: str) -> Record | None:
    """Return the latest version of one document, or None when there is none."""
    with store.reading() as connection:
        return _latest(connection, kind, RECORD.c.key == key).get(key)


def records(store: Store, kind: str, key: str) -> tuple[Record, ...]:
    """Return every version of one document, oldest first."""
    query = select(RECORD).where(RECORD.c.kind == kind, RECORD.c.key == key)
    with store.reading() as connection:
        found = connection.execute(query.order_by(RECORD.c.version)).mappings()
        return tuple(Record(**row) for row in found)


def _next(latest: Mapping[str, Record], key: str) -> int:
    return latest[key].version + 1 if key in latest else 1


def _latest(connection: Connection, kind: str, *which: ColumnElement[bool]) -> dict[str, Record]:
    newest = (
        select(RECORD.c.key, func.max(RECORD.c.version).label("version"))
        .where(RECORD.c.kind == kind, *which)
        .group_by(RECORD.c.key)
        .subquery()
    )
    query = (
        select(RECORD)
        .join(newest, (RECORD.c.key == newest.c.key) & (RECORD.c.version == newest.c.version))
        .where(RECORD.c.kind == kind)
    )
    return {row["key"]: Record(**row) for row in connection.execute(query).mappings()}
