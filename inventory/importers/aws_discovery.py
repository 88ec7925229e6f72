"""AWS Application Discovery Service and Migration Hub: import template, EC2 recommendations.

The columns are those of the import template; the list of recommendations, which Migration Hub
exports, has them with ``Server.`` before their names. A KB is counted as 1024 bytes and an MB as
1024 of those, as operating systems count. The template has no disks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from inventory.errors import BadInputError
from inventory.importers._aws_load import LOAD_COLUMNS, load_of
from inventory.importers._aws_settings import INSTANCE_TYPE
from inventory.importers._cells import (
    host_names,
    interfaces,
    name_observations,
    tags,
    version_observations,
)
from inventory.importers._rows import MIB, Columns, Entry, tables_of
from inventory.model.facts import CPU_CORES, INTERFACES, SMBIOS_UUID
from inventory.model.imported import Item, LeftOut, ServerRecord, Unread
from inventory.model.importer import CERTAIN, LIKELY, NO, Importer, ImportExample
from inventory.model.placement import (
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    CONFIGURED_SOCKETS,
    EXTERNAL_IDS,
    FOLDER,
    MANAGED_ID,
    MANAGER,
    NAMED_APPLICATIONS,
    NAMED_WAVE,
    TAGS,
    TARGET_SETTINGS,
    VM_NAME,
    Tag,
)
from inventory.model.utilisation import UTILISATION_TOLD
from inventory.reading import values
from inventory.reading.export import Export
from inventory.reading.table import Cell, Table

SOURCE: Final = "aws-discovery"
EXTERNAL: Final = "ExternalId"
"""Under which name the number is kept by which the template's author knows a server."""
MIGRATION_HUB: Final = "Migration Hub"
"""Under which name the number is kept by which Migration Hub knows a server."""
_PREFIXES: Final = ("", "Server.")
_MODEL: Final = "Recommendation.EC2.Instance.Model"
_IDENTITIES: Final = ("ExternalId", "IPAddress", "MACAddress", "HostName", "VMware.MoRefId")
_OWN: Final = (
    *("VMware.MoRefId", "VMware.VCenterId", "VMware.VMName", "RAM.TotalSizeInMB", "OS.Name"),
    *("CPU.NumberOfProcessors", "CPU.NumberOfCores", "CPU.NumberOfLogicalCores", "SMBiosId"),
    *("CPU.UsagePct.Avg", "RAM.UsedSizeInMB.Avg", "ApplicationWave"),
)
"""Titles that nobody else gives to columns."""
_COLUMNS: Final = (
    *(*_IDENTITIES, *_OWN, *LOAD_COLUMNS),
    *("OS.Version", "Applications", "Tags", "ServerId", "VMware.vCenterName"),
    *("VMware.vmFolderPath", _MODEL),
)
_FEW, _SURE = 1, 3
"""Own titles from which a table is likely, and surely, of this format."""
_UUID: Final = re.compile(r"([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})")


def _recognise(export: Export) -> int:
    return max(map(_score, tables_of(export)), default=NO)


def _score(table: Table) -> int:
    places = _columns(table).places
    own = sum(each in places for each in _OWN)
    if not any(each in places for each in (*_IDENTITIES, "ServerId")) or own < _FEW:
        return NO
    return CERTAIN if own >= _SURE else LIKELY


def _columns(table: Table) -> Columns:
    return Columns.of(table, _COLUMNS, _PREFIXES)


def _read(export: Export) -> Iterator[Item]:
    understood = False
    for table in export.tables():
        if _score(table):
            understood = True
            for entry in _columns(table).entries():
                yield from _items(entry)
    if not understood:
        raise BadInputError(
            "there is no table with the columns of Migration Hub's import template",
            hint="its first line names columns such as ExternalId, HostName, RAM.TotalSizeInMB",
        )


def _items(entry: Entry) -> Iterator[Item]:
    key = _key(entry)
    if key is None:
        yield from _no_server(entry)
        return
    name = next(filter(None, map(entry.text, ("HostName", "VMware.VMName", "ExternalId"))), None)
    _say_identity(entry)
    _say_hardware(entry)
    _say_system(entry)
    _say_plans(entry)
    yield from entry.unread
    yield ServerRecord(
        source=SOURCE,
        key=key,
        name=name or key.partition("=")[2],
        stated=tuple(entry.stated),
        where=entry.where,
    )


def _key(entry: Entry) -> str | None:
    """Return what tells the server from others, in the order in which Migration Hub matches."""
    for column in ("ExternalId", "ServerId"):
        if told := entry.text(column):
            return f"{column}={told}"
    machine, manager = entry.text("VMware.MoRefId"), entry.text("VMware.VCenterId")
    if machine and manager:
        return f"VMware={manager}:{machine}"
    for column in ("HostName", "VMware.VMName", "SMBiosId"):
        if told := entry.text(column):
            return f"{column}={told.lower()}"
    for column in ("IPAddress", "MACAddress"):
        if several := entry.parts(column, ","):
            return f"{column}={several[0].lower()}"
    return None


def _no_server(entry: Entry) -> Iterator[Item]:
    applications = entry.text("Applications")
    if applications and not entry.unread:
        yield LeftOut(what="application", name=applications, where=entry.where)
    else:
        yield from entry.unread
        yield Unread(why=f"it has none of {', '.join(_IDENTITIES)}", where=entry.where)
    entry.unread.clear()


def _say_identity(entry: Entry) -> None:
    _say_numbers(entry)
    if host := entry.text("HostName"):
        entry.say("HostName", *host_names(host))
    if uuid := entry.read("SMBiosId", _uuid):
        entry.say("SMBiosId", SMBIOS_UUID.known(uuid))
    if machine := entry.text("VMware.MoRefId"):
        manager = entry.text("VMware.VCenterId")
        entry.say(
            "VMware.MoRefId", MANAGED_ID.known(f"{manager}:{machine}" if manager else machine)
        )
    for column, key in (
        ("VMware.VMName", VM_NAME),
        ("VMware.vCenterName", MANAGER),
        ("VMware.vmFolderPath", FOLDER),
    ):
        if told := entry.text(column):
            entry.say(column, key.known(told))
    _say_interfaces(entry)


def _say_numbers(entry: Entry) -> None:
    told = {each: entry.text(each) for each in ("ExternalId", "ServerId")}
    named = {"ExternalId": EXTERNAL, "ServerId": MIGRATION_HUB}
    numbers = tuple(Tag(name=named[each], value=value) for each, value in told.items() if value)
    if numbers:
        entry.say(next(each for each in told if told[each]), EXTERNAL_IDS.known(numbers))


def _say_interfaces(entry: Entry) -> None:
    addresses, macs = entry.parts("IPAddress", ",;"), entry.parts("MACAddress", ",;")
    if addresses or macs:
        column = "IPAddress" if addresses else "MACAddress"
        entry.try_to_say(column, lambda: iter((INTERFACES.known(interfaces(addresses, macs)),)))


def _uuid(cell: Cell) -> str | None:
    told = values.text(cell)
    if told is None:
        return None
    found = _UUID.fullmatch(re.sub(r"[\s{}-]", "", told.lower()))
    if found is None:
        raise ValueError(f"{told!r} is no UUID")
    return "-".join(found.groups())


def _say_hardware(entry: Entry) -> None:
    for column, key in (
        ("CPU.NumberOfProcessors", CONFIGURED_SOCKETS),
        ("CPU.NumberOfCores", CPU_CORES),
        ("CPU.NumberOfLogicalCores", CONFIGURED_CPUS),
    ):
        if (count := entry.whole(column)) is not None:
            entry.say(column, key.known(count))
    if (memory := entry.number("RAM.TotalSizeInMB")) is not None:
        entry.say("RAM.TotalSizeInMB", CONFIGURED_MEMORY.known(round(memory * MIB)))
    if load := load_of(entry, SOURCE):
        column, told = load
        entry.say(column, UTILISATION_TOLD.known((told,)))


def _say_system(entry: Entry) -> None:
    name, version = entry.text("OS.Name"), entry.text("OS.Version")
    if name:
        entry.say("OS.Name", *name_observations(name, version))
    if version:
        entry.say("OS.Version", *version_observations(name, version))


def _say_plans(entry: Entry) -> None:
    if applications := entry.parts("Applications", ","):
        entry.say("Applications", NAMED_APPLICATIONS.known(applications))
    if wave := entry.text("ApplicationWave"):
        entry.say("ApplicationWave", NAMED_WAVE.known(wave))
    if told := tags(entry.parts("Tags", ","), ":"):
        entry.say("Tags", TAGS.known(told))
    if model := entry.text(_MODEL):
        entry.say(_MODEL, TARGET_SETTINGS.known((Tag(name=INSTANCE_TYPE, value=model),)))


_TEMPLATE: Final = b"""ExternalId,SMBiosId,IPAddress,MACAddress,HostName,VMware.MoRefId,\
VMware.VCenterId,CPU.NumberOfProcessors,CPU.NumberOfCores,CPU.NumberOfLogicalCores,OS.Name,\
OS.Version,VMware.VMName,RAM.TotalSizeInMB,RAM.UsedSizeInMB.Avg,RAM.UsedSizeInMB.Max,\
CPU.UsagePct.Avg,CPU.UsagePct.Max,DiskReadsPerSecondInKB.Avg,Applications,ApplicationWave,Tags,\
ServerId\r
Inventory Id 1,4225B6B0-3A5B-4C6D-8E7F-0A1B2C3D4E5F,"10.12.31.233, 10.12.32.11",\
"00-15-E9-2B-99-3C, 00-14-22-01-23-45",ip-1-2-3-4.example.org,vm-42,\
7d5e3c1a-1111-2222-3333-444455556666,4,8,16,Linux,16.04.3,Corp1,128,64,96,23.9,55.34,1159,\
"Application2, Application3",Wave 1,"zone:3, critical:no, zone:1",d-server-01kk9i6ywwaxmp\r
Server 2,,192.0.2.2,00:1B:44:11:3A:B7,,,,,,,Windows Server 2012 R2,NT 6.2.8,,64,,,,,,,,,\r
,,,,,,,,,,,,,,,,,,,Application1,,,\r
CMBD Id 3,,192.0.0.999,,db-1,,,four,,,,,,-1,,,,,,,,,\r
,,,,,,,4,,,,,,,,,,,,,,,\r
"""
_RECOMMENDED: Final = b"""ServerId,Server.ExternalId,Server.HostName,Server.VMware.VMname,\
Recommendation.EC2.Remarks,Server.OS.Name,Server.OS.Version,Server.CPU.NumberOfProcessors,\
Server.CPU.NumberOfCores,Server.CPU.NumberOfLogicalCores,Server.RAM.TotalSizeInMB,\
Recommendation.EC2.Instance.Model,Recommendation.EC2.Instance.Price.HourlyRate,Applications,Tags,\
Server.SMBiosId,Server.CPU.UsagePct.Avg,Server.CPU.UsagePct.Max,Server.DiskReadOpsPerSecond.Avg
d-server-7c1aa,,till.shop.example,,,Linux,12.5,2,4,8,7812.352,m6i.2xlarge,0.5,Tills,,,\
31.5,88.25,3.0625
"""
IMPORTER: Final = Importer(
    title="AWS Application Discovery Service and Migration Hub",
    files="the filled-in import template, or EC2InstanceRecommendations.csv, also in its .zip",
    source="https://docs.aws.amazon.com/application-discovery/latest/userguide/"
    "discovery-import.html (2026-11-23)",
    recognise=_recognise,
    read=_read,
    examples=(
        ImportExample(
            tool="import template, with the values of its description (format as documented)",
            files=(("import_template.csv", _TEMPLATE),),
            servers=("ip-1-2-3-4.example.org", "Server 2", "db-1"),
            left_out=1,
            unread=3,
        ),
        ImportExample(
            tool="Migration Hub's EC2 recommendations, with rows made up",
            files=(("EC2InstanceRecommendations.csv", _RECOMMENDED),),
            servers=("till.shop.example",),
        ),
    ),
)
