"""A plain list of servers is read as people keep it."""

from __future__ import annotations

import csv
import io
import json

import pytest

from inventory.errors import BadInputError
from inventory.importers.plain import IMPORTER, template
from inventory.intake.recognise import recognise
from inventory.model.fact import FactKey, Known
from inventory.model.facts import DISKS, FQDN, HOSTNAME, INTERFACES, OS_FAMILY, OS_ID, OS_VERSION
from inventory.model.imported import ConnectionRecord, Item, ServerRecord, Unread
from inventory.model.importer import NO, Importer
from inventory.model.parts import Disk, Interface, Protocol
from inventory.model.placement import (
    ANNOTATION,
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    POWER,
    TAGS,
    Power,
    Tag,
)
from inventory.reading.opening import open_files
from inventory.registry import Registry

GIB = 1 << 30
NEITHER = "which is neither a server of this list nor an address"


def items(content: str, name: str = "servers.csv") -> list[Item]:
    """Read a list."""
    return list(IMPORTER.read(open_files([(name, content.encode())])))


def known(item: Item, key: FactKey[object]) -> list[object]:
    """Return what is stated of a key."""
    assert isinstance(item, ServerRecord)
    found = [each.observation for each in item.stated if each.observation.key is key]
    return [each.fact.value for each in found if isinstance(each.fact, Known)]


def test_the_template_is_recognised_and_holds_no_server() -> None:
    """Its explanations and examples are passed over, whoever forgets to delete them."""
    importers = Registry(package="inventory.importers", attribute="IMPORTER", kind=Importer).all()
    for form in ("csv", "json"):
        export = open_files([(f"list.{form}", template(form).encode())])
        assert recognise(export, importers).name == "plain"
        assert list(IMPORTER.read(export)) == []


def test_the_templates_example_is_read_in_both_forms_alike() -> None:
    """What the template shows can be written, and says the same as CSV and as JSON."""
    header, _, example = csv.reader(io.StringIO(template("csv")))
    held = io.StringIO()
    csv.writer(held).writerows(
        [header, [example[0].removeprefix("# example: "), *example[1:]], ["db-1"]]
    )
    document = json.loads(template("json"))
    document["servers"] = [document["example"], {"name": "db-1"}]
    from_csv, from_json = items(held.getvalue()), items(json.dumps(document), "servers.json")
    for one, other in zip(from_csv, from_json, strict=True):
        assert type(one) is type(other)
        if isinstance(one, ServerRecord) and isinstance(other, ServerRecord):
            assert (one.source, one.key, one.name) == (other.source, other.key, other.name)
            assert [each.observation for each in one.stated] == [
                each.observation for each in other.stated
            ]
    assert not any(isinstance(each, Unread) for each in from_csv)
    web, _, *uses = from_csv
    assert isinstance(web, ServerRecord)
    assert web.key == "A-1042"
    assert known(web, OS_FAMILY) == ["linux"]
    assert known(web, OS_ID) == ["rhel"]
    assert known(web, OS_VERSION) == ["8.10"]
    assert known(web, DISKS) == [
        (Disk(name="sda", size_bytes=60 * GIB), Disk(name="sdb", size_bytes=500 * GIB))
    ]
    assert [
        (use.server_key, use.server_address, use.port, use.protocol)
        for use in uses
        if isinstance(use, ConnectionRecord)
    ] == [
        ("db-1", None, 5432, Protocol.TCP),
        (None, "192.0.2.53", 53, Protocol.UDP),
    ]


def test_any_list_of_servers_can_be_read_when_it_has_names() -> None:
    """People's own titles are understood, in their own order; other columns are kept as tags."""
    (web,) = items(
        "Server list\n\nOperating System;vCPU;Hostname;RAM (GB);IP Address;Backup;Root password\n"
        "Windows Server 2019;4;WEB-1;1,5;192.0.2.1, 192.0.2.2;daily;hunter2\n"
        "x;;;;;;\n".replace("x;;;;;;\n", "")
    )
    assert isinstance(web, ServerRecord)
    assert web.name == "WEB-1"
    assert known(web, CONFIGURED_CPUS) == [4]
    assert known(web, CONFIGURED_MEMORY) == [3 * GIB // 2]
    assert known(web, TAGS) == [(Tag(name="Backup", value="daily"),)]
    assert "hunter2" not in repr(web)


def test_empty_cells_state_nothing() -> None:
    """An empty cell is neither zero nor no."""
    (one,) = items("name,cpus,memory_gb,power,addresses,tags\nweb-1,,-,unknown,n/a,\n")
    assert isinstance(one, ServerRecord)
    assert {each.observation.key for each in one.stated} == {HOSTNAME}


def test_what_cannot_be_read_is_told_with_its_place_and_the_rest_is_kept() -> None:
    """Column, value, row."""
    told = items(
        "name,cpus,uuid,mac,power,disks_gb,depends_on,notes\n"
        "web-1,four,1234,00:11,maybe,big,nobody:80; db-1,fine\n"
        ",4,,,,,,\n#N/A,4,,,,,,\n"
    )
    unread = [str(each.where) + ": " + each.why for each in told if isinstance(each, Unread)]
    assert unread == [
        "servers.csv: row 2: mac holds '00:11', which is no MAC address",
        "servers.csv: row 2: cpus 'four' is not a number",
        "servers.csv: row 2: disks_gb 'big' is not a number",
        "servers.csv: row 2: uuid is '1234', not a UUID",
        "servers.csv: row 2: power is 'maybe', none of on, off, suspended",
        "servers.csv: row 3: it has no name",
        "servers.csv: row 4: its name or id: it holds the error #N/A",
        f"servers.csv: row 2: depends_on names 'nobody', {NEITHER}",
        "servers.csv: row 2: depends_on holds 'db-1', which is not written as name:port",
    ]
    (web,) = (each for each in told if isinstance(each, ServerRecord))
    assert known(web, ANNOTATION) == ["fine"]


@pytest.mark.parametrize(
    ("addresses", "mac", "expected"),
    [
        ("192.0.2.1", "", (Interface(name="interface 1", addresses=("192.0.2.1",)),)),
        (
            "192.0.2.1; 2001:db8::1/64",
            "005056AABB01; 00-50-56-aa-bb-02",
            (
                Interface(name="interface 1", mac="00:50:56:aa:bb:01", addresses=("192.0.2.1",)),
                Interface(
                    name="interface 2", mac="00:50:56:aa:bb:02", addresses=("2001:db8::1/64",)
                ),
            ),
        ),
        (
            "192.0.2.1; 192.0.2.2",
            "0050.56aa.bb01",
            (
                Interface(name="interface 1", mac="00:50:56:aa:bb:01"),
                Interface(name="interface 2", addresses=("192.0.2.1", "192.0.2.2")),
            ),
        ),
        ("", "00:50:56:aa:bb:01", (Interface(name="interface 1", mac="00:50:56:aa:bb:01"),)),
    ],
)
def test_addresses_belong_to_macs_where_there_are_as_many(
    addresses: str, mac: str, expected: tuple[Interface, ...]
) -> None:
    """Where there are not, nothing is made up about which is whose."""
    (one,) = items(f"name,addresses,mac\nweb-1,{addresses},{mac}\n")
    assert known(one, INTERFACES) == [expected]


def test_names_tell_host_names_only_where_they_can_be_some() -> None:
    """``Payroll (old)`` is what people call it, and no host name; nor is an address."""
    told = items("name,os,power\nPayroll (old),,on\n192.0.2.1,,off\nweb.example.org,,\n")
    assert [known(each, HOSTNAME) for each in told] == [[], [], ["web"]]
    assert [known(each, FQDN) for each in told] == [[], [], ["web.example.org"]]
    assert [known(each, POWER) for each in told] == [[Power.ON], [Power.OFF], []]


def test_a_list_without_names_is_an_error() -> None:
    """Nothing in it can be understood."""
    with pytest.raises(BadInputError, match="no column is called name"):
        items("cpus,os,ip\n4,Debian,192.0.2.1\n")
    with pytest.raises(BadInputError, match="no list under 'servers'"):
        items('{"format": "decant-servers"}', "a.json")
    assert IMPORTER.recognise(open_files([("a.csv", b"cpus,os,ip\n4,Debian,1.1.1.1\n")])) == NO


def test_passwords_in_notes_are_left_out() -> None:
    """A note is kept without what may be secret."""
    (one,) = items('name,notes,tags\nweb-1,"admin password: hunter2","token=abcdef; a=b"\n')
    assert "hunter2" not in repr(one)
    assert "abcdef" not in repr(one)
