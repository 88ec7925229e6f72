"""Azure Migrate's import template is filled in with what is known, and with nothing else."""

from __future__ import annotations

import pytest

from inventory.exporters._azure_os import LISTED, system_of
from inventory.exporters.azure_migrate import EXPORTER, MOST_SERVERS
from inventory.importers.azure_migrate import IMPORTER
from inventory.model.fact import Facts, Observation
from inventory.model.facts import (
    ARCHITECTURE,
    BOOT_TYPE,
    CPU_CORES,
    CPU_THREADS,
    DISKS,
    FQDN,
    HOSTNAME,
    INTERFACES,
    MEMORY_TOTAL,
    OS_FAMILY,
    OS_ID,
    OS_NAME,
    OS_VERSION,
    VIRTUALISATION,
)
from inventory.model.imported import ServerRecord
from inventory.model.importer import CERTAIN
from inventory.model.parts import BootType, Disk, Interface
from inventory.model.placement import (
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    VIRTUAL_DISKS,
    VirtualDisk,
)
from inventory.model.utilisation import UTILISATION_TOLD, Level, ToldUtilisation
from inventory.reading.opening import open_files
from tests.stages.aws_exports import export, facts, imported, lacking, records, rows, server

GIB = 1 << 30
MIB = 1 << 20
TEMPLATE = (
    "*Server name,IP addresses,*Cores,*Memory (In MB),*OS name,OS version,OS architecture,"
    "Server type,Hypervisor,CPU utilization percentage,Memory utilization percentage,"
    "Network adapters,Network In throughput,Network Out throughput,Boot type,Number of disks,"
    "Storage in use (In GB),Disk 1 size (In GB),Disk 1 read throughput (MB per second),"
    "Disk 1 write throughput (MB per second),Disk 1 read ops (operations per second),"
    "Disk 1 write ops (operations per second),Disk 2 size (In GB),"
    "Disk 2 read throughput (MB per second),Disk 2 write throughput (MB per second),"
    "Disk 2 read ops (operations per second),Disk 2 write ops (operations per second)"
)
"""The header of the template that the portal gives, as it is kept in
https://github.com/polichtm/Nested_Hyper-V_in_Azure at bbfbe55 (AzureMigrateimporttemplate.csv)."""


def _mandatory(*more: Observation) -> tuple[Observation, ...]:
    return (
        CPU_THREADS.known(4),
        MEMORY_TOTAL.known(8 * GIB),
        OS_FAMILY.known("linux"),
        OS_ID.known("ubuntu"),
        OS_NAME.known("Ubuntu 22.04.3 LTS"),
        OS_VERSION.known("22.04"),
        *more,
    )


@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_header_is_the_templates(count: int) -> None:
    """Spelled as there, in its order, with as many disks as any server has."""
    disks = tuple(Disk(name=f"sd{each}", size_bytes=GIB) for each in "abc"[:count])
    (written,) = export(EXPORTER, server("web-1", *_mandatory(DISKS.known(disks))))
    header = written.content.decode().splitlines()[0].split(",")
    assert header[:27] == TEMPLATE.split(",")[: 17 + 5 * count]
    assert len(header) == 17 + 5 * count


def test_what_is_written_is_read_as_the_same_facts() -> None:
    """Every fact that the template can hold comes back."""
    told = (
        HOSTNAME.known("web-1"),
        FQDN.known("web-1.example.org"),
        CONFIGURED_CPUS.known(4),
        CONFIGURED_MEMORY.known(8 * GIB),
        OS_FAMILY.known("linux"),
        OS_ID.known("rhel"),
        OS_NAME.known("Red Hat Enterprise Linux 7"),
        OS_VERSION.known("7.9"),
        ARCHITECTURE.known("x86_64"),
        BOOT_TYPE.known(BootType.UEFI),
        VIRTUALISATION.known("vmware"),
        INTERFACES.known((Interface(name="interface 1", addresses=("192.0.2.4", "192.0.2.5")),)),
        DISKS.known(
            (
                Disk(name="disk 1", size_bytes=40 * GIB),
                Disk(name="disk 2", size_bytes=500 * GIB),
            )
        ),
        UTILISATION_TOLD.known(
            (
                ToldUtilisation(
                    source="azure-migrate",
                    cpu_percent=Level(mean=12.5),
                    memory_percent=Level(mean=50.0),
                    network_received_bytes_per_second=Level(mean=1.5 * MIB),
                    network_sent_bytes_per_second=Level(mean=0.0),
                ),
            )
        ),
    )
    written = export(EXPORTER, server("web-1", *told))
    assert lacking(written) == []
    (record,) = records(IMPORTER, written)
    assert record.name == "web-1.example.org"
    assert facts(record) == {each.key.name: each.fact.value for each in told}


def test_what_was_imported_is_written_as_it_was() -> None:
    """Each example of the importer that has all that is mandatory, cell by cell."""
    items = list(IMPORTER.read(open_files(IMPORTER.examples[0].files)))
    once = [each for each in items if isinstance(each, ServerRecord)]
    written = export(EXPORTER, *map(imported, once))
    assert (
        IMPORTER.recognise(open_files([(each.name, each.content) for each in written])) == CERTAIN
    )
    again = records(IMPORTER, written)
    before = {each.name: facts(each) for each in once}
    assert [each.name for each in again] == ["web-server-01.contoso.com", "db-server-01"]
    for each in again:
        told = facts(each)
        assert told.pop("utilisation.told")  # of two disks together it cannot be written
        assert told == {key: before[each.name][key] for key in before[each.name] if key in told}
        assert set(before[each.name]) - set(told) == {"utilisation.told"}


@pytest.mark.parametrize(
    ("missing", "column"),
    [(CPU_THREADS, "Cores"), (MEMORY_TOTAL, "Memory (In MB)"), (OS_NAME, "OS name")],
)
def test_a_server_without_what_is_mandatory_is_left_out_and_told(
    missing: object, column: str
) -> None:
    """Nothing is made up so that Azure Migrate would take it."""
    names = {missing} | ({OS_ID, OS_FAMILY} if missing is OS_NAME else set())
    told = [each for each in _mandatory() if each.key not in names]
    written = export(EXPORTER, server("web-1", *told), server("web-2", *_mandatory()))
    assert [row["*Server name"] for row in rows(written[0])] == ["web-2"]
    assert lacking(written) == [("web-1", f"mandatory and not known: {column}: left out")]


def test_all_that_is_missing_is_told_at_once() -> None:
    """Nobody mends one column to be told of the next."""
    written = export(EXPORTER, server("web-1"))
    assert lacking(written) == [
        ("web-1", "mandatory and not known: Cores, Memory (In MB), OS name: left out")
    ]


def test_of_two_servers_of_one_name_the_second_is_told() -> None:
    """Azure Migrate would take the second row for news of the first server."""
    written = export(
        EXPORTER,
        server("web-1", *_mandatory(), id="1"),
        server("WEB-1", *_mandatory(), id="2"),
    )
    assert len(rows(written[0])) == 1
    assert lacking(written) == [("WEB-1", "Server name: there is another WEB-1: left out")]


def test_no_file_has_more_servers_than_azure_takes() -> None:
    """Of 20,001 servers one stands in a second file."""
    told = _mandatory()
    servers = [server(f"web-{number}", *told) for number in range(MOST_SERVERS + 1)]
    first, second = export(EXPORTER, *servers)
    assert (first.name, second.name) == ("azure-migrate-import.csv", "azure-migrate-import-2.csv")
    assert len(rows(first)) == 20_000
    assert [row["*Server name"] for row in rows(second)] == [f"web-{MOST_SERVERS}"]


def test_more_disks_than_fit_are_told() -> None:
    """Their number is written, and that sizes are missing."""
    disks = tuple(VirtualDisk(name=f"Hard disk {each}", size_bytes=GIB + 1) for each in range(10))
    written = export(EXPORTER, server("db-1", *_mandatory(VIRTUAL_DISKS.known(disks))))
    (row,) = rows(written[0])
    assert row["Number of disks"] == "10"
    assert row["Disk 8 size (In GB)"] == "2"
    assert "Disk 9 size (In GB)" not in row
    assert lacking(written) == [("db-1", "Disk sizes: 8 of 10 fit: the others are left out")]


def test_a_physical_servers_cores_are_the_physical_ones() -> None:
    """A virtual one's are what it is given."""
    for virtualisation, cores in (("none", "8"), ("kvm", "4")):
        told = _mandatory(CPU_CORES.known(8), VIRTUALISATION.known(virtualisation))
        (row,) = rows(export(EXPORTER, server("web-1", *told))[0])
        assert row["*Cores"] == cores


@pytest.mark.parametrize(
    ("product", "release", "name"),
    [
        ("ubuntu", "22.04", "Ubuntu Linux"),
        ("debian", "8.11", "Debian GNU/Linux 8"),
        ("rhel", "7.9", "Red Hat Enterprise Linux 7"),
        ("centos", "7.9", "CentOS"),
        ("centos", "5.11", "CentOS 4/5"),
        ("ol", "8.8", "Oracle Linux"),
        ("sles", "12.5", "SUSE Linux Enterprise 12"),
        ("fedora", "40", "Red Hat Fedora"),
        ("windows-server", "2012 R2", "Windows Server 2012 R2"),
        ("windows-server", "2019", "Windows Server 2019"),
        ("windows", "10", "Windows 10"),
        ("windows", "XP", "Windows XP Professional"),
    ],
)
def test_a_system_gets_the_name_of_microsofts_list(product: str, release: str, name: str) -> None:
    """The list's own spelling, whatever the system calls itself."""
    system = system_of(Facts.from_observations((OS_ID.known(product), OS_VERSION.known(release))))
    assert system is not None
    assert system.name == name
    assert name in LISTED
    assert system.listed


@pytest.mark.parametrize(
    ("product", "release", "name"),
    [
        ("debian", "12", "Debian GNU/Linux 12"),
        ("rhel", "9.4", "Red Hat Enterprise Linux 9"),
        ("windows-server", "2022", "Windows Server 2022"),
        ("rocky", "9.4", "Rocky Linux 9.4 (Blue Onyx)"),
    ],
)
def test_a_system_that_the_list_lacks_is_named_and_told(
    product: str, release: str, name: str
) -> None:
    """It is written all the same: whether it is assessed is Azure Migrate's to say."""
    told = [each for each in _mandatory() if each.key not in {OS_ID, OS_VERSION, OS_NAME}]
    more = (OS_ID.known(product), OS_VERSION.known(release), OS_NAME.known(name))
    written = export(EXPORTER, server("web-1", *told, *more))
    (row,) = rows(written[0])
    assert row["*OS name"] == name
    ((_, what),) = lacking(written)
    assert "Microsoft's list" in what
