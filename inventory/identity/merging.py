"""Records merged into servers: the surest first, and nothing that is as well something else.

What agrees most is merged first. Where one record fits two servers equally well that cannot be one,
it is merged with neither. After each merge, what the server is known by is all that its records
are known by, and whatever has something in common with it is judged anew, until nothing changes.
The order in which records are given has no influence: all that agrees equally is looked at at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from inventory.identity.board import Board, Pair
from inventory.identity.judging import Reason

_MOST_AT_ONCE: Final = 64
"""How many servers may be merged in one step. More agree so only when something is wrong."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """Two records by which two servers were found to be one."""

    one: str
    """Id of the older server's oldest record."""
    other: str
    reasons: tuple[Reason, ...]
    points: int


def merge_all(board: Board) -> tuple[list[Step], set[Pair]]:
    """Merge what is one server; return how, and the pairs left because they fit several.

    The pairs are numbers on the board as it is left.
    """
    steps: list[Step] = []
    contested: set[Pair] | None = None
    while contested is None:
        contested = _merge_surest(board, steps)
    return steps, contested


def _merge_surest(board: Board, steps: list[Step]) -> set[Pair] | None:
    """Merge what agrees most of what can be merged; when nothing can, return what is contested."""
    levels: dict[int, list[Pair]] = {}
    for pair, each in board.judgements.items():
        if each.merges:
            levels.setdefault(each.points, []).append(pair)
    contested: set[Pair] = set()
    for points in sorted(levels, reverse=True):
        sure, doubtful = _parted(board, levels[points])
        contested |= doubtful
        for component in _components(sure):
            steps += [_step(board, pair) for pair in component.pairs]
            board.merge(component.numbers)
        if sure:
            return None
    return contested


@dataclass(frozen=True, kw_only=True)
class _Component:
    """Servers that hang together, and by which pairs."""

    numbers: tuple[int, ...]
    pairs: tuple[Pair, ...]


def _parted(board: Board, level: list[Pair]) -> tuple[list[Pair], set[Pair]]:
    """Part pairs that agree equally into those to be merged, and those that fit several."""
    beside: dict[int, set[int]] = {}
    for one, other in level:
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    contested = {
        (one, other)
        for one, other in level
        if _rivals(board, beside[one], other) or _rivals(board, beside[other], one)
    }
    left = [pair for pair in level if pair not in contested]
    torn = [each for each in _components(left) if not _fits(board, each)]
    contested.update(pair for each in torn for pair in each.pairs)
    return [pair for pair in left if pair not in contested], contested


def _rivals(board: Board, near: set[int], number: int) -> bool:
    """Tell whether what is near to a server's partner cannot be one with the server."""
    if len(near) > _MOST_AT_ONCE:
        return True
    return any(board.between(each, number).against for each in near if each != number)


def _fits(board: Board, component: _Component) -> bool:
    if len(component.numbers) > _MOST_AT_ONCE:
        return False
    pairs = combinations(component.numbers, 2)
    return not any(board.between(one, other).against for one, other in pairs)


def _components(pairs: Iterable[Pair]) -> list[_Component]:
    listed = sorted(pairs)
    root: dict[int, int] = {}
    for one, other in listed:
        above, below = sorted((_root(root, one), _root(root, other)))
        root[below] = above
    held: dict[int, list[Pair]] = {}
    for pair in listed:
        held.setdefault(_root(root, pair[0]), []).append(pair)
    return [
        _Component(numbers=tuple(sorted({number for pair in each for number in pair})),
                   pairs=tuple(each))
        for each in held.values()
    ]  # fmt: skip


def _root(root: dict[int, int], number: int) -> int:
    while root.setdefault(number, number) != number:
        root[number] = root[root[number]]
        number = root[number]
    return number


def _step(board: Board, pair: Pair) -> Step:
    one, other = sorted((board.clusters[each].oldest for each in pair), key=lambda each: each.age)
    judged = board.judgements[pair]
    return Step(one=one.id, other=other.id, reasons=judged.reasons, points=judged.points)
