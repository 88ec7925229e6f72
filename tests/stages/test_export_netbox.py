"""NetBox's bulk import is given what it asks for, in the order in which it wants it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inventory.exporters._netbox_sheets import SHEETS
from inventory.exporters.netbox import EXPORTER
from inventory.importers.netbox import IMPORTER
from inventory.intake.recognise import recognise
from inventory.model.exporter import Written
from inventory.model.fact import FactKey, Observation
from inventory.model.facts import (
    CPU_THREADS,
    DISKS,
    FQDN,
    HOSTNAME,
    INTERFACES,
    LISTENERS,
    MANUFACTURER,
    MEMORY_TOTAL,
    OS_NAME,
    PRODUCT,
    SERIAL,
    VIRTUALISATION,
)
from inventory.model.hardware import ASSET_TAG
from inventory.model.importer import Importer
from inventory.model.parts import Disk, Interface, Listener, Protocol
from inventory.model.placement import (
    ANNOTATION,
    CLUSTER,
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    DATACENTRE,
    LOCATION,
    OWNER,
    POWER,
    PROVISIONED,
    ROLE,
    STATUS,
    TAGS,
    TOLD_SERVICES,
    Power,
    Tag,
    ToldService,
)
from inventory.model.server import Server
from inventory.reading.opening import open_files
from inventory.registry import Registry
from tests.stages.aws_exports import export, known, lacking, records, rows, server

GIB = 1 << 30
ETH0 = Interface(
    name="eth0", mac="00:50:56:aa:bb:01", addresses=("192.0.2.10/24",), kind="physical"
)


def machine(name: str, *more: Observation) -> Server:
    """Return a virtual machine."""
    told = (VIRTUALISATION.known("vmware"), HOSTNAME.known(name), CLUSTER.known("vc-1"))
    return server(name, *told, *more)


def device(name: str, *more: Observation) -> Server:
    """Return a physical server."""
    told = (VIRTUALISATION.known("none"), HOSTNAME.known(name), DATACENTRE.known("North"))
    made = (MANUFACTURER.known("Dell Inc."), PRODUCT.known("PowerEdge R740"))
    return server(name, *told, *made, *more)


def sheet(written: list[Written], name: str) -> list[dict[str, str]]:
    """Return the rows of a sheet; none where there is none."""
    found = [each for each in written if each.name.endswith(f"-{name}.csv")]
    return rows(found[0]) if found else []


def test_files_come_in_the_order_in_which_netbox_wants_them() -> None:
    """Whatever a row refers to stands in a file before it."""
    written = export(
        EXPORTER,
        device(
            "db-1", INTERFACES.known((ETH0,)), OWNER.known("Finance"), OS_NAME.known("Debian 12")
        ),
        machine("web-1", ROLE.known("Web"), TAGS.known((Tag(name="Backup daily"),))),
    )
    assert [each.name for each in written] == sorted(each.name for each in written)
    before = {name: set[str]() for name in SHEETS}
    refers = {
        "tenant": "tenants",
        "site": "sites",
        "manufacturer": "manufacturers",
        "device_type": "device-types",
        "role": "device-roles",
        "platform": "platforms",
        "cluster": "clusters",
        "device": "devices",
        "virtual_machine": "virtual-machines",
        "tags": "tags",
    }
    seen = 0
    for each in written:
        name = each.name.removesuffix(".csv").split("-", 2)[2]
        for row in rows(each):
            for column, target in refers.items():
                if row.get(column):
                    seen += 1
                    assert row[column] in before[target], (name, column)
            key = "slug" if name == "tags" else "model" if name == "device-types" else "name"
            before[name].add(row.get(key, ""))
    assert seen >= 10


def test_a_machine_is_written_in_netboxs_units() -> None:
    """Memory in MB of 1024 KB, disks in MB of 1000 KB; the state is one that NetBox has."""
    written = export(
        EXPORTER,
        machine(
            "web-1",
            CPU_THREADS.known(4),
            CONFIGURED_MEMORY.known(8 * GIB),
            DISKS.known((Disk(name="sda", size_bytes=60 * 10**9),)),
            POWER.known(Power.OFF),
        ),
        machine("web-2", MEMORY_TOTAL.known(2 * GIB), POWER.known(Power.SUSPENDED)),
    )
    one, two = sheet(written, "virtual-machines")
    assert (one["vcpus"], one["memory"], one["disk"]) == ("4", "8192", "60000")
    assert (one["status"], two["status"]) == ("offline", "paused")
    assert (two["vcpus"], two["disk"]) == ("", "")
    assert sheet(written, "clusters") == [
        {"name": "vc-1", "type": "VMware vSphere", "status": "active"}
    ]


def test_what_is_neither_virtual_nor_physical_is_left_out_and_told() -> None:
    """NetBox has but the two."""
    written = export(EXPORTER, server("what-1"))
    assert sheet(written, "devices") == []
    ((name, what),) = lacking(written)
    assert name == "what-1"
    assert "virtual" in what


def test_what_netbox_insists_on_and_nobody_knows_is_told() -> None:
    """A placeholder stands in its place, and is not taken for knowledge when it is read again."""
    written = export(EXPORTER, server("db-1", VIRTUALISATION.known("none")))
    (row,) = sheet(written, "devices")
    assert row["site"] == row["manufacturer"] == "To be assigned"
    assert [what.split()[0] for _, what in lacking(written)] == [
        "site",
        "manufacturer",
        "device_type",
    ]
    (record,) = records(IMPORTER, written)
    for key in (MANUFACTURER, PRODUCT, LOCATION):
        assert known(record, key) == []


def test_of_two_servers_with_one_name_the_second_is_left_out() -> None:
    """Interfaces and addresses refer to them by their names."""
    first, second = machine("web-1"), machine("WEB-1")
    written = export(EXPORTER, first, second)
    assert [each["name"] for each in sheet(written, "virtual-machines")] == ["web-1"]
    assert [name for name, _ in lacking(written)] == ["WEB-1"]


def test_an_address_is_written_once_and_only_if_others_reach_it() -> None:
    """Addresses of the link and of loopback are not; one of two servers is told."""
    interface = Interface(
        name="eth0", addresses=("192.0.2.10", "fe80::1/64", "127.0.0.2/8", "192.0.2.11/24")
    )
    loopback = Interface(name="lo", kind="loopback", addresses=("198.51.100.1/32",))
    written = export(
        EXPORTER,
        machine("a", INTERFACES.known((loopback, interface))),
        machine("b", INTERFACES.known((ETH0,))),
    )
    addresses = sheet(written, "ip-addresses")
    told = [(each["address"], each["virtual_machine"], each["is_primary"]) for each in addresses]
    assert told == [("192.0.2.10/32", "a", "true"), ("192.0.2.11/24", "a", "false")]
    assert len(lacking(written)) == 2


def test_the_primary_address_is_the_one_under_which_a_server_is_asked() -> None:
    """Else the first; it alone bears the server's name, and what Docker has everywhere is none."""
    interfaces = (
        Interface(name="docker0", kind="bridge", addresses=("172.17.0.1/16",)),
        Interface(name="eth0", addresses=("192.0.2.10/24", "2001:db8::10/64")),
        Interface(name="eth1", addresses=("198.51.100.10/24", "192.0.2.10/24")),
    )
    told = machine("a", INTERFACES.known(interfaces), FQDN.known("a.example.org"))
    for target, primary in (
        ("import:a", "192.0.2.10/24"),
        ("ssh://root@198.51.100.10:2222", "198.51.100.10/24"),
    ):
        written = export(EXPORTER, replace(told, target=target))
        addresses = sheet(written, "ip-addresses")
        assert len(addresses) == 3
        named = {each["address"] for each in addresses if each["is_primary"] == "true"}
        assert named == {primary, "2001:db8::10/64"}
        assert {each["address"] for each in addresses if each["dns_name"]} == named


def test_services_are_those_that_others_reach() -> None:
    """A name that somebody told goes before the process; what listens to itself is left out."""
    tcp = Protocol.TCP
    listeners = (
        Listener(protocol=tcp, address="::", port=443, process="nginx"),
        Listener(protocol=tcp, address="0.0.0.0", port=80, process="nginx"),
        Listener(protocol=tcp, address="127.0.0.1", port=25, process="master"),
        Listener(protocol=tcp, address="0.0.0.0", port=22),
    )
    told = (ToldService(protocol=tcp, port=443, name="Shop"),)
    written = export(EXPORTER, machine("a", LISTENERS.known(listeners), TOLD_SERVICES.known(told)))
    services = [(each["name"], each["ports"]) for each in sheet(written, "services")]
    assert services == [("Shop", "443"), ("nginx", "80"), ("port 22", "22")]
    assert sheet(written, "services")[0]["parent_object_type"] == "virtualization.virtualmachine"


def test_no_cell_is_a_formula() -> None:
    """What a spreadsheet would run is left out and told, also in what servers refer to."""
    formula = "=cmd|' /C calc'!A0"
    written = export(
        EXPORTER,
        machine("a", ANNOTATION.known(formula), OWNER.known(formula), ROLE.known("+1")),
        machine(formula),
    )
    cells = [cell for each in written for row in rows(each) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert len([what for _, what in lacking(written) if "spreadsheet" in what]) == 3


def test_names_that_are_alike_get_slugs_of_their_own() -> None:
    """NetBox wants each slug once, of letters and digits."""
    names = ("Web Server", "web-server", "日本")
    servers = [machine(f"s{number}", ROLE.known(name)) for number, name in enumerate(names)]
    slugs = [each["slug"] for each in sheet(export(EXPORTER, *servers), "device-roles")]
    assert slugs[:2] == ["web-server", "web-server-2"]
    assert len(set(slugs)) == 3
    assert all(each.isascii() for each in slugs)


KEPT: tuple[FactKey[object], ...] = (
    *(HOSTNAME, FQDN, SERIAL, ASSET_TAG, MANUFACTURER, PRODUCT, OS_NAME, OWNER, ROLE, STATUS),
    *(CLUSTER, VIRTUALISATION, CONFIGURED_CPUS, CONFIGURED_MEMORY, PROVISIONED, ANNOTATION),
    *(TAGS, INTERFACES, TOLD_SERVICES, LOCATION),
)  # type: ignore[assignment]  # keys of several types


def test_what_is_written_is_read_again() -> None:
    """Round trip: each fact that NetBox has a place for comes back as it was."""
    services = (ToldService(protocol=Protocol.TCP, port=443, name="Shop"),)
    common = (
        STATUS.known("decommissioning"),
        OWNER.known("Finance"),
        ROLE.known("Web server"),
        OS_NAME.known("Debian GNU/Linux 12 (bookworm)"),
        SERIAL.known("ABC1234"),
        ANNOTATION.known("behind the balancer; ask first"),
        TAGS.known((Tag(name="backup"),)),
        TOLD_SERVICES.known(services),
    )
    virtual = Interface(name="eth0", mac="00:50:56:aa:bb:01", addresses=("192.0.2.10/24",))
    vm = server(
        "web-1",
        *common,
        HOSTNAME.known("web-1"),
        FQDN.known("web-1.example.org"),
        CLUSTER.known("vc-1"),
        VIRTUALISATION.known("vmware"),
        CONFIGURED_CPUS.known(4),
        CONFIGURED_MEMORY.known(8 * GIB),
        PROVISIONED.known(60 * 10**9),
        INTERFACES.known((virtual,)),
    )
    real = server(
        "db-1",
        *common,
        HOSTNAME.known("db-1"),
        VIRTUALISATION.known("none"),
        LOCATION.known("North"),
        MANUFACTURER.known("Dell Inc."),
        PRODUCT.known("PowerEdge R740"),
        ASSET_TAG.known("100042"),
        INTERFACES.known(
            (Interface(name="bond0", kind="bond", mtu_bytes=9000, addresses=("192.0.2.20/24",)),)
        ),
    )
    written = export(EXPORTER, real, vm)
    again = {each.name: each for each in records(IMPORTER, written)}
    for each in (real, vm):
        for key in KEPT:
            if key is VIRTUALISATION and each is real:
                continue  # A device says so by being one.
            value = each.facts.value(key)
            assert known(again[each.name], key) == ([] if value is None else [value]), key.name


def test_what_is_written_is_recognised() -> None:
    """Nobody needs to name the format."""
    written = export(EXPORTER, device("db-1"), machine("web-1", INTERFACES.known((ETH0,))))
    plugins = Registry(package="inventory.importers", attribute="IMPORTER", kind=Importer).all()
    assert recognise(
        open_files([(each.name, each.content) for each in written]), plugins
    ).value is (IMPORTER)


EVERYWHERE = {"description", "owner"}
"""Columns that every sheet may have."""
COLUMNS = {
    "cluster-types": "comments name slug tags",
    "clusters": "comments group name scope_id scope_name scope_type status tags tenant type",
    "device-interfaces": (
        "bridge device duplex enabled label lag mark_connected mgmt_only mode mtu name parent "
        "speed tags type vdcs vrf wwn"
    ),
    "device-roles": "color comments config_template name parent slug tags vm_role",
    "device-types": (
        "airflow comments default_platform exclude_from_utilization is_full_depth "
        "manufacturer model part_number slug subdevice_role tags u_height weight weight_unit"
    ),
    "devices": (
        "airflow asset_tag cluster comments config_template device_bay device_type face "
        "latitude location longitude manufacturer name parent platform position rack role "
        "serial site status tags tenant vc_position vc_priority virtual_chassis"
    ),
    "ip-addresses": (
        "address comments device dns_name fhrp_group interface is_oob is_primary role status "
        "tags tenant virtual_machine vrf"
    ),
    "mac-addresses": "comments device interface is_primary mac_address tags virtual_machine",
    "manufacturers": "comments name slug tags",
    "platforms": "comments config_template manufacturer name parent slug tags",
    "services": (
        "comments ipaddresses name parent parent_object_id parent_object_type ports protocol tags"
    ),
    "sites": (
        "comments facility group latitude longitude name physical_address region "
        "shipping_address slug status tags tenant time_zone"
    ),
    "tags": "color name object_types slug weight",
    "tenants": "comments group name slug tags",
    "virtual-machines": (
        "cluster comments config_template device disk memory name platform role serial site "
        "start_on_boot status tags tenant vcpus virtual_machine_type"
    ),
    "vm-interfaces": (
        "bridge enabled mode mtu name parent qinq_svlan tagged_vlans tags untagged_vlan "
        "virtual_machine vlan_group vrf"
    ),
}
"""What else NetBox's import knows, by sheet; of interfaces without radio, PoE and VLANs.

The names alone, looked up in the import forms of NetBox at 43fe81f (2026-11-23).
"""


@pytest.mark.parametrize("name", list(SHEETS))
def test_every_column_is_one_that_netbox_imports(name: str) -> None:
    """NetBox refuses a whole file for one column that it does not know."""
    assert set(SHEETS[name]) <= EVERYWHERE.union(COLUMNS[name].split())
