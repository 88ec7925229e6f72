"""Long values kept once, however many servers and visits share them; found again by digest.

Servers of one image have the same packages, and a server that is asked again mostly says what it
said. What is alike is compressed, written and kept one time.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, insert, select

from inventory.errors import StoreError
from inventory.store.compression import squeeze, unsqueeze
from inventory.store.tables import CONTENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection

    from inventory.store.lately import Lately

LONG: Final = 512
"""From how many bytes on a value is kept apart."""
_AT_ONCE: Final = 400
"""How many digests one query asks for: SQLite takes no more than 999 parameters in old builds."""
_DIGEST_CHARACTERS: Final = 40
_WHICH: Final = select(CONTENT.c.digest).where(
    CONTENT.c.digest.in_(bindparam("digests", expanding=True))
)
_LOAD: Final = select(CONTENT.c.digest, CONTENT.c.body).where(
    CONTENT.c.digest.in_(bindparam("digests", expanding=True))
)
_KEEP: Final = insert(CONTENT)


def digest_of(content: bytes) -> str:
    """Return the name under which a content is kept from now on: SHA-256, cut to 160 bits.

    Earlier versions named contents otherwise. A name is only looked up, never checked.
    """
    return hashlib.sha256(content).hexdigest()[:_DIGEST_CHARACTERS]


def keep(connection: Connection, contents: Mapping[str, bytes], lately: Lately) -> None:
    """Keep each content that is not kept yet, under its digest.

    When the transaction has ended well, the caller adds the digests to ``lately``, of which none
    is asked for or compressed.
    """
    unmet = [digest for digest in contents if digest not in lately]
    there = {digest for some in _some(unmet) for digest in _kept(connection, some)}
    rows = [
        {"digest": digest, "body": squeeze(contents[digest])}
        for digest in unmet
        if digest not in there
    ]
    if rows:
        connection.execute(_KEEP, rows)


def load(connection: Connection, digests: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of these digests.

    Raises:
        StoreError: one of them is not there: the database was tampered with, or cut.

    """
    wanted = sorted(set(digests))
    found: dict[str, bytes] = {}
    for some in _some(wanted):
        rows = connection.execute(_LOAD, {"digests": some})
        found.update((row.digest, unsqueeze(row.body)) for row in rows)
    if len(found) < len(wanted):
        raise StoreError(
            f"{len(wanted) - len(found)} of the contents that it refers to are not in the database",
            hint="the database is damaged; put back a copy of it",
        )
    return found


def _kept(connection: Connection, digests: list[str]) -> Iterable[str]:
    return connection.execute(_WHICH, {"digests": digests}).scalars()


def _some(digests: Iterable[str]) -> Iterator[list[str]]:
    listed = list(digests)
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]
