"""Forms and exports of Cloud Migration Factory are read as the factory itself reads them.

The files are made. Six forms of https://github.com/aws-solutions/cloud-migration-factory-on-aws
(Apache-2.0) were looked at on 2026-11-23; the README.md beside the made ones has the figures.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from inventory.errors import BadInputError
from inventory.importers.cloud_migration_factory import IMPORTER
from inventory.model.fact import Reason, Unknown
from inventory.model.facts import FQDN, HOSTNAME, INTERFACES, OS_FAMILY, OS_ID, OS_VERSION
from inventory.model.imported import Item, LeftOut, ServerRecord, Unread
from inventory.model.importer import CERTAIN, LIKELY, NO
from inventory.model.placement import (
    ENVIRONMENT,
    NAMED_APPLICATIONS,
    NAMED_STRATEGY,
    NAMED_WAVE,
    ROLE,
    TAGS,
    TARGET_SETTINGS,
    Tag,
)
from inventory.reading.opening import open_files
from tests.stages.aws_exports import known

FIXTURES = Path(__file__).parent.parent / "fixtures" / "imports" / "cloud-migration-factory"
SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def items(*files: tuple[str, str | bytes]) -> list[Item]:
    """Read an export."""
    held = [(name, text.encode() if isinstance(text, str) else text) for name, text in files]
    return list(IMPORTER.read(open_files(held)))


def servers(told: list[Item]) -> list[ServerRecord]:
    """Return the servers among items."""
    return [each for each in told if isinstance(each, ServerRecord)]


def form(*lines: str) -> list[Item]:
    """Read a form."""
    return items(("intake.csv", "".join(f"{each}\n" for each in lines)))


def settings(record: ServerRecord) -> dict[str, str]:
    """Return what is planned for the target."""
    (told,) = known(record, TARGET_SETTINGS)
    return {each.name: each.value for each in told}


def test_a_form_of_the_first_releases_yields_what_an_independent_reader_counts() -> None:
    """A wave's number 1 is called Wave 1 by the factory, and two servers may share an FQDN.

    The factory's own sample (0-intake-form.csv at 606c347) gave its 8 servers in 3 applications,
    nothing left out, nothing unread.
    """
    content = (FIXTURES / "made-first-release.csv").read_bytes()
    told = list(csv.DictReader(io.StringIO(content.decode())))
    read = items(("made-first-release.csv", content))
    found = servers(read)
    assert len(told) == len(found) == len(read) == 5
    assert len({row["app_name"] for row in told}) == 3
    for row, record in zip(told, found, strict=True):
        assert record.name == row["server_name"]
        assert known(record, HOSTNAME) == [row["server_name"]]
        assert known(record, FQDN) == [row["server_fqdn"]]
        assert known(record, NAMED_APPLICATIONS) == [(row["app_name"],)]
        assert known(record, NAMED_WAVE) == [f"Wave {row['wave_id']}"]
        assert known(record, ROLE) == [row["server_tier"]]
        assert known(record, ENVIRONMENT) == [row["server_environment"]]
        assert set(known(record, OS_FAMILY)) == {row["server_os_family"]}
        assert settings(record)["account-id"] == row["aws_accountid"]
        groups = [value for name, value in settings(record).items() if "security-group-id" in name]
        assert groups == row["securitygroup_IDs"].split(";")
        assert known(record, INTERFACES) == []
    releases = [known(each, OS_VERSION) for each in found]
    assert releases == [["2012 R2"], ["2019"], ["8"], ["8"], ["8"]]


def test_a_form_marked_as_utf_8_is_read() -> None:
    """What is called a key may be a secret: its value is left out.

    The form that the factory is tested with (test_valid.csv at 51bbfb0) gave its 1 server so.
    """
    content = (FIXTURES / "made-marked-utf-8.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    (record,) = servers(items(("made-marked-utf-8.csv", content)))
    assert record.name == "muehle-1"
    assert known(record, NAMED_APPLICATIONS) == [("Mühle",)]
    assert known(record, NAMED_WAVE) == ["Welle 1"]
    assert known(record, NAMED_STRATEGY) == ["Replatform"]
    assert known(record, TAGS) == [(Tag(name="doorkey", value="***"),)]


def test_a_form_with_shared_texts_yields_what_an_independent_reader_sees() -> None:
    """The account's number, which stands there as text, keeps its digits.

    Excel keeps texts once, beside the sheet, and so does the made workbook. One that Excel saved
    (test_valid.xlsx at 51bbfb0) gave its 1 server, nothing left out, nothing unread.
    """
    content = (FIXTURES / "made-shared-texts.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        shared = ET.fromstring(book.read("xl/sharedStrings.xml"))  # noqa: S314  # our own fixture
        texts = [each.text for each in shared.iter(f"{SPREADSHEET}t")]
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))  # noqa: S314  # the same
    header, row = (
        [texts[int(cell.findtext(f"{SPREADSHEET}v") or "")] for cell in each]
        for each in sheet.iter(f"{SPREADSHEET}row")
    )
    told = dict(zip(header, row, strict=True))
    (record,) = servers(items(("made-shared-texts.xlsx", content)))
    assert told["aws_accountid"] == "004455667788"
    assert record.name == told["server_name"] == "silo-1"
    assert known(record, FQDN) == [told["server_fqdn"]]
    assert known(record, NAMED_APPLICATIONS) == [(told["app_name"],)]
    assert known(record, NAMED_WAVE) == [told["wave_name"]]
    assert settings(record) == {
        "account-id": told["aws_accountid"],
        "region": told["aws_region"],
    }


def test_titles_that_name_their_schema_are_the_same() -> None:
    """The template with all attributes writes [server]server_name."""
    (record,) = servers(
        form(
            "[wave]wave_name,[application]app_name,[application]wave_name,[application]aws_region,"
            "[server]app_name,[server]server_name,[server]r_type,[database]database_name,"
            "[database]r_type",
            "Wave 1,Payroll,Wave 1,eu-west-2,Payroll,pay-1,Rehost,,Retire",
        )
    )
    assert known(record, NAMED_APPLICATIONS) == [("Payroll",)]
    assert known(record, NAMED_WAVE) == ["Wave 1"]
    assert known(record, NAMED_STRATEGY) == ["Rehost"]
    assert settings(record) == {"region": "eu-west-2"}


def test_sheets_are_put_together_by_their_identifiers() -> None:
    """The exported workbook has the wave in one sheet and the server in another."""
    sheets = {
        "servers": [
            ["server_id", "server_name", "app_id", "server_os_family", "r_type"],
            ["1", "pay-1", "7", "linux", "Rehost"],
            ["2", "pay-2", "8", "linux", "Retire"],
        ],
        "applications": [
            ["app_id", "app_name", "wave_id", "aws_accountid"],
            ["7", "Payroll", "3", "011122223333"],
        ],
        "waves": [["wave_id", "wave_name", "wave_status"], ["3", "Wave A", "Planning"]],
        "databases": [
            ["database_id", "database_name", "app_id", "database_type"],
            ["1", "PAYDB", "7", "oracle"],
        ],
    }
    told = items(("all-data.xlsx", workbook(sheets)))
    first, second = servers(told)
    assert known(first, NAMED_APPLICATIONS) == [("Payroll",)]
    assert known(first, NAMED_WAVE) == ["Wave A"]
    assert settings(first) == {"account-id": "011122223333"}
    assert known(second, NAMED_APPLICATIONS) == known(second, NAMED_WAVE) == []
    assert [each.what for each in told if isinstance(each, LeftOut)] == [
        "application",
        "wave",
        "database",
    ]


def workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    """Return the smallest workbook that holds these sheets."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as book:
        numbered = list(enumerate(sheets, 1))
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" '
            'ContentType="application/xml"/><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="r{i}"/>' for i, n in numbered)
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>',
        )
        related = "".join(
            f'<Relationship Id="r{i}" Type="{office}/worksheet" Target="worksheets/{i}.xml"/>'
            for i, _ in numbered
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships">{related}</Relationships>',
        )
        for number, name in numbered:
            lines = "".join(
                "<row>"
                + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row)
                + "</row>"
                for row in sheets[name]
            )
            book.writestr(
                f"xl/worksheets/{number}.xml",
                f'<worksheet xmlns="{main}"><sheetData>{lines}</sheetData></worksheet>',
            )
    return held.getvalue()


def test_a_strategy_that_is_to_be_confirmed_is_unknown() -> None:
    """TBC is no strategy, and others are in the factory's own spelling."""
    told = form(
        "server_name,server_os_family,r_type", "a,linux,TBC", "b,linux,rehost", "c,linux,Refactor"
    )
    facts = [
        each.observation.fact
        for record in servers(told)
        for each in record.stated
        if each.observation.key is NAMED_STRATEGY
    ]
    assert facts[0] == Unknown(
        reason=Reason.NOT_TOLD, detail="the plan says that it is to be confirmed"
    )
    assert [known(record, NAMED_STRATEGY) for record in servers(told)[1:]] == [
        ["Rehost"],
        ["Refactor"],
    ]


def test_addresses_and_subnets_are_the_targets() -> None:
    """They are kept as MGN calls them where it has the same, so that it can be written for it."""
    (record,) = servers(
        form(
            "server_name,r_type,server_os_family,aws_accountid,private_ip,subnet_IDs,"
            "securitygroup_IDs,subnet_IDs_test,tenancy,instanceType,secondary_private_ip",
            "a,Rehost,linux,1122223333,10.1.0.7,subnet-1,sg-1;sg-2,subnet-2,Dedicated host,"
            "m5.large,10.1.0.8;10.1.0.9",
        )
    )
    assert known(record, INTERFACES) == []
    assert settings(record) == {
        "account-id": "001122223333",
        "launch:instance-type": "m5.large",
        "launch:placement:tenancy": "host",
        "launch:nic:0:private-ip:0": "10.1.0.7",
        "launch:nic:0:subnet-id": "subnet-1",
        "cmf:subnet_IDs_test": "subnet-2",
        "cmf:secondary_private_ip": "10.1.0.8;10.1.0.9",
        "launch:nic:0:security-group-id:0": "sg-1",
        "launch:nic:0:security-group-id:1": "sg-2",
    }


def test_attributes_that_a_factory_added_are_kept_as_tags() -> None:
    """But none that is called a password, nor the factory's own notes."""
    (record,) = servers(
        form(
            "server_name,r_type,server_os_family,business_unit,admin_password,_history,"
            "migration_status,tags",
            "a,Rehost,linux,Finance,hunter2,x,Cutover done,zone=1;token=abc;",
        )
    )
    assert known(record, TAGS) == [
        (
            Tag(name="zone", value="1"),
            Tag(name="token", value="***"),
            Tag(name="cmf:migration_status", value="Cutover done"),
            Tag(name="business_unit", value="Finance"),
        )
    ]


def test_a_server_told_twice_is_one_with_both_statements() -> None:
    """The case of its name does not count, as in the factory."""
    (record,) = servers(
        form(
            "server_name,r_type,server_os_family,app_name",
            "Pay-1,Rehost,linux,Payroll",
            "pay-1,Retire,linux,Payroll",
        )
    )
    assert record.key == "pay-1"
    assert known(record, NAMED_STRATEGY) == ["Rehost", "Retire"]
    assert known(record, NAMED_APPLICATIONS) == [("Payroll",)]


@pytest.mark.parametrize(
    ("version", "ids", "releases"),
    [
        ("windows server 2012 R2", ["windows-server"], ["2012 R2"]),
        ("Red Hat Enterprise Linux 7", ["rhel"], ["7"]),
        ("redhat", [], []),
        ("6.2.0", [], ["6.2.0"]),
        ("", [], []),
    ],
)
def test_a_version_is_whatever_people_wrote(
    version: str, ids: list[str], releases: list[str]
) -> None:
    """The column takes a name with its release, a name alone, and a number."""
    (record,) = servers(
        form("server_name,server_os_family,r_type,server_os_version", f"a,,Rehost,{version}")
    )
    assert known(record, OS_ID) == ids
    assert known(record, OS_VERSION) == releases


def test_what_cannot_be_understood_is_told_with_its_place() -> None:
    """The server is there without it."""
    told = form(
        "server_name,server_os_family,server_fqdn,r_type", "a,aix,not a name,Rehost", ",linux,,"
    )
    assert [record.name for record in servers(told)] == ["a"]
    assert [(each.why, each.where.row) for each in told if isinstance(each, Unread)] == [
        ("server_fqdn: 'not a name' is no host name", 2),
        ("server_os_family: 'aix' is neither linux nor windows", 2),
        ("it names no server, application or wave", 3),
    ]


def test_it_is_sure_of_its_own_titles_alone() -> None:
    """server_name stands in many lists."""

    def score(header: str) -> int:
        cells = re.sub("[^,]+", "a", header)
        return IMPORTER.recognise(open_files([("x.csv", f"{header}\n{cells}\n".encode())]))

    assert score("server_name,server_os_family,r_type") == CERTAIN
    assert score("server_name,app_name,owner") == LIKELY
    assert score("wave_name,wave_status,wave_start_time") == LIKELY
    assert score("server_name,owner,location") == NO
    with pytest.raises(BadInputError, match="Cloud Migration Factory"):
        form("server_name,owner,location", "a,b,c")
