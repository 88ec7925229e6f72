"""What exports say of servers is kept: each record by its source's own key, and every import of it.

An export that was kept already changes nothing. One that is older than what is known is history,
and does not hold now; so the order in which exports are imported does not matter.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select, update

from inventory.model.fact import Facts, Observation
from inventory.model.identity import Identity
from inventory.model.nearness import Nearness
from inventory.store.compression import squeeze
from inventory.store.contents import keep
from inventory.store.entering import identify, keep_identity
from inventory.store.facts import read_packed
from inventory.store.matching import identity_on
from inventory.store.raw import pack_raw
from inventory.store.standing import left_over
from inventory.store.statements import Statement, pack, unpack
from inventory.store.tables import SERVER, VISIT
from inventory.store.writing import write_observations

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
_KEEP: Final = insert(VISIT)
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
    written = [write_observations(each.observations, store.lately.texts) for each in some]
    contents = {digest: text for one in written for digest, text in one.contents.items()}
    with store.writing() as connection:
        keep(connection, contents, store.lately)
        keeping = _Keeping(connection=connection, store=store, run_id=run_id, now=now)
        known = _known(connection, some)
        changes = [
            keeping.keep(each, one.statements, known.get((each.source, each.key)))
            for each, one in zip(some, written, strict=True)
        ]
    store.lately.add(contents)
    return Counter(changes)


def _known(connection: Connection, some: Sequence[Listed]) -> dict[tuple[str, str], RowMapping]:
    found = {}
    for source in {each.source for each in some}:
        keys = [each.key for each in some if each.source == source]
        rows = connection.execute(_KNOWN, {"told_by": source, "keys": keys}).mappings()
        found.update({(source, row["source_key"]): row for row in rows})
    return found


@dataclass(frozen=True, kw_only=True)
class _Keeping:
    """One transaction that keeps records."""

    connection: Connection
    store: Store
    run_id: str
    now: datetime

    def keep(
        self, listed: Listed, statements: tuple[Statement, ...], row: RowMapping | None
    ) -> Change:
        """Keep one record, of which ``row`` is what was known before."""
        if row is None:
            self._add(listed, statements)
            return Change.NEW
        if _says(statements, row["observations"]):
            return Change.SAME
        earlier = self._imports(row["id"]) if listed.at <= row["at"] else []
        if any(_says(statements, each["observations"]) for each in earlier):
            return Change.SAME
        visit_id = self._enter(row["id"], listed, statements)
        if listed.at < row["at"]:
            self._slip_in(row, listed)
        else:
            self._renew(row, listed, statements, visit_id)
        return Change.CHANGED

    def _add(self, listed: Listed, statements: tuple[Statement, ...]) -> None:
        record_id = uuid.uuid4().hex
        columns = {
            "id": record_id,
            "name": listed.name,
            "target": "",
            "first_seen": self.now,
            "last_asked": listed.at,
            "source": listed.source,
            "source_key": listed.key,
            "nearness": listed.nearness.name,
        }
        self.connection.execute(_LIST, columns)
        identify(self.connection, record_id, Identity.of(_facts(listed)))
        visit_id = self._enter(record_id, listed, statements)
        self._now(record_id, {"answered_visit": visit_id})

    def _renew(
        self,
        row: RowMapping,
        listed: Listed,
        statements: tuple[Statement, ...],
        visit_id: int,
    ) -> None:
        """Let it hold now, over what was known; what it does not tell is not erased."""
        past = [each for each in (row["older_facts"], row["observations"]) if each]
        facts = _facts(listed)
        values = {
            "name": listed.name,
            "last_asked": listed.at,
            "answered_visit": visit_id,
            "older_facts": left_over(self.connection, past, facts, statements),
        }
        self._now(row["id"], values)
        self._identify(row["id"], lambda known: known.updated(Identity.of(facts)))

    def _slip_in(self, row: RowMapping, listed: Listed) -> None:
        """Let it hold only where nothing newer is known."""
        imports = [each["observations"] for each in self._imports(row["id"])]
        (told,) = read_packed(self.connection, self.store.keys, imports[-1:])
        facts = Facts.from_observations(told)
        older = left_over(self.connection, imports[:-1], facts, unpack(imports[-1]))
        self._now(row["id"], {"older_facts": older})
        self._identify(row["id"], lambda known: Identity.of(_facts(listed)).updated(known))

    def _enter(self, record_id: str, listed: Listed, statements: tuple[Statement, ...]) -> int:
        columns = {
            "run_id": self.run_id,
            "server_id": record_id,
            "target": listed.source,
            "at": listed.at,
            "seconds": 0,
            "why_server": "listed",
            "observations": pack(statements),
            "raw": _NO_ANSWER,
            "stderr": _NO_COMPLAINT,
        }
        key: Any = self.connection.execute(_KEEP, columns).inserted_primary_key
        return int(key[0])

    def _imports(self, record_id: str) -> Sequence[RowMapping]:
        """Return every import of a record, the oldest export first."""
        return self.connection.execute(_IMPORTS, {"record": record_id}).mappings().all()

    def _identify(self, record_id: str, change: Callable[[Identity], Identity]) -> None:
        known = identity_on(self.connection, record_id)
        changed = change(known)
        if changed != known:
            keep_identity(self.connection, record_id, changed)

    def _now(self, record_id: str, values: Mapping[str, Any]) -> None:
        self.connection.execute(update(SERVER).where(SERVER.c.id == record_id).values(**values))


def _facts(listed: Listed) -> Facts:
    """Return what it states; of two statements of one thing the first that knows it."""
    return Facts().updated(reversed(listed.observations))


def _says(statements: Iterable[Statement], packed: bytes) -> bool:
    """Tell whether this was said before, whichever run brought it."""
    return sorted(map(_without_run, statements)) == sorted(map(_without_run, unpack(packed)))


def _without_run(statement: Statement) -> tuple[str, str, str, bytes]:
    origin = statement.origin
    if origin is None:
        return "", "", "", statement.body
    return origin.source, origin.question, origin.at.astimezone(UTC).isoformat(), statement.body
