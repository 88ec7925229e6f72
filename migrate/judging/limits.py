"""Limits of a cloud or a tool: a number or a size that must not be passed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from inventory.model.fact import FactKey
from inventory.model.facts import DISKS
from inventory.model.parts import Disk
from migrate.judging.reading import Judge, about
from migrate.judging.units import GIB, gib
from migrate.model.rule import Flagged, Judgement, Passed


def at_most(key: FactKey[int], limit: int, show: Callable[[int], str]) -> Judge:
    """Flag a number above the limit, showing it with its unit."""
    return about(key, lambda seen: Flagged(observed=show(seen)) if seen > limit else Passed())


def each_disk_at_most(limit_gib: int) -> Judge:
    """Flag disks larger than the limit, naming each."""
    return about(DISKS, lambda disks: named_disks(disk for disk in disks if over(disk, limit_gib)))


def disks_at_most(limit: int) -> Judge:
    """Flag more disks than the limit, the system disk among them."""
    return about(
        DISKS,
        lambda disks: Flagged(observed=f"{len(disks)} disks") if len(disks) > limit else Passed(),
    )


def over(disk: Disk, limit_gib: int) -> bool:
    """Tell whether a disk is larger than so many GiB."""
    return disk.size_bytes > limit_gib * GIB


def named_disks(disks: Iterable[Disk]) -> Judgement:
    """Flag the disks given, each with its size; pass when there are none."""
    found = [
        f"{disk.name} of {gib(disk.size_bytes)}"
        for disk in sorted(disks, key=lambda disk: disk.name)
    ]
    return Flagged(observed=", ".join(found)) if found else Passed()
