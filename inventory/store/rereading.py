"""Facts derived anew from the raw answers that were kept, without asking anybody.

Each visit is read again, oldest first, and what holds now follows from all of them as it did when
they were made. What an old answer does not hold any more, because it was asked in other words then,
stays as it was read at the time. Which server a visit was to is not judged again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from inventory.model.fact import Facts, Known
from inventory.model.identity import Identity
from inventory.store.contents import keep, load
from inventory.store.entering import keep_identity
from inventory.store.facts import facts_now, read_packed
from inventory.store.raw import digests_in, unpack_raw
from inventory.store.servers import asked_of
from inventory.store.statements import pack
from inventory.store.tables import SERVER, VISIT
from inventory.store.writing import write_observations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping

    from inventory.model.fact import Observation
    from inventory.store.store import Store


@dataclass(frozen=True, kw_only=True)
class ReadAgain:
    """What one raw answer says, read by today's readers."""

    observations: tuple[Observation, ...]
    as_today: frozenset[str]
    """The questions that were asked in the words in which they are asked now."""


@dataclass(frozen=True, kw_only=True)
class Reread:
    """What reading a server's answers again changed."""

    server_id: str
    visits: int
    """How many of its answers were read."""
    changes: tuple[str, ...]
    """Names of the facts that are now known otherwise, newly known, or no longer known."""


@dataclass(frozen=True, kw_only=True)
class _Standing:
    """The last visit that told anything."""

    visit_id: int | None = None
    told: Facts = field(default_factory=Facts)


def reread(
    store: Store,
    server_id: str,
    read: Callable[[bytes, str, datetime, str], ReadAgain],
    *,
    keeping: bool = True,
) -> Reread:
    """Read every answer of a server again, and keep what comes of it in place of what was.

    What exports tell of it is not read again: they are not kept.

    ``read`` is given the raw answer, the target, the time and the run. Without ``keeping``, nothing
    is stored: it is only told what would change.

    Raises:
        StoreError: the database cannot be read or written; nothing was changed.

    """
    count, changes = 0, set[str]()
    with store.writing() as connection:
        for record_id in asked_of(connection, server_id):
            before = _facts_now(connection, store, record_id)
            facts, identity, standing = Facts(), Identity(), _Standing()
            for row in _rows(connection, record_id):
                told = _told(connection, store, row)
                if row["unreachable"] is None:
                    raw = _raw(connection, row)
                    told = _anew(told, read(raw, row["target"], row["at"], row["run_id"]))
                    count += 1
                facts, identity = facts.updated(told.values()), identity.updated(Identity.of(told))
                if keeping:
                    _keep_visit(connection, store, row["id"], told)
                if told:
                    standing = _Standing(visit_id=row["id"], told=told)
            if keeping:
                _keep_now(connection, store, record_id, standing, facts)
                keep_identity(connection, record_id, identity)
            changes |= set(_changes(before, facts))
    return Reread(server_id=server_id, visits=count, changes=tuple(sorted(changes)))


def _facts_now(connection: Connection, store: Store, record_id: str) -> Facts:
    """Return what is known from this record alone."""
    columns = select(SERVER.c.older_facts, VISIT.c.observations)
    joined = columns.outerjoin(VISIT, VISIT.c.id == SERVER.c.answered_visit)
    packed = connection.execute(joined.where(SERVER.c.id == record_id)).one()
    older, latest = read_packed(connection, store.keys, packed)
    return facts_now(older, latest)


def _rows(connection: Connection, server_id: str) -> list[RowMapping]:
    query = select(VISIT).where(VISIT.c.server_id == server_id).order_by(VISIT.c.id)
    return list(connection.execute(query).mappings())


def _raw(connection: Connection, row: RowMapping) -> bytes:
    return unpack_raw(row["raw"], load(connection, digests_in(row["raw"])))


def _told(connection: Connection, store: Store, row: RowMapping) -> Facts:
    (told,) = read_packed(connection, store.keys, [row["observations"]])
    return Facts.from_observations(told)


def _anew(then: Facts, now: ReadAgain) -> Facts:
    """Lay what is read now over what was read then.

    A fact is lost only to a reader that knows better, and not because the question is asked in
    other words today than those that this answer answers.
    """
    merged = dict(then)
    for each in now.observations:
        older = merged.get(each.key.name)
        as_today = each.origin is not None and each.origin.question in now.as_today
        if as_today or isinstance(each.fact, Known) or older is None:
            merged[each.key.name] = each
    return Facts(merged)


def _keep_visit(connection: Connection, store: Store, visit_id: int, told: Facts) -> None:
    packed = _packed(connection, store, told)
    connection.execute(update(VISIT).where(VISIT.c.id == visit_id).values(observations=packed))


def _keep_now(
    connection: Connection, store: Store, server_id: str, standing: _Standing, facts: Facts
) -> None:
    """Enter which visit holds now, and what earlier ones told beside it."""
    older = {name: each for name, each in facts.items() if each is not standing.told.get(name)}
    now = {
        "answered_visit": standing.visit_id,
        "older_facts": _packed(connection, store, older) if older else None,
    }
    connection.execute(update(SERVER).where(SERVER.c.id == server_id).values(now))


def _packed(connection: Connection, store: Store, facts: Mapping[str, Observation]) -> bytes:
    written = write_observations(facts.values(), store.lately.texts)
    keep(connection, written.contents, store.lately)
    return pack(written.statements)


def _changes(before: Facts, after: Facts) -> Iterator[str]:
    for name in sorted({*before, *after}):
        then, now = before.get(name), after.get(name)
        if (then and then.fact) != (now and now.fact):
            yield name
