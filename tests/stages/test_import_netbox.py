"""NetBox: what its answers and tables must yield, and how they are put together.

Looked at on 2026-11-23 and not kept, counted beside plain readers of CSV and JSON:

- the demo data 3.6 of netbox-community/netbox-demo-data at 1e3a368, written out as tables: 180
  virtual machines and one of 72 devices are servers, 71 devices are left out, nothing is unread;
- answers of NetBox 2.x in tests/fixtures of netbox-community/pynetbox at fc30530: the one virtual
  machine is a server, all 11 devices are left out, nothing is unread.

The files of ``made-tables`` and ``made-answers`` are made: of the same shape, with names of ours.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from inventory.errors import BadInputError
from inventory.importers._netbox_roles import is_server
from inventory.importers.netbox import IMPORTER
from inventory.model.fact import Facts
from inventory.model.facts import FQDN, HOSTNAME, INTERFACES, OS_ID, OS_VERSION, VIRTUALISATION
from inventory.model.imported import Item, LeftOut, ServerRecord, Unread
from inventory.model.parts import Protocol
from inventory.model.placement import (
    ANNOTATION,
    CLUSTER,
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    LOCATION,
    OWNER,
    PROVISIONED,
    STATUS,
    TAGS,
    TOLD_SERVICES,
    Tag,
    ToldService,
)
from inventory.reading.opening import open_files

MADE = Path(__file__).parents[1] / "fixtures" / "imports" / "netbox"
API = "https://netbox.example.org/api"


def read(*files: tuple[str, bytes]) -> list[Item]:
    """Import files."""
    return list(IMPORTER.read(open_files(files)))


def folder(name: str) -> list[tuple[str, bytes]]:
    """Return the files of a folder of fixtures."""
    return [(each.name, each.read_bytes()) for each in sorted((MADE / name).iterdir())]


def servers(items: list[Item]) -> list[ServerRecord]:
    """Return the servers among what was read."""
    return [each for each in items if isinstance(each, ServerRecord)]


def facts(item: ServerRecord) -> Facts:
    """Return what a server is told to have."""
    return Facts.from_observations(each.observation for each in item.stated)


def table(*rows: str) -> bytes:
    """Return CSV."""
    return "\r\n".join(rows).encode()


def page(*results: dict[str, Any]) -> bytes:
    """Return an answer of the API."""
    return json.dumps({"count": len(results), "next": None, "results": results}).encode()


def machine(number: int, name: str, **fields: Any) -> dict[str, Any]:
    """Return a virtual machine as the API gives it."""
    url = f"{API}/virtualization/virtual-machines/{number}/"
    return {"id": number, "url": url, "name": name, "vcpus": None, **fields}


def test_tables_yield_their_machines_and_their_one_server() -> None:
    """Counted beside a plain reader of CSV: 12 machines and 19 devices, of which 18 are none."""
    told = read(*folder("made-tables"))
    with (MADE / "made-tables" / "made-netbox-devices.csv").open(newline="") as file:
        roles = Counter(row["Role"].lower() for row in csv.DictReader(file))
    with (MADE / "made-tables" / "made-netbox-virtual-machines.csv").open(newline="") as file:
        names = sorted(row["Name"] for row in csv.DictReader(file))
    assert len(names) == 12
    assert roles.total() == 19
    found = servers(told)
    assert len(found) == 13
    assert sorted(each.name for each in found if each.key.startswith("vm:")) == names
    left_out = Counter(each.what for each in told if isinstance(each, LeftOut))
    assert roles - left_out == Counter({"application server": 1})
    assert not [each for each in told if isinstance(each, Unread)]
    by_name = {each.name: facts(each) for each in found}
    assert by_name["node5"].value(OS_ID) == "ubuntu"
    assert by_name["node5"].value(OS_VERSION) == "22.04"
    assert by_name["node5"].value(CLUSTER) == "cloud-par2"
    interfaces = by_name["node5"].value(INTERFACES) or ()
    assert [each.name for each in interfaces] == ["eth0", "eth1", "eth2"]


def test_answers_of_the_api_yield_every_machine_and_leave_out_every_switch() -> None:
    """Counted beside a plain reader of JSON."""
    told = read(*folder("made-answers"))
    devices, machines = (
        json.loads((MADE / "made-answers" / name).read_bytes())["results"]
        for name in ("made-devices.json", "made-machines.json")
    )
    web, idle = servers(told)
    assert (len(devices), len(machines)) == (7, 2)
    left_out = Counter(each.what for each in told if isinstance(each, LeftOut))
    assert left_out == Counter(each["role"]["name"].lower() for each in devices)
    assert not [each for each in told if isinstance(each, Unread)]
    known = facts(web)
    assert {each.source for each in (web, idle)} == {"netbox:inventory.example.org:8000"}
    assert [web.key, idle.key] == [f"vm:{each['id']}" for each in machines]
    assert known.value(CONFIGURED_CPUS) == machines[0]["vcpus"]
    assert known.value(CONFIGURED_MEMORY) == machines[0]["memory"] << 20
    assert known.value(PROVISIONED) == machines[0]["disk"] * 10**9
    assert facts(idle).value(CONFIGURED_CPUS) is None


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({"disk": 500}, 500 * 10**9),
        ({"disk": 500_000, "display_url": "https://netbox.example.org/x/"}, 500 * 10**9),
        ({"disk": None}, None),
    ],
)
def test_disks_are_in_gb_before_4_1_and_in_mb_since(
    fields: dict[str, Any], size: int | None
) -> None:
    """The upgrade makes 500 GB to 500,000 MB; answers since then have an address for people."""
    (server,) = servers(read(("a.json", page(machine(1, "a", **fields)))))
    assert facts(server).value(PROVISIONED) == size


@pytest.mark.parametrize(
    ("title", "size"), [("Disk (GB)", 60 * 10**9), ("Disk (MB)", 60 * 10**6), ("Disk", 60 * 10**6)]
)
def test_a_tables_title_tells_the_unit_of_disks(title: str, size: int) -> None:
    """Up to 4.0 the title says GB."""
    content = table(f"Name,Status,Cluster,vCPUs,{title}", "a,Active,c,2,60")
    (server,) = servers(read(("netbox_virtual machines.csv", content)))
    assert facts(server).value(PROVISIONED) == size


def test_objects_of_several_answers_come_together() -> None:
    """Interfaces, addresses and services find their machine by number, in whichever order."""
    vm = {"id": 1, "url": f"{API}/virtualization/virtual-machines/1/", "name": "web-1"}
    port = {
        "id": 5,
        "url": f"{API}/virtualization/interfaces/5/",
        "virtual_machine": vm,
        "name": "eth0",
        "enabled": True,
        "mac_address": "00:50:56:AA:BB:01",
        "mtu": 9000,
    }
    address = {
        "id": 9,
        "url": f"{API}/ipam/ip-addresses/9/",
        "address": "192.0.2.20/24",
        "dns_name": "web-1.example.org",
        "status": {"value": "active", "label": "Active"},
        "assigned_object": {"id": 5, "name": "eth0", "virtual_machine": vm},
    }
    shared = {
        **address,
        "id": 10,
        "url": f"{API}/ipam/ip-addresses/10/",
        "address": "192.0.2.30/24",
        "dns_name": "shop.example.org",
        "role": {"value": "vip", "label": "VIP"},
    }
    service = {
        "id": 2,
        "url": f"{API}/ipam/services/2/",
        "parent": vm,
        "name": "Shop",
        "protocol": {"value": "tcp", "label": "TCP"},
        "ports": [80, 443],
    }
    cluster = {
        "id": 3,
        "url": f"{API}/virtualization/clusters/3/",
        "name": "c",
        "type": {"name": "VMware vSphere"},
    }
    web = machine(1, "web-1", primary_ip4={"address": "192.0.2.20/24"}, cluster={"name": "c"})
    told = read(
        ("services.json", page(service)),
        ("addresses.json", page(address, shared)),
        ("machines.json", page(machine(2, "web-1"), web)),
        ("interfaces.json", page(port)),
        ("clusters.json", page(cluster)),
    )
    other, server = servers(told)
    assert facts(other).value(INTERFACES) is None
    known = facts(server)
    (interface,) = known.value(INTERFACES) or ()
    assert interface.name == "eth0"
    assert interface.mac == "00:50:56:aa:bb:01"
    assert interface.addresses == ("192.0.2.20/24",)
    assert interface.mtu_bytes == 9000
    assert known.value(FQDN) == "web-1.example.org"
    assert known.value(VIRTUALISATION) == "vmware"
    assert known.value(TOLD_SERVICES) == (
        ToldService(protocol=Protocol.TCP, port=80, name="Shop"),
        ToldService(protocol=Protocol.TCP, port=443, name="Shop"),
    )


def test_an_interface_of_a_management_controller_is_not_the_servers_own() -> None:
    """Neither its MAC address nor its address identify the server."""
    told = read(
        (
            "netbox_devices.csv",
            table("Name,Status,Site,Role,Type,IP Address", "db-1,Active,North,Server,R740,"),
        ),
        (
            "netbox_interfaces.csv",
            table(
                "Device,Name,Type,Enabled,Management Only,Primary MAC,IP Addresses",
                "db-1,iDRAC,1000BASE-T (1GE),True,True,00:50:56:AA:BB:09,192.0.2.99/24",
                "db-1,eno1,1000BASE-T (1GE),True,False,00:50:56:AA:BB:01,192.0.2.10/24",
            ),
        ),
    )
    (server,) = servers(told)
    (interface,) = facts(server).value(INTERFACES) or ()
    assert interface.name == "eno1"
    assert interface.kind == "physical"
    assert interface.mac == "00:50:56:aa:bb:01"


def test_a_primary_address_is_kept_where_the_addresses_were_not_exported() -> None:
    """It stands on an interface of its own, as long as no table says on which it is."""
    machines = table("Name,Status,Site,vCPUs,IP Address", "web,Active,North,1,192.0.2.1/24")
    (alone,) = servers(read(("netbox_virtual machines.csv", machines)))
    (interface,) = facts(alone).value(INTERFACES) or ()
    assert interface.addresses == ("192.0.2.1/24",)
    ports = table("Name,Virtual Machine,Enabled,Primary MAC", "eth0,web,True,00:50:56:AA:BB:01")
    both = (("netbox_virtual machines.csv", machines), ("netbox_interfaces.csv", ports))
    (server,) = servers(read(*both))
    eth0, primary = facts(server).value(INTERFACES) or ()
    assert (eth0.mac, eth0.addresses) == ("00:50:56:aa:bb:01", ())
    assert primary.addresses == ("192.0.2.1/24",)


def test_names_that_two_servers_have_join_nothing() -> None:
    """An interface that names one of two is given to none; both are told apart by their site."""
    told = read(
        (
            "netbox_virtual machines.csv",
            table("Name,Status,Site,vCPUs", "web,Active,North,1", "web,Active,South,1"),
        ),
        (
            "netbox_interfaces.csv",
            table("Name,Virtual Machine,Enabled,IP Addresses", "eth0,web,True,192.0.2.1/24"),
        ),
    )
    found = servers(told)
    assert [each.key for each in found] == ["vm:web@North", "vm:web@South"]
    assert [facts(each).value(INTERFACES) for each in found] == [None, None]


def test_servers_without_a_name_or_a_number_are_told_apart() -> None:
    """By their serial number, by all that NetBox tells them apart by, or at last by their row."""
    content = table(
        "Name,Status,Site,Role,Type,Manufacturer,Serial number",
        "Unnamed device,Active,North,Server,R740,Dell,S1",
        "Unnamed device,Active,North,Server,R740,Dell,S2",
        "web,Active,North,Server,R740,Dell,",
        "web,Active,North,Server,R740,Dell,",
    )
    found = servers(read(("netbox_devices.csv", content)))
    assert [each.name for each in found] == ["Dell R740", "Dell R740", "web", "web"]
    assert [each.key for each in found] == [
        "device:serial S1",
        "device:serial S2",
        "device:web@North",
        "device:web@North (netbox_devices.csv: row 5)",
    ]
    assert all(facts(each).value(HOSTNAME) != "Unnamed device" for each in found)


def test_what_people_wrote_is_kept_without_secrets() -> None:
    """Tags, custom fields and comments; a password in any of them is left out."""
    fields = {
        "tags": [{"id": 1, "name": "backup"}],
        "custom_fields": {
            "cost_centre": 4711,
            "team": {"id": 1, "name": "Web"},
            "root_password": "hunter2",
            "contract": None,
        },
        "description": "shop",
        "comments": "line one\nlogin: password=hunter2",
        "status": {"value": "decommissioning", "label": "Decommissioning"},
        "site": {"name": "North"},
        "tenant": {"name": "Finance"},
    }
    (server,) = servers(read(("a.json", page(machine(1, "a", **fields)))))
    known = facts(server)
    assert known.value(TAGS) == (
        Tag(name="backup"),
        Tag(name="cost_centre", value="4711"),
        Tag(name="team", value="Web"),
        Tag(name="root_password", value="***"),
    )
    assert known.value(ANNOTATION) == "shop\nline one\nlogin: password=***"
    assert known.value(STATUS) == "decommissioning"
    assert known.value(LOCATION) == "North"
    assert known.value(OWNER) == "Finance"


def test_a_value_that_cannot_be_read_costs_nothing_else() -> None:
    """It is told with its field and place."""
    web = machine(1, "web-1.example.org", memory="lots")
    web["vcpus"] = 0.5
    told = read(("a.json", page(web)))
    (server,) = servers(told)
    assert facts(server).value(HOSTNAME) == "web-1"
    assert facts(server).value(CONFIGURED_CPUS) is None
    unread = [str(each.why).split(":")[0] for each in told if isinstance(each, Unread)]
    assert unread == ["vcpus", "memory"]


def test_a_broken_file_costs_no_other() -> None:
    """Its place is told."""
    whole = page(machine(1, "web-1"))
    told = read(("a.json", whole[:-9]), ("b.json", whole))
    assert [each.name for each in servers(told)] == ["web-1"]
    assert [each.where.file for each in told if isinstance(each, Unread)] == ["a.json"]


@pytest.mark.parametrize(
    ("role", "platform", "kind", "expected"),
    [
        ("Application Server", None, None, True),
        ("ESXi host", None, None, True),
        ("Blade", None, None, True),
        ("Blade chassis", None, None, False),
        ("ToR Switch", None, None, False),
        ("core-router", None, None, False),
        ("Terminal Server", None, None, False),
        ("Console server", None, None, False),
        ("PDU", None, None, False),
        ("UPS", None, None, False),
        ("Load balancer", "Ubuntu 22.04", None, False),
        ("Things", "Ubuntu 22.04", None, True),
        ("Things", "Cisco IOS", None, False),
        ("Things", None, "48-port switch", False),
        (None, None, None, True),
    ],
)
def test_roles_tell_servers_from_the_rest(
    role: str | None, platform: str | None, kind: str | None, *, expected: bool
) -> None:
    """What nothing tells of stays a server."""
    assert is_server(role, platform, kind) is expected


def test_an_export_without_servers_is_an_error() -> None:
    """Sites alone tell nothing."""
    site = {"id": 1, "url": f"{API}/dcim/sites/1/", "name": "North"}
    with pytest.raises(BadInputError):
        read(("sites.json", page(site)))


def test_titles_in_any_order_and_semicolons_are_read() -> None:
    """People may choose the columns and the delimiter of what NetBox exports."""
    rows = [["vCPUs", "Cluster", "Name", "Status"], ["2", "c", "web-1", "Active"]]
    held = io.StringIO()
    csv.writer(held, delimiter=";").writerows(rows)
    (server,) = servers(read(("export.csv", held.getvalue().encode("utf-8-sig"))))
    assert facts(server).value(CONFIGURED_CPUS) == 2
