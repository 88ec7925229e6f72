"""Inventories of GLPI's and FusionInventory's agents: what those of others must yield."""

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
OTHERS = Path(__file__).parents[1] / "fixtures" / "imports" / "glpi"


def read(*files: tuple[str, bytes]) -> list[Item]:
    """Import files."""
    return list(IMPORTER.read(open_files(files)))


def others(name: str) -> list[Item]:
    """Import an inventory of somebody else."""
    return read((name, (OTHERS / name).read_bytes()))


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


def test_a_computer_of_others_as_json() -> None:
    """Its parts are as many as a plain reader of JSON counts; sizes and times are right."""
    (item,) = others("computer_1.json")
    assert isinstance(item, ServerRecord)
    content = json.loads((OTHERS / "computer_1.json").read_bytes())["content"]
    known = facts(item)
    assert item.key == "glpixps-2018-07-09-09-07-13"
    assert item.at == datetime(2020, 6, 12, 12, 19, 54, tzinfo=UTC)
    assert known.value(HOSTNAME) == "glpixps"
    assert known.value(SMBIOS_UUID) == "4c4c4544-0034-3010-8048-b6c04f503732"
    assert known.value(VIRTUALISATION) == "none"
    assert known.value(BOOTED_AT) == datetime(2020, 6, 9, 5, 58, 8, tzinfo=UTC)
    assert (known.value(OS_ID), known.value(OS_VERSION)) == ("fedora", "31")
    assert known.value(MEMORY_TOTAL) == content["hardware"]["memory"] << 20
    assert known.value(CPU_THREADS) == sum(each["thread"] for each in content["cpus"])
    packages = known.value(PACKAGES) or ()
    assert [each.name for each in packages] == [each["name"] for each in content["softwares"]]
    filesystems = known.value(FILESYSTEMS) or ()
    assert {each.mount_point for each in filesystems} == {
        each["type"] for each in content["drives"]
    }
    disks = known.value(DISKS) or ()
    assert [each.size_bytes for each in disks] == [256_060 * 10**6]
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


def test_a_computer_of_others_as_xml() -> None:
    """Its parts are as many as a plain reader of XML counts; its machines are servers too."""
    told = others("1.xml")
    content = ET.parse(OTHERS / "1.xml").getroot().find("CONTENT")  # noqa: S314  # our fixture
    assert content is not None
    machines = [each.findtext("NAME") for each in content.findall("VIRTUALMACHINES")]
    first, *rest = told
    known = facts(first)
    assert known.value(FQDN) == "lf014.ad.crosoft.com"
    assert len(held(known, PACKAGES)) == len(content.findall("SOFTWARES"))
    assert len(held(known, PROCESSES)) == len(content.findall("PROCESSES"))
    assert len(held(known, MEMORY_MODULES)) == 1, "of the other slot nothing is told"
    assert [each.name for each in known.value(GUESTS) or ()] == machines
    assert [each.name for each in rest if isinstance(each, ServerRecord)] == machines
    assert "bmc" not in {each.name for each in known.value(INTERFACES) or ()}


@pytest.mark.parametrize(
    ("file", "what"),
    [
        ("phone_1.json", "phone"),
        ("13.xml", "phone"),
        ("printer_1.json", "printer"),
        ("8.xml", "printer"),
        ("10.xml", "network device"),
    ],
)
def test_what_is_no_computer_is_left_out(file: str, what: str) -> None:
    """Also the phone that calls itself a computer."""
    (item,) = others(file)
    assert isinstance(item, LeftOut)
    assert item.what == what


def test_a_folder_of_inventories_is_read_whole() -> None:
    """Each file is a server of its own, or something that is left out."""
    told = read(*[(each.name, each.read_bytes()) for each in sorted(OTHERS.glob("*.[jx]*"))])
    assert Counter(type(each).__name__ for each in told) == {"ServerRecord": 8, "LeftOut": 5}
    keys = [each.key for each in told if isinstance(each, ServerRecord)]
    assert len(set(keys)) == len(keys)


def test_containers_are_guests_and_no_servers() -> None:
    """Of six guests five are containers."""
    told = others("computer_2.json")
    assert len(held(facts(told[0]), GUESTS)) == 6
    machine = told[1]
    assert facts(machine).value(VM_NAME) == "'T"
    assert facts(machine).value(HYPERVISOR_SERVER) == "COMP1"
    assert len(told) == 2


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
    """``iMac de Marie`` names the record, and identifies nothing in the network."""
    (item,) = read(("a.json", inventory(hardware={"name": "iMac de Marie"})))
    assert isinstance(item, ServerRecord)
    assert item.name == "iMac de Marie"
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
    whole = (OTHERS / "1.xml").read_bytes()
    told = read(("a.xml", whole[:20_000]), ("b.xml", whole), ("c.json", inventory()[:-9]))
    assert len([each for each in told if isinstance(each, ServerRecord)]) == 5 - 1
    assert [each.where.file for each in told if isinstance(each, Unread)] == ["a.xml", "c.json"]


def test_what_is_no_inventory_is_an_error() -> None:
    """Other XML is not taken for one."""
    with pytest.raises(BadInputError):
        read(("a.xml", b"<?xml version='1.0'?><nmaprun/>"))
