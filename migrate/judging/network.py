"""Which of a server's interfaces and addresses others can see."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Interface, IPv4Network, IPv6Interface, ip_interface

from inventory.model.fact import Facts, Known
from inventory.model.facts import INTERFACES
from inventory.model.parts import Interface
from inventory.model.placement import VIRTUAL_NICS
from migrate.judging.reading import Judge
from migrate.judging.remembering import of_each
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Surroundings

IPV4 = 4
_NOT_ADAPTERS = frozenset(
    {"loopback", "bond", "bridge", "vlan", "veth", "tun", "dummy", "team", "macvlan", "ipvlan"}
    | {"vxlan", "wireguard", "tunnel", "virtual"}
)
_PRIVATE = tuple(map(IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
"""RFC 1918."""
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


@of_each
def addresses(
    interfaces: tuple[Interface, ...],
) -> tuple[IPv4Interface | IPv6Interface, ...]:
    """Return the addresses that others can reach.

    No loopback and no link-local ones, and none of networks that containers and guests of the
    server have among themselves.
    """
    return tuple([address for each in interfaces for address in _of(each)])


@of_each
def ipv4_addresses(interfaces: tuple[Interface, ...]) -> tuple[IPv4Interface, ...]:
    """Return the IPv4 ones of the :func:`addresses`."""
    return tuple([each for each in addresses(interfaces) if isinstance(each, IPv4Interface)])


def ipv4_of(interface: Interface) -> list[IPv4Interface]:
    """Return the IPv4 ones of the :func:`addresses` that are one interface's."""
    return [each for each in _of(interface) if isinstance(each, IPv4Interface)]


def is_within(address: IPv4Interface, network: IPv4Network) -> bool:
    """Tell whether an address is one of a network's."""
    return int(address) & int(network.netmask) == int(network.network_address)


def is_public(address: IPv4Interface) -> bool:
    """Tell whether an address is one of the internet.

    Most are private, which is found out much faster of those than of all that are reserved.
    """
    return not any(is_within(address, each) for each in _PRIVATE) and address.ip.is_global


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


def _of(interface: Interface) -> list[IPv4Interface | IPv6Interface]:
    if not interface.addresses or _is_inner(interface.name):
        return []
    return [address for text in interface.addresses if (address := _reached(text))]


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
