"""Subnets of Azure, and how many addresses they have left."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from ipaddress import IPv4Network, ip_network
from typing import Any

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.azure_zones._network import NETWORK, NETWORKS, listed, subnets_of
from migrate.clouds.zones import AzureZoneAsked, partly
from migrate.model.landing_subnets import Subnet, Subnets
from migrate.model.reader import Reader

_USAGES = azure_call("GET Microsoft.Network/virtualNetworks/usages")
_KEPT = 5
"""Addresses of each prefix that Azure keeps: Microsoft Learn, Virtual Network FAQ."""


def _read(asked: AzureZoneAsked) -> Mapping[str, Subnets]:
    networks = listed(asked, "Microsoft.Network/virtualNetworks")
    found = subnets_of(networks, asked.zone.subnets)
    used = {
        network: partly(asked, partial(_usages, asked, network), _USAGES)
        for network in sorted({network["id"] for _, network in found.values()})
    }
    return {
        asked.id: Subnets(
            subnets={
                each: subnet(said, used[network["id"]]) for each, (said, network) in found.items()
            }
        )
    }


def _usages(asked: AzureZoneAsked, network: str) -> dict[str, float]:
    said = asked.arm.pages(f"{network}/usages", NETWORK)
    return {each["id"].lower(): each["currentValue"] for each in said}


def subnet(said: Mapping[str, Any], used: Mapping[str, float] | Unknown) -> Subnet:
    """Make it of a subnet's JSON, and of what its network's usage says by subnet. Pure.

    What is in use is the larger of the two that Azure tells: the subnet's IP configurations leave
    out what some services take, and the usage may not hold the subnet.
    """
    properties = said["properties"]
    prefixes = properties.get("addressPrefixes") or [properties.get("addressPrefix")]
    four = [network for each in prefixes if isinstance(network := ip_network(each), IPv4Network)]
    if isinstance(used, Unknown):
        return Subnet(prefix=", ".join(prefixes), free=used)
    if not four:
        why = Unknown(reason=Reason.NOT_TOLD, detail="it has no IPv4 prefix")
        return Subnet(prefix=", ".join(prefixes), free=why)
    configured = len(properties.get("ipConfigurations") or ())
    taken = max(configured, int(used.get(said["id"].lower(), 0)))
    whole, kept = sum(each.num_addresses for each in four), _KEPT * len(four)
    return Subnet(
        prefix=", ".join(prefixes),
        free=max(0, whole - kept - taken),
        arithmetic=f"{whole} - {kept} kept by Azure - {taken} in use",
    )


READER = Reader(tells=Subnets, calls=(NETWORKS, _USAGES), read=_read)
