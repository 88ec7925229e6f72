"""Network security groups of Azure, and what they let in from the world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from inventory.model.cloud_calls import azure_call
from migrate.clouds.azure_zones._network import by_asked, listed
from migrate.clouds.zones import AzureZoneAsked
from migrate.model.landing_firewalls import Firewalls, Opening
from migrate.model.reader import Reader

_WORLD = frozenset({"*", "internet", "0.0.0.0/0", "::/0", "any"})
_LAST_PORT = 65535
_DENY = "deny"


def _read(asked: AzureZoneAsked) -> Mapping[str, Firewalls]:
    found = listed(asked, "Microsoft.Network/networkSecurityGroups")
    wanted = by_asked(asked.zone.security_groups, found)
    return {
        asked.id: Firewalls(
            open_to_world={each: open_to_world(said) for each, said in wanted.items()}
        )
    }


def open_to_world(said: Mapping[str, Any]) -> tuple[Opening, ...]:
    """Return what a group lets anybody reach, its default rules among the others. Pure.

    Rules count by priority, the lowest number first; an allowance that a denial of the same ports
    goes before lets nothing in. A denial in part does not count: rather too much is told.
    """
    properties = said["properties"]
    rules = [
        *(properties.get("securityRules") or ()),
        *(properties.get("defaultSecurityRules") or ()),
    ]
    inbound = sorted(
        (each["properties"] for each in rules if each["properties"]["direction"] == "Inbound"),
        key=lambda rule: rule["priority"],
    )
    denied: list[Opening] = []
    found: list[Opening] = []
    for rule in inbound:
        if not _is_of_world(rule):
            continue
        for opening in _openings(rule):
            if rule["access"].lower() == _DENY:
                denied.append(opening)
            elif not any(_covers(each, opening) for each in denied):
                found.append(opening)
    return tuple(dict.fromkeys(found))


def _is_of_world(rule: Mapping[str, Any]) -> bool:
    sources = [rule.get("sourceAddressPrefix"), *(rule.get("sourceAddressPrefixes") or ())]
    return any(each and each.lower() in _WORLD for each in sources)


def _openings(rule: Mapping[str, Any]) -> Iterator[Opening]:
    protocol = rule["protocol"].lower()
    ranges = [rule.get("destinationPortRange"), *(rule.get("destinationPortRanges") or ())]
    for each in filter(None, ranges):
        first, _, last = each.partition("-")
        ports = (0, _LAST_PORT) if each == "*" else (int(first), int(last or first))
        whole = protocol == "*" and ports == (0, _LAST_PORT)
        yield Opening(
            protocol="all" if whole else protocol.replace("*", "any protocol"),
            first=ports[0],
            last=ports[1],
        )


def _covers(denial: Opening, opening: Opening) -> bool:
    same = denial.protocol in {"all", "any protocol", opening.protocol}
    return same and denial.first <= opening.first and opening.last <= denial.last


READER = Reader(
    tells=Firewalls, calls=(azure_call("GET Microsoft.Network/networkSecurityGroups"),), read=_read
)
