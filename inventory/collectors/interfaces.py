"""How the server is attached to its networks: interfaces, routes, gateways, neighbours.

One question, because ``ip`` answers all of it at once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from inventory.collectors import _address_method
from inventory.collectors._ifconfig import read_ifconfig, with_links
from inventory.collectors._interfaces_examples import EXAMPLES
from inventory.collectors._ip import read_ip
from inventory.collectors._ip_batch import (
    COMMANDS,
    Batch,
    read_arp,
    read_batch,
    read_neighbours,
    read_rules,
)
from inventory.collectors._netstat_routes import lacks_masks, read_netstat_routes
from inventory.collectors._routes import (
    gateways_of,
    read_ip_routes,
    read_proc_routes,
)
from inventory.collectors._sysfs_net import FILES, kind_of, speed_of, with_bond, with_device
from inventory.collectors._text import first_lines, parts
from inventory.model.collector import Answer, Collector
from inventory.model.fact import Reason
from inventory.model.facts import INTERFACES
from inventory.model.network import GATEWAYS, NEIGHBOURS, ROUTES, ROUTING_RULES, Neighbour, Route
from inventory.model.parts import AddressMethod, Interface

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from inventory.model.fact import Observation

# Where ip is not there, or is too old or too small to be asked all at once, /proc tells the routes.
_SCRIPT = f"""
echo '@@ batch'
printf '{COMMANDS}' | ip -d -force -batch - || {{
  if command -v ip >/dev/null; then echo '@@ ip'; ip addr; else echo '@@ ifconfig'; ifconfig -a; fi
  if [ -d /sys/class/net ]; then
    echo '@@ sysfs'
    grep -HasE '^([^=]*|DEVTYPE=.*)$' /sys/class/net/*/type /sys/class/net/*/speed \\
      /sys/class/net/*/uevent /sys/class/net/*/tun_flags
    echo '@@ marks'
    for mark in /sys/class/net/*/device /sys/class/net/*/bonding /sys/class/net/*/bridge; do
      if [ -e "$mark" ]; then printf '%s\\n' "$mark"; fi
    done
  else
    echo '@@ netstat'
    # Without -v, Solaris tells no masks.
    case $(uname) in SunOS) netstat -rnv ;; *) netstat -rn ;; esac
    # AIX tells of links nowhere else.
    case $(uname) in AIX) echo '@@ links'; netstat -in ;; esac
  fi
}}
echo '@@ configured'
{_address_method.QUESTION}
:
"""

_ROUTES = ("/proc/net/route", "/proc/net/ipv6_route")
_ARP = "/proc/net/arp"


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    batch = read_batch(said.get("batch", ""))
    routes = _routes(batch, said, answer.files)
    return (
        _interfaces(_attached(said, batch), routes or (), said, answer.files),
        _all_routes(routes, said.get("netstat", "")),
        GATEWAYS.known_or(gateways_of(routes) if routes is not None else None, Reason.NOT_TOLD),
        ROUTING_RULES.known_or(
            read_rules(batch.rules) if batch.rules else None, Reason.NOT_TOLD, "ip told of none"
        ),
        NEIGHBOURS.known_or(_neighbours(batch, answer.files), Reason.NOT_TOLD),
    )


def _all_routes(routes: tuple[Route, ...] | None, by_netstat: str) -> Observation:
    if lacks_masks(by_netstat):
        return ROUTES.unknown(Reason.NOT_TOLD, "netstat does not say how large the networks are")
    return ROUTES.known_or(routes, Reason.NOT_TOLD, "neither ip nor /proc/net nor netstat told")


def _attached(said: Mapping[str, str], batch: Batch) -> list[Interface]:
    return (
        read_ip(batch.interfaces)
        or read_ip(said.get("ip", "").splitlines())
        or with_links(read_ifconfig(said.get("ifconfig", "")), said.get("links", ""))
    )


def _routes(
    batch: Batch, said: Mapping[str, str], files: Mapping[str, str]
) -> tuple[Route, ...] | None:
    if batch.interfaces:
        return read_ip_routes(batch.routes)
    if any(path in files for path in _ROUTES):
        return read_proc_routes(files)
    return read_netstat_routes(said.get("netstat", ""))


def _neighbours(batch: Batch, files: Mapping[str, str]) -> tuple[Neighbour, ...] | None:
    if batch.interfaces:
        return read_neighbours(batch.neighbours)
    return read_arp(files[_ARP]) if _ARP in files else None


def _interfaces(
    found: Sequence[Interface],
    routes: Sequence[Route],
    said: Mapping[str, str],
    files: Mapping[str, str],
) -> Observation:
    if not found:
        return INTERFACES.unknown(Reason.NOT_TOLD, "neither ip nor ifconfig answered")
    attributes = first_lines(said.get("sysfs", ""))
    marks = frozenset(said.get("marks", "").split())
    methods = dict(_by_route(routes)) | _address_method.read_methods(said.get("configured", ""))
    members: dict[str, list[str]] = {}
    for each in found:
        members.setdefault(each.master or "", []).append(each.name)
    told = (
        replace(
            with_bond(with_device(_told(each, attributes, marks), files), files),
            method=each.method or methods.get(each.name),
        )
        for each in sorted(found, key=lambda each: each.name)
    )
    return INTERFACES.known(
        tuple(
            replace(each, members=each.members or tuple(sorted(members.get(each.name, ()))))
            for each in told
        )
    )


def _told(interface: Interface, attributes: Mapping[str, str], marks: frozenset[str]) -> Interface:
    kind = interface.kind or kind_of(interface.name, attributes, marks)
    return replace(
        interface,
        speed_mbps=speed_of(interface.name, attributes),
        kind=kind,
        # What it is said to lie on is the other end of a virtual cable, where it is no such layer.
        parent=interface.parent if kind in {"vlan", "macvlan", "ipvlan", "vxlan"} else None,
    )


def _by_route(routes: Sequence[Route]) -> Iterator[tuple[str, AddressMethod]]:
    """Yield the method of interfaces whose default route says who set it."""
    for each in routes:
        if each.destination == "0.0.0.0/0" and each.table == "main" and each.interface:
            if each.origin == "dhcp":
                yield each.interface, AddressMethod.DHCP
            elif each.origin == "static":
                yield each.interface, AddressMethod.STATIC


COLLECTOR = Collector(
    files=(*FILES, *_ROUTES, _ARP),
    script=_SCRIPT,
    tidy=True,
    tells=(INTERFACES, ROUTES, GATEWAYS, ROUTING_RULES, NEIGHBOURS),
    read=_read,
    examples=EXAMPLES,
)
