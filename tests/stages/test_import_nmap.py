"""Scans of nmap: what must come of them, and what a scan cannot know.

Looked at on 2026-11-23 and not kept, counted beside a plain reader of XML: scans in
libnmap/test/files of savon-noir/python-libnmap at f9887fc. Nothing in these is unread.

- full_sudo5.xml (nmap 5.21): of 256 targets 4 are servers, 252 down;
- full_sudo6.xml (6.40-2): of 256 targets 3 are servers, 252 down, 1 an access point;
- fullscan.xml (6.40-2, without privileges): of 256 targets 1 is a server, 254 down, 1 a router;
- extra_ports.xml (7.91): its 1 target is a server, with 16 open ports.

The files ``made-*.xml`` are made: of the same shape, with names and addresses of ours.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from inventory.errors import BadInputError
from inventory.importers.nmap import IMPORTER
from inventory.model.fact import Facts, Unknown
from inventory.model.facts import (
    FQDN,
    INTERFACES,
    LISTENERS,
    OS_FAMILY,
    OS_ID,
    OS_NAME,
    OS_VERSION,
)
from inventory.model.imported import Item, LeftOut, ServerRecord, Unread
from inventory.model.parts import Protocol
from inventory.model.placement import TOLD_SERVICES
from inventory.reading.opening import open_files

SCANS = Path(__file__).parents[1] / "fixtures" / "imports" / "nmap"


def read(*files: tuple[str, bytes]) -> list[Item]:
    """Import files."""
    return list(IMPORTER.read(open_files(files)))


def scan(inside: str) -> bytes:
    """Return a scan that holds this."""
    return f'<?xml version="1.0"?>\n<nmaprun scanner="nmap" start="1">{inside}</nmaprun>'.encode()


def target(inside: str, status: str = 'state="up" reason="syn-ack"') -> bytes:
    """Return a scan of one target."""
    address = '<address addr="192.0.2.1" addrtype="ipv4"/>'
    return scan(f"<host><status {status}/>{address}{inside}</host>")


def facts(item: Item) -> Facts:
    """Return what a server is told to have."""
    assert isinstance(item, ServerRecord)
    return Facts.from_observations(each.observation for each in item.stated)


@pytest.mark.parametrize(
    ("file", "servers", "left_out"),
    [
        ("made-classes-beside-matches.xml", 4, {"target that is down": 60}),
        ("made-classes-in-matches.xml", 3, {"target that is down": 60, "WAP": 1}),
        ("made-without-privileges.xml", 1, {"target that is down": 62, "router": 1}),
        ("made-many-services.xml", 1, {}),
    ],
)
def test_scans_yield_every_target_once(file: str, servers: int, left_out: dict[str, int]) -> None:
    """As many as a plain reader of XML counts; their open ports are those that it finds."""
    content = (SCANS / file).read_bytes()
    told = read((file, content))
    plain = list(ET.fromstring(content).iter("host"))  # noqa: S314  # our own fixture
    assert len(told) == len(plain)
    records = [each for each in told if isinstance(each, ServerRecord)]
    assert len(records) == servers
    assert Counter(each.what for each in told if isinstance(each, LeftOut)) == left_out
    open_ports = {
        each.findall("address")[0].get("addr"): {
            (port.get("protocol"), port.get("portid"))
            for port in each.iter("port")
            if port.find("state").get("state") == "open"  # type: ignore[union-attr]  # always there
        }
        for each in plain
    }
    for record in records:
        listeners = facts(record).value(LISTENERS) or ()
        found = {(each.protocol.value, str(each.port)) for each in listeners}
        assert found == open_ports[record.key]


def test_what_the_network_tells_of_a_server_is_told() -> None:
    """Address and MAC address lie on one interface; services keep product and version."""
    content = (SCANS / "made-many-services.xml").read_bytes()
    (record,) = read(("scan.xml", content))
    assert isinstance(record, ServerRecord)
    known = facts(record)
    (interface,) = known.value(INTERFACES) or ()
    assert interface.addresses == ("198.51.100.24",)
    assert interface.mac == "00:00:5e:00:53:ab"
    assert known.value(OS_FAMILY) == "linux"
    assert known.value(OS_NAME) == "Linux 3.2 - 4.9"
    assert known.value(OS_ID) is None
    services = {(each.protocol, each.port): each for each in known.value(TOLD_SERVICES) or ()}
    assert services[Protocol.TCP, 80].name == "http"
    database = services[Protocol.TCP, 3306]
    assert (database.product, database.version) == ("MySQL", "5.6.51")
    assert record.at is not None
    assert record.at.year == 2021


def test_a_scan_that_was_broken_off_keeps_what_is_whole() -> None:
    """Every target that ends before the break is read, and the break is told."""
    content = (SCANS / "made-classes-in-matches.xml").read_bytes()
    for end in range(1_000, content.rindex(b"</nmaprun>"), 450):
        whole = len(re.findall(rb"</host>", content[:end]))
        told = read(("cut.xml", content[:end]))
        assert sum(isinstance(each, Unread) for each in told) == 1
        assert len(told) == whole + 1


def test_a_broken_scan_costs_no_other() -> None:
    """Of several scans the whole ones are read."""
    content = (SCANS / "made-classes-in-matches.xml").read_bytes()
    told = read(("a.xml", content[:5_000]), ("b.xml", content))
    assert sum(isinstance(each, ServerRecord) for each in told) == 3
    assert [each.where.file for each in told if isinstance(each, Unread)] == ["a.xml"]


def test_several_scans_of_an_address_are_one_server() -> None:
    """Ports of all, the newest scan's name; two guesses that differ are both stated."""
    port = '<ports><port protocol="{}" portid="{}"><state state="open"/></port></ports>'
    older = port.format("udp", 53) + f"<os>{guess('general purpose', 'Linux', 100, 'A')}</os>"
    newer = (
        '<hostnames><hostname name="dns-1.example.org" type="PTR"/></hostnames>'
        + port.format("tcp", 53)
        + f"<os>{guess('general purpose', 'Linux', 100, 'B')}</os>"
    )
    first = target(older).replace(b'start="1"', b'start="1700000000"')
    second = target(newer).replace(b'start="1"', b'start="1800000000"')
    for files in ((first, second), (second, first)):
        (item,) = read(*((f"{number}.xml", each) for number, each in enumerate(files)))
        assert isinstance(item, ServerRecord)
        assert item.name == "dns-1.example.org"
        assert item.at is not None
        assert item.at.year == 2027
        listeners = facts(item).value(LISTENERS) or ()
        assert {(each.protocol, each.port) for each in listeners} == {
            (Protocol.TCP, 53),
            (Protocol.UDP, 53),
        }
        names = [each.observation for each in item.stated if each.observation.key is OS_NAME]
        assert names == [OS_NAME.known("B"), OS_NAME.known("A")]


@pytest.mark.parametrize(
    ("status", "inside", "what"),
    [
        ('state="down" reason="no-response"', "", "target that is down"),
        ('state="unknown" reason="user-set"', "", "target that was not looked at"),
        ('state="up" reason="user-set"', "", "target that did not answer"),
        (
            'state="up" reason="user-set"',
            '<ports><extraports state="filtered" count="9"/></ports>',
            "target that did not answer",
        ),
    ],
)
def test_targets_that_nobody_saw_are_no_servers(status: str, inside: str, what: str) -> None:
    """Down, listed alone, and taken for up without an answer."""
    (item,) = read(("scan.xml", target(inside, status)))
    assert isinstance(item, LeftOut)
    assert item.what == what


def test_one_closed_port_is_an_answer() -> None:
    """What was taken for up and refused a connection is there."""
    inside = '<ports><extraports state="closed" count="9"/></ports>'
    (item,) = read(("scan.xml", target(inside, 'state="up" reason="user-set"')))
    assert isinstance(item, ServerRecord)
    assert facts(item).value(LISTENERS) is None


def guess(kind: str, family: str, accuracy: int, name: str = "x") -> str:
    """Return one guess of a system."""
    return (
        f'<osmatch name="{name}" accuracy="{accuracy}"><osclass type="{kind}" '
        f'osfamily="{family}" accuracy="{accuracy}"/></osmatch>'
    )


@pytest.mark.parametrize(
    ("guesses", "what"),
    [
        (guess("printer", "embedded", 100), "printer"),
        (guess("switch", "IOS", 96) + guess("router", "IOS", 95), "switch"),
        (guess("printer", "embedded", 94), None),
        (guess("printer", "embedded", 98) + guess("general purpose", "Linux", 95), None),
        (guess("specialized", "ESX Server", 100), None),
    ],
)
def test_devices_are_left_out_where_all_sure_guesses_agree(guesses: str, what: str | None) -> None:
    """A server that looks like a printer at 94 % stays a server."""
    (item,) = read(("scan.xml", target(f"<os>{guesses}</os>")))
    assert (item.what if isinstance(item, LeftOut) else None) == what


def test_a_printer_is_known_by_its_services() -> None:
    """Where no system was guessed, what probed services say of the device counts."""
    port = '<port protocol="tcp" portid="{}"><state state="open"/>{}</port>'
    told = '<service name="jetdirect" method="probed" devicetype="printer"/>'
    inside = port.format(9100, told) + port.format(80, '<service name="http" method="table"/>')
    (item,) = read(("scan.xml", target(f"<ports>{inside}</ports>")))
    assert isinstance(item, LeftOut)
    assert item.what == "printer"


def test_an_inaccurate_guess_is_no_fact() -> None:
    """The limit and what was reached are told instead."""
    (item,) = read(("s.xml", target(f"<os>{guess('general purpose', 'Linux', 92)}</os>")))
    assert isinstance(item, ServerRecord)
    (told,) = (each for each in item.stated if each.observation.key is OS_FAMILY)
    assert isinstance(told.observation.fact, Unknown)
    assert "92 %" in told.observation.fact.detail
    assert facts(item).value(OS_NAME) is None


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("Microsoft Windows Server 2012 R2", "2012 R2"),
        ("Microsoft Windows 7 or Windows Server 2008 SP1", None),
        ("Microsoft Windows Vista SP2, Windows 7 SP1, or Windows Server 2008", None),
    ],
)
def test_a_name_for_several_systems_tells_no_release(name: str, version: str | None) -> None:
    """It is shown to people, and means nothing to rules."""
    inside = f"<os>{guess('general purpose', 'Windows', 100, name)}</os>"
    known = facts(read(("s.xml", target(inside)))[0])
    assert known.value(OS_NAME) == name
    assert known.value(OS_VERSION) == version


def test_only_reverse_names_are_the_servers_own() -> None:
    """What somebody typed may be an alias of a balancer: it names the record, and no more."""
    typed = '<hostname name="shop.example.org" type="user"/>'
    (item,) = read(("s.xml", target(f"<hostnames>{typed}</hostnames>")))
    assert isinstance(item, ServerRecord)
    assert item.name == "shop.example.org"
    assert facts(item).value(FQDN) is None


def test_ports_that_may_be_filtered_are_no_listeners() -> None:
    """UDP's ``open|filtered`` says that nothing came back; SCTP is neither TCP nor UDP."""
    inside = "".join(
        f'<port protocol="{protocol}" portid="53"><state state="{state}"/></port>'
        for protocol, state in (("udp", "open|filtered"), ("sctp", "open"), ("tcp", "filtered"))
    )
    (item,) = read(("s.xml", target(f"<ports>{inside}</ports>")))
    assert facts(item).value(LISTENERS) is None


def test_a_target_that_cannot_be_read_costs_no_other() -> None:
    """It is told with its place."""
    good = '<host><status state="up"/><address addr="192.0.2.9" addrtype="ipv4"/></host>'
    bad = '<host><status state="up"/><address addr="IP" addrtype="ipv4"/></host>'
    told = read(("s.xml", scan(bad + good)))
    assert [type(each) for each in told] == [Unread, ServerRecord]
    assert str(told[0].where) == "s.xml: host 1"


def test_what_is_no_scan_is_an_error() -> None:
    """Another tool's XML is not taken for an empty network."""
    with pytest.raises(BadInputError):
        read(("x.xml", b"<?xml version='1.0'?><report/>"))
