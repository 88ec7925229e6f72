"""What a comparison remembers between runs: only ever of the very same moment of both sides.

The moments of both databases, what is compared and how are hashed into a binding. What an earlier
run left behind under another binding is not looked at.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from migrate.data.model import Place, Tally
from migrate.data.side import Described
from migrate.model.check import Memory

_SEED_BITS = 62


@dataclass
class Half:
    """How far one side has got in the table that is being compared."""

    place: Place | None = ()
    """None when it is through."""
    tally: Tally = field(default_factory=Tally)

    def plain(self) -> list[Any]:
        """Return it as JSON."""
        buckets = [[bucket, *sums] for bucket, sums in self.tally.buckets.items()]
        return [None if self.place is None else list(self.place), buckets]

    @classmethod
    def of(cls, plain: list[Any]) -> Half:
        """Read what ``plain`` wrote."""
        place, buckets = plain
        tally = Tally(buckets={bucket: (rows, total) for bucket, rows, total in buckets})
        return cls(place=None if place is None else tuple(place), tally=tally)


@dataclass
class Progress:
    """What is known so far."""

    seed: int = field(default_factory=lambda: secrets.randbits(_SEED_BITS))
    same: dict[str, int] = field(default_factory=dict)
    """Tables found to be the same → their rows."""
    table: str = ""
    """The table that a run was cut off in; empty when there is none."""
    buckets: int = 0
    """Into how many buckets its rows are sorted."""
    halves: tuple[Half, Half] = field(default_factory=lambda: (Half(), Half()))


def binding(old: Described, new: Described, asked: Sequence[str]) -> str | None:
    """Return what a memory is bound to; None when nothing may be remembered of these two."""
    if old.moment is None or new.moment is None:
        return None
    bound = [old.identity, old.moment, new.identity, new.moment, *asked]
    return hashlib.sha256(json.dumps(bound).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Notebook:
    """Where progress is kept: under one key of the check's memory, bound to one comparison."""

    memory: Memory
    key: str
    bound_to: str | None

    def read(self) -> Progress:
        """Return what an earlier run of exactly this comparison kept, or the beginning."""
        text = self.memory.recall(self.key) if self.bound_to else None
        kept = json.loads(text) if text else {}
        if kept.get("binding") != self.bound_to or not self.bound_to:
            return Progress()
        halves = [Half.of(each) for each in kept["halves"]]
        return Progress(
            seed=kept["seed"],
            same=kept["same"],
            table=kept["table"],
            buckets=kept["buckets"],
            halves=(halves[0], halves[1]),
        )

    def write(self, progress: Progress) -> None:
        """Keep what is known so far."""
        if self.bound_to is None:
            return
        kept = {
            "binding": self.bound_to,
            "seed": progress.seed,
            "same": progress.same,
            "table": progress.table,
            "buckets": progress.buckets,
            "halves": [each.plain() for each in progress.halves],
        }
        self.memory.keep(self.key, json.dumps(kept))
