"""Made servers in the proportions of an old English council's data centre, the same each time.

The proportions are our own, after what such estates are said to hold: two thirds Windows, most
of it 2016 to 2022 with a tail of 2008 and 2012; one third Linux; nine of ten virtual; two thirds
asked, a quarter known from a hypervisor's export alone, the rest silent. Sizes and disks are
skewed: many small servers, few large ones. Servers of one system, role and patch level have the
same packages, as they do where one team installs them, but for one in three, which has its own.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, TypeVar

from benchmarks.classify import details, software
from benchmarks.classify.differing import differing
from inventory.model.fact import Facts, Observation, Origin, Reason, Unknown
from inventory.model.facts import (
    ARCHITECTURE,
    BOOT_TYPE,
    CPU_THREADS,
    DISKS,
    FILESYSTEMS,
    FQDN,
    HOSTNAME,
    INTERFACES,
    LISTENERS,
    MACHINE_ID,
    MEMORY_AVAILABLE,
    MEMORY_TOTAL,
    OS_FAMILY,
    OS_ID,
    OS_NAME,
    OS_VERSION,
    PACKAGES,
    PROCESSES,
    PYTHON_VERSIONS,
    SECURE_BOOT,
    SERVICES,
    SMBIOS_UUID,
    VIRTUALISATION,
)
from inventory.model.parts import BootType, Disk, Filesystem, Interface
from inventory.model.placement import CONFIGURED_CPUS, CONFIGURED_MEMORY, VIRTUAL_DISKS, VirtualDisk
from inventory.model.server import Server

T = TypeVar("T")
AT: Final = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
GIB: Final = 1024**3
ASKED: Final = 0.65
"""The share that was asked."""
TOLD: Final = 0.9
"""The share that was asked or is known from a hypervisor's export; the others are silent."""
SHOWS_PACKAGES: Final = 0.9
OWN_PACKAGES: Final = 0.33
"""The share with packages that no other server has in this number and order."""
SAME_NAME: Final = 200
"""One name in so many is used again."""
SAME_ADDRESS: Final = 500
"""One address in so many is used again."""
BOOTS: Final = ((BootType.BIOS, 60), (BootType.UEFI, 40))
ARCHITECTURES: Final = (("x86_64", 99), ("i686", 1))
PLATFORMS: Final = (("vmware", 90), ("none", 10))
SECURED: Final = ((False, 90), (True, 10))
CPUS: Final = ((1, 10), (2, 40), (4, 30), (8, 14), (16, 4), (32, 1.5), (64, 0.4), (224, 0.1))
MEMORY_GIB: Final = ((2, 10), (4, 25), (8, 30), (16, 20), (32, 9), (64, 4), (256, 1.7), (4096, 0.3))
DISK_GIB: Final = ((40, 30), (60, 25), (100, 20), (250, 12), (500, 8), (2000, 4), (40_000, 1))
DISK_COUNT: Final = ((1, 45), (2, 35), (3, 12), (6, 6), (20, 1.8), (70, 0.2))


@dataclass(frozen=True, kw_only=True)
class Made:
    """What was made of one server, before it is told as facts."""

    number: int
    draw: random.Random
    system: software.System
    role: software.Role
    name: str


def each_server(count: int, seed: int = 1, *, alike: bool = True) -> Iterator[Server]:
    """Yield so many servers, none held; the same number is the same server in every estate.

    Unless they are ``alike``, each differs from every other in whatever can differ.
    """
    for number in range(count):
        yield _server(number, seed, alike=alike)


def _server(number: int, seed: int, *, alike: bool) -> Server:
    draw = random.Random(f"{seed}:{number}")
    made = Made(
        number=number,
        draw=draw,
        system=_pick(draw, software.SYSTEMS),
        role=_pick(draw, software.ROLES),
        name=f"srv-{number - (number % SAME_NAME == 1):06}",
    )
    known = draw.random()
    silent = Unknown(reason=Reason.UNREACHABLE, detail="timed out")
    server = Server(
        id=f"{number:032x}",
        name=made.name,
        target=f"ssh://root@{_address(number)}",
        facts=Facts.from_observations(_sourced(made, known, alike=alike)),
        first_seen=AT,
        last_asked=AT,
        last_answered=AT,
    )
    if known < ASKED:
        return server
    listed = known < TOLD
    return replace(
        server,
        last_answered=AT if listed else None,
        target="" if listed else server.target,
        unreachable=Unknown(reason=Reason.NOT_ASKED) if listed else silent,
        sources=("rvtools:vcenter.example",) if listed else (),
    )


def _sourced(made: Made, known: float, *, alike: bool) -> Iterator[Observation]:
    if known >= TOLD:
        return
    asked = known < ASKED
    name = f"ssh://root@{_address(made.number)}" if asked else "rvtools:vcenter.example"
    origin = Origin(source=name, question="made", at=AT, run="run-1")
    told = _asked(made) if asked else _listed(made)
    for each in told if alike else differing(told, made.number):
        yield replace(each, origin=origin)


def _listed(made: Made) -> Iterator[Observation]:
    """Tell what a hypervisor's export does."""
    draw = made.draw
    yield HOSTNAME.known(made.name)
    yield OS_FAMILY.known(made.system.family)
    yield OS_ID.known(made.system.os_id)
    yield OS_VERSION.known(made.system.version)
    yield OS_NAME.known(made.system.name)
    yield ARCHITECTURE.known("x86_64")
    yield SMBIOS_UUID.known(f"{draw.getrandbits(128):032x}")
    yield VIRTUALISATION.known("vmware")
    yield BOOT_TYPE.known(_pick(draw, BOOTS))
    yield CONFIGURED_CPUS.known(_pick(draw, CPUS))
    yield CONFIGURED_MEMORY.known(_pick(draw, MEMORY_GIB) * GIB)
    yield _interfaces(made)
    yield from _placed(made, _disks(draw))


def _placed(made: Made, disks: tuple[Disk, ...]) -> Iterator[Observation]:
    virtual = [VirtualDisk(name=each.name, size_bytes=each.size_bytes) for each in disks]
    yield VIRTUAL_DISKS.known(tuple(virtual))
    unix = made.system.family == "linux"
    yield from details.of_guest(made.name, _mac(made.number), disks, made.draw, unix=unix)


def _asked(made: Made) -> Iterator[Observation]:
    """Tell what a server says of itself."""
    draw, system = made.draw, made.system
    memory = _pick(draw, MEMORY_GIB) * GIB
    platform = _pick(draw, PLATFORMS)
    physical = platform == "none"
    disks = details.of_disks(_disks(draw), draw, physical=physical)
    yield HOSTNAME.known(made.name)
    yield FQDN.known(f"{made.name}.council.example")
    yield MACHINE_ID.known(f"{draw.getrandbits(128):032x}")
    yield OS_FAMILY.known(system.family)
    yield OS_ID.known(system.os_id)
    yield OS_VERSION.known(system.version)
    yield OS_NAME.known(system.name)
    yield ARCHITECTURE.known(_pick(draw, ARCHITECTURES))
    yield VIRTUALISATION.known(platform)
    yield BOOT_TYPE.known(_pick(draw, BOOTS))
    yield SECURE_BOOT.known(_pick(draw, SECURED))
    yield CPU_THREADS.known(_pick(draw, CPUS))
    # A kernel keeps some per cent to itself.
    yield MEMORY_TOTAL.known(memory - memory // 40 - draw.randrange(1 << 20))
    yield MEMORY_AVAILABLE.known(int(memory * draw.uniform(0.05, 0.8)))
    yield DISKS.known(disks)
    yield FILESYSTEMS.known(tuple(_filesystem(draw, each, n) for n, each in enumerate(disks)))
    yield _interfaces(made)
    level = draw.randrange(software.PATCH_LEVELS)
    if draw.random() < SHOWS_PACKAGES:
        own = draw.randrange(1 << 16) if draw.random() < OWN_PACKAGES else None
        yield PACKAGES.known(software.packages(system, made.role, level, own))
    else:
        yield PACKAGES.unknown(Reason.NEEDS_PRIVILEGE)
    yield SERVICES.known(software.services(system, made.role))
    yield PROCESSES.known(software.processes(system, made.role, draw))
    yield LISTENERS.known(software.listeners(system, made.role))
    if system.family == "linux":
        yield PYTHON_VERSIONS.known(("3.9.2",))
        yield from details.of_unix(made.name, system.version, disks, draw)
    yield from details.of_hardware(draw, physical=physical)
    if not physical:
        yield from _placed(made, disks)


def _disks(draw: random.Random) -> tuple[Disk, ...]:
    count = _pick(draw, DISK_COUNT)
    return tuple(
        Disk(name=f"sd{number:02}", size_bytes=_pick(draw, DISK_GIB) * GIB, encrypted=False)
        for number in range(count)
    )


def _filesystem(draw: random.Random, disk: Disk, number: int) -> Filesystem:
    used = int(disk.size_bytes * draw.uniform(0.1, 0.98))
    return Filesystem(
        mount_point="/" if number == 0 else f"/data{number}",
        device=f"/dev/{disk.name}1",
        type="ext4",
        size_bytes=disk.size_bytes,
        used_bytes=used,
        free_bytes=disk.size_bytes - used,
    )


def _interfaces(made: Made) -> Observation:
    number = made.number - (made.number % SAME_ADDRESS == 1)
    first = Interface(
        name="eth0",
        mac=_mac(number),
        addresses=(f"{_address(number)}/16",),
        kind="physical",
    )
    return INTERFACES.known((first,))


def _mac(number: int) -> str:
    return f"00:50:56:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"


def _address(number: int) -> str:
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def _pick(draw: random.Random, weighted: tuple[tuple[T, float], ...]) -> T:
    values, weights = _parted(weighted)
    return draw.choices(values, weights)[0]


@lru_cache(maxsize=64)
def _parted(weighted: tuple[tuple[T, float], ...]) -> tuple[list[T], list[float]]:
    return [value for value, _ in weighted], [weight for _, weight in weighted]
