"""Azure Migrate's assessments and discovery reports: what becomes a fact, what stays its word.

The workbooks are made, with the sheets and headers of portal exports: no export that others wrote
may be kept here.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import pytest

from inventory.errors import BadInputError
from inventory.importers.azure_migrate_workbook import IMPORTER
from inventory.model.fact import FactKey, Known, Unknown
from inventory.model.facts import BOOT_TYPE, DISKS, INTERFACES, OS_ID, OS_VERSION
from inventory.model.imported import Item, ServerRecord, Unread
from inventory.model.importer import CERTAIN, NO
from inventory.model.parts import BootType
from inventory.model.placement import (
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    EXTERNAL_IDS,
    HYPERVISOR_SERVER,
    POWER,
    TOLD_ASSESSMENT,
    VIRTUAL_DISKS,
    Power,
    Tag,
)
from inventory.reading.opening import open_files

GIB = 1 << 30
MACHINES = ("Machine", "VM host", "Azure VM readiness", "Recommended size", "Operating system")
MACHINES += ("Boot type", "Cores", "Memory(MB)", "CPU usage(%)", "IP address", "MAC address")
DISK_TITLES = ("Machine", "Disk name", "Azure disk readiness", "Source disk size(GB)")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"

Rows = Sequence[Sequence[str | int]]


def _sheet(rows: Rows) -> str:
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            f"<c><v>{cell}</v></c>"
            if isinstance(cell, int)
            else f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            for cell in row
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(lines)}</sheetData></worksheet>'


def _workbook(sheets: Mapping[str, Rows]) -> bytes:
    """Return a workbook as small as a workbook can be."""
    names = list(enumerate(sheets, 1))
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        for number, _ in names
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default '
        'Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/'
        f'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{overrides}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>' for number, name in names
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="r{number}" Type="{OFFICE}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
            for number, _ in names
        )
        + "</Relationships>",
    }
    parts |= {f"xl/worksheets/sheet{number}.xml": _sheet(sheets[name]) for number, name in names}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def _assessment(machines: Rows, disks: Rows = ()) -> bytes:
    return _workbook(
        {
            "Assessment_Summary": [("Assessment name", "wave1"), ("Machines assessed", 11)],
            "All_Assessed_Machines": [MACHINES, *machines],
            "All_Assessed_Disks": [DISK_TITLES, *disks],
            "Assessment_Properties": [("Property", "Selected value"), ("Comfort factor", "1.3")],
        }
    )


def _machine(name: str, *, mac: str = "", host: str = "esx-1") -> tuple[str | int, ...]:
    system = "Red Hat Enterprise Linux 8 (64-bit)"
    return (name, host, "Ready", "Standard_D4s_v5", system, "EFI", 4, 8192, 12, "", mac)


def _read(content: bytes) -> list[Item]:
    return list(IMPORTER.read(open_files([("assessment.xlsx", content)])))


def _servers(items: list[Item]) -> list[ServerRecord]:
    return [each for each in items if isinstance(each, ServerRecord)]


def _told(record: ServerRecord, key: FactKey[object]) -> object:
    (fact,) = [each.observation.fact for each in record.stated if each.observation.key is key]
    return fact.value if isinstance(fact, Known) else fact


def test_it_reads_what_the_sheets_xml_holds() -> None:
    """As many servers and disks as the workbook's own XML has rows, with their names and sizes."""
    content = _assessment(
        [_machine(f"srv-{each:03}") for each in range(300)],
        [(f"srv-{each // 2:03}", f"scsi0:{each % 2}", "Ready", 10 + each) for each in range(600)],
    )
    rows = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for sheet in ("sheet2", "sheet3"):
            root = ET.fromstring(archive.read(f"xl/worksheets/{sheet}.xml"))  # noqa: S314  # made above
            rows.append(
                [["".join(cell.itertext()) for cell in row] for row in root.iter(f"{{{MAIN}}}row")]
            )
    machines, disks = (each[1:] for each in rows)
    servers = _servers(_read(content))
    assert [each.name for each in servers] == [each[0] for each in machines]
    told = [
        [each.name, one.name, str(one.size_bytes // GIB)]
        for each in servers
        for one in _told(each, VIRTUAL_DISKS)  # type: ignore[attr-defined]  # a tuple of disks
    ]
    assert told == [[each[0], each[1], each[3]] for each in disks]


def test_what_the_server_is_becomes_facts_and_what_azure_makes_of_it_stays_its_word() -> None:
    """Readiness is no verdict of ours, and a percentile nobody names is no average."""
    content = _assessment(
        [_machine("web-1", mac="00-50-56-AA-BB-01")], [("web-1", "scsi0:0", "Ready", 40)]
    )
    (record,) = _servers(_read(content))
    assert _told(record, CONFIGURED_CPUS) == 4
    assert _told(record, CONFIGURED_MEMORY) == 8 * GIB
    assert _told(record, OS_ID) == "rhel"
    assert _told(record, OS_VERSION) == "8"
    assert _told(record, BOOT_TYPE) is BootType.UEFI
    assert _told(record, HYPERVISOR_SERVER) == "esx-1"
    assert _told(record, TOLD_ASSESSMENT) == (
        Tag(name="Azure VM readiness", value="Ready"),
        Tag(name="Recommended size", value="Standard_D4s_v5"),
        Tag(name="CPU usage(%)", value="12"),
        Tag(name="scsi0:0: Azure disk readiness", value="Ready"),
    )


def test_servers_of_one_name_stay_two_and_nobody_gets_their_disks() -> None:
    """Their keys are the same in the next export, whatever the order of its rows."""
    machines = [_machine("twin", mac=f"00:50:56:aa:bb:0{each}") for each in (1, 2)]
    items = _read(_assessment(machines, [("TWIN", "scsi0:0", "Ready", 40)]))
    servers = _servers(items)
    assert len({each.key for each in servers}) == 2
    again = _servers(_read(_assessment(machines[::-1])))
    assert {each.key for each in again} == {each.key for each in servers}
    (unread,) = [each for each in items if isinstance(each, Unread)]
    assert "2 servers are called 'twin'" in unread.why
    assert unread.where.sheet == "All_Assessed_Disks"


def test_disks_that_a_hypervisor_does_not_name_are_the_servers_own() -> None:
    """A physical server's disks are whole disks."""
    disks = [("db-1", "\\\\.\\PHYSICALDRIVE0", "Ready", 40)]
    (record,) = _servers(_read(_assessment([_machine("db-1")], disks)))
    assert [each.size_bytes for each in _told(record, DISKS)] == [40 * GIB]  # type: ignore[attr-defined]  # a tuple


def test_a_discovery_report_knows_servers_by_their_identifier() -> None:
    """Addresses card by card, power, and the time when Azure Migrate knew it."""
    text = (
        "Machine Name,Operating System,Cores,Memory (in MB),Total Disks,IP Addresses,"
        "MAC Addresses,Boot Type,Power Stats,Support Status,Last Updated Time,Machine ID\n"
        'web-1,Ubuntu 22.04,2,4096,3,"[192.0.2.10,fe80::1];[192.0.2.11];",'
        "[00:50:56:aa:bb:01];[00:50:56:aa:bb:02];,BIOS,OFF,Mainstream,"
        "2026-07-28T10:00:00Z,/machines/1\n"
    )
    export = open_files([("Discovery_Report.csv", text.encode())])
    assert IMPORTER.recognise(export) == CERTAIN
    (record,) = _servers(list(IMPORTER.read(export)))
    assert record.key == "/machines/1"
    assert record.at is not None
    assert record.at.isoformat() == "2026-07-28T10:00:00+00:00"
    assert _told(record, POWER) is Power.OFF
    assert _told(record, EXTERNAL_IDS) == (Tag(name="azure-migrate", value="/machines/1"),)
    told = _told(record, INTERFACES)
    assert [(each.mac, each.addresses) for each in told] == [  # type: ignore[attr-defined]  # a tuple
        ("00:50:56:aa:bb:01", ("192.0.2.10", "fe80::1")),
        ("00:50:56:aa:bb:02", ("192.0.2.11",)),
    ]
    disks = _told(record, DISKS)
    assert isinstance(disks, Unknown)
    assert "3" in disks.detail


def test_a_workbook_of_something_else_is_refused() -> None:
    """Machines without what Azure Migrate makes of them are anybody's list."""
    content = _workbook({"Sheet1": [("Machine", "Cores", "Memory(MB)"), ("web-1", 4, 8192)]})
    export = open_files([("list.xlsx", content)])
    assert IMPORTER.recognise(export) == NO
    with pytest.raises(BadInputError, match="neither a sheet of assessed machines"):
        list(IMPORTER.read(export))
