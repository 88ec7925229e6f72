"""The ledger's rows: only ever appended, each bound to the one before; the database refuses more.

What a row says, and how its digest is made, is its writer's affair.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from sqlalchemy import String, func, insert, select, type_coerce
from sqlalchemy.exc import DBAPIError

from inventory.errors import StoreError
from inventory.store.tables import CHAIN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Connection, Row, Select

    from inventory.store.store import Store

START: Final = "0" * 64
"""What the first row has for the digest of its predecessor."""
_AT_ONCE: Final = 500
"""How many rows are fetched together."""
_ROWS: Final = select(
    CHAIN.c.seq,
    type_coerce(CHAIN.c.at, String),
    CHAIN.c.kind,
    CHAIN.c.subject,
    CHAIN.c.body,
    CHAIN.c.previous,
    CHAIN.c.digest,
).order_by(CHAIN.c.seq)
"""The time as the text that is kept: one that was altered need not be a time any more."""

_NEWEST: Final = select(CHAIN.c.subject, func.max(CHAIN.c.seq).label("seq")).group_by(
    CHAIN.c.subject
)
_DIGESTS: Final = select(CHAIN.c.digest, CHAIN.c.seq).order_by(CHAIN.c.digest)


class DigestOf(Protocol):
    """How a row's digest is made, from everything in it."""

    def __call__(
        self, *, previous: str, seq: int, at: datetime, kind: str, subject: str, body: str
    ) -> str:
        """Return the digest."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainRow:
    """One row."""

    seq: int
    """1 is the first; no number is left out."""
    moment: str
    """When, as it is kept: ISO 8601 in UTC, with microseconds. An altered one may be no time."""
    kind: str
    subject: str
    """What it is about, such as a server's id."""
    body: str
    previous: str
    """Digest of the row before; :data:`START` for the first."""
    digest: str

    @property
    def at(self) -> datetime:
        """When, as a time.

        Raises:
            ValueError: the row was altered, and its time is none.

        """
        return datetime.fromisoformat(self.moment)


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
            moment=moment.isoformat(timespec="microseconds"),
            kind=kind,
            subject=subject,
            body=body,
            previous=previous,
            digest=digest,
        )
        kept = {"seq": row.seq, "at": moment, "kind": kind, "subject": subject, "body": body}
        connection.execute(insert(CHAIN).values(**kept, previous=previous, digest=digest))
    return row


def head(store: Store) -> tuple[int, str]:
    """Return the number of rows, and the digest of the last one; :data:`START` when empty."""
    with store.reading() as connection:
        return _head(connection)


def each_row(
    store: Store, subject: str | None = None, *, since: int | None = None
) -> Iterator[ChainRow]:
    """Yield the rows in their order, holding a few hundred; with ``subject`` only those about it.

    With ``since``, those before that number are left out.

    Raises:
        StoreError: a row cannot be read, as the store never writes one; the message names it.

    """
    query = _ROWS if subject is None else _ROWS.where(CHAIN.c.subject == subject)
    query = query if since is None else query.where(CHAIN.c.seq >= since)
    last = 0 if since is None else since - 1
    with store.reading() as connection:
        found = connection.execute(query)
        while some := _fetched(connection, query, found, last):
            for each in some:
                yield _row(each)
            last = some[-1].seq


def rows_about(store: Store, subjects: Collection[str]) -> tuple[ChainRow, ...]:
    """Return the rows about any of a few hundred subjects, in their order.

    Raises:
        StoreError: a row cannot be read, as the store never writes one; the message names it.

    """
    # SQLite would take more time to sort them, bodies and all, than to read them.
    query = _ROWS.where(CHAIN.c.subject.in_(subjects)).order_by(None)
    try:
        with store.reading() as connection:
            found = map(_row, connection.execute(query))
            return tuple(sorted(found, key=lambda row: row.seq))
    except StoreError:
        deque(each_row(store), maxlen=0)  # it names the row, when one is at fault
        raise


def last_of_each(store: Store) -> dict[str, tuple[int, str]]:
    """Return number and digest of the last row about each subject.

    Both are told by indexes alone: a row's digest lies behind its body, and to fetch ten thousand
    of them takes seconds where the database is not in memory.
    """
    with store.reading() as connection:
        newest = {row.seq: row.subject for row in connection.execute(_NEWEST)}
        digests = ((row.seq, row.digest) for row in connection.execute(_DIGESTS))
        return {newest[seq]: (seq, digest) for seq, digest in digests if seq in newest}


def subjects_of(store: Store, digest: str) -> frozenset[str]:
    """Return what the rows are about whose digest begins so, believing the rows."""
    begins = func.substr(CHAIN.c.digest, 1, len(digest)) == digest
    with store.reading() as connection:
        return frozenset(connection.execute(select(CHAIN.c.subject).where(begins)).scalars())


def rows(store: Store, subject: str | None = None) -> tuple[ChainRow, ...]:
    """Return the rows in their order; with ``subject`` only those about it.

    Raises:
        StoreError: a row cannot be read, as the store never writes one; the message names it.

    """
    return tuple(each_row(store, subject))


def _fetched(connection: Connection, query: Select[Any], found: Any, last: int) -> list[Row[Any]]:
    try:
        return list(found.fetchmany(_AT_ONCE))
    except DBAPIError as error:
        while True:
            one = query.where(CHAIN.c.seq > last).limit(1)
            try:
                row = connection.execute(one).first()
            except DBAPIError:
                raise _unreadable(last + 1) from error
            if row is None:
                raise
            last = row.seq


def _row(row: Row[Any]) -> ChainRow:
    seq, moment, kind, subject, body, previous, digest = tuple(row)
    return ChainRow(
        seq=seq,
        moment=moment,
        kind=kind,
        subject=subject,
        body=body,
        previous=previous,
        digest=digest,
    )


def _unreadable(seq: int) -> StoreError:
    return StoreError(
        f"ledger entry {seq} was altered, and cannot be read: it is no text",
        hint="restore the ledger from a copy",
    )


def _head(connection: Connection) -> tuple[int, str]:
    query = select(CHAIN.c.seq, CHAIN.c.digest).order_by(CHAIN.c.seq.desc()).limit(1)
    row = connection.execute(query).first()
    return (row.seq, row.digest) if row else (0, START)
