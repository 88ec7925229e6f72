"""Azure Migrate: workbooks of assessments, and the discovery report of Azure Migrate Export.

The columns are those of portal exports from 2022 to 2026, whose description Microsoft does not
publish. An assessment knows a server by its name alone; where two have one name, their MAC
addresses or addresses tell them apart, and nobody can tell whose a disk is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from inventory.errors import BadInputError
from inventory.importers._azure_assessment import (
    IDENTIFIER,
    MACHINE,
    are_disks,
    are_machines,
    assessment,
    columns_of,
    disks_of,
    said_of,
    state_machine,
)
from inventory.importers._azure_cells import AZURE, key_of
from inventory.importers._rows import Columns, Entry, tables_of
from inventory.model.imported import Item, ServerRecord, Stated, Unread, Where
from inventory.model.importer import CERTAIN, NO, Importer, ImportExample
from inventory.model.nearness import Nearness
from inventory.model.placement import Tag
from inventory.reading import values
from inventory.reading.export import Export, File


@dataclass(kw_only=True)
class _Gathered:
    """The rows of an export."""

    machines: list[tuple[str, Entry]] = field(default_factory=list)
    """Each with its name."""
    disks: defaultdict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    """By the key of the server's name."""
    unread: list[Unread] = field(default_factory=list)
    understood: bool = False

    def add_file(self, file: File) -> None:
        """Add the rows of a file's tables; where it breaks off, what came before is kept."""
        try:
            for table in file.tables():
                self._add(columns_of(table))
        except BadInputError as error:
            why = str(error).removeprefix(f"{file.name}: ")
            self.unread.append(Unread(why=why, where=Where(file=file.name)))

    def _add(self, columns: Columns) -> None:
        machines, disks = are_machines(columns), are_disks(columns)
        self.understood |= machines or disks
        if not (machines or disks):
            return
        for entry in columns.entries():
            name = entry.text(MACHINE)
            if not name:
                self.unread += entry.unread or [
                    Unread(why="it names no machine", where=entry.where)
                ]
            elif machines:
                self.machines.append((name, entry))
            else:
                self.disks[key_of(name)].append(entry)


def _recognise(export: Export) -> int:
    tables = map(columns_of, tables_of(export))
    return CERTAIN if any(are_machines(each) or are_disks(each) for each in tables) else NO


def _read(export: Export) -> Iterator[Item]:
    gathered = _Gathered()
    for file in export.files:
        gathered.add_file(file)
    if not (gathered.understood or gathered.unread):
        raise BadInputError(
            "there is neither a sheet of assessed machines or disks nor a discovery report",
            hint="export the assessment in Azure Migrate, or run Azure Migrate Export's discovery",
        )
    yield from gathered.unread
    of_one_name = Counter(key_of(name) for name, entry in gathered.machines if _is_by_name(entry))
    for name, entry in gathered.machines:
        disks = gathered.disks.get(key_of(name), [])
        if of_one_name[key_of(name)] > 1:
            disks = []
        yield from _server(name, entry, disks, alone=of_one_name[key_of(name)] < 2)  # noqa: PLR2004
    yield from _only_disks(gathered, of_one_name)


def _is_by_name(entry: Entry) -> bool:
    return not entry.text(IDENTIFIER)


def _server(name: str, entry: Entry, disks: list[Entry], *, alone: bool) -> Iterator[Item]:
    state_machine(entry, name)
    said = list(said_of(entry))
    _state_disks(entry.stated, disks, said)
    key = entry.text(IDENTIFIER) or key_of(name)
    if not alone and _is_by_name(entry):
        key = f"{key} {entry.text('macs') or entry.text('addresses') or entry.text('host') or ''}"
    yield ServerRecord(
        source=AZURE,
        key=key.strip(),
        name=name,
        stated=tuple(entry.stated),
        at=entry.read("at", lambda cell: values.moment(cell, day_first=False)),
        where=entry.where,
    )
    yield from entry.unread
    for each in disks:
        yield from each.unread


def _state_disks(stated: list[Stated], disks: list[Entry], said: list[tuple[str, Tag]]) -> None:
    for observation in disks_of(disks):
        title = disks[0].title("size")
        stated.append(Stated(column=title, observation=observation))
    for disk in disks:
        said += said_of(disk, f"{disk.text('disk') or 'disk'}: ")
    if said:
        tags = assessment([tag for _, tag in said])
        stated.append(Stated(column=said[0][0], observation=tags))


def _only_disks(gathered: _Gathered, of_one_name: Counter[str]) -> Iterator[Item]:
    """Yield servers of which disks alone are told, and disks whose server is unclear."""
    named = {key_of(name) for name, _ in gathered.machines}
    for key, disks in gathered.disks.items():
        if of_one_name[key] > 1:
            why = f"{of_one_name[key]} servers are called {key!r}: whose the disk is, is unclear"
            yield from (Unread(why=why, where=each.where) for each in disks)
        elif key not in named:
            yield from _server_of_disks(key, disks)


def _server_of_disks(key: str, disks: list[Entry]) -> Iterator[Item]:
    name = disks[0].text(MACHINE) or key
    stated: list[Stated] = []
    _state_disks(stated, disks, [])
    where = disks[0].where
    yield ServerRecord(source=AZURE, key=key, name=name, stated=tuple(stated), where=where)
    for each in disks:
        yield from each.unread


_MACHINES: Final = b"""Machine,VM host,Azure VM readiness,Azure readiness issues,\
Data collection issues,Recommended size,Compute monthly cost estimate USD,\
Storage monthly cost estimate USD,Operating system,Boot type,Cores,Memory(MB),CPU usage(%),\
Memory usage(%),Storage(GB),Standard HDD disks,Standard SSD disks,Premium disks,Ultra disks,\
Disk read(ops/sec),Disk write(ops/sec),Disk read(MBPS),Disk write(MBPS),Network adapters,\
IP address,MAC address,Network in(MBPS),Network out(MBPS),Group name\r
web-01,esx-1.example,Ready,,,Standard_D4s_v5,140.16,19.71,Microsoft Windows Server 2019 (64-bit),\
BIOS,4,16384,12.5,40,128,0,0,1,0,1,2,0.1,0.2,1,192.0.2.10,00:50:56:aa:bb:01,0.1,0.1,wave1\r
app-02,esx-1.example,Ready With Conditions,Boot type UEFI needs a Gen2 image,,Standard_D8s_v5,\
280.32,,Red Hat Enterprise Linux 8 (64-bit),EFI,8,32768,-,-,1024,0,0,1,0,,,,,1,,\
00:50:56:aa:bb:02,,,wave1\r
twin,esx-1.example,Not Ready,Unsupported operating system,,,,,FreeBSD 13,BIOS,2,2048,,,40,,,,,,,,,\
1,192.0.2.20,00:50:56:aa:bb:03,,,wave1\r
twin,esx-2.example,Unknown,,Not enough performance data,,,,FreeBSD 13,OpenBoot,2,2048,,,40,,,,,,,,,\
1,192.0.2.21,00:50:56:aa:bb:04,,,wave1\r
"""
_DISKS: Final = b"""Machine,Disk name,Azure disk readiness,Recommended disk size SKU,\
Recommended disk type,Azure readiness issues,Data collection issues,Monthly cost estimate,\
Source disk size(GB),Target disk size(GB)\r
web-01,scsi0:0,Ready,Premium_P10,Premium managed disks,,,19.71,128,128\r
app-02,scsi0:0,Ready,Premium_P30,Premium managed disks,,,135.17,1024,1024\r
twin,scsi0:0,Unknown,,,,,,40,\r
lost-01,scsi0:1,Ready,Premium_P10,Premium managed disks,,,19.71,64,128\r
"""
_DISCOVERED: Final = b"""Machine Name,Environment,Software Inventory Count,\
SQL Discovery Server Count,Is SQL Service Present,Web Applications Count,Operating System,Cores,\
Memory (in MB),Total Disks,IP Addresses,MAC Addresses,Total Network Adapters,Boot Type,\
Power Stats,Support Status,First Discovery Time,Last Updated Time,Machine ID\r
web-01,Prod,12,0,False,1,Microsoft Windows Server 2019 (64-bit),4,16384,1,\
"[192.0.2.10,fe80::1];",[00:50:56:aa:bb:01];,1,BIOS,ON,Mainstream,2026-07-01T10:00:00Z,\
2026-07-28T10:00:00Z,/subscriptions/0/machines/web-01_5000\r
old-01,Dev,0,0,False,0,,1,-1,1,,,0,BIOS,OFF,,2026-07-01T10:00:00Z,,/subscriptions/0/machines/o_1\r
"""
IMPORTER: Final = Importer(
    title="Azure Migrate assessments and discovery reports",
    files="the .xlsx of an assessment, or of Azure Migrate Export's discovery; its sheets as .csv",
    source="https://github.com/Azure/azure-migrate-export src/Common/DiscoveryReportConstants.cs "
    "at 2a9cbe6, and the headers of portal exports (2026-11-23)",
    nearness=Nearness.AGENT,
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="Azure Migrate, assessment of 2022, with rows made up",
            files=(("All_Assessed_Machines.csv", _MACHINES), ("All_Assessed_Disks.csv", _DISKS)),
            servers=("web-01", "app-02", "twin", "twin", "lost-01"),
            unread=2,
        ),
        ImportExample(
            tool="Azure Migrate Export, with rows made up",
            files=(("Discovery_Report.csv", _DISCOVERED),),
            servers=("web-01", "old-01"),
        ),
    ),
)
