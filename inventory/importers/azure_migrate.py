"""Azure Migrate: the CSV template by which servers are imported into it.

Azure Migrate knows a server by its name: a row that comes again updates it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.errors import BadInputError
from inventory.importers._azure_cells import AZURE, key_of
from inventory.importers._azure_template import NAME, columns_of, has_mandatory, state_all
from inventory.importers._broken_off import until_broken
from inventory.importers._cells import host_names
from inventory.importers._rows import Entry, tables_of
from inventory.model.imported import Item, ServerRecord, Unread
from inventory.model.importer import CERTAIN, NO, Importer, ImportExample
from inventory.reading.export import Export, File


def _recognise(export: Export) -> int:
    tables = map(columns_of, tables_of(export))
    return CERTAIN if any(has_mandatory(each) for each in tables) else NO


def _read(export: Export) -> Iterator[Item]:
    understood = False
    for file in export.files:
        for item in until_broken(file, _items_of(file)):
            understood = True
            yield item
    if not understood:
        raise BadInputError(
            "there is no server under the columns of Azure Migrate's import template",
            hint="its first line names Server name, Cores, Memory (In MB) and OS name",
        )


def _items_of(file: File) -> Iterator[Item]:
    for columns in filter(has_mandatory, map(columns_of, file.tables())):
        for entry in columns.entries():
            yield from _items(entry)


def _items(entry: Entry) -> Iterator[Item]:
    name = entry.text(NAME)
    if not name:
        yield from entry.unread or [Unread(why="it has no Server name", where=entry.where)]
        return
    entry.say(NAME, *host_names(name))
    state_all(entry)
    yield ServerRecord(
        source=AZURE,
        key=key_of(name),
        name=name,
        stated=tuple(entry.stated),
        where=entry.where,
    )
    yield from entry.unread


_TEMPLATE: Final = b"""\xef\xbb\xbf*Server name,IP addresses,*Cores,*Memory (In MB),*OS name,\
OS version,OS architecture,Server type,Hypervisor,CPU utilization percentage,\
Memory utilization percentage,Network adapters,Network In throughput,Network Out throughput,\
Boot type,Number of disks,Storage in use (In GB),Disk 1 size (In GB),\
Disk 1 read throughput (MB per second),Disk 1 write throughput (MB per second),\
Disk 1 read ops (operations per second),Disk 1 write ops (operations per second),\
Disk 2 size (In GB)\r
web-server-01.contoso.com,10.0.1.10;10.0.1.110,4,8192,Windows Server 2019,10.0.17763,64-bit,\
Virtual,VMware,45,60,1,0.5,0.25,BIOS,2,80,100,50,25,500,200,200\r
db-server-01,10.0.3.10,16,65536,Red Hat Enterprise Linux 8,8.5,x64,Physical,,55,80,2,2,1.5,UEFI,\
3,400,500,200,150,5000,2000,\r
batch-server-01,10.0.4.999,,,Windows Server 2022,,64-bit,Virtual,Hyper-V,,,,,,EFI,,,,,,,,\r
,10.0.4.11,4,8192,Ubuntu Linux,,,,,,,,,,,,,,,,,,\r
"""
_FIRST: Final = b"""Server name,IP address,Cores,Memory,OS name,OS version,OS architecture,\
Number of disks,Disk 1 size,CPU utilization percentage,Memory utilization percentage,\
Network In throughput,Network Out throughput,Firmware type,MAC address
app-1,192.0.2.10,2,4096,Ubuntu Linux,18.04,amd64,1,40,10,20,,,UEFI,00-50-56-AA-BB-01
app-2,,two,4096,Ubuntu Linux,18.04,sparc,,,,,,,OpenBoot,
"""
IMPORTER: Final = Importer(
    title="Azure Migrate import template",
    files="one or several .csv files, or workbooks of the same columns",
    source="https://learn.microsoft.com/azure/migrate/tutorial-discover-import (2026-11-23)",
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="the template of 2026, filled in",
            files=(("azure-migrate.csv", _TEMPLATE),),
            servers=("web-server-01.contoso.com", "db-server-01", "batch-server-01"),
            unread=2,
        ),
        ImportExample(
            tool="the template of 2020, filled in (format as documented)",
            files=(("inventory.csv", _FIRST),),
            servers=("app-1", "app-2"),
            unread=3,
        ),
    ),
)
