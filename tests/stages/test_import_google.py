"""Google Migration Center's tables: machines, and what stands beside them.

The tables are made: their columns are those of Google's templates and of its collector for AWS
(https://github.com/GoogleCloudPlatform/aws-discovery-export at 48cb426).
"""

from __future__ import annotations

import csv
import io
import random
import statistics
import tracemalloc
import zipfile
from typing import Any

import pytest

from inventory.errors import BadInputError
from inventory.importers.google_migration_center import IMPORTER
from inventory.model.fact import FactKey, Known, Unknown
from inventory.model.facts import (
    CPU_CORES,
    DISKS,
    HOSTNAME,
    INTERFACES,
    KERNEL,
    OS_FAMILY,
    VIRTUALISATION,
)
from inventory.model.hardware import CLOUD, CLOUD_INSTANCE, CLOUD_TYPE
from inventory.model.imported import Item, LeftOut, ServerRecord, Unread
from inventory.model.importer import CERTAIN, NO
from inventory.model.placement import (
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    POWER,
    PROVISIONED,
    TAGS,
    VM_NAME,
    Power,
    Tag,
)
from inventory.model.utilisation import UTILISATION_TOLD
from inventory.reading.opening import open_files

GIB = 1 << 30
VMS = (
    "MachineId,MachineName,PrimaryIPAddress,PrimaryMACAddress,PublicIPAddress,"
    "IpAddressListSemiColonDelimited,TotalDiskAllocatedGiB,AllocatedProcessorCoreCount,MemoryGiB,"
    "MachineTypeLabel,OsType,OsName,OsVersion,MachineStatus,IsPhysical,Source"
)
DISK_TITLES = "MachineId,DiskLabel,SizeInGib,UsedInGib,StorageTypeLabel"
SAMPLES = (
    "MachineId,TimeStamp,CpuUtilizationPercentage,AvailableMemoryBytes,DiskReadOperationsPerSec,"
    "DiskWriteOperationsPerSec,NetworkBytesPerSecSent,NetworkBytesPerSecReceived"
)


def _read(**tables: str) -> list[Item]:
    files = [(f"{name}.csv", text.encode()) for name, text in tables.items()]
    return list(IMPORTER.read(open_files(files)))


def _servers(items: list[Item]) -> list[ServerRecord]:
    return [each for each in items if isinstance(each, ServerRecord)]


def _of(record: ServerRecord, key: FactKey[Any]) -> Any:
    (fact,) = [each.observation.fact for each in record.stated if each.observation.key is key]
    return fact.value if isinstance(fact, Known) else fact


def _keys(record: ServerRecord) -> set[str]:
    return {each.observation.key.name for each in record.stated}


def _vm(**cells: str) -> str:
    told = {"MachineId": "vm-1", "MachineName": "web-1"} | cells
    return f"{VMS}\n{','.join(told.get(title, '') for title in VMS.split(','))}\n"


def test_it_reads_what_a_plain_reader_reads() -> None:
    """Machines and their disks are those that csv finds, in whatever order the files come."""
    pick = random.Random(3)
    vms = [f"vm-{each},srv-{each},,,,,,{pick.randint(1, 64)},8,,,,,,," for each in range(400)]
    disks = [
        f"vm-{pick.randrange(400)},/dev/sd{each},{pick.randint(8, 900)},," for each in range(900)
    ]
    listed, beside = "\n".join((VMS, *vms)), "\n".join((DISK_TITLES, *disks))
    expected: dict[str, tuple[int, list[tuple[str, int]]]] = {
        row["MachineId"]: (int(row["AllocatedProcessorCoreCount"]), [])
        for row in csv.DictReader(listed.splitlines())
    }
    for row in csv.DictReader(beside.splitlines()):
        expected[row["MachineId"]][1].append((row["DiskLabel"], int(row["SizeInGib"])))
    for tables in (
        {"vmInfo": listed, "diskInfo": beside},
        {"diskInfo": beside, "vmInfo": listed},
    ):
        items = _read(**{name: text + "\n" for name, text in tables.items()})
        found = {
            each.key: (
                _of(each, CONFIGURED_CPUS),
                [(one.name, one.size_bytes // GIB) for one in _of(each, DISKS)]
                if DISKS.name in _keys(each)
                else [],
            )
            for each in _servers(items)
        }
        assert found == expected
        assert len(items) == len(found)


def test_the_samples_are_summed_while_they_are_read() -> None:
    """Average and peak are those of the statistics module; the window is that of the samples."""
    pick = random.Random(5)
    samples = [(hour, round(pick.uniform(0, 100), 2)) for hour in range(24)]
    lines = [f"vm-1,2026-09-06 {hour:02}:00:00,{cpu},,1,,,4000" for hour, cpu in samples]
    (record,) = _servers(_read(vmInfo=_vm(), perfInfo="\n".join((SAMPLES, *lines)) + "\n"))
    (load,) = _of(record, UTILISATION_TOLD)
    assert load.cpu_percent.mean == pytest.approx(statistics.fmean(cpu for _, cpu in samples))
    assert load.cpu_percent.maximum == max(cpu for _, cpu in samples)
    assert load.network_received_bytes_per_second.maximum == 4000
    assert load.disk_writes_per_second is None
    assert load.memory_percent is None
    assert load.since.isoformat() == "2026-09-06T00:00:00+00:00"
    assert load.until.isoformat() == "2026-09-06T23:00:00+00:00"


def test_memory_does_not_grow_with_the_samples() -> None:
    """Ten times as many of one machine take hardly more."""
    peaks = []
    for days in (1, 10):
        lines = [f"vm-1,2026-09-{1 + n // 1440:02} 00:00:00,5,,,,," for n in range(1440 * days)]
        files = [("vmInfo.csv", _vm()), ("perfInfo.csv", "\n".join((SAMPLES, *lines)) + "\n")]
        export = open_files([(name, text.encode()) for name, text in files])
        tracemalloc.start()
        assert list(IMPORTER.read(export))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0] + (4 << 20)


def test_a_disk_that_the_collector_made_up_is_no_disk() -> None:
    """Google's collector writes one where it found none; the size is nobody's."""
    disks = f"{DISK_TITLES}\nvm-1,/dev/xvda,52.5,,gp2\n"
    (record,) = _servers(_read(vmInfo=_vm(), diskInfo=disks))
    fact = _of(record, DISKS)
    assert isinstance(fact, Unknown)
    assert "52.5" in fact.detail


@pytest.mark.parametrize("cell", ["0", "", "0.0", "-1"])
def test_zero_is_what_collectors_write_for_not_knowing(cell: str) -> None:
    """No server has no processor and no memory."""
    (record,) = _servers(
        _read(
            vmInfo=_vm(AllocatedProcessorCoreCount=cell, MemoryGiB=cell, TotalDiskAllocatedGiB=cell)
        )
    )
    assert isinstance(_of(record, CONFIGURED_CPUS), Unknown)
    assert isinstance(_of(record, CONFIGURED_MEMORY), Unknown)
    assert PROVISIONED.name not in _keys(record)


def test_a_public_address_is_nobodys_interface() -> None:
    """It is translated on the way; a second private one is the server's."""
    (record,) = _servers(
        _read(
            vmInfo=_vm(
                PrimaryIPAddress="172.31.0.9",
                PrimaryMACAddress="06-0a-bb-cc-dd-ee",
                PublicIPAddress="203.0.113.9",
                IpAddressListSemiColonDelimited="172.31.0.9;203.0.113.9;172.31.0.10",
            )
        )
    )
    told = [(each.mac, each.addresses) for each in _of(record, INTERFACES)]
    assert told == [("06:0a:bb:cc:dd:ee", ("172.31.0.9",)), (None, ("172.31.0.10",))]


def test_in_a_cloud_the_name_is_a_label() -> None:
    """``web-1`` is what the owner calls the instance; its host name is another."""
    (record,) = _servers(
        _read(
            vmInfo=_vm(MachineId="i-0a1b2c3d4e5f60718", Source="AWS", MachineTypeLabel="m5.large")
        )
    )
    assert _of(record, VM_NAME) == "web-1"
    assert _of(record, CLOUD) == "aws"
    assert _of(record, CLOUD_INSTANCE) == "i-0a1b2c3d4e5f60718"
    assert _of(record, CLOUD_TYPE) == "m5.large"
    assert HOSTNAME.name not in _keys(record)
    (record,) = _servers(_read(vmInfo=_vm(Source="VMware vCenter")))
    assert _of(record, HOSTNAME) == "web-1"
    assert CLOUD.name not in _keys(record)


def test_the_columns_give_their_facts() -> None:
    """A physical server's cores, Windows' kernel, a family that the name does not tell, power."""
    (record,) = _servers(
        _read(
            vmInfo=_vm(
                IsPhysical="true",
                AllocatedProcessorCoreCount="8",
                OsName="Microsoft Windows Server 2022 Standard",
                OsVersion="10.0.20348",
                MachineStatus="Stopped",
            )
        )
    )
    assert _of(record, VIRTUALISATION) == "none"
    assert _of(record, CPU_CORES) == 8
    assert _of(record, KERNEL) == "10.0.20348"
    assert _of(record, POWER) is Power.OFF
    (record,) = _servers(_read(vmInfo=_vm(OsType="Linux/UNIX", MachineStatus="pending")))
    assert _of(record, OS_FAMILY) == "linux"
    assert POWER.name not in _keys(record)


def test_a_tag_that_may_hold_a_secret_is_kept_without_it() -> None:
    """Tags come from people, who write passwords into them."""
    tags = "MachineId,Key,Value\nvm-1,app,shop\nvm-1,db_password,hunter2\nvm-1,app,shop\n"
    (record,) = _servers(_read(vmInfo=_vm(), tagInfo=tags))
    assert Tag(name="app", value="shop") in _of(record, TAGS)
    assert len(_of(record, TAGS)) == 2
    assert "hunter2" not in repr(record)


def test_what_is_deleted_is_no_server_and_what_is_nobodys_is_told() -> None:
    """A terminated instance is left out; disks of a machine that is not listed are told once."""
    disks = f"{DISK_TITLES}\nvm-2,C:,40,,\nvm-2,D:,40,,\n"
    items = _read(vmInfo=_vm(MachineStatus="terminated"), diskInfo=disks)
    assert _servers(items) == []
    assert [each.name for each in items if isinstance(each, LeftOut)] == ["web-1"]
    (unread,) = [each for each in items if isinstance(each, Unread)]
    assert "vm-2" in unread.why


def test_a_zip_of_the_tables_is_read() -> None:
    """As Google's collectors pack them."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("diskInfo.csv", f"{DISK_TITLES}\nvm-1,C:,40,,\n")
        archive.writestr("vmInfo.csv", _vm())
    export = open_files([("vm-aws-import-files.zip", held.getvalue())])
    assert IMPORTER.recognise(export) == CERTAIN
    (record,) = _servers(list(IMPORTER.read(export)))
    assert _of(record, DISKS)[0].size_bytes == 40 * GIB


def test_a_damaged_table_costs_no_other() -> None:
    """What came before the break is taken, and so are the other tables."""
    disks = "\n".join((DISK_TITLES, *("vm-1,C:,40,," for _ in range(1500)), 'vm-1,"D:'))
    items = _read(diskInfo=disks, vmInfo=_vm())
    (record,) = _servers(items)
    assert len(_of(record, DISKS)) == 1500
    (unread,) = [each for each in items if isinstance(each, Unread)]
    assert unread.where.file == "diskInfo.csv"


def test_disks_without_a_list_of_machines_are_refused() -> None:
    """Nobody knows what the numbers stand for."""
    export = open_files([("diskInfo.csv", f"{DISK_TITLES}\nvm-1,C:,40,,\n".encode())])
    assert IMPORTER.recognise(export) == NO
    with pytest.raises(BadInputError, match="vmInfo"):
        list(IMPORTER.read(export))
