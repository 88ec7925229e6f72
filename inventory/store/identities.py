"""Which records are one server, as the store knows it: judged over all of them, and entered.

Records themselves are never merged: each row only says by which row's id its server is known.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select, update

from inventory.errors import StoreError
from inventory.identity.decisions import Decision, decided
from inventory.identity.entry import Entry
from inventory.identity.resolve import resolve
from inventory.model import spelling
from inventory.model.codec import from_json, to_json
from inventory.model.identity import Identity
from inventory.model.nearness import Nearness
from inventory.store.naming import address_in
from inventory.store.records import latest_records, put_record
from inventory.store.settling import DECISION
from inventory.store.tables import IDENTITY, SERVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from inventory.identity.resolution import Resolution
    from inventory.store.records import Record
    from inventory.store.store import Store

_UNDONE: Final = "null"
"""What is kept in the place of a decision that was taken back."""
_COLUMNS: Final = ("id", "source", "source_key", "name", "target", "nearness", "first_seen")
_HOME: Final = (
    update(SERVER).where(SERVER.c.id == bindparam("record")).values(merged_into=bindparam("home"))
)


def entries(store: Store) -> tuple[Entry, ...]:
    """Return every record as identity looks at it."""
    known: dict[str, list[tuple[str, str]]] = {}
    with store.reading() as connection:
        for row in connection.execute(select(IDENTITY)):
            known.setdefault(row.server_id, []).append((row.kind, row.value))
        rows = connection.execute(select(*(SERVER.c[name] for name in _COLUMNS))).mappings().all()
    return tuple(
        Entry(
            id=row["id"],
            source=row["source"],
            key=row["source_key"] or row["id"],
            name=row["name"],
            identity=_identity(known.get(row["id"], ()), row["target"]),
            nearness=Nearness[row["nearness"]],
            first_seen=row["first_seen"],
        )
        for row in rows
    )


def _identity(known: Iterable[tuple[str, str]], target: str) -> Identity:
    """Return what a record is known by; of a server that never answered, where it was asked."""
    pairs = tuple(known)
    if pairs or not target:
        return Identity.from_pairs(pairs)
    asked = address_in(target)
    found = {"address": spelling.address(asked), "fqdn": spelling.fqdn(asked)}
    return Identity.from_pairs((kind, value) for kind, value in found.items() if value)


def decisions(store: Store) -> tuple[Decision, ...]:
    """Return what was decided, and not undone.

    Raises:
        StoreError: a decision cannot be read.

    """
    found = latest_records(store, DECISION).values()
    return tuple(_decision(each) for each in found if each.body != _UNDONE)


def decide(store: Store, new: Decision) -> None:
    """Keep a decision, and enter what follows from it.

    Raises:
        UsageError: it contradicts others; nothing was kept.

    """
    if new in decided(decisions(store), new):
        put_record(store, kind=DECISION, key=_key(new), body=to_json(new), at=new.at)
    resolved(store)


def undo(store: Store, made: Decision, *, at: datetime) -> None:
    """Take back what was decided, and enter what follows."""
    put_record(store, kind=DECISION, key=_key(made), body=_UNDONE, at=at)
    resolved(store)


def resolved(store: Store) -> Resolution:
    """Judge anew which records are one server, and enter it.

    Raises:
        UsageError: decisions contradict each other, which two people at once may bring about.

    """
    found = resolve(entries(store), decisions(store))
    _enter(store, found)
    return found


def server_ids(store: Store) -> Mapping[str, str]:
    """Return the id of the server for each record that is known by another's id."""
    query = select(SERVER.c.id, SERVER.c.merged_into).where(SERVER.c.merged_into.is_not(None))
    with store.reading() as connection:
        return {row.id: row.merged_into for row in connection.execute(query)}


def _enter(store: Store, found: Resolution) -> None:
    homes = {
        record: server if server != record else None for record, server in found.server_of.items()
    }
    with store.writing() as connection:
        now = connection.execute(select(SERVER.c.id, SERVER.c.merged_into)).all()
        moved = [
            {"record": row.id, "home": homes[row.id]}
            for row in now
            if row.id in homes and homes[row.id] != row.merged_into
        ]
        if moved:
            connection.execute(_HOME, moved)


def _key(decision: Decision) -> str:
    pair = "\0".join(f"{each.source}\0{each.key}" for each in decision.pair)
    return hashlib.sha256(pair.encode()).hexdigest()


def _decision(record: Record) -> Decision:
    try:
        found: Decision = from_json(record.body, Decision)
    except ValueError as error:
        raise StoreError(
            f"a stored decision about identity cannot be read: {error}",
            hint="it may come from a newer version of decant: upgrade, and try again",
        ) from error
    return found
