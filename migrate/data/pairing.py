"""Which rows differ, found by their keys and hashes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from migrate.data.model import Fault, How, Member, RowDifference

_FIRST = 20


@dataclass(frozen=True, kw_only=True)
class Pairing:
    """What pairing rows came to."""

    first: tuple[RowDifference, ...]
    """The first ones that differ, those that are missing before the others, by key."""
    differing: int
    """How many differ."""
    missing: int
    """How many of them the new database lacks."""


def pair(how: How, old: Sequence[Member], new: Sequence[Member]) -> Pairing:
    """Pair rows of both sides by key, and name those that differ.

    Rows that are alike cancel out, one by one, so that a row that is there twice on one side and
    once on the other is found. What is left of one key on both sides is one changed row each.
    """
    before, after = _left(old, new), _left(new, old)
    differences: list[RowDifference] = []
    for key in sorted({*before, *after}):
        ours, theirs = before.get(key, []), after.get(key, [])
        named = dict(zip(how.key, key, strict=True))
        paired = min(len(ours), len(theirs)) if how.key else 0
        differences += [
            RowDifference(key=named, fault=Fault.CHANGED, columns=_columns(how, mine, other))
            for mine, other in zip(ours[:paired], theirs[:paired], strict=True)
        ]
        differences += [RowDifference(key=named, fault=Fault.MISSING) for _ in ours[paired:]]
        differences += [RowDifference(key=named, fault=Fault.EXTRA) for _ in theirs[paired:]]
    differences.sort(key=lambda each: each.fault is not Fault.MISSING)
    return Pairing(
        first=tuple(differences[:_FIRST]),
        differing=len(differences),
        missing=sum(each.fault is Fault.MISSING for each in differences),
    )


def _left(mine: Sequence[Member], others: Sequence[Member]) -> dict[tuple[str, ...], list[Member]]:
    have = Counter((each.key, each.row) for each in others)
    left: dict[tuple[str, ...], list[Member]] = defaultdict(list)
    for each in mine:
        same = (each.key, each.row)
        if have[same]:
            have[same] -= 1
        else:
            left[each.key].append(each)
    return left


def _columns(how: How, mine: Member, other: Member) -> tuple[str, ...]:
    pairs = zip(how.columns, mine.columns, other.columns, strict=True)
    return tuple(name for name, before, after in pairs if before != after)
