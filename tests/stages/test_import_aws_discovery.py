"""Migration Hub's import template and recommendations are read as they are, and made up nowhere.

The files are made. The recommendations that Cloud Migration Factory on AWS 4.5.1 is tested with
(https://github.com/aws-solutions/cloud-migration-factory-on-aws at 51bbfb0, Apache-2.0) were looked
at on 2026-11-23: 3 rows, all of one host name, gave 3 servers, nothing left out, nothing unread.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from inventory.errors import BadInputError
from inventory.importers.aws_discovery import IMPORTER
from inventory.model.fact import FactKey, Known
from inventory.model.facts import (
    CPU_CORES,
    FQDN,
    HOSTNAME,
    INTERFACES,
    KERNEL,
    OS_ID,
    OS_VERSION,
    SMBIOS_UUID,
)
from inventory.model.imported import Item, LeftOut, ServerRecord, Unread
from inventory.model.importer import CERTAIN, LIKELY, NO
from inventory.model.parts import Interface
from inventory.model.placement import (
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    CONFIGURED_SOCKETS,
    EXTERNAL_IDS,
    MANAGED_ID,
    NAMED_APPLICATIONS,
    NAMED_WAVE,
    TAGS,
    TARGET_SETTINGS,
    Tag,
)
from inventory.model.utilisation import UTILISATION_TOLD, Level
from inventory.reading.opening import open_files

T = TypeVar("T")
FIXTURES = Path(__file__).parent.parent / "fixtures" / "imports" / "aws-discovery"
MIB = 1 << 20


def items(content: str | bytes, name: str = "import_template.csv") -> list[Item]:
    """Read an export."""
    held = content.encode() if isinstance(content, str) else content
    return list(IMPORTER.read(open_files([(name, held)])))


def servers(told: list[Item]) -> list[ServerRecord]:
    """Return the servers among items."""
    return [each for each in told if isinstance(each, ServerRecord)]


def known(record: ServerRecord, key: FactKey[T]) -> list[T]:
    """Return what a record knows of one fact."""
    return list(_known(record, key))


def _known(record: ServerRecord, key: FactKey[T]) -> Iterator[T]:
    for each in record.stated:
        if each.observation.key is key and isinstance(each.observation.fact, Known):
            yield each.observation.fact.value


def template(**cells: str) -> ServerRecord:
    """Read a template of one server; ``__`` stands for the dot in a title."""
    held = io.StringIO()
    writer = csv.writer(held)
    writer.writerow(each.replace("__", ".") for each in cells)
    writer.writerow(cells.values())
    (record,) = servers(items(held.getvalue()))
    return record


def test_recommendations_of_migration_hub_yield_what_an_independent_reader_counts() -> None:
    """Each row is a server by its ServerId, though the three have one host name."""
    content = (FIXTURES / "made-recommendations.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    told = servers(items(content, "EC2InstanceRecommendations.csv"))
    assert len(rows) == len(told) == 3
    assert len({row["Server.HostName"] for row in rows}) == 1
    assert [each.key for each in told] == [f"ServerId={row['ServerId']}" for row in rows]
    for row, record in zip(rows, told, strict=True):
        assert known(record, FQDN) == [row["Server.HostName"]]
        assert known(record, CONFIGURED_CPUS) == [int(row["Server.CPU.NumberOfLogicalCores"])]
        assert known(record, CPU_CORES) == [int(row["Server.CPU.NumberOfCores"])]
        assert known(record, CONFIGURED_SOCKETS) == [int(row["Server.CPU.NumberOfProcessors"])]
        megabytes = float(row["Server.RAM.TotalSizeInMB"])
        assert known(record, CONFIGURED_MEMORY) == [round(megabytes * MIB)]
        ((load,),) = known(record, UTILISATION_TOLD)
        assert load.cpu_percent == Level(
            mean=float(row["Server.CPU.UsagePct.Avg"]),
            maximum=float(row["Server.CPU.UsagePct.Max"]),
        )
        assert load.disk_reads_per_second == Level(
            mean=float(row["Server.DiskReadOpsPerSecond.Avg"]),
            maximum=float(row["Server.DiskReadOpsPerSecond.Max"]),
        )
        assert known(record, NAMED_APPLICATIONS) == [tuple(row["Applications"].split(", "))]
        model = row["Recommendation.EC2.Instance.Model"]
        settings = [(Tag(name="launch:instance-type", value=model),)] if model else []
        assert known(record, TARGET_SETTINGS) == settings


def test_the_archive_that_the_service_hands_out_is_read_as_it_is() -> None:
    """Nobody needs to unpack it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.write(FIXTURES / "made-recommendations.csv", "EC2InstanceRecommendations.csv")
    export = open_files([("export.zip", held.getvalue())])
    assert IMPORTER.recognise(export) == CERTAIN
    assert len(servers(list(IMPORTER.read(export)))) == 3


def test_a_servers_own_number_goes_before_all_other_keys() -> None:
    """As Migration Hub matches: ExternalId, its own id, vCenter's reference, names, addresses."""
    cells = {
        "ExternalId": "A-1",
        "ServerId": "d-server-1",
        "VMware__MoRefId": "vm-42",
        "HostName": "WEB-1",
        "IPAddress": "192.0.2.1, 192.0.2.2",
        "OS__Name": "",
        "VMware__VCenterId": "7d5e",
    }
    keys = []
    for column in ("ExternalId", "ServerId", "VMware__VCenterId", "HostName", "OS__Name"):
        keys.append(template(**cells).key)
        cells[column] = ""
    assert keys == [
        "ExternalId=A-1",
        "ServerId=d-server-1",
        "VMware=7d5e:vm-42",
        "HostName=web-1",
        "IPAddress=192.0.2.1",
    ]


def test_each_number_is_kept_beside_whose_it_is() -> None:
    """The author's number and Migration Hub's are two things."""
    record = template(ExternalId="A-1", ServerId="d-server-1", OS__Name="Linux")
    assert known(record, EXTERNAL_IDS) == [
        (
            Tag(name="ExternalId", value="A-1"),
            Tag(name="Migration Hub", value="d-server-1"),
        )
    ]


def test_it_is_not_made_up_which_of_several_addresses_belongs_to_which_card() -> None:
    """The template lists both and does not say."""
    record = template(
        HostName="web-1",
        IPAddress="192.0.2.1, 192.0.2.2",
        MACAddress="00-15-E9-2B-99-3C, 0014.2201.2345",
        OS__Name="Linux",
    )
    assert known(record, INTERFACES) == [
        (
            Interface(name="interface 1", mac="00:15:e9:2b:99:3c"),
            Interface(name="interface 2", mac="00:14:22:01:23:45"),
            Interface(name="interface 3", addresses=("192.0.2.1", "192.0.2.2")),
        )
    ]


def test_an_identifier_of_firmware_is_one_in_whatever_spelling() -> None:
    """VMware parts it by blanks, Windows writes it in capitals."""
    wanted = ["4225b6b0-3a5b-4c6d-8e7f-0a1b2c3d4e5f"]
    for spelling in (
        "4225B6B0-3A5B-4C6D-8E7F-0A1B2C3D4E5F",
        "42 25 b6 b0 3a 5b 4c 6d-8e 7f 0a 1b 2c 3d 4e 5f",
        "{4225b6b0-3a5b-4c6d-8e7f-0a1b2c3d4e5f}",
    ):
        record = template(HostName="web-1", SMBiosId=spelling)
        assert known(record, SMBIOS_UUID) == wanted


@pytest.mark.parametrize(
    ("name", "version", "releases", "kernels"),
    [
        ("Ubuntu 22.04", "22.04.3", ["22.04.3"], []),
        ("Ubuntu 22.04", "20.04", ["22.04", "20.04"], []),
        ("Windows Server 2012 R2", "6.3.9600", ["2012 R2"], ["6.3.9600"]),
        ("Microsoft Windows Server 2016", "NT 10.0.14393", ["2016"], ["NT 10.0.14393"]),
        ("Linux", "16.04.3", ["16.04.3"], []),
        ("", "Red Hat Enterprise Linux 7", ["7"], []),
    ],
)
def test_name_and_version_of_a_system_are_told_apart(
    name: str, version: str, releases: list[str], kernels: list[str]
) -> None:
    """A finer release is no contradiction, another one is; Windows' kernel is no release."""
    record = template(HostName="web-1", OS__Name=name, OS__Version=version)
    assert known(record, OS_VERSION) == releases
    assert known(record, KERNEL) == kernels


def test_what_was_not_collected_is_not_stated() -> None:
    """Neither -1 nor an empty cell becomes a number."""
    record = template(
        HostName="web-1", RAM__TotalSizeInMB="-1", CPU__NumberOfCores="", OS__Name="-", Tags=""
    )
    assert {each.observation.key for each in record.stated} == {HOSTNAME}


def test_waves_applications_and_tags_are_kept() -> None:
    """As lists in one cell; what may be a secret is left out of a tag."""
    record = template(
        HostName="web-1",
        Applications="Payroll, Intranet",
        ApplicationWave="Wave 1",
        Tags="zone:1, critical:yes, password:hunter2",
        OS__Name="Debian GNU/Linux 12",
    )
    assert known(record, NAMED_APPLICATIONS) == [("Payroll", "Intranet")]
    assert known(record, NAMED_WAVE) == ["Wave 1"]
    assert known(record, TAGS) == [
        (
            Tag(name="zone", value="1"),
            Tag(name="critical", value="yes"),
            Tag(name="password", value="***"),
        )
    ]
    assert known(record, OS_ID) == ["debian"]


def test_vcenters_reference_stands_with_its_vcenter() -> None:
    """vm-42 is another virtual machine in each vCenter."""
    record = template(VMware__MoRefId="vm-42", VMware__VCenterId="7d5e", VMware__VMName="Web")
    assert known(record, MANAGED_ID) == ["7d5e:vm-42"]
    assert record.name == "Web"


def test_what_cannot_be_read_costs_no_more_than_itself() -> None:
    """The cell is told once with its place, and the server is there without it."""
    told = items(
        "HostName,CPU.NumberOfLogicalCores,RAM.TotalSizeInMB,IPAddress\n"
        "web-1,four,1024,192.0.2.999\n"
        ",2,512,\n"
    )
    (record,) = servers(told)
    assert known(record, CONFIGURED_MEMORY) == [1024 * MIB]
    assert [(each.why, each.where.row) for each in told if isinstance(each, Unread)] == [
        ("IPAddress: '192.0.2.999' is no address", 2),
        ("CPU.NumberOfLogicalCores: 'four' is not a number", 2),
        ("it has none of ExternalId, IPAddress, MACAddress, HostName, VMware.MoRefId", 3),
    ]


def test_a_record_of_an_application_alone_is_no_server() -> None:
    """Migration Hub takes them in the same file."""
    told = items("HostName,OS.Name,Applications\n,,Payroll\n")
    assert [(each.what, each.name) for each in told if isinstance(each, LeftOut)] == [
        ("application", "Payroll")
    ]
    assert len(told) == 1


def test_it_is_sure_of_its_own_titles_alone() -> None:
    """A list with some host names may be anybody's."""

    def score(header: str) -> int:
        return IMPORTER.recognise(open_files([("list.csv", f"{header}\na,b,c,d\n".encode())]))

    assert score("HostName,OS.Name,RAM.TotalSizeInMB,VMware.VMName") == CERTAIN
    assert score("HostName,OS.Name,x,y") == LIKELY
    assert score("HostName,IPAddress,Tags,Applications") == NO
    with pytest.raises(BadInputError, match="import template"):
        items("HostName,IPAddress,Tags,Applications\na,b,c,d\n")
