"""What a hypervisor tells of a server stands in for what the server itself did not.

The same server gets the same verdict whether it was asked or an export told of it. What the
server itself said always counts first. Only what means the same on both sides stands in: a
hypervisor knows neither a guest's addresses nor the filesystems that others serve to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from inventory.model.fact import FactKey, Facts, Known, Observation
from inventory.model.facts import CPU_THREADS, DISKS, MEMORY_TOTAL
from inventory.model.parts import Disk
from inventory.model.placement import CONFIGURED_CPUS, CONFIGURED_MEMORY, VIRTUAL_DISKS, VirtualDisk


def standing_in(facts: Facts) -> Facts:
    """Return the facts with those filled in that a hypervisor tells as well.

    Each keeps the origin of what it was read from.
    """
    filled = {each.key.name: each for each in _filled(facts)}
    return Facts({**facts.observations, **filled}) if filled else facts


def _filled(facts: Facts) -> Iterator[Observation]:
    for wanted, told, read in _PAIRS:
        observation = facts.observations.get(told.name)
        if observation is None or isinstance(facts.of(wanted), Known):
            continue
        fact = observation.fact
        value = read(fact.value) if isinstance(fact, Known) else None
        if value is not None:
            yield replace(wanted.known(value), origin=observation.origin)


def _disks(told: tuple[VirtualDisk, ...]) -> tuple[Disk, ...] | None:
    sized = tuple(
        Disk(name=each.name, size_bytes=each.size_bytes) for each in told if each.size_bytes
    )
    return sized if told and len(sized) == len(told) else None


def _as_it_is(value: int) -> int:
    return value


_PAIRS: Final[tuple[tuple[FactKey[Any], FactKey[Any], Callable[[Any], Any]], ...]] = (
    (CPU_THREADS, CONFIGURED_CPUS, _as_it_is),
    (MEMORY_TOTAL, CONFIGURED_MEMORY, _as_it_is),
    (DISKS, VIRTUAL_DISKS, _disks),
)
