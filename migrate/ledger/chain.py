"""The chain: each entry's digest covers the entry before it, so tampering shows and is located.

What a chain alone cannot show is that its tail was cut off; for that a head has to be kept
elsewhere, and looked for with :meth:`Verification.lacking`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from inventory.store.chain import START, ChainRow

_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What a look over the whole chain came to."""

    entries: int
    """How many are whole, up to the fault."""
    head: str
    """Digest of the last of them; ``START`` for an empty chain."""
    fault: str | None
    """What is wrong and at which entry; None when the chain is whole."""
    digests: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """Those of the whole entries, in order."""

    def lacking(self, heads: Iterable[str]) -> tuple[str, ...]:
        """Return those heads, kept elsewhere, that the chain should hold and does not."""
        held = {START, *self.digests}
        return tuple(each for each in heads if each not in held)


class Walk:
    """A walk along a chain, entry by entry, up to the first fault.

    It begins at the first entry, or after as many as were walked before, of which the last had that
    digest.
    """

    def __init__(self, walked: int = 0, head: str = START) -> None:
        self.digests: list[str] = []
        self._walked, self._start = walked, head

    @property
    def entries(self) -> int:
        """How many are whole, those that were walked before included."""
        return self._walked + len(self.digests)

    @property
    def head(self) -> str:
        """Digest of the last whole entry."""
        return self.digests[-1] if self.digests else self._start

    def fault(self, row: ChainRow) -> str:
        """Say what is wrong with the next entry; empty when it follows, and is as it was made."""
        expected, previous = self.entries + 1, self.head
        if row.seq != expected:
            return f"entry {expected} is missing or out of order: {row.seq} stands in its place"
        if row.previous != previous:
            return f"entry {row.seq} does not follow the entry before it"
        return altered(row)

    def step(self, row: ChainRow) -> None:
        """Count an entry that has no fault."""
        self.digests.append(row.digest)

    def found(self, fault: str | None = None) -> Verification:
        """Return what the walk came to."""
        return Verification(
            entries=self.entries, head=self.head, fault=fault, digests=tuple(self.digests)
        )


def row_digest(*, previous: str, seq: int, at: datetime, kind: str, subject: str, body: str) -> str:
    """Return the digest of one entry: SHA-256 over everything in it and its predecessor's.

    It is taken of the compact JSON list ``[previous, seq, at, kind, subject, body]`` in UTF-8; the
    time is in UTC, with microseconds: ``2026-11-23T09:30:00.000000+00:00``.
    """
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    text = _ENCODER.encode([previous, seq, moment, kind, subject, body])
    return hashlib.sha256(text).hexdigest()


def altered(row: ChainRow) -> str:
    """Say that an entry is not as it was made; empty when it is."""
    content = hashlib.sha256(row_bytes(row)).hexdigest()
    return "" if content == row.digest else f"entry {row.seq} was altered"


def row_bytes(row: ChainRow) -> bytes:
    """Return what the digest of a row is taken of."""
    return _ENCODER.encode([row.previous, row.seq, row.moment, row.kind, row.subject, row.body])


def verify(rows: Iterable[ChainRow], *, known_head: str | None = None) -> Verification:
    """Walk the chain from its start, and say whether it is whole.

    With ``known_head``, a digest that was kept elsewhere, the chain must hold that entry too:
    otherwise its tail was cut off or rewritten.
    """
    walk = Walk()
    for row in rows:
        fault = walk.fault(row)
        if fault:
            return walk.found(fault)
        walk.step(row)
    found = walk.found()
    lost = found.lacking([known_head] if known_head else [])
    return (
        walk.found(f"it does not hold {lost[0]}: its tail was cut or rewritten") if lost else found
    )
