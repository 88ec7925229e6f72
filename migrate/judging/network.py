"""Which of a server's interfaces and addresses others can see."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Interface, IPv6Interface, ip_interface

from inventory.model.fact import Facts, Known
from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface
from inventory.model.placement import VIRTUAL_NICS
from migrate.judging.reading import Judge
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Surroundings

IPV4 = 4
_NOT_ADAPTERS = frozenset(
    {"loopback", "bond", "bridge", "vlan", "veth", "tun", "dummy", "team", "macvlan", "ipvlan"}
    | {"vxlan", "wireguard", "tunnel", "virtual"}
)
_INNER = re.compile(
    r"(docker|podman|cni|lxcbr|lxdbr|incusbr|virbr|flannel|cali|kube-)[\w.-]*|br-[0-9a-f]{12}"
)
"""Networks that a container engine or libvirt makes within a server: every server that runs one
has the same addresses there, and nobody else can reach them."""


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
    """Return the addresses that others can reach.

    No loopback and no link-local ones, and none of networks that containers and guests of the
    server have among themselves.
    """
    every = (
        _reached(text)
        for each in interfaces
        if each.addresses and not _is_inner(each.name)
        for text in each.addresses
    )
    return [each for each in every if each]


def ipv4_addresses(interfaces: tuple[Interface, ...]) -> list[IPv4Interface]:
    """Return the IPv4 ones of the :func:`addresses`."""
    return [each for each in addresses(interfaces) if isinstance(each, IPv4Interface)]


def adapters_at_most(limit: int) -> Judge:
    """Flag more network adapters than the limit.

    Where the server itself did not tell its interfaces, the cards that its hypervisor gives it
    count.
    """

    def judged(facts: Facts, _around: Surroundings) -> Judgement:
        seen = facts.of(INTERFACES)
        if isinstance(seen, Known):
            return _judge(*adapters(seen.value), limit)
        given = facts.of(VIRTUAL_NICS)
        if isinstance(given, Known):
            return _judge(len(given.value), len(given.value), limit)
        return CannotTell(missing=(INTERFACES,))

    return judged


# Many rules look at the same addresses, and reading one takes longer than judging it.
@lru_cache(maxsize=65_536)
def _reached(text: str) -> IPv4Interface | IPv6Interface | None:
    """Return an address that others can reach; None for another."""
    address = ip_interface(text)
    return None if address.ip.is_loopback or address.ip.is_link_local else address


@lru_cache(maxsize=4_096)
def _is_inner(name: str) -> bool:
    return _INNER.fullmatch(name) is not None


def _judge(least: int, most: int, limit: int) -> Judgement:
    if least > limit:
        return Flagged(observed=f"{least} network adapters")
    if most > limit:
        return CannotTell(
            missing=(INTERFACES,),
            because=f"which of {most} interfaces are adapters was not told",
        )
    return Passed()
