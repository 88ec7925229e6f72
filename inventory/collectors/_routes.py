"""Routes, as ``ip route`` and /proc/net tell them."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Address, ip_address
from typing import TYPE_CHECKING, Final

from inventory.collectors._ip import after
from inventory.collectors._text import number
from inventory.model.network import Route

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_EVERYWHERE: Final = ("0.0.0.0/0", "::/0")
_KINDS: Final = frozenset({
    "unicast", "local", "broadcast", "multicast", "anycast", "throw", "unreachable", "prohibit",
    "blackhole", "nat",
})  # fmt: skip
_OWN: Final = frozenset({"local", "broadcast", "multicast", "anycast"})
"""Routes that the kernel makes of its own addresses."""
_UP: Final = 0x1
_REJECT: Final = 0x200
"""RTF_UP and RTF_REJECT of the kernel's route.h."""
_NONE: Final = 0xFFFFFFFF
"""The metric of the IPv6 route that refuses what no other route takes."""
_V4_FIELDS: Final = 8
_V6_FIELDS: Final = 10
_WHOLE: Final = {4: 32, 6: 128}


def read_ip_routes(lines: Iterable[str]) -> tuple[Route, ...]:
    """Read ``ip route show table all``, with details or without; not the kernel's own routes."""
    found: list[Route] = []
    for entry in _joined(lines):
        route = _route(entry)
        if route:
            found.append(route)
    return tuple(found)


def _joined(lines: Iterable[str]) -> Iterator[list[str]]:
    """Yield each route's words; those of its further ways stand on lines of their own."""
    entry: list[str] = []
    for line in lines:
        if not line[:1].isspace() and entry:
            yield entry
            entry = []
        entry.extend(line.split())
    if entry:
        yield entry


def _route(words: list[str]) -> Route | None:
    kind = words[0] if words[0] in _KINDS else "unicast"
    rest = words[1:] if words[0] in _KINDS else words
    metric = number(after(rest, "metric"))
    table = after(rest, "table") or "main"
    if not rest or kind in _OWN or table == "local" or metric == _NONE:
        return None
    gateways = tuple(_gateways(rest))
    is_v6 = ":" in rest[0] or "pref" in rest or any(":" in each for each in gateways)
    destination = whole(rest[0], v6=is_v6)
    if destination is None:
        return None
    return Route(
        destination=destination,
        gateways=gateways,
        interface=after(rest, "dev"),
        table=table,
        metric=metric,
        kind=kind,
        origin=after(rest, "proto"),
        source=after(rest, "src"),
    )


def _gateways(words: list[str]) -> Iterator[str]:
    for at, word in enumerate(words[:-1]):
        if word == "via":
            family = words[at + 1] in {"inet", "inet6"}
            yield words[min(at + 1 + family, len(words) - 1)]


def whole(destination: str, *, v6: bool) -> str | None:
    """Return a destination with its length, which one address has in full; None if it is none."""
    if destination == "default":
        return _EVERYWHERE[v6]
    address, slash, length = destination.partition("/")
    try:
        version = ip_address(address).version
    except ValueError:
        return None
    return f"{address}/{length}" if slash else f"{address}/{_WHOLE[version]}"


def read_proc_routes(files: Mapping[str, str]) -> tuple[Route, ...]:
    """Read /proc/net/route and /proc/net/ipv6_route: the main tables."""
    found: list[Route] = []
    rows = ((line.split(), _v4) for line in files.get("/proc/net/route", "").splitlines()[1:])
    more = ((line.split(), _v6) for line in files.get("/proc/net/ipv6_route", "").splitlines())
    for words, form in (*rows, *more):
        try:
            found.extend(form(words))
        except ValueError:
            continue
    return tuple(found)


def _v4(words: list[str]) -> Iterator[Route]:
    """Read Iface Destination Gateway Flags RefCnt Use Metric Mask, in the byte order of x86."""
    if len(words) < _V4_FIELDS:
        return
    destination, gateway, mask = (_dotted(words[at]) for at in (1, 2, 7))
    flags = int(words[3], 16)
    if flags & _UP:
        yield Route(
            destination=str(IPv4Network(f"{destination}/{mask}", strict=False)),
            gateways=() if gateway == "0.0.0.0" else (gateway,),  # noqa: S104 - read, not bound
            interface=None if words[0] == "*" else words[0],
            metric=number(words[6]),
            kind="unreachable" if flags & _REJECT or words[0] == "*" else "unicast",
        )


def _dotted(digits: str) -> str:
    packed = bytes.fromhex(digits)[::-1]
    return str(ip_address(packed)) if len(packed) == 4 else ""  # noqa: PLR2004 - bytes of IPv4


def _v6(words: list[str]) -> Iterator[Route]:
    """Read destination/length, source/length, gateway, metric, two counts, flags and interface."""
    if len(words) < _V6_FIELDS:
        return
    destination, gateway = (IPv6Address(bytes.fromhex(words[at])) for at in (0, 4))
    metric, flags, length = int(words[5], 16), int(words[8], 16), int(words[1], 16)
    own = words[9] == "lo" or destination.is_multicast or (length == 128 and not int(gateway))  # noqa: PLR2004 - one address
    if flags & _UP and not flags & _REJECT and not own:
        yield Route(
            destination=f"{destination}/{length}",
            gateways=(str(gateway),) if int(gateway) else (),
            interface=words[9],
            metric=metric,
        )


def gateways_of(routes: Iterable[Route]) -> tuple[str, ...]:
    """Return the default gateways of the main table, IPv4 before IPv6, the preferred first."""
    defaults = [each for each in routes if each.is_default and each.table in {"main", "254"}]
    ordered = sorted(defaults, key=lambda each: (each.destination == "::/0", each.metric or 0))
    return tuple(dict.fromkeys(way for each in ordered for way in each.gateways))
