"""Two servers that are left to people: why, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from inventory.identity.board import Board, Pair
from inventory.identity.clusters import Cluster
from inventory.identity.entry import ASKED
from inventory.identity.judging import Judgement
from inventory.identity.resolution import Doubt, Undecided
from inventory.identity.weights import ASK, WEIGHTS

_TELLING: Final = ("smbios_uuid", "machine_id", "serial", "mac", "fqdn", "address")
"""What would help most, if both servers told it."""
_MACHINE: Final = frozenset({"smbios_uuid", "serial", "mac"})


def doubts(board: Board, contested: Iterable[Pair]) -> Iterator[Undecided]:
    """Yield what people should look at, in no order."""
    torn = frozenset(contested)
    for pair, judged in board.judgements.items():
        one, other = sorted((board.clusters[each] for each in pair), key=_age)
        doubt = _doubt(one, other, judged, contested=pair in torn)
        if doubt:
            yield Undecided(
                one=one.oldest,
                other=other.oldest,
                doubt=doubt,
                reasons=judged.reasons,
                against=judged.against,
                points=judged.alike_points,
                would_decide=_settled_by(doubt, one, other, judged),
            )


def _age(cluster: Cluster) -> tuple[object, ...]:
    return cluster.oldest.age


def _doubt(one: Cluster, other: Cluster, judged: Judgement, *, contested: bool) -> Doubt | None:
    if judged.is_decided:
        return None
    if judged.against:
        return Doubt.CONTRADICTED if judged.is_alike else None
    if contested or judged.is_alike:
        return Doubt.AMBIGUOUS
    nameless = not (one.marks.get("name") and other.marks.get("name"))
    return Doubt.WEAK if judged.points >= ASK or (judged.points and nameless) else None


def _settled_by(doubt: Doubt, one: Cluster, other: Cluster, judged: Judgement) -> str:
    if doubt is Doubt.CONTRADICTED:
        return _of_contradiction(one, other, judged)
    if doubt is Doubt.AMBIGUOUS:
        return "your decision, with which of those that it fits it is one"
    lacking = ", ".join(_lacking(one, other))
    return f"{lacking}; or your decision" if lacking else "your decision"


def _of_contradiction(one: Cluster, other: Cluster, judged: Judgement) -> str:
    older, newer = one.oldest, other.oldest
    gone = f"whether {older} is still there beside {newer}"
    agreeing = {each.kind for each in judged.reasons}
    if "machine-id differs" in judged.against and agreeing & _MACHINE:
        return f"{gone}: if not, it was installed anew; if so, one is a clone of the other"
    if one.sources & other.sources - {ASKED}:
        return f"{gone}: if not, it was renamed or made anew; if so, they are two"
    return f"{gone}: if not, the newer may have taken its place; if so, one is a clone of the other"


def _lacking(one: Cluster, other: Cluster) -> Iterator[str]:
    """Yield what only one of the two tells, or neither."""
    for kind in _TELLING[:4]:
        silent = [each.oldest for each in (one, other) if not each.marks.get(kind)]
        if len(silent) == 1:
            yield f"the {WEIGHTS[kind].words} of {silent[0]}"
