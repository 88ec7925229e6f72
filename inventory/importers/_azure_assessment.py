"""Tables of Azure Migrate's workbooks → what each says of one server or one disk.

``All_Assessed_Machines`` and ``All_Assessed_Disks`` come with an assessment; ``Discovery_Report``
is written by Microsoft's Azure Migrate Export. What an assessment says is kept in its own words:
readiness, sizes, costs, and the utilisation, which is a percentile that the table does not name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inventory.collectors._secrets import without_secrets
from inventory.importers._azure_cells import AZURE
from inventory.importers._azure_template import GIB, boot_type
from inventory.importers._cells import host_names, interfaces
from inventory.importers._os_name import os_observations
from inventory.importers._rows import MIB, Columns, Entry
from inventory.model.fact import Observation, Reason
from inventory.model.facts import BOOT_TYPE, CPU_MODEL, DISKS, INTERFACES
from inventory.model.parts import Disk, Interface
from inventory.model.placement import (
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    ENVIRONMENT,
    EXTERNAL_IDS,
    HYPERVISOR_SERVER,
    POWER,
    PROVISIONED,
    TOLD_ASSESSMENT,
    VIRTUAL_DISKS,
    Power,
    Tag,
    VirtualDisk,
)
from inventory.reading import values
from inventory.reading.table import Cell, Table, plain

MACHINE: Final = "machine"
IDENTIFIER: Final = "id"
_TITLES: Final[dict[str, tuple[str, ...]]] = {
    MACHINE: ("Machine", "Machine Name"),
    IDENTIFIER: ("Machine ID",),
    "host": ("VM host",),
    "system": ("Operating system",),
    "boot": ("Boot type",),
    "processor": ("Processor",),
    "cores": ("Cores",),
    "memory": ("Memory(MB)", "Memory (in MB)"),
    "storage": ("Storage(GB)",),
    "addresses": ("IP address", "IP addresses"),
    "macs": ("MAC address", "MAC addresses"),
    "environment": ("Environment",),
    "power": ("Power Stats", "Power status"),
    "disks": ("Total Disks",),
    "at": ("Last Updated Time",),
    "disk": ("Disk name",),
    "size": ("Source disk size(GB)",),
}
_WORDS: Final = re.compile(
    r"readiness|issues|recommended|monthly|savings|usage|confidence|(?:disks|group name)$|"
    r"support status|guidance|(?:read|write|in|out) ?\(|target disk|provisioned|redundancy",
    re.IGNORECASE,
)
"""What the titles of columns hold that say what Azure Migrate makes of a server."""
_APART: Final = ",;\n []"
_GROUP: Final = re.compile(r"\[([^\]]*)\]")
"""A card in a discovery report, which writes ``[192.0.2.10,fe80::1];[192.0.2.11];``, and the MAC
addresses in the same order (RetrieveDiscoveryData.cs, ParseMacIpAddressMap, at 2a9cbe6)."""
_SLOT: Final = re.compile(r"(?:scsi|ide|sata|nvme)\s*\d+:\d+", re.IGNORECASE)
"""How a hypervisor names a disk: by its controller and its place on it."""
_POWERS: Final = {
    **dict.fromkeys(("on", "poweredon", "running"), Power.ON),
    **dict.fromkeys(("off", "poweredoff", "stopped", "notrunning"), Power.OFF),
    **dict.fromkeys(("suspended", "saved", "paused"), Power.SUSPENDED),
}


def columns_of(table: Table) -> Columns:
    """Find where a table's columns stand."""
    found = {each: table.place(*titles) for each, titles in _TITLES.items()}
    return Columns(
        table=table, places={each: place for each, place in found.items() if place is not None}
    )


def are_machines(columns: Columns) -> bool:
    """Say whether a table holds one server a row."""
    assessed = columns.table.place("Azure VM readiness", "Recommended size") is not None
    discovered = columns.table.place("Support Status", "Machine ID") is not None
    needed = (MACHINE, "cores", "memory")
    return all(each in columns.places for each in needed) and (assessed or discovered)


def are_disks(columns: Columns) -> bool:
    """Say whether a table holds one disk a row."""
    return all(each in columns.places for each in (MACHINE, "disk", "size"))


def state_machine(entry: Entry, name: str) -> None:
    """State what a row tells of its server."""
    entry.say(MACHINE, *host_names(name))
    if identifier := entry.text(IDENTIFIER):
        entry.say(IDENTIFIER, EXTERNAL_IDS.known((Tag(name=AZURE, value=identifier),)))
    for column, key in (
        ("host", HYPERVISOR_SERVER),
        ("processor", CPU_MODEL),
        ("environment", ENVIRONMENT),
    ):
        if text := entry.text(column):
            entry.say(column, key.known(text))
    if system := entry.text("system"):
        entry.say("system", *os_observations(system))
    if boot := entry.read("boot", boot_type):
        entry.say("boot", BOOT_TYPE.known(boot))
    if power := entry.read("power", _power):
        entry.say("power", POWER.known(power))
    _state_sizes(entry)
    if count := entry.whole("disks"):
        why = f"their number alone is told: {count}"
        entry.say("disks", DISKS.unknown(Reason.NOT_TOLD, why))
    network = next((each for each in ("addresses", "macs") if entry.text(each)), None)
    if network:
        entry.try_to_say(network, lambda: _interfaces(entry))


def _interfaces(entry: Entry) -> Iterator[Observation]:
    """State the interfaces: card by card where the table groups them so."""
    cards = [_GROUP.findall(entry.text(each) or "") for each in ("macs", "addresses")]
    if cards[0] and len(cards[0]) == len(cards[1]):
        told = [
            Interface(name=f"interface {number}", mac=one.mac, addresses=one.addresses)
            for number, (mac, held) in enumerate(zip(*cards, strict=True), 1)
            for one in interfaces(values.listed(held), values.listed(mac))
        ]
        yield INTERFACES.known(tuple(told))
        return
    addresses, macs = entry.parts("addresses", _APART), entry.parts("macs", _APART)
    if told_apart := interfaces(addresses, macs):
        yield INTERFACES.known(told_apart)


def _state_sizes(entry: Entry) -> None:
    for column, key, unit in (
        ("cores", CONFIGURED_CPUS, 1),
        ("memory", CONFIGURED_MEMORY, MIB),
        ("storage", PROVISIONED, GIB),
    ):
        if told := entry.number(column):
            entry.say(column, key.known(round(told * unit)))
        elif column in entry.columns.places and not entry.text(column):
            entry.say(column, key.unknown(Reason.NOT_TOLD, "the export leaves it empty"))


def _power(cell: Cell) -> Power | None:
    text = values.text(cell)
    told = _POWERS.get(plain(text or ""))
    if text and told is None:
        raise ValueError(f"{text!r} is none of on, off, suspended")
    return told


def said_of(entry: Entry, before: str = "") -> Iterator[tuple[str, Tag]]:
    """Yield what Azure Migrate makes of a server or a disk, each with its column."""
    for place, title in enumerate(entry.columns.table.header):
        if title and _WORDS.search(title) and place not in entry.columns.places.values():
            try:
                text = values.text(entry.cells[place])
            except ValueError:
                continue
            if text:
                yield title, Tag(name=f"{before}{title}", value=without_secrets(text))


def disks_of(entries: list[Entry]) -> Iterator[Observation]:
    """Yield the disks of one server: as the hypervisor names them, or as the server does."""
    told = [(each.text("disk"), each.number("size")) for each in entries]
    sizes = [(name, round(size * GIB)) for name, size in told if name and size]
    given = [VirtualDisk(name=name, size_bytes=size) for name, size in sizes if _SLOT.match(name)]
    seen = [Disk(name=name, size_bytes=size) for name, size in sizes if not _SLOT.match(name)]
    if given:
        yield VIRTUAL_DISKS.known(tuple(given))
    if seen:
        yield DISKS.known(tuple(seen))


def assessment(tags: list[Tag]) -> Observation:
    """Return what Azure Migrate said, as a fact."""
    return TOLD_ASSESSMENT.known(tuple(tags))
