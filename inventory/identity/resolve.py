"""Which records are one server: one pure function over all of them.

See docs/decisions/0015-identity.md for what agrees with what, and why.
"""

from __future__ import annotations

from collections.abc import Iterable

from inventory.identity.board import Board
from inventory.identity.clusters import clustered
from inventory.identity.decisions import Decision, Ruling, check
from inventory.identity.doubts import doubts
from inventory.identity.entry import Entry
from inventory.identity.merging import Step, merge_all
from inventory.identity.resolution import Group, Merge, Resolution, Undecided
from inventory.identity.sharing import Shared, shared_values


def resolve(records: Iterable[Entry], decisions: Iterable[Decision] = ()) -> Resolution:
    """Find out which records are one server.

    What was decided holds; else two records are one server when independent identifiers agree,
    nothing rules it out, and neither fits another server as well. The same records and decisions
    give the same servers in whatever order they are given.

    Raises:
        UsageError: decisions contradict each other.

    """
    made = tuple(sorted(decisions, key=lambda each: each.pair))
    check(made)
    entries = tuple({(each.source, each.key, each.id): each for each in records}.values())
    clusters = clustered(entries, made)
    shared = shared_values(clusters)
    board = Board(clusters, shared)
    steps, contested = merge_all(board)
    return Resolution(
        groups=_groups(board, [*_decided(entries, made), *map(_merge, steps)]),
        undecided=tuple(sorted(doubts(board, contested), key=_doubt_order)),
        shared=tuple(sorted(shared.values(), key=_shared_order)),
    )


def _groups(board: Board, merges: list[Merge]) -> tuple[Group, ...]:
    held = [each.members for each in board.clusters.values()]
    home = {entry.id: members[0].id for members in held for entry in members}
    inside: dict[str, list[Merge]] = {}
    for each in merges:
        inside.setdefault(home[each.one], []).append(each)
    groups = [
        Group(members=members, merges=tuple(inside.get(members[0].id, ()))) for members in held
    ]
    return tuple(sorted(groups, key=lambda each: each.members[0].age))


def _merge(step: Step) -> Merge:
    return Merge(one=step.one, other=step.other, reasons=step.reasons, points=step.points)


def _decided(entries: tuple[Entry, ...], decisions: tuple[Decision, ...]) -> list[Merge]:
    """Return the merges that were decided, of records that are there."""
    there = {each.reference: each for each in entries} if decisions else {}
    found = []
    for each in decisions:
        pair = [there[reference] for reference in each.pair if reference in there]
        if each.ruling is Ruling.SAME and len(pair) == len(each.pair):
            one, other = sorted(pair, key=lambda entry: entry.age)
            found.append(Merge(one=one.id, other=other.id, decision=each))
    return found


def _doubt_order(each: Undecided) -> tuple[object, ...]:
    return -each.points, each.doubt.value, each.one.reference, each.other.reference


def _shared_order(each: Shared) -> tuple[object, ...]:
    return -each.records, each.kind, each.value
