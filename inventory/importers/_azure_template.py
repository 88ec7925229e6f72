"""The columns of Azure Migrate's import template → facts.

Microsoft's description of the fields is followed; a template of 2020 and one of 2025 title them
differently (``IP address``, ``Memory``; ``IP addresses``, ``Memory (In MB)``). An MB is 1024 times
1024 bytes and a GB 1024 of those, as hypervisors count. What is told of the load is one figure
without a time, which is taken for an average.
"""

from __future__ import annotations

import re
from typing import Final

from inventory.importers._azure_cells import AZURE
from inventory.importers._cells import interfaces, name_observations, version_observations
from inventory.importers._rows import MIB, Columns, Entry
from inventory.model.fact import Observation, Reason
from inventory.model.facts import (
    ARCHITECTURE,
    BOOT_TYPE,
    CPU_CORES,
    DISKS,
    INTERFACES,
    VIRTUALISATION,
)
from inventory.model.parts import BootType, Disk
from inventory.model.placement import CONFIGURED_CPUS, CONFIGURED_MEMORY, STORAGE_USED
from inventory.model.utilisation import UTILISATION_TOLD, Level, ToldUtilisation
from inventory.reading import values
from inventory.reading.table import Cell, Table, plain

GIB: Final = 1 << 30
NAME: Final = "Server name"
CORES: Final = "Cores"
MEMORY: Final = "Memory (In MB)"
SYSTEM: Final = "OS name"
MANDATORY: Final = (NAME, CORES, MEMORY, SYSTEM)
_TITLES: Final[dict[str, tuple[str, ...]]] = {
    NAME: (NAME,),
    CORES: (CORES,),
    MEMORY: (MEMORY, "Memory (MB)", "Memory"),
    SYSTEM: (SYSTEM,),
    "addresses": ("IP addresses", "IP address"),
    "macs": ("MAC address", "MAC addresses"),
    "OS version": ("OS version",),
    "OS architecture": ("OS architecture",),
    "type": ("Server type", "Server type (Virtual/Physical)"),
    "hypervisor": ("Hypervisor", "Hypervisor (VMware/Hyper-V)"),
    "boot": ("Boot type", "Firmware type", "Boot Type (BIOS/UEFI)"),
    "disks": ("Number of disks",),
    "used": ("Storage in use (In GB)", "Storage in use"),
    "cpu": ("CPU utilization percentage",),
    "memory load": ("Memory utilization percentage",),
    "in": ("Network In throughput", "Network In throughput (MB per second)"),
    "out": ("Network Out throughput", "Network Out throughput (MB per second)"),
    "total reads": ("Total disks read ops", "Total disks read ops (operations per second)"),
    "total writes": ("Total disks write ops", "Total disks write ops (operations per second)"),
    "total read": ("Total disks read throughput", "Total disks read throughput (MB per second)"),
    "total written": (
        "Total disks write throughput",
        "Total disks write throughput (MB per second)",
    ),
}
_OF_DISK: Final = re.compile(r"disk(\d+)(size|read(?:ops|throughput)|write(?:ops|throughput))")
_ARCHITECTURES: Final = {
    **dict.fromkeys(("x64", "amd64", "x86_64", "64-bit"), "x86_64"),
    **dict.fromkeys(("x86", "32-bit"), "i686"),
    **dict.fromkeys(("arm64", "aarch64"), "aarch64"),
}
"""The values that the description allows. What it runs on is of Intel's family unless it says."""
_BOOTS: Final = {"bios": BootType.BIOS, "uefi": BootType.UEFI, "efi": BootType.UEFI}
_HYPERVISORS: Final = {"vmware": "vmware", "hyperv": "hyperv", "kvm": "kvm", "xen": "xen"}


def columns_of(table: Table) -> Columns:
    """Find where a table's columns stand; those of a disk are called ``disk1size`` and so on."""
    found = {each: table.place(*titles) for each, titles in _TITLES.items()}
    places = {each: place for each, place in found.items() if place is not None}
    for place, title in enumerate(table.header):
        if of_disk := _OF_DISK.match(plain(title)):
            places.setdefault(of_disk[0], place)
    return Columns(table=table, places=places)


def state_all(entry: Entry) -> None:
    """State what a server's row tells, but for its name."""
    _sizes(entry)
    _system(entry)
    _network(entry)
    _disks(entry)
    if told := _load(entry):
        entry.say(*told)


def _sizes(entry: Entry) -> None:
    is_physical = (entry.text("type") or "").casefold() == "physical"
    for column, key, unit in (
        (CORES, CPU_CORES if is_physical else CONFIGURED_CPUS, 1),
        (MEMORY, CONFIGURED_MEMORY, MIB),
    ):
        said = entry.number(column)
        if said:
            entry.say(column, key.known(round(said * unit)))
        elif told := entry.text(column):
            entry.say(column, key.unknown(Reason.UNREADABLE, f"the export says {told}"))
        elif column in entry.columns.places:
            entry.say(column, key.unknown(Reason.NOT_TOLD, "the export leaves it empty"))
    if used := entry.number("used"):
        entry.say("used", STORAGE_USED.known(round(used * GIB)))


def _system(entry: Entry) -> None:
    name, version = entry.text(SYSTEM), entry.text("OS version")
    if name:
        entry.say(SYSTEM, *name_observations(name, version))
    if version:
        entry.say("OS version", *version_observations(name, version))
    if architecture := entry.read("OS architecture", _architecture):
        entry.say("OS architecture", ARCHITECTURE.known(architecture))
    if boot := entry.read("boot", boot_type):
        entry.say("boot", BOOT_TYPE.known(boot))
    column, virtualisation = _virtualisation(entry.text("type"), entry.text("hypervisor"))
    if virtualisation:
        entry.say(column, VIRTUALISATION.known(virtualisation))


def _architecture(cell: Cell) -> str | None:
    text = values.text(cell)
    told = _ARCHITECTURES.get((text or "").casefold().replace(" ", "-"))
    if text and told is None:
        raise ValueError(f"{text!r} is none of x64, x86, amd64, 32-bit, 64-bit")
    return told


def boot_type(cell: Cell) -> BootType | None:
    """Return what a cell says of the firmware; ValueError where it is neither kind."""
    text = values.text(cell)
    told = _BOOTS.get((text or "").casefold())
    if text and told is None:
        raise ValueError(f"{text!r} is neither BIOS nor UEFI")
    return told


def _virtualisation(kind: str | None, hypervisor: str | None) -> tuple[str, str | None]:
    if (kind or "").casefold() == "physical":
        return "type", "none"
    told = re.sub(r"[\W_]", "", (hypervisor or "").casefold())
    return "hypervisor", next((name for word, name in _HYPERVISORS.items() if word in told), None)


def _network(entry: Entry) -> None:
    addresses, macs = entry.parts("addresses", ",;\n "), entry.parts("macs", ",;\n ")
    column = "addresses" if addresses else "macs"
    if addresses or macs:
        entry.try_to_say(column, lambda: iter((INTERFACES.known(interfaces(addresses, macs)),)))


def _disks(entry: Entry) -> None:
    """State the disks whose sizes are told; that there are more of them is stated beside."""
    sizes = [(number, entry.number(f"disk{number}size")) for number in disk_numbers(entry.columns)]
    told = [
        Disk(name=f"disk {number}", size_bytes=round(size * GIB)) for number, size in sizes if size
    ]
    count = entry.whole("disks")
    if count and count != len(told):
        why = f"{count} disks, and the sizes of {len(told)}"
        entry.say("disks", DISKS.unknown(Reason.NOT_TOLD, why))
    if told:
        entry.say(f"disk{told[0].name.split()[1]}size", DISKS.known(tuple(told)))


def disk_numbers(columns: Columns) -> list[int]:
    """Return the numbers of the disks that there are columns for."""
    found = (_OF_DISK.fullmatch(each) for each in columns.places)
    return sorted({int(each[1]) for each in found if each})


def _load(entry: Entry) -> tuple[str, Observation] | None:
    """Return what is told of the load, and the first column that does."""
    first: list[str] = []

    def level(unit: int, *columns: str) -> Level | None:
        said = [(each, entry.number(each)) for each in columns]
        told = [(each, value) for each, value in said if value is not None]
        if not told:
            return None
        first.append(told[0][0])
        return Level(mean=float(sum(value for _, value in told) * unit))

    def of_disks(total: str, each: str, unit: int) -> Level | None:
        numbers = disk_numbers(entry.columns)
        return level(unit, total) or level(unit, *(f"disk{number}{each}" for number in numbers))

    load = ToldUtilisation(
        source=AZURE,
        cpu_percent=level(1, "cpu"),
        memory_percent=level(1, "memory load"),
        disk_read_bytes_per_second=of_disks("total read", "readthroughput", MIB),
        disk_write_bytes_per_second=of_disks("total written", "writethroughput", MIB),
        disk_reads_per_second=of_disks("total reads", "readops", 1),
        disk_writes_per_second=of_disks("total writes", "writeops", 1),
        network_received_bytes_per_second=level(MIB, "in"),
        network_sent_bytes_per_second=level(MIB, "out"),
    )
    return (first[0], UTILISATION_TOLD.known((load,))) if first else None


def has_mandatory(columns: Columns) -> bool:
    """Say whether a table has the columns that Azure Migrate asks for."""
    return all(each in columns.places for each in MANDATORY)
