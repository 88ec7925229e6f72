"""How names are resolved in Azure's networks: name servers, private zones, forwarding rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Unknown
from migrate.clouds.azure_zones._network import NETWORKS, listed, subnets_of
from migrate.clouds.zones import AzureZoneAsked, partly
from migrate.model.landing_names import Names, Resolution
from migrate.model.reader import Reader

_ZONES = (
    azure_call("GET Microsoft.Network/privateDnsZones"),
    azure_call("GET Microsoft.Network/privateDnsZones/virtualNetworkLinks"),
)
_RULES = (
    azure_call("GET Microsoft.Network/dnsForwardingRulesets"),
    azure_call("GET Microsoft.Network/dnsForwardingRulesets/virtualNetworkLinks"),
    azure_call("GET Microsoft.Network/dnsForwardingRulesets/forwardingRules"),
)
_DNS, _RESOLVER = "2024-06-01", "2022-07-01"


def _read(asked: AzureZoneAsked) -> Mapping[str, Names]:
    networks = listed(asked, "Microsoft.Network/virtualNetworks")
    mine = {
        network["id"].lower(): network
        for _, network in subnets_of(networks, asked.zone.subnets).values()
    }
    zones = partly(asked, lambda: _zones(asked), *_ZONES)
    rules = partly(asked, lambda: _rules(asked), *_RULES)
    return {
        asked.id: Names(
            networks={
                each: resolution(each, network, zones, rules) for each, network in mine.items()
            }
        )
    }


Linked = tuple[tuple[str, frozenset[str]], ...]
"""Domain, and the networks that are linked to what holds it, in lower case."""


def resolution(
    network: str, said: Mapping[str, Any], zones: Linked | Unknown, rules: Linked | Unknown
) -> Resolution:
    """Make it of a network's JSON, and of the zones and rules with their links. Pure."""
    servers = (said["properties"].get("dhcpOptions") or {}).get("dnsServers") or ()
    told = [each for each in (zones, rules) if isinstance(each, Unknown)]
    known = [each for each in (zones, rules) if not isinstance(each, Unknown)]
    return Resolution(
        provider=True,
        hostnames=True,
        servers=tuple(servers),
        forwarded=told[0]
        if told
        else tuple(
            domain.strip(".").lower()
            for each in known
            for domain, linked in each
            if network in linked
        ),
    )


def _zones(asked: AzureZoneAsked) -> Linked:
    """Return the private zones that hold the zone's domains. Links are told zone by zone alone."""
    wanted = [each.strip(".").lower() for each in asked.zone.domains]
    found = listed(asked, "Microsoft.Network/privateDnsZones", _DNS)
    return tuple(
        (each["name"], _links(asked.arm.pages(f"{each['id']}/virtualNetworkLinks", _DNS)))
        for each in found.values()
        if any(f".{one}".endswith(f".{each['name'].lower()}") for one in wanted)
    )


def _rules(asked: AzureZoneAsked) -> Linked:
    found = listed(asked, "Microsoft.Network/dnsForwardingRulesets", _RESOLVER)
    return tuple(
        (rule["properties"]["domainName"], linked)
        for each in found.values()
        for linked in [_links(asked.arm.pages(f"{each['id']}/virtualNetworkLinks", _RESOLVER))]
        if linked
        for rule in asked.arm.pages(f"{each['id']}/forwardingRules", _RESOLVER)
        if rule["properties"].get("forwardingRuleState", "Enabled") == "Enabled"
    )


def _links(said: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    return frozenset(
        each["properties"]["virtualNetwork"]["id"].lower()
        for each in said
        if each["properties"].get("virtualNetworkLinkState", "Completed") == "Completed"
        and each["properties"].get("provisioningState", "Succeeded") == "Succeeded"
    )


READER = Reader(tells=Names, calls=(NETWORKS, *_ZONES, *_RULES), read=_read)
