"""What of virtual machines the internet can reach: public addresses, and both filters' rules.

The group of the subnet and the group of the interface stand one behind the other. Security admin
rules of a Virtual Network Manager, firewalls and gateways before them are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.asking import AzureAsked
from migrate.clouds.azure_readers._listed import MACHINES, NETWORK, listed, machines, properties
from migrate.clouds.azure_readers._rules import both, open_to_internet
from migrate.clouds.readers import each_read
from migrate.model.reader import Reader
from migrate.model.target_exposure import Exposure, Opening

_CARDS: Final = "Microsoft.Network/networkInterfaces"
_PUBLIC: Final = "Microsoft.Network/publicIPAddresses"
_NETWORKS: Final = "Microsoft.Network/virtualNetworks"
_GROUPS: Final = "Microsoft.Network/networkSecurityGroups"

Said = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Network:
    """What Azure lists of networks in a subscription, each by its id in lower case."""

    cards: Mapping[str, Said]
    public: Mapping[str, Said]
    subnets: Mapping[str, Said]
    groups: Mapping[str, Said]


class _NotListedError(LookupError):
    """Something that a resource names is not among what Azure lists."""


def _read(asked: AzureAsked) -> Mapping[str, Exposure | Unknown]:
    arm = asked.arm
    found = machines(arm, asked)
    networks = listed(arm, asked, _NETWORKS, NETWORK)
    network = Network(
        cards=listed(arm, asked, _CARDS, NETWORK),
        public=listed(arm, asked, _PUBLIC, NETWORK),
        subnets={
            subnet["id"].lower(): subnet
            for each in networks.values()
            for subnet in properties(each).get("subnets") or ()
        },
        groups=listed(arm, asked, _GROUPS, NETWORK),
    )
    return each_read(found, lambda said: exposure(said, network))


def exposure(said: Said, network: Network) -> Exposure | Unknown:
    """Make it of a virtual machine and of its subscription's networks. Pure."""
    named = (properties(said).get("networkProfile") or {}).get("networkInterfaces") or ()
    try:
        cards = [_known(network.cards, each["id"]) for each in named]
        found = [each for card in cards for each in _of_card(card, network)]
    except _NotListedError as error:
        return Unknown(reason=Reason.NOT_TOLD, detail=f"Azure does not list {error}")
    return Exposure(
        public_addresses=tuple(dict.fromkeys(each for one in found for each in one.public)),
        openings=tuple(dict.fromkeys(each for one in found for each in one.openings)),
        filtered=all(each.filtered for each in found),
    )


@dataclass(frozen=True, kw_only=True)
class _Way:
    """One address of an interface, and what may come in by it."""

    public: tuple[str, ...]
    openings: Sequence[Opening]
    filtered: bool


def _of_card(card: Said, network: Network) -> Iterator[_Way]:
    own = properties(card)
    for each in own.get("ipConfigurations") or ():
        told = properties(each)
        subnet = properties(_known(network.subnets, told["subnet"]["id"]))
        named = [group["id"] for group in map(_group, (subnet, own)) if group]
        groups = [_known(network.groups, group) for group in named]
        address = told.get("publicIPAddress")
        public = _known(network.public, address["id"]) if address else None
        addresses = [told["privateIPAddress"]] if told.get("privateIPAddress") else []
        yield _Way(
            public=(_address(public),) if public else (),
            openings=_through(groups, addresses) if groups else _unfiltered(told, public),
            filtered=bool(groups),
        )


def _address(public: Said) -> str:
    """Return a public address; a dynamic one is given only while the machine runs."""
    given: str | None = properties(public).get("ipAddress")
    return given or f"{public['name']} (not given now)"


def _group(told: Said) -> Said | None:
    group: Said | None = told.get("networkSecurityGroup")
    return group


def _through(groups: Sequence[Said], addresses: Sequence[str]) -> Sequence[Opening]:
    first, *rest = (open_to_internet(each, addresses) for each in groups)
    for each in rest:
        first = both(first, each)
    return first


def _unfiltered(told: Said, public: Said | None) -> Sequence[Opening]:
    """Return what is open where no group filters.

    A public address of the standard kind lets nothing in without a group; a basic one, everything.
    What stands in a load balancer's pool is taken to be reached by it.
    Source: Azure, "Public IP addresses", SKU.
    """
    kind = (public.get("sku") or {}).get("name", "Basic") if public else "Standard"
    basic = not kind.startswith("Standard")
    if not basic and not told.get("loadBalancerBackendAddressPools"):
        return ()
    why = "no network security group"
    return [Opening(protocol="any", first=0, last=65535, source="Internet", rule=why)]


def _known(listing: Mapping[str, Said], id_: str) -> Said:
    found = listing.get(id_.lower())
    if found is None:
        raise _NotListedError(id_)
    return found


READER = Reader(
    tells=Exposure,
    calls=(
        MACHINES,
        azure_call(f"GET {_CARDS}"),
        azure_call(f"GET {_PUBLIC}"),
        azure_call(f"GET {_NETWORKS}"),
        azure_call(f"GET {_GROUPS}"),
    ),
    read=_read,
)
