"""Which records each import told of: what a later import leaves out is gone from its source.

Nothing is erased for it: an export may be of one cluster only. It is told, and people decide.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam, insert, select

from inventory.store.compression import squeeze, unsqueeze
from inventory.store.tables import ROLL, RUN

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from inventory.store.store import Store

_KEEP: Final = insert(ROLL)
_LISTED: Final = (
    select(ROLL.c.run_id, ROLL.c.source, ROLL.c.at, RUN.c.command)
    .join(RUN, RUN.c.id == ROLL.c.run_id)
    .where(RUN.c.started <= bindparam("known_at"), ROLL.c.at <= bindparam("known_at"))
    .order_by(ROLL.c.source, ROLL.c.at, RUN.c.started, RUN.c.id)
)
_KEYS: Final = select(ROLL.c["keys"]).where(
    ROLL.c.run_id == bindparam("run"), ROLL.c.source == bindparam("told_by")
)
_NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Roll:
    """The records that a source's latest export told of."""

    at: datetime
    """When the export was made."""
    command: str
    """What took it in."""
    keys: frozenset[str]


def why_gone(rolls: Mapping[str, Roll], source: str, key: str | None) -> str:
    """Say why a record is no longer told of by its source; nothing while it is."""
    roll = rolls.get(source)
    if roll is None or key is None or key in roll.keys:
        return ""
    return f"not in {source}'s export of {roll.at:%Y-%m-%d %H:%M} UTC ({roll.command})"


def keep_roll(
    store: Store, run_id: str, source: str, keys: Collection[str], *, at: datetime
) -> None:
    """Keep which records of a source an import told of.

    Raises:
        StoreError: the database cannot be written.

    """
    packed = squeeze(json.dumps(sorted(keys)).encode())
    with store.writing() as connection:
        connection.execute(_KEEP, {"run_id": run_id, "source": source, "at": at, "keys": packed})


def latest_rolls(connection: Connection, known_at: datetime = _NEVER) -> Mapping[str, Roll]:
    """Return the roll of each source's latest export; with a time, of those known by then."""
    latest = {row.source: row for row in connection.execute(_LISTED, {"known_at": known_at})}
    return {source: _roll(connection, row) for source, row in latest.items()}


def _roll(connection: Connection, row: Any) -> Roll:
    found = connection.execute(_KEYS, {"run": row.run_id, "told_by": row.source}).scalar_one()
    return Roll(at=row.at, command=row.command, keys=frozenset(json.loads(unsqueeze(found))))
