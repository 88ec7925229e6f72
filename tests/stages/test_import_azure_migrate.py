"""Azure Migrate's import template: which facts its columns give, and what an empty cell means.

The files are made, after Microsoft's description of the fields and the header of the template that
the portal gives. One that somebody filled in (https://github.com/polichtm/Nested_Hyper-V_in_Azure,
AzureMigrateimport-01.csv at 8e43863, without a licence, so that it is not kept) gave its 3 servers
DC01, FS01 and WEB01, each of 1 core, 2048 MB and one disk of 45, 60 and 50 GB, nothing unread.
"""

from __future__ import annotations

import csv
import random
from typing import Any

import pytest

from inventory.errors import BadInputError
from inventory.importers.azure_migrate import IMPORTER
from inventory.model.fact import FactKey, Known, Reason, Unknown
from inventory.model.facts import (
    ARCHITECTURE,
    BOOT_TYPE,
    CPU_CORES,
    DISKS,
    FQDN,
    INTERFACES,
    KERNEL,
    OS_VERSION,
    VIRTUALISATION,
)
from inventory.model.imported import Item, ServerRecord, Unread
from inventory.model.importer import NO
from inventory.model.parts import BootType
from inventory.model.placement import CONFIGURED_CPUS, CONFIGURED_MEMORY
from inventory.model.utilisation import UTILISATION_TOLD
from inventory.reading.opening import open_files

HEADER = "*Server name,*Cores,*Memory (In MB),*OS name"
GIB = 1 << 30


def _read(text: str) -> list[Item]:
    return list(IMPORTER.read(open_files([("azure.csv", text.encode())])))


def _facts(title: str = "", cell: str = "", row: str = "web-1,4,8192,Windows Server 2019") -> Any:
    """Return what a template with one column more tells of its one server."""
    (record,) = [
        each
        for each in _read(f"{HEADER},{title}\n{row},{cell}\n")
        if isinstance(each, ServerRecord)
    ]

    def of(key: FactKey[Any]) -> list[Any]:
        facts = [each.observation.fact for each in record.stated if each.observation.key is key]
        return [each.value if isinstance(each, Known) else each for each in facts]

    return of


def test_it_reads_what_a_plain_reader_reads() -> None:
    """Names, processors, memory and disks of a thousand servers are those that csv finds."""
    pick = random.Random(7)
    lines = ["*Server name,IP addresses,*Cores,*Memory (In MB),*OS name,Disk 1 size (In GB)"]
    lines += [
        f"srv-{each:04},10.0.{each >> 8}.{each & 255},{pick.choice((1, 2, 4, 64))},"
        f"{pick.choice((512, 4096, 65536))},Ubuntu Linux,{pick.randint(10, 4000)}"
        for each in range(1000)
    ]
    expected = {
        row["*Server name"]: (
            int(row["*Cores"]),
            int(row["*Memory (In MB)"]) * 1024 * 1024,
            int(row["Disk 1 size (In GB)"]) * GIB,
            row["IP addresses"],
        )
        for row in csv.DictReader(lines)
    }
    found = {}
    for each in _read("\r\n".join(lines) + "\r\n"):
        assert isinstance(each, ServerRecord)
        told = {one.observation.key: one.observation.fact.value for one in each.stated}
        found[each.name] = (
            told[CONFIGURED_CPUS],
            told[CONFIGURED_MEMORY],
            told[DISKS][0].size_bytes,
            told[INTERFACES][0].addresses[0],
        )
    assert found == expected


@pytest.mark.parametrize(
    ("title", "cell", "key", "value"),
    [
        ("OS architecture", "x86", ARCHITECTURE, "i686"),
        ("OS architecture", "64-bit", ARCHITECTURE, "x86_64"),
        ("Boot type", "EFI", BOOT_TYPE, BootType.UEFI),
        ("Firmware type", "bios", BOOT_TYPE, BootType.BIOS),
        ("Server type (Virtual/Physical)", "Physical", VIRTUALISATION, "none"),
        ("Server type (Virtual/Physical)", "Physical", CPU_CORES, 4),
        ("Hypervisor", "Hyper-V", VIRTUALISATION, "hyperv"),
        ("Hypervisor", "VMware ESXi 7", VIRTUALISATION, "vmware"),
        ("OS version", "10.0.17763", KERNEL, "10.0.17763"),
        ("OS version", "10.0.17763", OS_VERSION, "2019"),
    ],
)
def test_a_column_gives_its_fact(
    title: str, cell: str, key: FactKey[object], value: object
) -> None:
    """In the words that the other sources use."""
    assert _facts(title, cell)(key) == [value]


@pytest.mark.parametrize("cell", ["", "-", "-1", "n/a"])
def test_an_empty_cell_is_unknown_and_never_zero(cell: str) -> None:
    """Processors and memory are looked for: it is stated that nobody told them."""
    told = _facts(row=f"web-1,{cell},{cell},Ubuntu Linux")
    for key in (CONFIGURED_CPUS, CONFIGURED_MEMORY):
        (fact,) = told(key)
        assert isinstance(fact, Unknown)
        assert fact.reason in {Reason.NOT_TOLD, Reason.UNREADABLE}
    assert _facts("CPU utilization percentage", cell)(UTILISATION_TOLD) == []
    assert _facts("Disk 1 size (In GB)", cell)(DISKS) == []


def test_more_disks_than_sizes_are_stated_beside_each_other() -> None:
    """Neither the sizes that are told nor the number is lost."""
    unknown, sizes = _facts("Number of disks,Disk 1 size (In GB),Disk 9 size (In GB)", "3,40,80")(
        DISKS
    )
    assert [(each.name, each.size_bytes // GIB) for each in sizes] == [
        ("disk 1", 40),
        ("disk 9", 80),
    ]
    assert unknown.detail == "3 disks, and the sizes of 2"


def test_the_load_of_the_disks_is_summed_unless_a_total_is_told() -> None:
    """Operations as they are, throughput in bytes."""
    each = "Disk 1 read ops,Disk 2 read ops,Disk 1 write throughput (MB per second)"
    ((load,),) = _facts(each, "100,50.5,2")(UTILISATION_TOLD)
    assert load.disk_reads_per_second.mean == 150.5
    assert load.disk_write_bytes_per_second.mean == 2 * 1024 * 1024
    assert load.cpu_percent is None
    ((load,),) = _facts("Total disks read ops,Disk 1 read ops", "120,100")(UTILISATION_TOLD)
    assert load.disk_reads_per_second.mean == 120


def test_the_name_that_microsoft_advises_gives_the_domain_name() -> None:
    """It recommends fully qualified names; an address is no host name."""
    assert _facts(row="Web-1.Example.org,4,8192,Ubuntu Linux")(FQDN) == ["web-1.example.org"]
    assert _facts(row="192.0.2.4,4,8192,Ubuntu Linux")(FQDN) == []


def test_the_case_of_a_name_makes_no_other_server() -> None:
    """The same server in another export keeps its key."""
    first, second = (
        each
        for each in _read(f"{HEADER}\nWEB-1,4,8192,Ubuntu\nweb-1,4,8192,Ubuntu\n")
        if isinstance(each, ServerRecord)
    )
    assert first.key == second.key
    assert (first.name, second.name) == ("WEB-1", "web-1")


def test_a_table_without_the_mandatory_columns_is_another() -> None:
    """Server and OS name alone are in anybody's list."""
    export = open_files([("list.csv", b"Server name,OS name\nweb-1,Ubuntu\n")])
    assert IMPORTER.recognise(export) == NO
    with pytest.raises(BadInputError, match="import template"):
        list(IMPORTER.read(export))


def test_what_cannot_be_read_costs_the_cell_alone() -> None:
    """The row's other cells and the other rows are taken."""
    items = _read(f"{HEADER},Boot type\nweb-1,four,8192,Ubuntu,UEFI\nweb-2,4,8192,Ubuntu,UEFI\n")
    (unread,) = [each for each in items if isinstance(each, Unread)]
    assert "Cores" in unread.why
    assert "four" in unread.why
    assert unread.where.row == 2
    assert sum(isinstance(each, ServerRecord) for each in items) == 2


def test_what_came_before_a_break_is_kept() -> None:
    """A template that was cut is told of, and is not lost."""
    rows = "\n".join(f"web-{number},4,8192,Ubuntu Linux" for number in range(1500))
    items = _read(f'{HEADER}\n{rows}\nweb-x,"4')
    assert sum(isinstance(each, ServerRecord) for each in items) == 1500
    assert sum(isinstance(each, Unread) for each in items) == 1
