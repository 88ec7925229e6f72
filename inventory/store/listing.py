"""What exports say of servers is kept: each record by its source's own key, and every import of it.

An export that was kept already changes nothing. One that is older than what is known is history,
and does not hold now; so the order in which exports are imported does not matter.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, insert, select, update

from inventory.model.fact import Facts, Observation
from inventory.model.identity import Identity
from inventory.model.nearness import Nearness
from inventory.store.compression import squeeze
from inventory.store.contents import keep
from inventory.store.entering import keep_identities
from inventory.store.facts import read_packed
from inventory.store.raw import pack_raw
from inventory.store.standing import left_over
from inventory.store.statements import Statement, pack, unpack
from inventory.store.tables import IDENTITY, SERVER, VISIT
from inventory.store.writing import write_statements

if TYPE_CHECKING:
    from sqlalchemy import Connection, RowMapping

    from inventory.store.store import Store

_TOGETHER: Final = 400
"""How many records one transaction keeps."""
_KNOWN: Final = (
    select(
        SERVER.c.id, SERVER.c.source_key, SERVER.c.older_facts, SERVER.c.answered_visit,
        VISIT.c.at, VISIT.c.observations,
    )
    .outerjoin(VISIT, VISIT.c.id == SERVER.c.answered_visit)
    .where(
        SERVER.c.source == bindparam("told_by"),
        SERVER.c.source_key.in_(bindparam("keys", expanding=True)),
    )
)  # fmt: skip
_IMPORTS: Final = (
    select(VISIT.c.id, VISIT.c.at, VISIT.c.observations)
    .where(VISIT.c.server_id == bindparam("record"))
    .order_by(VISIT.c.at, VISIT.c.id)
)
_LIST: Final = insert(SERVER)
_KEEP: Final = insert(VISIT).returning(VISIT.c.id, sort_by_parameter_order=True)
_HOLD: Final = (
    update(SERVER)
    .where(SERVER.c.id == bindparam("record"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("name", "last_asked", "answered_visit", "older_facts")
        }
    )
)
_IDENTITIES: Final = select(IDENTITY).where(
    IDENTITY.c.server_id.in_(bindparam("records", expanding=True))
)
_NO_ANSWER: Final = pack_raw(b"")[0]
_NO_COMPLAINT: Final = squeeze(b"")


class Change(Enum):
    """What keeping a record changed."""

    NEW = "new"
    CHANGED = "told anew"
    SAME = "known already"


@dataclass(frozen=True, kw_only=True)
class Listed:
    """What one export says of one server."""

    source: str
    key: str
    name: str
    nearness: Nearness
    at: datetime
    """When the export was made."""
    observations: tuple[Observation, ...]
    """With their origins, in the order in which they are stated; two may be of one key."""


def keep_listed(
    store: Store, run_id: str, listed: Iterable[Listed], *, now: datetime
) -> Counter[Change]:
    """Keep records, and count what that changed. Which of them are one server is not judged.

    Raises:
        StoreError: the database cannot be written; of the records before, some are kept.

    """
    changes: Counter[Change] = Counter()
    some: dict[tuple[str, str], Listed] = {}
    for each in listed:
        if len(some) == _TOGETHER or (each.source, each.key) in some:
            changes += _keep_some(store, run_id, list(some.values()), now)
            some = {}
        some[each.source, each.key] = each
    return changes + _keep_some(store, run_id, list(some.values()), now)


def _keep_some(store: Store, run_id: str, some: Sequence[Listed], now: datetime) -> Counter[Change]:
    written = [write_statements(each.observations) for each in some]
    contents = {digest: text for one in written for digest, text in one.contents.items()}
    with store.writing() as connection:
        keep(connection, contents, store.lately)
        keeping = _Keeping(connection=connection, store=store, run_id=run_id, now=now)
        changes = keeping.keep(
            [(each, one.statements) for each, one in zip(some, written, strict=True)]
        )
    store.lately.add(contents)
    return changes


@dataclass(frozen=True, kw_only=True)
class _Told:
    """A record that says something new."""

    listed: Listed
    statements: tuple[Statement, ...]
    row: RowMapping | None
    """What was known of it before."""
    record_id: str

    @property
    def change(self) -> Change:
        return Change.CHANGED if self.row else Change.NEW

    @property
    def is_late(self) -> bool:
        """Whether something newer is known."""
        return self.row is not None and self.listed.at < self.row["at"]


@dataclass(frozen=True, kw_only=True)
class _Keeping:
    """One transaction that keeps records, each of them once."""

    connection: Connection
    store: Store
    run_id: str
    now: datetime

    def keep(self, said: Sequence[tuple[Listed, tuple[Statement, ...]]]) -> Counter[Change]:
        """Keep records, each with its statements, and count what that changed."""
        known = self._known([listed for listed, _ in said])
        told = []
        for listed, statements in said:
            row = known.get((listed.source, listed.key))
            if row is None or not self._was_told(row, listed, statements):
                record_id = row["id"] if row else uuid.uuid4().hex
                told.append(
                    _Told(listed=listed, statements=statements, row=row, record_id=record_id)
                )
        self._list([each for each in told if each.row is None])
        self._hold(told, self._enter(told))
        for each in told:
            if each.is_late:
                self._slip_in(each)
        same = Counter({Change.SAME: len(said) - len(told)})
        return same + Counter(each.change for each in told)

    def _known(self, some: Sequence[Listed]) -> dict[tuple[str, str], RowMapping]:
        found = {}
        for source in {each.source for each in some}:
            keys = [each.key for each in some if each.source == source]
            rows = self.connection.execute(_KNOWN, {"told_by": source, "keys": keys}).mappings()
            found.update({(source, row["source_key"]): row for row in rows})
        return found

    def _was_told(self, row: RowMapping, listed: Listed, statements: tuple[Statement, ...]) -> bool:
        if _says(statements, row["observations"]):
            return True
        earlier = self._imports(row["id"]) if listed.at <= row["at"] else []
        return any(_says(statements, each["observations"]) for each in earlier)

    def _list(self, new: Sequence[_Told]) -> None:
        """Enter records that were never told of."""
        rows = [
            {
                "id": each.record_id,
                "name": each.listed.name,
                "target": "",
                "first_seen": self.now,
                "last_asked": each.listed.at,
                "source": each.listed.source,
                "source_key": each.listed.key,
                "nearness": each.listed.nearness.name,
            }
            for each in new
        ]
        if rows:
            self.connection.execute(_LIST, rows)

    def _enter(self, told: Sequence[_Told]) -> list[int]:
        """Add what was told to the history, and return its numbers."""
        rows = [
            {
                "run_id": self.run_id,
                "server_id": each.record_id,
                "target": each.listed.source,
                "at": each.listed.at,
                "seconds": 0,
                "why_server": "listed",
                "observations": pack(each.statements),
                "raw": _NO_ANSWER,
                "stderr": _NO_COMPLAINT,
            }
            for each in told
        ]
        return list(self.connection.execute(_KEEP, rows).scalars()) if rows else []

    def _hold(self, told: Sequence[_Told], visit_ids: Sequence[int]) -> None:
        """Let it hold now, over what was known; what it does not tell is not erased."""
        rows, identities = [], dict[str, Identity]()
        known = self._identities([each.record_id for each in told if each.row])
        for each, visit_id in zip(told, visit_ids, strict=True):
            if each.is_late:
                continue
            facts = _facts(each.listed.observations)
            rows.append(
                {
                    "record": each.record_id,
                    "new_name": each.listed.name,
                    "new_last_asked": each.listed.at,
                    "new_answered_visit": visit_id,
                    "new_older_facts": self._left_over(each, facts),
                }
            )
            before = known.get(each.record_id, Identity())
            after = before.updated(Identity.of(facts))
            if after != before:
                identities[each.record_id] = after
        if rows:
            self.connection.execute(_HOLD, rows)
        keep_identities(self.connection, identities)

    def _left_over(self, told: _Told, facts: Facts) -> bytes | None:
        if told.row is None:
            return None
        past = [each for each in (told.row["older_facts"], told.row["observations"]) if each]
        return left_over(self.connection, past, facts, told.statements)

    def _slip_in(self, told: _Told) -> None:
        """Let it hold only where nothing newer is known."""
        imports = [each["observations"] for each in self._imports(told.record_id)]
        states = [_facts(each) for each in read_packed(self.connection, self.store.keys, imports)]
        older = left_over(self.connection, imports[:-1], states[-1], unpack(imports[-1]))
        change = update(SERVER).where(SERVER.c.id == told.record_id)
        self.connection.execute(change.values(older_facts=older))
        identity = Identity()
        for facts in states:
            identity = identity.updated(Identity.of(facts))
        keep_identities(self.connection, {told.record_id: identity})

    def _imports(self, record_id: str) -> Sequence[RowMapping]:
        """Return every import of a record, the oldest export first."""
        return self.connection.execute(_IMPORTS, {"record": record_id}).mappings().all()

    def _identities(self, record_ids: Sequence[str]) -> dict[str, Identity]:
        pairs: dict[str, list[tuple[str, str]]] = {}
        for row in self.connection.execute(_IDENTITIES, {"records": record_ids}):
            pairs.setdefault(row.server_id, []).append((row.kind, row.value))
        return {record_id: Identity.from_pairs(each) for record_id, each in pairs.items()}


def _facts(stated: Sequence[Observation]) -> Facts:
    """Return what is stated; of two statements of one thing the first that knows it."""
    return Facts().updated(reversed(stated))


def _says(statements: Iterable[Statement], packed: bytes) -> bool:
    """Tell whether this was said before, whichever run brought it."""
    return list(map(_without_run, statements)) == list(map(_without_run, unpack(packed)))


def _without_run(statement: Statement) -> tuple[object, ...]:
    told, question, body = statement
    return told and told[:2], question, body
