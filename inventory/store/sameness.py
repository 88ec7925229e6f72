"""Whether anything in the store is otherwise than it was: one digest of what a reader asks for.

Two digests that are alike say that nothing changed. It reads what is short and decides (numbers,
digests and keys), and no long document.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from inventory.store.tables import CHAIN, RECORD, ROLL, SERVER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlalchemy import Select

    from inventory.store.store import Store

_AT_ONCE: Final = 10_000
"""How many rows are held together."""
_SERVERS: Final = select(
    *(each for each in SERVER.c if each.name != "older_facts")  # the only long one
).order_by(SERVER.c.id)
_ROLLS: Final = select(ROLL.c.run_id, ROLL.c.source, ROLL.c.at).order_by(
    ROLL.c.run_id, ROLL.c.source
)
# Each is answered by one index alone: the rows themselves hold long bodies.
_ENTRIES: Final = select(CHAIN.c.digest, CHAIN.c.seq).order_by(CHAIN.c.digest)
_SUBJECTS: Final = select(CHAIN.c.subject, CHAIN.c.seq).order_by(CHAIN.c.subject, CHAIN.c.seq)


def sameness(store: Store, *, kinds: Collection[str], whole: Collection[str]) -> str:
    """Return the digest of all servers, the ledger's entries, and records of some kinds.

    Of a record the key and the number of versions are looked at: versions are only ever added. Of
    those of the kinds in ``whole`` it is the newest version's body as well. Of an entry it is its
    number, its digest and what it is about.

    Raises:
        StoreError: the database cannot be read.

    """
    found = hashlib.sha256()
    for query in (_SERVERS, _ROLLS, _records(kinds), _bodies(whole), _ENTRIES, _SUBJECTS):
        for rows in _plain(store, query):
            found.update(repr(rows).encode("utf-8", "surrogatepass"))
        found.update(b"\n")
    return found.hexdigest()


def _records(kinds: Collection[str]) -> Select[Any]:
    key = (RECORD.c.kind, RECORD.c.key, RECORD.c.version)
    return select(*key).where(RECORD.c.kind.in_(sorted(kinds))).order_by(*key)


def _bodies(kinds: Collection[str]) -> Select[Any]:
    older = RECORD.alias()
    newest = (
        select(func.max(older.c.version))
        .where(older.c.kind == RECORD.c.kind, older.c.key == RECORD.c.key)
        .scalar_subquery()
    )
    which = RECORD.c.kind.in_(sorted(kinds)), RECORD.c.version == newest
    return select(RECORD).where(*which).order_by(RECORD.c.kind, RECORD.c.key)


def _plain(store: Store, query: Select[Any]) -> Iterator[list[tuple[Any, ...]]]:
    """Yield rows as the database's own driver tells them: nothing is made of them."""
    with store.reading() as connection:
        told = connection.execute(query).cursor
        while told is not None and (some := told.fetchmany(_AT_ONCE)):
            yield [tuple(each) for each in some]
