"""Long values kept once, however many servers and visits share them; found again by digest.

Servers of one image have the same packages, and a server that is asked again mostly says what it
said. What is alike is compressed, written and kept one time.
"""

from __future__ import annotations

import hashlib
import zlib
from typing import TYPE_CHECKING, Final

from sqlalchemy import insert, select

from inventory.errors import StoreError
from inventory.store.tables import CONTENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sqlalchemy import Connection

LONG: Final = 512
"""From how many bytes on a value is kept apart."""
_LEVEL: Final = 1
"""How hard to compress: a quarter of the time of the usual level, for a tenth more room."""
_AT_ONCE: Final = 400
"""How many digests one query asks for: SQLite takes no more than 999 parameters in old builds."""


def digest_of(content: bytes) -> str:
    """Return the name under which a content is kept."""
    return hashlib.blake2b(content, digest_size=20).hexdigest()


def keep(connection: Connection, contents: Mapping[str, bytes]) -> None:
    """Keep each content that is not kept yet, under its digest."""
    there = {digest for some in _some(contents) for digest in _kept(connection, some)}
    rows = [
        {"digest": digest, "body": zlib.compress(content, _LEVEL)}
        for digest, content in contents.items()
        if digest not in there
    ]
    if rows:
        connection.execute(insert(CONTENT), rows)


def load(connection: Connection, digests: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of these digests.

    Raises:
        StoreError: one of them is not there: the database was tampered with, or cut.

    """
    wanted = sorted(set(digests))
    found: dict[str, bytes] = {}
    for some in _some(wanted):
        query = select(CONTENT.c.digest, CONTENT.c.body).where(CONTENT.c.digest.in_(some))
        found.update((row.digest, zlib.decompress(row.body)) for row in connection.execute(query))
    if len(found) < len(wanted):
        raise StoreError(
            f"{len(wanted) - len(found)} of the contents that it refers to are not in the database",
            hint="the database is damaged; put back a copy of it",
        )
    return found


def _kept(connection: Connection, digests: list[str]) -> Iterable[str]:
    query = select(CONTENT.c.digest).where(CONTENT.c.digest.in_(digests))
    return connection.execute(query).scalars()


def _some(digests: Iterable[str]) -> Iterator[list[str]]:
    listed = list(digests)
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]
