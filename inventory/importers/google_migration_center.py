"""Google Migration Center: vmInfo, diskInfo, perfInfo and tagInfo, filled in or collected.

Google's collectors for AWS and Azure write the same tables. They write 0 for what they did not
find, so that 0 is taken for not knowing; and a public address is nobody's interface.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inventory.errors import BadInputError
from inventory.importers._broken_off import until_broken
from inventory.importers._cells import (
    host_names,
    interfaces,
    name_observations,
    version_observations,
)
from inventory.importers._google_tables import GIB, GOOGLE, MACHINE, Beside
from inventory.importers._os_name import read_os_name
from inventory.importers._rows import Columns, Entry, tables_of
from inventory.model.fact import Observation, Reason
from inventory.model.facts import CPU_CORES, INTERFACES, OS_FAMILY, VIRTUALISATION
from inventory.model.hardware import CLOUD, CLOUD_INSTANCE, CLOUD_TYPE
from inventory.model.imported import Item, LeftOut, ServerRecord, Stated, Unread
from inventory.model.importer import CERTAIN, NO, Importer, ImportExample
from inventory.model.nearness import Nearness
from inventory.model.parts import Interface
from inventory.model.placement import (
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    CREATED_AT,
    LOCATION,
    POWER,
    PROVISIONED,
    STORAGE_USED,
    VM_NAME,
    Power,
)
from inventory.reading import values
from inventory.reading.export import Export, File
from inventory.reading.table import Cell, Table, plain

_NAME: Final = "MachineName"
_CORES: Final = "AllocatedProcessorCoreCount"
_ADDRESSES: Final = "IpAddressListSemiColonDelimited"
_OWN: Final = (_CORES, "MemoryGiB", "TotalDiskAllocatedGiB", _ADDRESSES)
_COLUMNS: Final = (
    *(MACHINE, _NAME, *_OWN, "PrimaryIPAddress", "PrimaryMACAddress", "PublicIPAddress"),
    *("TotalDiskUsedGiB", "MachineTypeLabel", "HostingLocation", "OsType", "OsName", "OsVersion"),
    *("MachineStatus", "CreateDate", "IsPhysical", "Source"),
)
_CLOUDS: Final = {"aws": "aws", "azure": "azure", "gcp": "gcp", "googlecloud": "gcp"}
_INSTANCE: Final = re.compile(r"i-[0-9a-f]{8,17}")
_POWERS: Final = {
    **dict.fromkeys(("running", "on", "poweredon", "vmrunning", "active"), Power.ON),
    **dict.fromkeys(
        ("stopped", "stopping", "off", "poweredoff", "vmstopped", "vmdeallocated", "deallocated"),
        Power.OFF,
    ),
    **dict.fromkeys(("suspended", "paused"), Power.SUSPENDED),
}
_GONE: Final = ("terminated", "shutting-down", "deleted")


def _is_list(table: Table) -> bool:
    return table.place(MACHINE) is not None and any(table.place(each) is not None for each in _OWN)


def _recognise(export: Export) -> int:
    return CERTAIN if any(map(_is_list, tables_of(export))) else NO


def _read(export: Export) -> Iterator[Item]:
    """Read what stands beside the machines first: each file is read once."""
    beside = Beside()
    lists: list[tuple[File, Table]] = []
    for file in export.files:
        for table in until_broken(file, file.tables()):
            if isinstance(table, Unread):
                yield table
            elif _is_list(table):
                lists.append((file, table))
            else:
                yield from until_broken(file, beside.add(table))
    if not lists:
        raise BadInputError(
            "there is no vmInfo: no table has the columns MachineId and MemoryGiB",
            hint="Migration Center wants it with every import; give it together with the others",
        )
    for file, table in lists:
        yield from until_broken(file, _items_of(table, beside))
    yield from beside.left()


def _items_of(table: Table, beside: Beside) -> Iterator[Item]:
    for entry in Columns.of(table, _COLUMNS).entries():
        yield from _items(entry, beside)


def _items(entry: Entry, beside: Beside) -> Iterator[Item]:
    machine = entry.text(MACHINE)
    if not machine:
        yield from entry.unread or [Unread(why="it has no MachineId", where=entry.where)]
        return
    name = entry.text(_NAME) or machine
    aside = [Stated(column=column, observation=each) for column, each in beside.of(machine)]
    status = (entry.text("MachineStatus") or "").casefold()
    if status in _GONE:
        yield LeftOut(what="virtual machine that is deleted", name=name, where=entry.where)
        return
    _state_names(entry, machine)
    _state_sizes(entry)
    _state_system(entry)
    _state_rest(entry)
    yield ServerRecord(
        source=GOOGLE,
        key=machine,
        name=name,
        stated=(*entry.stated, *aside),
        where=entry.where,
    )
    yield from entry.unread


def _state_names(entry: Entry, machine: str) -> None:
    """State the names. In a cloud a machine's name is a label, and no host's name."""
    cloud = _CLOUDS.get(plain(entry.text("Source") or ""))
    name = entry.text(_NAME)
    if cloud:
        entry.say("Source", CLOUD.known(cloud))
        if kind := entry.text("MachineTypeLabel"):
            entry.say("MachineTypeLabel", CLOUD_TYPE.known(kind))
    if cloud == "aws" and _INSTANCE.fullmatch(machine):
        entry.say(MACHINE, CLOUD_INSTANCE.known(machine))
    if name and cloud:
        entry.say(_NAME, VM_NAME.known(name))
    elif name:
        entry.say(_NAME, *host_names(name))


def _state_sizes(entry: Entry) -> None:
    is_physical = entry.read("IsPhysical", values.truth)
    if is_physical:
        entry.say("IsPhysical", VIRTUALISATION.known("none"))
    for column, key, unit, wanted in (
        (_CORES, CPU_CORES if is_physical else CONFIGURED_CPUS, 1, True),
        ("MemoryGiB", CONFIGURED_MEMORY, GIB, True),
        ("TotalDiskAllocatedGiB", PROVISIONED, GIB, False),
        ("TotalDiskUsedGiB", STORAGE_USED, GIB, False),
    ):
        if told := entry.number(column):
            entry.say(column, key.known(round(told * unit)))
        elif wanted and column in entry.columns.places:
            entry.say(column, key.unknown(Reason.NOT_TOLD, "the table leaves it empty, or says 0"))


def _state_system(entry: Entry) -> None:
    name, version, kind = entry.text("OsName"), entry.text("OsVersion"), entry.text("OsType")
    if name:
        entry.say("OsName", *name_observations(name, version))
    if version:
        entry.say("OsVersion", *version_observations(name, version))
    family = read_os_name(kind or "").family
    if family and not (name and read_os_name(name).family):
        entry.say("OsType", OS_FAMILY.known(family))


def _state_rest(entry: Entry) -> None:
    if location := entry.text("HostingLocation"):
        entry.say("HostingLocation", LOCATION.known(location))
    if power := entry.read("MachineStatus", _power):
        entry.say("MachineStatus", POWER.known(power))
    made = entry.read("CreateDate", lambda cell: values.moment(cell, day_first=False))
    if made:
        entry.say("CreateDate", CREATED_AT.known(made))
    column = next(
        (
            each
            for each in ("PrimaryIPAddress", _ADDRESSES, "PrimaryMACAddress")
            if entry.text(each)
        ),
        None,
    )
    if column:
        entry.try_to_say(column, lambda: _interfaces(entry))


def _power(cell: Cell) -> Power | None:
    """Return whether it runs. What is neither is a state on the way, of which nothing follows."""
    return _POWERS.get(plain(values.text(cell) or ""))


def _interfaces(entry: Entry) -> Iterator[Observation]:
    """State the primary interface, and by itself what else there is of addresses."""
    first, mac = entry.text("PrimaryIPAddress"), entry.text("PrimaryMACAddress")
    public = entry.text("PublicIPAddress")
    others = [each for each in entry.parts(_ADDRESSES, ";,") if each not in {first, public}]
    told = list(interfaces([first] if first else [], [mac] if mac else []))
    for each in interfaces(others, []):
        told.append(Interface(name=f"interface {len(told) + 1}", addresses=each.addresses))
    if told:
        yield INTERFACES.known(tuple(told))


_VMS: Final = b"""MachineId,MachineName,PrimaryIPAddress,PrimaryMACAddress,PublicIPAddress,\
IpAddressListSemiColonDelimited,TotalDiskAllocatedGiB,TotalDiskUsedGiB,MachineTypeLabel,\
AllocatedProcessorCoreCount,MemoryGiB,HostingLocation,OsType,OsName,OsVersion,MachineStatus,\
ProvisioningState,CreateDate,IsPhysical,Source\r
vm-001,shop-web01,10.60.0.4,00:50:56:01:02:03,,10.60.0.4;fd00::4,120,48,,4,16,dc-london,Linux,\
Ubuntu,22.04,Running,Provisioned,2021-03-04,false,VMware vCenter\r
vm-002,shop-db01,10.60.0.5,00:50:56:01:02:04,,,,,,8,64.5,dc-london,Windows,\
Microsoft Windows Server 2022 Standard,10.0.20348,Stopped,Provisioned,2020-01-01,true,Manual\r
i-0a1b2c3d4e5f60718,web server,172.31.0.9,,203.0.113.9,172.31.0.9;203.0.113.9,0,0,m5.large,2,8.0,\
eu-west-1,Linux/UNIX,,,running,,2024-05-06 07:08:09+00:00,0,AWS\r
i-0a1b2c3d4e5f60719,gone,,,,,0,0,m5.large,0,0,eu-west-1,,,,terminated,,,0,AWS\r
,nobody,,,,,,,,,,,,,,,,,,\r
"""
_DISKS: Final = b"""MachineId,DiskLabel,SizeInGib,UsedInGib,StorageTypeLabel\r
vm-002,C:,200,90,SSD\r
vm-002,E:,1000,400,SSD\r
i-0a1b2c3d4e5f60718,/dev/xvda,52.5,,gp2\r
vm-099,C:,40,,SSD\r
"""
_TAGS: Final = b"MachineId,Key,Value\r\nvm-001,app,shop\r\nvm-001,db_password,hunter2\r\n"
_SAMPLES: Final = b"""MachineId,TimeStamp,CpuUtilizationPercentage,MemoryUtilizationPercentage,\
UtilizedMemoryBytes,DiskReadOperationsPerSec,DiskWriteOperationsPerSec,NetworkBytesPerSecSent,\
NetworkBytesPerSecReceived\r
vm-002,2026-09-06 00:00:00,10,50,21474836480,100,50,1000000,2000000\r
vm-002,2026-09-06 01:00:00,30,50,21474836480,100,,1000000,2000000\r
"""
_NUMBERS_ALONE: Final = b"""MachineId,MachineName,TotalDiskAllocatedGiB,TotalDiskUsedGiB,\
AllocatedProcessorCoreCount,MemoryGiB,OsName,IsPhysical
6160266098198287760,,,,,,,
"""
IMPORTER: Final = Importer(
    title="Google Migration Center tables",
    files="vmInfo.csv, with diskInfo.csv, perfInfo.csv and tagInfo.csv, or a .zip of them",
    source="https://cloud.google.com/migration-center/docs/import-data-tables (2026-11-23)",
    nearness=Nearness.AGENT,
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="the templates, filled in (format as documented)",
            files=(
                ("vmInfo.csv", _VMS),
                ("diskInfo.csv", _DISKS),
                ("tagInfo.csv", _TAGS),
                ("perfInfo.csv", _SAMPLES),
            ),
            servers=("shop-web01", "shop-db01", "web server"),
            left_out=1,
            unread=2,
        ),
        ImportExample(
            tool="labels alone, as Google's own guide writes them",
            files=(
                ("assets.csv", _NUMBERS_ALONE),
                ("labels.csv", b"MachineId,Key,Value\n6160266098198287760,region,us-central1\n"),
            ),
            servers=("6160266098198287760",),
        ),
    ),
)
