"""Which ports a network security group lets the internet reach. Pure.

Rules are taken by their priority, the group's default rules last. In doubt a rule that allows is
taken to apply, and one that denies is not. A rule for single ports is one for TCP and UDP alone,
whatever its protocol: the others have no ports. That is our reading; Azure does not say.
Source: Azure, "Network security groups: how traffic is evaluated" and "Service tags overview".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any, Final

from migrate.clouds.azure_readers._listed import properties
from migrate.clouds.openness import is_internet
from migrate.model.target_exposure import Opening

PROTOCOLS: Final = ("tcp", "udp", "icmp", "esp", "ah")
_ACCESSES: Final = {"allow": True, "deny": False}
_WITH_PORTS: Final = frozenset({"tcp", "udp"})
_EVERYTHING: Final = frozenset({"*", "internet", "any"})
_ANYBODY_S: Final = "azurecloud"
"""Every address that Azure lets to anybody; also by region, ``AzureCloud.uksouth``."""
_ALL_PORTS: Final = (0, 65535)

Said = Mapping[str, Any]
Ports = tuple[int, int]


def open_to_internet(group: Said, addresses: Sequence[str]) -> list[Opening]:
    """Return what a group lets the internet reach at private addresses.

    Raises:
        KeyError: a rule neither allows nor denies, or lacks a part.
        ValueError: a rule has ports or addresses that are none.

    """
    told = properties(group)
    rules = [
        {**properties(each), "name": each["name"]}
        for each in (*(told.get("securityRules") or ()), *(told.get("defaultSecurityRules") or ()))
    ]
    inbound = [each for each in rules if each["direction"].lower() == "inbound"]
    inbound.sort(key=lambda each: each["priority"])
    return [
        opening
        for protocol in PROTOCOLS
        for opening in _of_protocol(inbound, protocol, addresses, group["name"])
    ]


def both(one: Iterable[Opening], other: Iterable[Opening]) -> list[Opening]:
    """Return what two filters, one behind the other, both let through."""
    others = list(other)
    return [
        Opening(
            protocol=a.protocol,
            first=max(a.first, b.first),
            last=min(a.last, b.last),
            source=a.source,
            rule=f"{a.rule} and {b.rule}",
        )
        for a in one
        for b in others
        if a.protocol == b.protocol and max(a.first, b.first) <= min(a.last, b.last)
    ]


def _of_protocol(
    rules: Iterable[Said], protocol: str, addresses: Sequence[str], group: str
) -> Iterator[Opening]:
    undecided: list[Ports] = [_ALL_PORTS]
    for rule in rules:
        if rule["protocol"].lower() not in {"*", protocol}:
            continue
        allows = _ACCESSES[rule["access"].lower()]
        source = _source(rule, allows=allows)
        if source is None or not _reaches(rule, addresses, allows=allows):
            continue
        ports = _ports(rule, "destination")
        if protocol not in _WITH_PORTS and _ALL_PORTS not in ports:
            continue
        if allows:
            for first, last in _common(undecided, ports):
                where = f"{group}/{rule['name']}"
                yield Opening(protocol=protocol, first=first, last=last, source=source, rule=where)
        elif _ALL_PORTS not in _ports(rule, "source"):
            continue
        undecided = _without(undecided, ports)


def _source(rule: Said, *, allows: bool) -> str | None:
    """Return the source that is the internet, or None when the rule does not speak of all of it."""
    for each in _listed(rule, "sourceAddressPrefix", "sourceAddressPrefixes"):
        if each.lower() in _EVERYTHING:
            return each
        if allows and (_is_tag(each, _ANYBODY_S) or (_is_range(each) and is_internet(each))):
            return each
    return None


def _reaches(rule: Said, addresses: Sequence[str], *, allows: bool) -> bool:
    named = _listed(rule, "destinationAddressPrefix", "destinationAddressPrefixes")
    if not named or not addresses or not all(map(_is_range, named)):
        everywhere = any(each.lower() in {"*", "any", "virtualnetwork"} for each in named)
        return allows or everywhere
    inside = [any(_holds(one, address) for one in named) for address in addresses]
    return any(inside) if allows else all(inside)


def _holds(prefix: str, address: str) -> bool:
    return ip_address(address) in ip_network(prefix, strict=False)


def _ports(rule: Said, side: str) -> list[Ports]:
    named = _listed(rule, f"{side}PortRange", f"{side}PortRanges")
    return [_ALL_PORTS if each == "*" else _range(each) for each in named]


def _range(text: str) -> Ports:
    first, _, last = text.partition("-")
    return int(first), int(last or first)


def _listed(rule: Said, one: str, many: str) -> list[str]:
    return [each for each in (rule.get(one), *(rule.get(many) or ())) if each]


def _is_tag(text: str, tag: str) -> bool:
    return text.lower() == tag or text.lower().startswith(f"{tag}.")


def _is_range(text: str) -> bool:
    return text[:1].isdigit() or ":" in text


def _common(some: Iterable[Ports], others: Sequence[Ports]) -> Iterator[Ports]:
    for a in some:
        for b in others:
            if max(a[0], b[0]) <= min(a[1], b[1]):
                yield max(a[0], b[0]), min(a[1], b[1])


def _without(some: Iterable[Ports], others: Iterable[Ports]) -> list[Ports]:
    left = list(some)
    for first, last in others:
        left = [
            piece
            for a, b in left
            for piece in ((a, min(b, first - 1)), (max(a, last + 1), b))
            if piece[0] <= piece[1]
        ]
    return left
