"""What a server needs of a size: what it is today, or what it was seen to use."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil
from typing import Any

from inventory.model.fact import FactKey, Facts, Known, Unknown
from inventory.model.facts import (
    ARCHITECTURE,
    BOOT_TYPE,
    CPU_THREADS,
    DISKS,
    FILESYSTEMS,
    INTERFACES,
    MEMORY_TOTAL,
    OS_FAMILY,
)
from inventory.model.parts import BootType
from migrate.catalogue.offer import GIBIBYTE, MEGABYTE, Wanted
from migrate.judging.architecture import canonical
from migrate.judging.network import adapters as count_adapters
from migrate.judging.system_disk import system_disk
from migrate.sizing.options import Options
from migrate.sizing.use import Use, use_of

DECIDES: tuple[FactKey[Any], ...] = (CPU_THREADS, MEMORY_TOTAL, ARCHITECTURE, OS_FAMILY)
"""Without these there is no size: which one fits, or what it costs, hangs on each."""
_AS_IT_IS = "as it is today: a vCPU for each logical processor and all of its memory"
_BITS = 8
_MEGABIT = 10**6


@dataclass(frozen=True, kw_only=True)
class Disk:
    """A disk that a volume must hold."""

    name: str
    wanted: Wanted

    @property
    def gib(self) -> int:
        """Return its size, in whole GiB."""
        return self.wanted.gib


@dataclass(frozen=True, kw_only=True)
class Need:
    """What a size must have. Of two servers with equal needs, sizes are equal too."""

    vcpus: int
    """One for each logical processor, or what was used of them."""
    memory_bytes: int
    architecture: str
    boots: frozenset[BootType]
    """Boot modes that it must all support: both, while the server's own is unknown."""
    disks: tuple[Disk, ...] | None = field(compare=False)
    """None when they are unknown."""
    volumes: int
    """How many disks there are; none are counted while they are unknown."""
    interfaces: int
    """Network adapters, at least one."""
    windows: bool
    arm_too: bool = False
    """Whether it may be rebuilt for Arm."""
    operations: int | None = None
    """Of all disks together, a second; None when not measured."""
    disk_mb: int | None = None
    """Megabytes a second, as above."""
    network_mbit: int | None = None
    """Megabits a second, as above."""
    fast_volumes: bool = False
    """Whether a disk needs a volume of a fast kind."""
    because: tuple[str, ...] = field(default=(), compare=False)
    """What the figures rest on, for people."""

    @property
    def runs(self) -> frozenset[str]:
        """Return the architectures that it can run on."""
        return frozenset({self.architecture, "aarch64"} if self.arm_too else {self.architecture})

    def __str__(self) -> str:
        """Say it in one line."""
        disks = "unknown disks" if self.disks is None else _count(len(self.disks), "disk")
        memory = f"{self.memory_bytes // GIBIBYTE:,} GiB"
        adapters = _count(self.interfaces, "network adapter")
        measured = (
            (self.operations, "IOPS"),
            (self.disk_mb, "MB/s of disks"),
            (self.network_mbit, "Mbit/s of network"),
        )
        more = "".join(f", {number:,} {unit}" for number, unit in measured if number is not None)
        return f"{_count(self.vcpus, 'vCPU')}, {memory}, {disks}, {adapters}{more}"


def need_of(facts: Facts, options: Options) -> Need | str:
    """Return what the server needs, or why that is not known.

    Memory is rounded up to whole GiB: a kernel keeps some per cent of the memory to itself, so
    that a server of 16 GiB tells of 15.6, and an export of the same server of 16. Both need 16.
    Use that was measured is multiplied by the comfort factor; what was not measured stays as it
    is. Measured use above what there is (a comfort factor makes it so) is not cut off.
    """
    lacking = [
        f"{key.name} is {fact}" for key in DECIDES if isinstance(fact := facts.of(key), Unknown)
    ]
    if lacking:
        return "; ".join(lacking)
    use = use_of(facts, options) if options.by_use else "the estate does not ask for use"
    if isinstance(use, str):
        return _need(facts, options, None, (f"{_AS_IT_IS} ({use})",))
    return _need(facts, options, use, tuple(_said(use, options)))


def _need(facts: Facts, options: Options, use: Use | None, because: tuple[str, ...]) -> Need:
    architecture = canonical(facts.value(ARCHITECTURE) or "")
    threads = facts.value(CPU_THREADS) or 0
    memory = facts.value(MEMORY_TOTAL) or 0
    windows = facts.value(OS_FAMILY) == "windows"
    operations = _times(use.operations if use else None, options)
    disk_mb = _times(use.disk_bytes if use else None, options, per=MEGABYTE)
    disks = _disks(facts, options, operations, disk_mb)
    return Need(
        vcpus=_times(use.cpu_share if use else None, options, of=threads) or threads,
        memory_bytes=_whole_gib(_memory(use, options, memory)) * GIBIBYTE,
        architecture=architecture,
        boots=_boots(facts, architecture),
        disks=disks,
        volumes=len(disks or ()),
        interfaces=_interfaces(facts),
        windows=windows,
        arm_too=options.arm and not windows and architecture == "x86_64",
        operations=operations,
        disk_mb=disk_mb,
        network_mbit=_times(use.network_bytes if use else None, options, of=_BITS, per=_MEGABIT),
        because=because,
    )


def _times(measured: Decimal | None, options: Options, *, of: int = 1, per: int = 1) -> int | None:
    """Return a measure times the comfort factor, rounded up and at least one."""
    if measured is None:
        return None
    return max(1, ceil(measured * of * options.comfort / per))


def _memory(use: Use | None, options: Options, total: int) -> int:
    if use is None:
        return total
    share = _times(use.memory_share, options, of=total)
    return share or _times(use.memory_bytes, options) or total


def _said(use: Use, options: Options) -> list[str]:
    told = [f"by use: {use.told}, times {options.comfort}"]
    lacking = [
        name
        for name, measured in (
            ("processors", use.cpu_share),
            ("memory", use.memory_share if use.memory_share is not None else use.memory_bytes),
        )
        if measured is None
    ]
    unchecked = [
        name
        for name, measured in (
            ("disk operations", use.operations),
            ("disk throughput", use.disk_bytes),
            ("network throughput", use.network_bytes),
        )
        if measured is None
    ]
    told += [f"as it is: use of {name} was not measured" for name in lacking]
    told += [f"not looked at: {name} was not measured" for name in unchecked]
    if use.operations is not None:
        told.append("each disk can carry the use of all disks: which of them is busy is not told")
    return told


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _boots(facts: Facts, architecture: str) -> frozenset[BootType]:
    boot = facts.of(BOOT_TYPE)
    if isinstance(boot, Known):
        return frozenset({boot.value})
    # Servers of 64-bit Arm have no BIOS.
    return frozenset({BootType.UEFI} if architecture == "aarch64" else BootType)


def _disks(
    facts: Facts, options: Options, operations: int | None, mb: int | None
) -> tuple[Disk, ...] | None:
    disks = facts.of(DISKS)
    if isinstance(disks, Unknown):
        return None
    found = tuple(disk for disk in sorted(disks.value, key=lambda disk: disk.name))
    system = system_disk(found, facts.value(FILESYSTEMS) or ()) if operations else None
    return tuple(
        Disk(
            name=disk.name,
            wanted=Wanted(
                gib=_whole_gib(disk.size_bytes),
                operations=operations,
                mb=mb,
                boots=system is None or disk is system,
                hard_disks=options.hard_disks,
            ),
        )
        for disk in found
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
