"""Two servers that may be one: what agrees, what it weighs, and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from inventory.identity.clusters import Cluster, Marks, marks_of
from inventory.identity.entry import ASKED
from inventory.identity.sharing import Mark, Shared
from inventory.identity.weights import DECISIVE, GROUPS, MERGE, REPLACEABLE, WEIGHTS
from inventory.model.nearness import Nearness

_BOTH_ASKED = "both were asked, and not known again"
_DECIDED = "they were decided to be two servers"
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One kind of identifier in which two records agree."""

    kind: str
    values: tuple[str, ...]
    """What they agree in."""
    points: int
    """What it weighs; 0 when several servers show it."""
    but: str = ""
    """Why it weighs nothing."""

    def __str__(self) -> str:
        """Say it in words, with its weight."""
        weight = WEIGHTS[self.kind]
        value = self.values[0] if len(self.values) == 1 else f"{len(self.values)} alike"
        return f"same {weight.words} {value} ({self.but or self.points})"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What is to be said of two servers' being one."""

    reasons: tuple[Reason, ...]
    """The heaviest first."""
    against: tuple[str, ...]
    """What rules it out."""
    points: int
    groups: int
    alike_points: int
    """The same, if nothing of it were several servers'."""
    alike_groups: int

    @property
    def merges(self) -> bool:
        """Whether they are one server, unless one of them is as well another's."""
        return not self.against and self.groups >= GROUPS and self.points >= MERGE

    @property
    def is_alike(self) -> bool:
        """Whether they look like one server, though something speaks against it."""
        return self.alike_groups >= GROUPS and self.alike_points >= MERGE

    @property
    def is_decided(self) -> bool:
        """Whether people said that they are two."""
        return _DECIDED in self.against


def judge(one: Cluster, other: Cluster, shared: Mapping[Mark, Shared]) -> Judgement:
    """Judge two servers. The order of the two has no influence."""
    reasons = sorted(_reasons(one, other, shared), key=lambda each: (-each.points, each.kind))
    points, groups = _weighed((each.kind, each.points) for each in reasons)
    alike, alike_groups = _weighed((each.kind, WEIGHTS[each.kind].points) for each in reasons)
    return Judgement(
        reasons=tuple(reasons),
        against=tuple(_against(one, other, {each.kind for each in reasons if each.points}, groups)),
        points=points,
        groups=groups,
        alike_points=alike,
        alike_groups=alike_groups,
    )


def _against(one: Cluster, other: Cluster, agreeing: set[str], groups: int) -> Iterator[str]:
    if one.apart & other.classes:
        yield _DECIDED
    for source in sorted(one.sources & other.sources):
        yield _BOTH_ASKED if source == ASKED else f"{source} lists both"
    for kind in DECISIVE:
        if _differ(one.marks, other.marks, kind):
            yield f"{WEIGHTS[kind].words} differs"
    for kind, may in REPLACEABLE.items():
        replaced = groups >= may.groups and not agreeing.isdisjoint(may.unless)
        if _differ(one.marks, other.marks, kind) and not replaced:
            yield f"{WEIGHTS[kind].words} differ{'' if kind == 'mac' else 's'}"


def _differ(one: Marks, other: Marks, kind: str) -> bool:
    left, right = one.get(kind), other.get(kind)
    return bool(left and right and left.isdisjoint(right))


def _reasons(one: Cluster, other: Cluster, shared: Mapping[Mark, Shared]) -> Iterator[Reason]:
    for kind, values in one.marks.items():
        common = values & other.marks.get(kind, _NONE)
        if not common:
            continue
        own = [value for value in common if not _weightless(one, other, shared.get((kind, value)))]
        but = "" if own else _said(shared[kind, min(common)])
        if kind == "name" and _differ(one.marks, other.marks, "fqdn"):
            own, but = [], "in another domain"
        named = _of_macs(values, other.marks[kind]) if kind == "mac" else kind
        points = WEIGHTS[named].points if own else 0
        yield Reason(kind=named, values=tuple(sorted(own or common)), points=points, but=but)


def _weightless(one: Cluster, other: Cluster, shared: Shared | None) -> bool:
    """Tell whether a value that both have is known to be several servers'."""
    if shared is None:
        return False
    return any(shared.nearness <= _told_by(each, shared) for each in (one, other))


def _told_by(cluster: Cluster, shared: Shared) -> Nearness:
    """Return how near the nearest is who tells the value of this server."""
    members = cluster.members
    if len(members) == 1:
        return members[0].nearness
    holders = (each for each in members if shared.value in marks_of(each).get(shared.kind, _NONE))
    return min(each.nearness for each in holders)


def _of_macs(one: frozenset[str], other: frozenset[str]) -> str:
    return "mac" if one <= other or other <= one else "some_macs"


def _said(shared: Shared) -> str:
    where = f" of {shared.source}" if shared.source else ""
    return f"weighs nothing: {shared.records} records{where} have it"


def _weighed(agreeing: Iterable[tuple[str, int]]) -> tuple[int, int]:
    """Return the points and the number of groups; of each group the heaviest kind counts."""
    best: dict[str, int] = {}
    for kind, points in agreeing:
        group = WEIGHTS[kind].group
        best[group] = max(best.get(group, 0), points)
    heavy = [points for points in best.values() if points]
    return sum(heavy), len(heavy)
