"""What Azure once said of virtual machines and networks, judged by whatever can judge it.

The recordings are of the tests of Microsoft's own SDK, of October and November 2019, made by its
makers and not by us. One machine runs Windows 2016 on a blob of the old kind
(``test_vm_extensions``); one runs Ubuntu on a managed disk of 30 GiB, with a second of 20
(``test_create_vm_implicit_md``); of one Azure told that it runs, with its agent
(``test_virtual_machines_operations``). All are Standard_A0, in West US, have an interface in a
network without any filter, and no public address. The lists of sizes, quotas, filters, routes and
addresses are of the subscriptions in which those tests were made. Whatever was not recorded is
answered so, and not with an empty list.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from expectations import Expectation, World, each_of, fails, passes, unknown
from landings import server
from recorded_azure import SUBSCRIPTION, recorded_world
from recordings import azure, needs, said
from sights import facts, move

from inventory.model.fact import Facts, Unknown
from inventory.model.facts import DISKS
from inventory.model.parts import Disk
from migrate.model.plan import Destination
from migrate.model.target_size import Capacity

COMPUTE, NETWORK, RESOURCE = "compute-9.0.0", "network-9.0.0", "resource-7.0.0"
pytestmark = needs(azure(COMPUTE), azure(NETWORK), azure(RESOURCE))
THEN = datetime(2019, 10, 22, 5, 30, tzinfo=UTC)


def _group(name: str) -> str:
    return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{name}/providers"


def _machine(test: str, number: str) -> str:
    return f"{_group(f'{test}{number}')}/Microsoft.Compute/virtualMachines/pyvmirvm{number}"


OLD_KIND = (
    f"{_group('test_mgmt_compute_test_vm_extensions15a60f10')}"
    "/Microsoft.Compute/virtualMachines/pyvmextvm15a60f10"
)
MANAGED = _machine("test_mgmt_managed_disks_test_create_vm_implicit_md", "9bd146b")
RUNNING = _machine("test_mgmt_compute_test_virtual_machines_operations", "122014cf")
_NET = (
    f"{_group('test_mgmt_network_test_subnetsc2cc0c8f')}"
    "/Microsoft.Network/virtualNetworks/pysubnetc2cc0c8f/subnets"
)
SUBNET = {"subnets": (f"{_NET}/pysubnetonec2cc0c8f",)}
OPEN = (
    f"{_group('azure-cli-test-rg')}/Microsoft.Network/networkSecurityGroups/azureclitestlinux-nsg"
)
SHUT = f"{_group('harold-test')}/Microsoft.Network/networkSecurityGroups/harold-monitor-vm-01-nsg"
WINDOWS = server(size="Standard_A0", vcpus=1, windows=True)
A0 = server(size="Standard_A0", vcpus=1, disks=(("S10", 128),))


def _disks(*gib: int) -> Facts:
    return facts(
        DISKS.known(tuple(Disk(name="sda", size_bytes=each << 30, removable=False) for each in gib))
    )


MACHINES = (
    unknown(
        "target-running",
        "its power state is running; what Resource Health says was not recorded",
        resource=RUNNING,
        words="its health",
    ),
    unknown(
        "target-running",
        "its instance view was not recorded",
        resource=OLD_KIND,
        words="state is not given",
    ),
    passes(
        "target-managed",
        "its agent 2.2.42 was Ready at 05:25:51, and it has no extension",
        resource=RUNNING,
        words="Ready",
        at=THEN,
    ),
    fails(
        "target-managed",
        "its agent was heard of at 05:25:51, and not for two days since",
        resource=RUNNING,
        at=THEN + timedelta(days=2),
    ),
    unknown("target-managed", "its instance view was not recorded", resource=MANAGED),
    passes(
        "target-right-size",
        "it is the size that it was made with",
        resource=OLD_KIND,
        given={"size": "Standard_A0"},
        words="Standard_A0",
    ),
    fails(
        "target-right-size",
        "it is another size",
        resource=OLD_KIND,
        given={"size": "Standard_D2s_v5"},
        words="Standard_A0",
    ),
    passes(
        "target-right-disks",
        "its managed disks have 30 and 20 GiB",
        resource=MANAGED,
        old=_disks(30, 16),
    ),
    fails(
        "target-right-disks",
        "its second disk has 20 GiB",
        resource=MANAGED,
        old=_disks(30, 24),
        words="20.0",
    ),
    fails(
        "target-in-place",
        "it is in West US",
        resource=OLD_KIND,
        given={"regions": ["uksouth"]},
        words="westus",
    ),
    passes(
        "target-in-place", "it is where it may be", resource=OLD_KIND, given={"regions": ["westus"]}
    ),
    fails(
        "target-tagged",
        "it has no tags",
        resource=OLD_KIND,
        given={"tags": {"Owner": []}},
        words="Owner",
    ),
    passes(
        "target-not-exposed",
        "it has no public address, and that nothing filters is said",
        resource=OLD_KIND,
        words="no filter",
    ),
    unknown(
        "target-encrypted",
        "its disk is a blob, of which the machine says nothing",
        resource=OLD_KIND,
        words="no managed disk",
    ),
    unknown(
        "target-encrypted",
        "its second disk is encrypted by the platform's key; its first was not recorded",
        resource=MANAGED,
        words="OsDisk",
    ),
    fails(
        "target-protected",
        "the one lock is on another group, if the list of locks has no more than was recorded",
        resource=MANAGED,
    ),
    unknown("target-backed-up", "vaults were not recorded here", resource=OLD_KIND),
    unknown("target-boots", "boot diagnostics were not recorded", resource=OLD_KIND),
    unknown("target-metadata", "it is not in AWS", resource=OLD_KIND, words="only AWS"),
)
ZONES = (
    unknown(
        "addresses",
        "the subnet is there, with 10.0.1.0/24; how many addresses it uses was not recorded",
        given=SUBNET,
        servers=(A0,),
        words="10.0.1.0/24",
    ),
    fails(
        "addresses",
        "the network has no such subnet",
        given={"subnets": (f"{_NET}/none",)},
        servers=(A0,),
        words="none",
    ),
    passes(
        "routes",
        "no route table is set, so that packets take Azure's own way to the internet",
        given=SUBNET,
        words="internet alone",
    ),
    fails(
        "routes",
        "no route leads to 10.20.0.0/16 but Azure's own, to the internet",
        given={**SUBNET, "on_premise": ("192.0.2.0/24",)},
        words="192.0.2.0/24",
    ),
    unknown(
        "names",
        "its servers are told name servers of the estate's own, 10.1.1.1 and 10.1.2.4",
        given={**SUBNET, "domains": ("council.internal",)},
        words="10.1.1.1",
    ),
    fails(
        "security-groups",
        "its rule SSH lets every source reach port 22",
        given={"security_groups": (OPEN,)},
        words="tcp 22",
    ),
    passes(
        "security-groups",
        "its rule SSH lets every source reach port 22, which is allowed",
        given={"security_groups": (OPEN,), "open_ports": (22,)},
    ),
    passes("security-groups", "it has no rule of its own", given={"security_groups": (SHUT,)}),
    passes(
        "quotas",
        "of 100 vCPUs of the region 13 are in use, and one is needed",
        servers=(A0,),
        words="100 vCPUs, less 13 in use and 1 needed, leaves 86",
    ),
    fails(
        "quotas",
        "of 100 vCPUs of the region 13 are in use, and 88 are needed",
        servers=tuple(
            server(name=f"web-{each}", size="Standard_A0", vcpus=1) for each in range(88)
        ),
        words="1 too few",
    ),
    passes("sizes", "Standard_A0 is listed for West US, without restrictions", servers=(A0,)),
    fails(
        "sizes",
        "West US had no availability zones",
        given={"availability_zones": ("1",)},
        servers=(A0,),
    ),
    fails(
        "sizes",
        "no Standard_D2s_v5 is listed: it came two years later",
        servers=(server(size="Standard_D2s_v5"),),
        words="Standard_D2s_v5",
    ),
    passes(
        "licences",
        "no machine of the subscription has a licence type, so that none of 16 cores is in use",
        given={"windows_cores": 16, "brings_windows": True},
        servers=(WINDOWS,),
        words="16 by Core, less 0 in use and 8 needed",
    ),
    fails(
        "licences",
        "a server needs eight cores at the least",
        given={"windows_cores": 4, "brings_windows": True},
        servers=(WINDOWS,),
        words="4 too few",
    ),
    unknown(
        "connections",
        "no connection was recorded",
        given={"connections": (f"{_group('net')}/Microsoft.Network/connections/vpn",)},
        words="not recorded",
    ),
    unknown(
        "policies",
        "two sets of policies are assigned, whose definitions were not recorded",
        given={"tags": {"Owner": "council"}},
        servers=(A0,),
        words="not recorded",
    ),
    unknown(
        "tags",
        "two sets of policies are assigned, whose definitions were not recorded",
        given={"tags": {"Owner": "council"}},
        words="not recorded",
    ),
)
EXPECTED: tuple[Expectation, ...] = (*MACHINES, *ZONES)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return an Azure that repeats what it once said."""
    recorded = [
        *said(COMPUTE, "test_mgmt_compute.test_vm_extensions"),
        *said(COMPUTE, "test_mgmt_managed_disks.test_create_vm_implicit_md"),
        *said(COMPUTE, "test_mgmt_compute.test_virtual_machines_operations"),
        *said(COMPUTE, "test_mgmt_compute.test_resources_skus"),
        *said(COMPUTE, "test_mgmt_compute.test_usage"),
        *said(NETWORK, "test_mgmt_network.test_network_security_groups"),
        *said(NETWORK, "test_mgmt_network.test_public_ip_addresses"),
        *said(NETWORK, "test_mgmt_network.test_subnets"),
        *said(NETWORK, "test_mgmt_network.test_routes"),
        *said(NETWORK, "test_mgmt_network.test_load_balancers"),
        *said(RESOURCE, "test_mgmt_resource_locks.test_locks"),
        *said(RESOURCE, "test_mgmt_resource_policy.test_policy_definition")[:7],
    ]
    with recorded_world(tmp_path_factory.mktemp("recorded"), "westus", recorded) as opened:
        yield opened


@each_of(EXPECTED)
def test_what_azure_once_said_is_judged(world: World, expected: Expectation) -> None:
    """As the recording argues; nothing that it does not tell is passed."""
    world.holds(expected)


def test_a_size_of_the_recorded_list_is_known(world: World) -> None:
    """A Standard_A0 had one shared processor and 0.75 GiB, as Azure's list of sizes says."""
    going = move(to=Destination.AZURE, resource=OLD_KIND)
    told = world.clouds.told(going, Capacity)
    assert not isinstance(told, Unknown)
    assert (told.size, told.vcpus, told.memory_bytes) == ("Standard_A0", 1, 3 << 28)
