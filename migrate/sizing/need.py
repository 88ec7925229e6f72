"""What a server needs of a size, as it is today."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from inventory.model.fact import FactKey, Facts, Known, Unknown
from inventory.model.facts import (
    ARCHITECTURE,
    BOOT_TYPE,
    CPU_THREADS,
    DISKS,
    INTERFACES,
    MEMORY_TOTAL,
    OS_FAMILY,
)
from inventory.model.parts import BootType
from migrate.catalogue.offer import GIBIBYTE
from migrate.judging.architecture import canonical
from migrate.judging.network import adapters as count_adapters

DECIDES: tuple[FactKey[Any], ...] = (CPU_THREADS, MEMORY_TOTAL, ARCHITECTURE, OS_FAMILY)
"""Without these there is no size: which one fits, or what it costs, hangs on each."""


@dataclass(frozen=True, kw_only=True)
class Disk:
    """A disk that a volume must hold."""

    name: str
    gib: int


@dataclass(frozen=True, kw_only=True)
class Need:
    """What a size must have."""

    vcpus: int
    """One for each logical processor."""
    memory_bytes: int
    architecture: str
    boots: frozenset[BootType]
    """Boot modes that it must all support: both, while the server's own is unknown."""
    disks: tuple[Disk, ...] | None
    """None when they are unknown."""
    interfaces: int
    """Network adapters, at least one."""
    windows: bool

    def __str__(self) -> str:
        """Say it in one line."""
        disks = "unknown disks" if self.disks is None else _count(len(self.disks), "disk")
        memory = f"{self.memory_bytes // GIBIBYTE:,} GiB"
        adapters = _count(self.interfaces, "network adapter")
        return f"{_count(self.vcpus, 'vCPU')}, {memory}, {disks}, {adapters}"


def need_of(facts: Facts) -> Need | str:
    """Return what the server needs, or why that is not known.

    Memory is rounded up to whole GiB: a kernel keeps some per cent of the memory to itself, so
    that a server of 16 GiB tells of 15.6, and an export of the same server of 16. Both need 16.
    """
    lacking = [
        f"{key.name} is {fact}" for key in DECIDES if isinstance(fact := facts.of(key), Unknown)
    ]
    if lacking:
        return "; ".join(lacking)
    architecture = canonical(facts.value(ARCHITECTURE) or "")
    return Need(
        vcpus=facts.value(CPU_THREADS) or 0,
        memory_bytes=_whole_gib(facts.value(MEMORY_TOTAL) or 0) * GIBIBYTE,
        architecture=architecture,
        boots=_boots(facts, architecture),
        disks=_disks(facts),
        interfaces=_interfaces(facts),
        windows=facts.value(OS_FAMILY) == "windows",
    )


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _boots(facts: Facts, architecture: str) -> frozenset[BootType]:
    boot = facts.of(BOOT_TYPE)
    if isinstance(boot, Known):
        return frozenset({boot.value})
    # Servers of 64-bit Arm have no BIOS.
    return frozenset({BootType.UEFI} if architecture == "aarch64" else BootType)


def _disks(facts: Facts) -> tuple[Disk, ...] | None:
    disks = facts.of(DISKS)
    if isinstance(disks, Unknown):
        return None
    return tuple(
        Disk(name=disk.name, gib=_whole_gib(disk.size_bytes))
        for disk in sorted(disks.value, key=lambda disk: disk.name)
        if disk.size_bytes > 0
    )


def _interfaces(facts: Facts) -> int:
    interfaces = facts.of(INTERFACES)
    if isinstance(interfaces, Unknown):
        return 1
    _least, most = count_adapters(interfaces.value)
    return max(1, most)


def _whole_gib(size_bytes: int) -> int:
    return -(-size_bytes // GIBIBYTE)
