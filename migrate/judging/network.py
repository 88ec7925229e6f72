"""Which of a server's interfaces and addresses others can see."""

from __future__ import annotations

from ipaddress import IPv4Interface, IPv6Interface, ip_interface

from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface
from migrate.judging.reading import Judge, about
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed

_NOT_ADAPTERS = frozenset(
    {"loopback", "bond", "bridge", "vlan", "veth", "tun", "dummy", "team", "macvlan", "ipvlan"}
    | {"vxlan", "wireguard", "tunnel", "virtual"}
)


def adapters(interfaces: tuple[Interface, ...]) -> tuple[int, int]:
    """Return how many network adapters there are at least, and at most.

    The two differ when a source did not say what kind an interface is.
    """
    sure = sum(each.kind == "physical" for each in interfaces)
    maybe = sum(
        each.kind not in _NOT_ADAPTERS and each.name not in {"lo", "lo0"} for each in interfaces
    )
    return sure, max(sure, maybe)


def addresses(interfaces: tuple[Interface, ...]) -> list[IPv4Interface | IPv6Interface]:
    """Return the addresses that others can reach: no loopback and no link-local ones."""
    every = (ip_interface(text) for each in interfaces for text in each.addresses)
    return [each for each in every if not each.ip.is_loopback and not each.ip.is_link_local]


def adapters_at_most(limit: int) -> Judge:
    """Flag more network adapters than the limit."""

    def judge(seen: tuple[Interface, ...]) -> Judgement:
        least, most = adapters(seen)
        if least > limit:
            return Flagged(observed=f"{least} network adapters")
        if most > limit:
            return CannotTell(
                missing=(INTERFACES,),
                because=f"which of {most} interfaces are adapters was not told",
            )
        return Passed()

    return about(INTERFACES, judge)
