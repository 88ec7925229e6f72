"""What Facter told is read as the server itself would say it.

The files are made: what they are shaped like, and which real ones were looked at, stands in their
README.md. On 2026-11-23, of all 1,920 servers that FacterDB holds (at 0b27918 and at its tag 1.0.0,
Facter 1.6 to 5.1) each was read, and named as json alone names it. Processors agreed in all 1,914
that tell them and memory in all 1,829, the first address in 1,763 of 1,910. 8 statements were
unread: filesystems of which a negative number of bytes is used.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from one_server import FOLDER, IMPORTS, differing, facts_of, own_facts, servers

from inventory.collectors import filesystems
from inventory.importers._self_parts import MADE_UP
from inventory.intake.opened import importers
from inventory.intake.recognise import recognise
from inventory.model import facts
from inventory.model.fact import Facts, Known
from inventory.model.hardware import CLOUD_INSTANCE
from inventory.model.imported import Item, ServerRecord, Unread
from inventory.model.parts import Interface
from inventory.reading.opening import open_export, open_files

NAME = "facter"
MADE = IMPORTS / "facter"
FILES = sorted(MADE.glob("*.facts"))


def read(document: object) -> list[Item]:
    """Read one document."""
    content = json.dumps(document).encode()
    return list(importers()[NAME].value.read(open_files([("facts.json", content)])))


def told(**gathered: object) -> Facts:
    """Return what is read of one server's facts."""
    (record,) = (
        each
        for each in read({"fqdn": "a.example.org"} | gathered)
        if isinstance(each, ServerRecord)
    )
    return facts_of(record)


def test_the_same_server_says_the_same_to_facter() -> None:
    """What Facter and Decant both know of one server, asked in the same minute, agrees."""
    (record,) = servers(NAME, FOLDER / "facter.json").values()
    assert record.name == "app-1.example.org"
    assert differing(record, own_facts()) == {}
    known = {each.observation.key.name for each in record.stated}
    assert known >= {
        *("identity.hostname", "identity.fqdn", "os.id", "os.version", "os.kernel"),
        *("cpu.threads", "cpu.cores", "memory.total_bytes", "storage.disks"),
        "network.interfaces",
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_servers_say_what_stands_in_their_files(path: Path) -> None:
    """Name, memory, processors and addresses are those that json alone finds."""
    raw = json.loads(path.read_text())
    assert recognise(open_export([path]), importers()).name == NAME
    (record,) = servers(NAME, path).values()
    read_of = facts_of(record)
    net = raw.get("networking", {})
    assert record.name == (net.get("fqdn") or raw["fqdn"])
    assert read_of.value(facts.HOSTNAME) == (net.get("hostname") or raw["hostname"])
    count = raw.get("processors", {}).get("count", raw.get("processorcount"))
    assert read_of.value(facts.CPU_THREADS) == int(count)
    if "memory" in raw:
        total = raw["memory"]["system"]["total_bytes"]
    else:
        total = round(float(raw["memorysize_mb"]) * 2**20) if "memorysize_mb" in raw else None
    assert read_of.value(facts.MEMORY_TOTAL) == total
    addresses = {
        text.partition("/")[0]
        for each in read_of.value(facts.INTERFACES) or ()
        for text in each.addresses
    }
    assert (net.get("ip") or raw["ipaddress"]) in addresses


def test_systems_are_called_as_elsewhere() -> None:
    """Whatever Facter calls a system, it is known by os-release's name and release."""
    found = {}
    for path in FILES:
        ((_, record),) = servers(NAME, path).items()
        each = facts_of(record)
        keys = (facts.OS_FAMILY, facts.OS_ID, facts.OS_VERSION, facts.VIRTUALISATION)
        found[path.stem] = tuple(each.value(key) for key in keys)
    assert found == {
        "made-el5-flat": ("linux", "centos", "5.11", "virtualbox"),
        "made-el9-structured": ("linux", "rhel", "9.4", "virtualbox"),
        "made-freebsd-14": ("freebsd", "freebsd", "14.1", "virtualbox"),
        "made-solaris-sparc": ("sunos", "solaris", "11.4", "ldoms"),
        "made-windows-server-2019": ("windows", "windows-server", "2019", "hyperv"),
    }


def test_disks_and_filesystems_are_whole() -> None:
    """A disk has its size, a filesystem what is used of it; what lies in memory is left out."""
    ((_, record),) = servers(NAME, MADE / "made-el9-structured.facts").items()
    read_of = facts_of(record)
    (disk,) = read_of.value(facts.DISKS) or ()
    assert (disk.name, disk.size_bytes, disk.serial) == ("sda", 80 << 30, "MADE-0001-depot")
    mounts = {each.mount_point: each for each in read_of.value(facts.FILESYSTEMS) or ()}
    assert set(mounts) == {"/", "/boot", "/shared"}
    assert mounts["/"].used_bytes == 5_368_721_408


def test_addresses_that_facter_writes_wrong_are_not_taken() -> None:
    """On Solaris it shifts those of IPv6; those of IPv4 are right there, and both elsewhere."""
    found = {}
    for name, interface in (("made-solaris-sparc", "net0"), ("made-freebsd-14", "em0")):
        ((_, record),) = servers(NAME, MADE / f"{name}.facts").items()
        cards = {each.name: each for each in facts_of(record).value(facts.INTERFACES) or ()}
        found[name] = cards[interface].addresses
    assert found == {
        "made-solaris-sparc": ("192.0.2.114/23",),
        "made-freebsd-14": ("198.51.100.14/25", "fe80::5054:ff:fe0f:1400/64"),
    }


def test_puppetdb_gives_each_server_once() -> None:
    """Facts that stand one by one are gathered by certificate; factsets tell their time."""
    one_by_one = [
        {"certname": name, "environment": "x", "name": fact, "value": value}
        for fact, value in (("kernel", "Linux"), ("hostname", "h"))
        for name in ("b.example.org", "a.example.org")
    ]
    found = [each for each in read(one_by_one) if isinstance(each, ServerRecord)]
    assert [(each.key, len(each.stated)) for each in found] == [
        ("b.example.org", 2),
        ("a.example.org", 2),
    ]
    (kept,) = read(
        [
            {
                "certname": "A.example.org",
                "timestamp": "2026-11-20T10:17:23+02:00",
                "facts": {"kernel": "Linux"},
            }
        ]
    )
    assert isinstance(kept, ServerRecord)
    assert (kept.key, kept.at) == (
        "a.example.org",
        datetime(2026, 11, 20, 8, 17, 23, tzinfo=UTC),
    )


def test_facts_as_agents_send_them_are_read() -> None:
    """What puppet facts shows has the facts under values."""
    (record,) = read({"name": "web-1", "values": {"kernel": "Linux"}, "expiration": "never"})
    assert isinstance(record, ServerRecord)
    assert record.name == "web-1"


def test_a_document_without_a_name_is_unread() -> None:
    """Localhost is nobody."""
    told_items = read([{"certname": "a", "facts": {}}, {"kernel": "Linux", "fqdn": "localhost"}])
    assert [type(each) for each in told_items] == [ServerRecord, Unread]


def test_nonsense_costs_its_own_statement() -> None:
    """A count that is none and sizes below nothing are told, and the rest is read."""
    items = read(
        {
            "fqdn": "a.example.org",
            "kernel": "Linux",
            "processors": {"count": "many", "models": 7},
            "mountpoints": {"/": {"filesystem": "xfs", "size_bytes": -5, "device": ["x"]}},
            "networking": {"interfaces": {"eth0": {"bindings": [{"address": "x"}], "mtu": {}}}},
            "disks": {"sda": {"size_bytes": 10**30}},
            "os": {"name": "Debian", "release": {"full": "9" * 5000}},
        }
    )
    assert [each.why.partition(" ")[0] for each in items if isinstance(each, Unread)] == [
        "processors.count:",
        "disks.sda.size_bytes:",
        "mountpoints./.size_bytes:",
        "networking.interfaces.eth0.mtu",
    ]


def test_the_same_filesystems_are_left_out_as_when_a_server_is_asked() -> None:
    """What the question of filesystems passes over, peers' answers do not bring in."""
    assert filesystems._PSEUDO <= MADE_UP


def test_what_a_cloud_was_told_at_the_start_is_not_read() -> None:
    """User data and facts of somebody's own may hold secrets; the instance's number does not."""
    read_of = told(
        ec2_metadata={"instance-id": "i-0a1b2c3d4e5f60718", "user-data": "hunter2"},
        ec2_userdata="password=hunter2",
        my_own="hunter2",
    )
    assert "hunter2" not in str(read_of)
    assert read_of.value(CLOUD_INSTANCE) == "i-0a1b2c3d4e5f60718"


def test_an_interface_of_old_facters_has_its_address() -> None:
    """Windows lists names in another case than its facts have; Facter 3.0 tells no list."""
    flat: dict[str, object] = {
        "hostname": "w1",
        "interfaces": "Ethernet0",
        "ipaddress_ethernet0": "192.0.2.8",
        "netmask_ethernet0": "255.255.255.0",
        "kernel": "windows",
    }
    card = {"ip": "192.0.2.8", "netmask": "255.255.255.0"}
    third: dict[str, object] = {"networking": {"hostname": "w1", "interfaces": {"ens1": card}}}
    for gathered, name in ((flat, "Ethernet0"), (third, "ens1")):
        interface = Interface(name=name, addresses=("192.0.2.8/24",))
        assert told(**gathered).of(facts.INTERFACES) == Known(value=(interface,))
