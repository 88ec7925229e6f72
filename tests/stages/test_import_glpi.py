"""Inventories of GLPI's and FusionInventory's agents: what they must yield.

The files in ``tests/fixtures/imports/glpi`` are made up, after real ones. Those were looked at on
2026-11-23: the 20 JSON and 20 XML files of https://github.com/glpi-project/inventory_format at
d03ff5f (MIT) gave 16 computers and 8 virtual machines, 24 left out and nothing unread; and 6,334
programs, 53 processes, 31 filesystems, 8 disks and 52 interfaces, as many as a plain reader counts
(the README there has the table).
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar
from xml.etree import ElementTree as ET

import pytest

from inventory.errors import BadInputError
from inventory.importers.glpi import IMPORTER
from inventory.model.fact import FactKey, Facts, Unknown
from inventory.model.facts import (
    BOOTED_AT,
    CPU_CORES,
    CPU_THREADS,
    DISKS,
    FILESYSTEMS,
    FQDN,
    HOSTNAME,
    INTERFACES,
    MEMORY_TOTAL,
    OS_ID,
    OS_VERSION,
    PACKAGES,
    PROCESSES,
    SMBIOS_UUID,
    VIRTUALISATION,
)
from inventory.model.hardware import CPU_SOCKETS, GUESTS, MEMORY_MODULES
from inventory.model.imported import Item, LeftOut, ServerRecord, Unread
from inventory.model.placement import HYPERVISOR_SERVER, POWER, VM_NAME, Power
from inventory.reading.opening import open_files

T = TypeVar("T")
MADE = Path(__file__).parents[1] / "fixtures" / "imports" / "glpi"


def read(*files: tuple[str, bytes]) -> list[Item]:
    """Import files."""
    return list(IMPORTER.read(open_files(files)))


def made(name: str) -> list[Item]:
    """Import a file of the shape that agents write."""
    return read((name, (MADE / name).read_bytes()))


def plain_xml(name: str) -> ET.Element:
    """Return the content of a file as a plain reader of XML sees it."""
    content = ET.parse(MADE / name).getroot().find("CONTENT")  # noqa: S314  # our fixture
    assert content is not None
    return content


def inventory(**content: Any) -> bytes:
    """Return an inventory that holds this."""
    content.setdefault("hardware", {"name": "web-1"})
    document = {"action": "inventory", "deviceid": "web-1-2026-01-01-01-01-01", "content": content}
    return json.dumps(document).encode()


def server(**content: Any) -> Facts:
    """Return what an inventory that holds this tells."""
    first, *_ = read(("a.json", inventory(**content)))
    return facts(first)


def facts(item: Item) -> Facts:
    """Return what a server is told to have."""
    assert isinstance(item, ServerRecord)
    return Facts.from_observations(each.observation for each in item.stated)


def held(known: Facts, key: FactKey[tuple[T, ...]]) -> tuple[T, ...]:
    """Return the parts of a server, none where they are not known."""
    return known.value(key) or ()


def test_a_computer_as_json() -> None:
    """Its parts are as many as a plain reader of JSON counts; sizes and times are right."""
    (item,) = made("fedora_workstation.json")
    assert isinstance(item, ServerRecord)
    content = json.loads((MADE / "fedora_workstation.json").read_bytes())["content"]
    known = facts(item)
    assert item.key == "lapwing-2024-02-29-10-20-30"
    assert item.at == datetime(2024, 7, 3, 14, 45, 10, tzinfo=UTC)
    assert known.value(HOSTNAME) == "lapwing"
    assert known.value(SMBIOS_UUID) == "6d616465-0001-4a00-8b00-00000000a001"
    assert known.value(VIRTUALISATION) == "none"
    assert known.value(BOOTED_AT) == datetime(2024, 7, 1, 7, 10, 11, tzinfo=UTC)
    assert (known.value(OS_ID), known.value(OS_VERSION)) == ("fedora", "40")
    assert known.value(MEMORY_TOTAL) == content["hardware"]["memory"] << 20
    assert known.value(CPU_THREADS) == sum(each["thread"] for each in content["cpus"])
    packages = known.value(PACKAGES) or ()
    assert [each.name for each in packages] == [each["name"] for each in content["softwares"]]
    filesystems = known.value(FILESYSTEMS) or ()
    assert {each.mount_point for each in filesystems} == {
        each["type"] for each in content["drives"]
    }
    disks = known.value(DISKS) or ()
    assert [each.size_bytes for each in disks] == [512_110 * 10**6]
    told = {
        str(ip_address(each[field]))
        for each in content["networks"]
        for field in ("ipaddress", "ipaddress6")
        if field in each
    }
    interfaces = known.value(INTERFACES) or ()
    assert {text.split("/")[0] for each in interfaces for text in each.addresses} == told
    assert {each.name for each in interfaces} == {
        each["description"] for each in content["networks"]
    }


def test_a_computer_as_xml() -> None:
    """Its parts are as many as a plain reader of XML counts; its machines are servers too."""
    told = made("kvm_workstation.xml")
    content = plain_xml("kvm_workstation.xml")
    machines = [each.findtext("NAME") for each in content.findall("VIRTUALMACHINES")]
    first, *rest = told
    known = facts(first)
    assert known.value(FQDN) == "dunlin.staff.example.org"
    assert len(held(known, PACKAGES)) == len(content.findall("SOFTWARES"))
    assert len(held(known, PROCESSES)) == len(content.findall("PROCESSES"))
    assert len(held(known, MEMORY_MODULES)) == 1, "of the other slot nothing is told"
    assert [each.name for each in known.value(GUESTS) or ()] == machines
    assert [each.name for each in rest if isinstance(each, ServerRecord)] == machines
    assert [(each.name, each.mac) for each in held(known, INTERFACES)] == list(
        dict.fromkeys(
            (each.findtext("DESCRIPTION"), each.findtext("MACADDR"))
            for each in content.findall("NETWORKS")
            if each.findtext("MANAGEMENT") is None
        )
    )
    assert "avocet-made-up" not in repr(told), "environments are never read"


def test_a_mac_as_xml() -> None:
    """Its parts are counted too; without a zone and a size of memory neither is told."""
    (item,) = made("snow_leopard.xml")
    content = plain_xml("snow_leopard.xml")
    known = facts(item)
    assert known.value(HOSTNAME) == "iMac-of-Wren"
    for key, section in ((PACKAGES, "SOFTWARES"), (PROCESSES, "PROCESSES")):
        assert len(held(known, key)) == len(content.findall(section))
    assert [each.mount_point for each in held(known, FILESYSTEMS)] == ["/", "/Volumes/Données"]
    rows = content.findall("NETWORKS")
    assert [each.name for each in held(known, INTERFACES)] == [
        each.findtext("DESCRIPTION") for each in rows
    ]
    told = [
        said
        for each in rows
        for said in (each.findtext("IPADDRESS"), each.findtext("IPADDRESS6"))
        if said
    ]
    addresses = [text for each in held(known, INTERFACES) for text in each.addresses]
    assert [each.split("/")[0] for each in addresses] == told
    assert known.value(MEMORY_TOTAL) is None
    assert known.value(BOOTED_AT) is None


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("handset.json", "phone"),
        ("handset_as_computer.xml", "phone"),
        ("laser.json", "printer"),
        ("laser_by_snmp.xml", "printer"),
        ("switch_by_discovery.xml", "network device"),
    ],
)
def test_what_is_no_computer_is_left_out(file: str, what: str) -> None:
    """Also the phone that calls itself a computer."""
    (item,) = made(file)
    assert isinstance(item, LeftOut)
    assert item.what == what


def test_a_folder_of_inventories_is_read_whole() -> None:
    """Each file is a server of its own, or something that is left out."""
    told = read(*[(each.name, each.read_bytes()) for each in sorted(MADE.glob("*.[jx]*"))])
    assert Counter(type(each).__name__ for each in told) == {"ServerRecord": 8, "LeftOut": 5}
    keys = [each.key for each in told if isinstance(each, ServerRecord)]
    assert len(set(keys)) == len(keys)


def test_containers_are_guests_and_no_servers() -> None:
    """Of five guests four are containers, also the one that tells an image and no type."""
    told = made("containers_and_a_vm.json")
    guests = held(facts(told[0]), GUESTS)
    assert [each.container for each in guests] == [True, True, True, True, False]
    machine = told[1]
    assert facts(machine).value(VM_NAME) == "'Q"
    assert facts(machine).value(HYPERVISOR_SERVER) == "STINT"
    assert len(told) == 2
    assert facts(told[0]).value(SMBIOS_UUID) is None, "what it calls its UUID is none"


def test_a_machine_that_is_off_is_a_server() -> None:
    """Its UUID is its key, so that it is known again on another hypervisor."""
    uuid = "0F6C1F00-74F2-4A4C-9A5C-1F3D58A3A001"
    machines = [{"name": "web-2", "uuid": uuid, "status": "shutdown", "vmtype": "kvm"}]
    _, machine = read(("a.json", inventory(virtualmachines=machines)))
    assert isinstance(machine, ServerRecord)
    assert machine.key == f"vm:{uuid.lower()}"
    assert facts(machine).value(POWER) is Power.OFF


def test_an_interface_is_one_however_many_addresses_it_has() -> None:
    """Agents list it for each address; a management controller's are not the server's."""
    card = {"description": "eno1", "mac": "52:54:00:AA:BB:01", "type": "ethernet"}
    rows = [
        {**card, "ipaddress": "192.0.2.1", "ipmask": "255.255.255.0", "virtualdev": False},
        {**card, "ipaddress": "192.0.2.2", "ipmask": "255.255.255.128"},
        {**card, "ipaddress6": "2001:db8::1", "ipmask6": "ffff:ffff:ffff:ffff::"},
        {"description": "bmc", "ipaddress": "192.0.2.200", "management": True},
        {"description": "eno2", "ipaddress": "0.0.0.0"},
    ]
    one, two = server(networks=rows).value(INTERFACES) or ()
    assert one.name == "eno1"
    assert one.kind == "physical"
    assert one.mac == "52:54:00:aa:bb:01"
    assert one.addresses == ("192.0.2.1/24", "192.0.2.2/25", "2001:db8::1/64")
    assert two.addresses == ()


def test_physical_is_no_fact_where_the_agent_could_not_look() -> None:
    """It is also the agent's default: the firmware's maker must bear it out."""
    alone = server(hardware={"name": "a", "vmsystem": "Physical"})
    assert isinstance(alone.of(VIRTUALISATION), Unknown)
    virtual = server(
        hardware={"name": "a", "vmsystem": "Physical"}, bios={"smanufacturer": "VMware, Inc."}
    )
    assert isinstance(virtual.of(VIRTUALISATION), Unknown)
    real = server(hardware={"name": "a", "vmsystem": "Physical"}, bios={"smanufacturer": "HPE"})
    assert real.value(VIRTUALISATION) == "none"
    assert server(hardware={"name": "a", "vmsystem": "QEMU"}).value(VIRTUALISATION) == "kvm"


def test_a_sum_is_told_only_where_every_socket_tells() -> None:
    """Two sockets of which one is silent do not have the cores of the other alone."""
    known = server(cpus=[{"core": 8, "thread": 16}, {"core": 8}])
    assert known.value(CPU_SOCKETS) == 2
    assert known.value(CPU_CORES) == 16
    assert known.value(CPU_THREADS) is None


def test_secrets_in_command_lines_are_left_out() -> None:
    """And environments and licence keys are never read."""
    told = read(
        (
            "a.json",
            inventory(
                processes=[{"pid": 1, "cmd": "/usr/sbin/app --password=hunter2", "user": "root"}],
                envs=[{"key": "DB_PASSWORD", "val": "hunter2"}],
                licenseinfos=[{"key": "hunter2"}],
            ),
        )
    )
    (process,) = facts(told[0]).value(PROCESSES) or ()
    assert process.name == "app"
    assert "hunter2" not in repr(told)


def test_times_without_a_zone_are_not_taken_for_utc() -> None:
    """The last boot is in the server's own time, so it is told only with the zone."""
    system = {"boot_time": "2026-10-01 04:00:00"}
    assert server(operatingsystem=system).value(BOOTED_AT) is None
    with_zone = server(operatingsystem={**system, "timezone": {"offset": "-0500"}})
    assert with_zone.value(BOOTED_AT) == datetime(2026, 10, 1, 9, tzinfo=UTC)


def test_what_people_call_a_computer_is_no_host_name() -> None:
    """``iMac of Wren`` names the record, and identifies nothing in the network."""
    (item,) = read(("a.json", inventory(hardware={"name": "iMac of Wren"})))
    assert isinstance(item, ServerRecord)
    assert item.name == "iMac of Wren"
    assert facts(item).value(HOSTNAME) is None


def test_empty_cells_state_nothing() -> None:
    """A memory of 0, a speed of -1, an empty name are not known."""
    known = server(
        hardware={"name": "web-1", "memory": 0, "uuid": ""},
        networks=[{"description": "eno1", "speed": "-1", "mtu": -1}],
        storages=[{"name": "sr0", "disksize": 0}, {"type": "cd", "disksize": 4000}],
    )
    assert known.value(MEMORY_TOTAL) is None
    assert known.value(SMBIOS_UUID) is None
    assert known.value(DISKS) is None
    (interface,) = known.value(INTERFACES) or ()
    assert (interface.speed_mbps, interface.mtu_bytes) == (None, None)


def test_what_cannot_be_read_costs_nothing_else() -> None:
    """A section with junk is told, and the others are stated."""
    told = read(
        ("a.json", inventory(cpus=[{"core": "four"}], networks=[{"ipaddress": "localhost"}]))
    )
    assert [str(each.why).split(":")[0] for each in told if isinstance(each, Unread)] == [
        "cpus",
        "networks",
    ]
    assert isinstance(told[-1], ServerRecord)


def test_a_broken_file_costs_no_other() -> None:
    """Its place is told."""
    whole = (MADE / "kvm_workstation.xml").read_bytes()
    told = read(("a.xml", whole[: len(whole) // 2]), ("b.xml", whole), ("c.json", inventory()[:-9]))
    assert len([each for each in told if isinstance(each, ServerRecord)]) == 1 + 3
    assert [each.where.file for each in told if isinstance(each, Unread)] == ["a.xml", "c.json"]


def test_what_is_no_inventory_is_an_error() -> None:
    """Other XML is not taken for one."""
    with pytest.raises(BadInputError):
        read(("a.xml", b"<?xml version='1.0'?><nmaprun/>"))
