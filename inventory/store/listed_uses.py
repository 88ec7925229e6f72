"""Uses of services that exports tell of are kept beside those that servers were seen at.

An end that is a server of the export stands as its record, ``record:ID``, so that it is found
though nobody knows its address. What was kept already changes nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select, update

from inventory.applications.addresses import RECORD
from inventory.model.parts import Direction
from inventory.store.listing import Change
from inventory.store.tables import SERVER, SIGHTING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from inventory.model.imported import ConnectionRecord
    from inventory.store.store import Store

_TOGETHER: Final = 2_000
"""How many uses one transaction keeps."""
_SOME: Final = 400
"""How many ids one query asks for."""
_PROCESS_CHARACTERS: Final = 255
_KEY: Final = (
    "server_id", "protocol", "direction", "local_address", "remote_address", "port", "process",
)  # fmt: skip
_IDS: Final = select(SERVER.c.source, SERVER.c.source_key, SERVER.c.id).where(
    SERVER.c.source == bindparam("told_by"),
    SERVER.c.source_key.in_(bindparam("keys", expanding=True)),
)
_SEEN: Final = select(SIGHTING).where(SIGHTING.c.server_id.in_(bindparam("ids", expanding=True)))
_SEE: Final = insert(SIGHTING)
_SEE_AGAIN: Final = update(SIGHTING).where(
    *(SIGHTING.c[name] == bindparam(f"old_{name}") for name in _KEY)
)
_Key = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class _Period:
    """When a use was seen, and in how many looks."""

    first: datetime
    last: datetime
    looks: int

    def joined(self, other: _Period) -> _Period:
        """Return both as one. Where they overlap, the looks may be the same ones."""
        apart = self.last < other.first or other.last < self.first
        return _Period(
            first=min(self.first, other.first),
            last=max(self.last, other.last),
            looks=self.looks + other.looks if apart else max(self.looks, other.looks),
        )


def keep_uses(
    store: Store, records: Iterable[ConnectionRecord], *, at: datetime
) -> Counter[Change]:
    """Keep uses, and count what that changed. One without a time was seen ``at`` the export's.

    A use of which neither end is a server of the export is passed over: it says nothing of the
    estate, and is not counted.

    Raises:
        StoreError: the database cannot be written; of the uses before, some are kept.

    """
    changes: Counter[Change] = Counter()
    rest = iter(records)
    while some := list(islice(rest, _TOGETHER)):
        with store.writing() as connection:
            changes += _keep_some(connection, some, at)
    return changes


def _keep_some(
    connection: Connection, some: Sequence[ConnectionRecord], at: datetime
) -> Counter[Change]:
    ids = _ids(connection, some)
    told: dict[_Key, _Period] = {}
    counted = set()
    for each in some:
        period = _period(each, at)
        for number, key in enumerate(_keys(each, ids)):
            told[key] = told[key].joined(period) if key in told else period
            # A use that both of its ends show is one use.
            counted.update([key] if number == 0 else [])
    known = _known(connection, {key[0] for key in told})
    changes: Counter[Change] = Counter()
    new, again = [], []
    for key, period in told.items():
        before = known.get(key)
        joined = before.joined(period) if before else period
        if before is None:
            changes[Change.NEW] += key in counted
            new.append({**dict(zip(_KEY, key, strict=True)), **_columns(period), "most_at_once": 1})
        elif joined == before:
            changes[Change.SAME] += key in counted
        else:
            changes[Change.CHANGED] += key in counted
            old = {f"old_{name}": value for name, value in zip(_KEY, key, strict=True)}
            again.append({**old, **_columns(joined)})
    if new:
        connection.execute(_SEE, new)
    if again:
        connection.execute(_SEE_AGAIN, again)
    return +changes


def _keys(each: ConnectionRecord, ids: dict[tuple[str, str], str]) -> Iterator[_Key]:
    """Yield what it is called by each of its ends that is a server of the export."""
    client = ids.get((each.source, each.client_key or ""))
    server = ids.get((each.source, each.server_key or ""))
    near, far = each.client_address or "", each.server_address or ""
    protocol = each.protocol.value
    if client and client != server and (server or far):
        remote = f"{RECORD}{server}" if server else far
        process = (each.client_process or "")[:_PROCESS_CHARACTERS]
        yield client, protocol, Direction.OUTBOUND.value, near, remote, each.port, process
    if server and client != server and (each.server_process or not client) and (client or near):
        remote = f"{RECORD}{client}" if client else near
        process = (each.server_process or "")[:_PROCESS_CHARACTERS]
        yield server, protocol, Direction.INBOUND.value, far, remote, each.port, process


def _ids(connection: Connection, some: Sequence[ConnectionRecord]) -> dict[tuple[str, str], str]:
    """Return the records' ids by source and key."""
    found = {}
    for source in {each.source for each in some}:
        mine = (each for each in some if each.source == source)
        keys = {key for each in mine for key in (each.client_key, each.server_key) if key}
        for part in _parts(sorted(keys)):
            rows = connection.execute(_IDS, {"told_by": source, "keys": part})
            found.update({(source, row.source_key): row.id for row in rows})
    return found


def _known(connection: Connection, ids: Iterable[str]) -> dict[_Key, _Period]:
    found = {}
    for part in _parts(sorted(ids)):
        for row in connection.execute(_SEEN, {"ids": part}).mappings():
            period = _Period(first=row["first_seen"], last=row["last_seen"], looks=row["looks"])
            found[tuple(row[name] for name in _KEY)] = period
    return found


def _parts(listed: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(listed), _SOME):
        yield listed[start : start + _SOME]


def _period(each: ConnectionRecord, at: datetime) -> _Period:
    first = each.first_seen or each.last_seen or at
    return _Period(first=first, last=max(first, each.last_seen or first), looks=each.looks)


def _columns(period: _Period) -> dict[str, Any]:
    return {"first_seen": period.first, "last_seen": period.last, "looks": period.looks}
