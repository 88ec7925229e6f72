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
    used: dict[str, float] = {}
    for network in {network["id"] for _, network in found.values()}:
        told = partly(asked, partial(_usages, asked, network), _USAGES)
        used |= {} if isinstance(told, Unknown) else told
    return {
        asked.id: Subnets(
            subnets={
                each: subnet(said, used.get(said["id"].lower()))
                for each, (said, _) in found.items()
            }
        )
    }


def _usages(asked: AzureZoneAsked, network: str) -> dict[str, float]:
    said = asked.arm.pages(f"{network}/usages", NETWORK)
    return {each["id"].lower(): each["currentValue"] for each in said}


def subnet(said: Mapping[str, Any], used: float | None) -> Subnet:
    """Make it of a subnet's JSON and of how many addresses its network's usage says. Pure.

    What is in use is the larger of the two that Azure tells: the subnet's IP configurations leave
    out what some services take, and the usage may not be seen.
    """
    properties = said["properties"]
    prefixes = properties.get("addressPrefixes") or [properties.get("addressPrefix")]
    four = [network for each in prefixes if isinstance(network := ip_network(each), IPv4Network)]
    configured = len(properties.get("ipConfigurations") or ())
    taken = max(configured, int(used or 0))
    whole = sum(each.num_addresses for each in four)
    free: int | Unknown = max(0, whole - _KEPT * len(four) - taken)
    if not four:
        free = Unknown(reason=Reason.NOT_TOLD, detail="it has no IPv4 prefix")
    return Subnet(
        prefix=", ".join(prefixes),
        free=free,
        arithmetic=f"{whole} - {_KEPT * len(four)} kept by Azure - {taken} in use" if four else "",
    )


READER = Reader(tells=Subnets, calls=(NETWORKS, _USAGES), read=_read)
