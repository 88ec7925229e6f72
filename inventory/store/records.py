"""Records: versioned JSON documents by which stages meet. A new version is added, none is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select

from inventory.store.tables import RECORD

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from inventory.store.store import Store


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
    with store.writing() as connection:
        latest = _latest(connection, kind, key)
        if latest is not None and latest.body == body:
            return latest
        version = latest.version + 1 if latest else 1
        record = Record(kind=kind, key=key, version=version, body=body, at=at)
        connection.execute(insert(RECORD).values(**vars(record)))
    return record


def latest_records(store: Store, kind: str) -> dict[str, Record]:
    """Return the latest version of each document of a kind, by its key, in order of the keys."""
    newest = (
        select(RECORD.c.key, func.max(RECORD.c.version).label("version"))
        .where(RECORD.c.kind == kind)
        .group_by(RECORD.c.key)
        .subquery()
    )
    query = (
        select(RECORD)
        .join(newest, (RECORD.c.key == newest.c.key) & (RECORD.c.version == newest.c.version))
        .where(RECORD.c.kind == kind)
    )
    with store.reading() as connection:
        found = [Record(**row) for row in connection.execute(query).mappings()]
    return {record.key: record for record in sorted(found, key=lambda each: each.key)}


def records(store: Store, kind: str, key: str) -> tuple[Record, ...]:
    """Return every version of one document, oldest first."""
    query = select(RECORD).where(RECORD.c.kind == kind, RECORD.c.key == key)
    with store.reading() as connection:
        found = connection.execute(query.order_by(RECORD.c.version)).mappings()
        return tuple(Record(**row) for row in found)


def _latest(connection: Connection, kind: str, key: str) -> Record | None:
    query = select(RECORD).where(RECORD.c.kind == kind, RECORD.c.key == key)
    row = connection.execute(query.order_by(RECORD.c.version.desc()).limit(1)).mappings().first()
    return Record(**row) if row else None
