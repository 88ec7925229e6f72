"""The chain: each entry's digest covers the entry before it, so tampering shows and is located.

What a chain alone cannot show is that its tail was cut off; for that the head has to be kept
elsewhere, and given to :func:`verify`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from inventory.store.chain import START, ChainRow
from migrate.fingerprint import digest


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a look over the whole chain came to."""

    entries: int
    head: str
    """Digest of the last entry; ``START`` for an empty chain."""
    fault: str | None
    """What is wrong and at which entry; None when the chain is whole."""


def row_digest(*, previous: str, seq: int, at: datetime, kind: str, subject: str, body: str) -> str:
    """Return the digest of one entry: SHA-256 over everything in it and its predecessor's."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return digest([previous, seq, moment, kind, subject, body])


def verify(rows: Iterable[ChainRow], *, known_head: str | None = None) -> Verification:
    """Walk the chain from its start, and say whether it is whole.

    With ``known_head``, a digest that was kept elsewhere, the chain must hold that entry too:
    otherwise its tail was cut off or rewritten.
    """
    previous, count, seen_head = START, 0, known_head in {None, START}
    for expected, row in enumerate(rows, start=1):
        fault = _fault(row, expected, previous)
        if fault:
            return Verification(entries=count, head=previous, fault=fault)
        previous, count = row.digest, expected
        seen_head = seen_head or row.digest == known_head
    fault = None if seen_head else f"it does not hold {known_head}: its tail was cut or rewritten"
    return Verification(entries=count, head=previous, fault=fault)


def _fault(row: ChainRow, expected: int, previous: str) -> str | None:
    if row.seq != expected:
        return f"entry {expected} is missing or out of order: {row.seq} stands in its place"
    if row.previous != previous:
        return f"entry {row.seq} does not follow the entry before it"
    content = row_digest(
        previous=row.previous,
        seq=row.seq,
        at=row.at,
        kind=row.kind,
        subject=row.subject,
        body=row.body,
    )
    return None if content == row.digest else f"entry {row.seq} was altered"
