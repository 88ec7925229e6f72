"""Route tables of Azure, its own routes, and the gateways that networks use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.azure_zones._network import NETWORKS, listed, subnets_of
from migrate.clouds.zones import AzureZoneAsked
from migrate.model.landing_routes import Route, Routes, Via
from migrate.model.reader import Reader

_NEXT: Final = {
    "VirtualNetworkGateway": Via.ON_PREMISE,
    "VnetLocal": Via.INSIDE,
    "Internet": Via.INTERNET,
    "VirtualAppliance": Via.APPLIANCE,
    "None": Via.DROPPED,
}
_GATEWAY: Final = "/virtualnetworkgateways/"
_EVERYWHERE: Final = "0.0.0.0/0"


def _read(asked: AzureZoneAsked) -> Mapping[str, Routes]:
    networks = listed(asked, "Microsoft.Network/virtualNetworks")
    tables = listed(asked, "Microsoft.Network/routeTables")
    return {
        asked.id: Routes(
            routes={
                each: routes(subnet, network, tables)
                for each, (subnet, network) in subnets_of(networks, asked.zone.subnets).items()
            }
        )
    }


def routes(
    subnet: Mapping[str, Any], network: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]
) -> tuple[Route, ...] | Unknown:
    """Return the routes of a subnet, as its table and its network say. Pure.

    What a gateway has learnt by BGP is told only by asking a network card for its effective
    routes; here it is a route without a prefix.
    """
    named = (subnet["properties"].get("routeTable") or {}).get("id")
    table = tables.get(named.lower()) if named else None
    if named and table is None:
        return Unknown(reason=Reason.NOT_TOLD, detail=f"its route table {named} is not told of")
    properties = table["properties"] if table else {}
    own = tuple(_own(each) for each in properties.get("routes") or ())
    learnt = () if properties.get("disableBgpRoutePropagation") else tuple(_gateways(network))
    return (*own, *learnt, *_given(network, own))


def _own(said: Mapping[str, Any]) -> Route:
    properties = said["properties"]
    hop = properties.get("nextHopType", "")
    prefix = properties.get("addressPrefix", "")
    return Route(
        prefix=prefix if "/" in prefix else "",
        via=_NEXT.get(hop, Via.OTHER),
        target=properties.get("nextHopIpAddress") or hop,
    )


def _gateways(network: Mapping[str, Any]) -> Iterator[Route]:
    """Yield a way for the network's own gateway, and for those of its peers that it uses."""
    for subnet in network["properties"].get("subnets") or ():
        for each in subnet["properties"].get("ipConfigurations") or ():
            if _GATEWAY in each["id"].lower():
                name = each["id"].lower().partition(_GATEWAY)[2].partition("/")[0]
                target = f"what gateway {name} has learnt"
                yield Route(prefix="", via=Via.ON_PREMISE, target=target)
    for peering in network["properties"].get("virtualNetworkPeerings") or ():
        properties = peering["properties"]
        if properties.get("useRemoteGateways") and properties.get("peeringState") == "Connected":
            target = f"what the gateway behind peering {peering['name']} has learnt"
            yield Route(prefix="", via=Via.ON_PREMISE, target=target)


def _given(network: Mapping[str, Any], own: tuple[Route, ...]) -> Iterator[Route]:
    """Yield the routes that Azure makes itself, but for those that the table replaces."""
    taken = {each.prefix for each in own}
    for prefix in network["properties"]["addressSpace"]["addressPrefixes"]:
        if prefix not in taken:
            yield Route(prefix=prefix, via=Via.INSIDE, target="the network itself")
    for peering in network["properties"].get("virtualNetworkPeerings") or ():
        properties = peering["properties"]
        space = properties.get("remoteVirtualNetworkAddressSpace") or {}
        up = properties.get("peeringState") == "Connected"
        for prefix in space.get("addressPrefixes") or ():
            via = Via.INSIDE if up else Via.BLACKHOLE
            yield Route(prefix=prefix, via=via, target=f"peering {peering['name']}")
    if _EVERYWHERE not in taken:
        yield Route(prefix=_EVERYWHERE, via=Via.INTERNET, target="the internet")


READER = Reader(
    tells=Routes, calls=(NETWORKS, azure_call("GET Microsoft.Network/routeTables")), read=_read
)
