"""The ledger's rows: only ever appended, each bound to the one before; the database refuses more.

What a row says, and how its digest is made, is its writer's affair.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Protocol

from sqlalchemy import insert, select

from inventory.store.tables import CHAIN

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from inventory.store.store import Store

START: Final = "0" * 64
"""What the first row has for the digest of its predecessor."""


class DigestOf(Protocol):
    """How a row's digest is made, from everything in it."""

    def __call__(
        self, *, previous: str, seq: int, at: datetime, kind: str, subject: str, body: str
    ) -> str:
        """Return the digest."""
        ...


@dataclass(frozen=True, kw_only=True)
class ChainRow:
    """One row."""

    seq: int
    """1 is the first; no number is left out."""
    at: datetime
    kind: str
    subject: str
    """What it is about, such as a server's id."""
    body: str
    previous: str
    """Digest of the row before; :data:`START` for the first."""
    digest: str


def append_row(
    store: Store,
    *,
    at: datetime,
    kind: str,
    subject: str,
    body: str,
    digest_of: DigestOf,
    after: str | None = None,
) -> ChainRow | None:
    """Append a row after the last one; two writers at once come one after the other.

    With ``after`` only when that is still the digest of the last one: None says that another writer
    came first, and nothing was appended.
    """
    moment = at.astimezone(UTC)
    with store.writing() as connection:
        seq, previous = _head(connection)
        if after not in {None, previous}:
            return None
        digest = digest_of(
            previous=previous, seq=seq + 1, at=moment, kind=kind, subject=subject, body=body
        )
        row = ChainRow(
            seq=seq + 1,
            at=moment,
            kind=kind,
            subject=subject,
            body=body,
            previous=previous,
            digest=digest,
        )
        connection.execute(insert(CHAIN).values(**vars(row)))
    return row


def head(store: Store) -> tuple[int, str]:
    """Return the number of rows, and the digest of the last one; :data:`START` when empty."""
    with store.reading() as connection:
        return _head(connection)


def rows(store: Store, subject: str | None = None) -> tuple[ChainRow, ...]:
    """Return the rows in their order; with ``subject`` only those about it."""
    query = select(CHAIN).order_by(CHAIN.c.seq)
    if subject is not None:
        query = query.where(CHAIN.c.subject == subject)
    with store.reading() as connection:
        return tuple(ChainRow(**row) for row in connection.execute(query).mappings())


def _head(connection: Connection) -> tuple[int, str]:
    query = select(CHAIN.c.seq, CHAIN.c.digest).order_by(CHAIN.c.seq.desc()).limit(1)
    row = connection.execute(query).first()
    return (row.seq, row.digest) if row else (0, START)
