"""What Azure once said of ways out of its networks: a VPN, ExpressRoute circuits, a private zone.

The recordings are of the tests of Microsoft's own SDK (azure-mgmt-network 16.0.0b1), of June 2020,
made by its makers and not by us. The circuits were made a minute before, and their provider has
done nothing yet; the VPN's other end is an address at which nobody is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from expectations import Expectation, World, each_of, fails, unknown
from recorded_azure import SUBSCRIPTION, recorded_world
from recordings import azure, needs, said

from migrate.clouds.azure_zones import connections, names
from migrate.model.landing_names import Names

NETWORK = "network-16.0.0b1"
pytestmark = needs(azure(NETWORK))
_HERE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rgname/providers/Microsoft.Network"
VPN, CIRCUIT = f"{_HERE}/connections/connectionname", f"{_HERE}/expressRouteCircuits/myCircuit"
VNET = f"{_HERE}/virtualNetworks/virtualnetwork"


def _last(test: str, path: str) -> dict[str, Any]:
    """Return the last answer at a path that told it."""
    told = [each.body for each in said(NETWORK, test) if each.path == path and each.status == 200]
    found: dict[str, Any] = [each for each in told if each][-1]
    return found


def _names() -> Mapping[type, object]:
    zone = _last("network_endpoint.test_network", f"{_HERE}/privateDnsZones/www.zone1.com")
    assert zone["properties"]["numberOfVirtualNetworkLinks"] == 0
    network = _last("network_endpoint.test_network", VNET)
    told = names.resolution(VNET.lower(), network, ((zone["name"], frozenset()),), ())
    return {Names: Names(networks={VNET.lower(): told})}


EXPECTED: tuple[Expectation, ...] = (
    fails(
        "connections",
        "the circuit is Enabled, its provider NotProvisioned, and there is no private peering",
        given={"connections": (CIRCUIT,)},
        words="NotProvisioned",
    ),
    fails(
        "connections",
        "there is no circuit of that name",
        given={"connections": (f"{CIRCUIT}9",)},
        words="myCircuit9",
    ),
    unknown(
        "connections",
        "its connectionStatus is the word Unknown",
        given={"connections": (VPN,)},
        words="its state is Unknown",
    ),
    fails(
        "names",
        "the zone www.zone1.com has no link to any network (by the reader's pure part: the list "
        "of its links was not asked for)",
        given={"subnets": (f"{VNET}/subnets/subnet1",), "domains": ("www.zone1.com",)},
        words="www.zone1.com",
        pure=_names,
    ),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return an Azure that repeats what it once said."""
    recorded = [
        *said(NETWORK, "network_base.test_network"),
        *said(NETWORK, "network_express_route.test_network"),
    ]
    with recorded_world(tmp_path_factory.mktemp("networks"), "eastus", recorded) as opened:
        yield opened


@each_of(EXPECTED)
def test_what_azure_once_said_of_networks_is_judged(world: World, expected: Expectation) -> None:
    """As the recording argues; nothing that it does not tell is passed."""
    world.holds(expected)


def test_a_key_that_azure_tells_unasked_is_not_kept() -> None:
    """A connection's JSON has its shared key among the rest; nothing of it is taken."""
    told = _last("network_base.test_network", VPN)
    key = told["properties"]["sharedKey"]
    assert len(key) > len("Abc123")
    assert key not in repr(connections.connection(told))
