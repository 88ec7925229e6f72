"""Packets from the subnets find their way to the data centre, and none are lost."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

from inventory.model.fact import Unknown
from migrate.checks._say import failed, passed, unknown
from migrate.conditions._together import each_named, names, together
from migrate.model.evidence import CheckResult
from migrate.model.landing import Condition, Landing
from migrate.model.landing_routes import Route, Routes, Via

_DEFAULT = ("0.0.0.0/0",)
_ELSEWHERE = {
    Via.INTERNET: "is the internet and not the data centre",
    Via.INSIDE: "is inside the cloud",
    Via.DROPPED: "drops it",
    Via.BLACKHOLE: "is gone",
    Via.OTHER: "is no way to the data centre that is known here",
}
_DECIDES = frozenset({Via.APPLIANCE, Via.NETWORK})
_PARTS_MAY = frozenset({Via.ON_PREMISE, Via.INSIDE, Via.NETWORK})
"""Where parts of a network on premise may lead."""


def _judge(told: Routes, landing: Landing) -> CheckResult:
    zone = landing.zone
    bad, there = each_named(zone.subnets, told.routes, "subnet")
    parts = [
        part
        for subnet, routes in there.items()
        for part in _subnet(subnet.rpartition("/")[2], routes, zone.on_premise)
    ]
    return together([*bad, *parts], none="")


def _subnet(name: str, routes: tuple[Route, ...], wanted: tuple[str, ...]) -> Iterator[CheckResult]:
    lost = [each for each in routes if each.via is Via.BLACKHOLE]
    for each in lost:
        yield failed(f"{name}: {each.prefix or 'a route'} goes to {each.target}, which is gone")
    if wanted:
        for network in wanted:
            yield _to(name, routes, network)
    else:
        yield _to_anywhere(name, routes)


def _to_anywhere(name: str, routes: tuple[Route, ...]) -> CheckResult:
    home = [each for each in routes if each.via is Via.ON_PREMISE]
    if any(_leads_home(each) for each in home):
        return passed(f"{name} has a route to the data centre")
    for each in home:
        if isinstance(each.beyond, Unknown):
            return unknown(f"{name}: where {each.target} leads: {each.beyond.detail}")
    ways = [each for each in routes if each.prefix in _DEFAULT]
    if any(each.via is Via.INTERNET for each in ways):
        return passed(
            f"{name} has a route to the internet alone; no network on premise is asked for"
        )
    if any(_DECIDES & {each.via, *_vias_beyond(each)} for each in ways):
        return passed(f"{name} has a default route to {ways[0].target}")
    return failed(f"{name} has neither a default route nor one to the data centre")


def _leads_home(route: Route) -> bool:
    return route.beyond is None or Via.ON_PREMISE in _vias_beyond(route)


def _vias_beyond(route: Route) -> set[Via]:
    return {each.via for each in route.beyond} if isinstance(route.beyond, tuple) else set()


def _to(name: str, routes: tuple[Route, ...], network: str) -> CheckResult:
    """Judge the way to a network by the longest prefix that holds all of it.

    Parts of it that have routes of their own must not lead away from the data centre either.
    """
    way = _longest(routes, network)
    learnt = [each for each in routes if not each.prefix and each.via is Via.ON_PREMISE]
    if learnt and (way is None or way.via in {Via.INTERNET, Via.OTHER}):
        return unknown(f"{name}: whether {network} is reached hangs on {learnt[0].target}")
    if way is None:
        return _in_parts(name, routes, network)
    astray = _astray(routes, network) if way.via is Via.ON_PREMISE else None
    return _on(name, astray or way, network)


def _on(name: str, way: Route, network: str) -> CheckResult:
    """Judge where one route takes a network, or the part of it that the route is for."""
    words = f"{name}: {network} goes by {way.prefix} to {way.target}"
    if way.via in _DECIDES:
        return unknown(f"{words}, which decides by itself where it goes from there")
    if way.via is not Via.ON_PREMISE:
        return failed(f"{words}, which {_ELSEWHERE[way.via]}")
    if isinstance(way.beyond, Unknown):
        return unknown(f"{words}; from there: {way.beyond.detail}")
    if way.beyond is None:
        return passed(words)
    return _to(f"{name} by {way.target}", way.beyond, network)


def _in_parts(name: str, routes: tuple[Route, ...], network: str) -> CheckResult:
    parts = sorted(each.prefix for each in _inside(routes, network) if each.via is Via.ON_PREMISE)
    some = f"; there are routes to parts of it: {', '.join(parts)}" if parts else ""
    return failed(f"{name} has no route to {network}{some}")


def _astray(routes: tuple[Route, ...], network: str) -> Route | None:
    """Return a route that takes a part of a network elsewhere; one that surely does comes first.

    Networks of the cloud's own may be parts of what is called on premise.
    """
    found = [
        each
        for each in _inside(routes, network)
        if each.via not in _PARTS_MAY or isinstance(each.beyond, Unknown)
    ]
    return min(found, key=lambda each: each.via not in _ELSEWHERE, default=None)


def _inside(routes: tuple[Route, ...], network: str) -> list[Route]:
    """Return the routes to parts of a network, which are not all of it."""
    wanted = ip_network(network)
    return [
        each
        for each in routes
        if each.prefix
        for candidate in [ip_network(each.prefix, strict=False)]
        if candidate.version == wanted.version
        and candidate.prefixlen > wanted.prefixlen
        and candidate.network_address in wanted
    ]


def _longest(routes: tuple[Route, ...], network: str) -> Route | None:
    wanted = ip_network(network)
    holding = [
        (candidate.prefixlen, each)
        for each in routes
        if each.prefix
        for candidate in [ip_network(each.prefix, strict=False)]
        if candidate.version == wanted.version
        and wanted.network_address in candidate
        and candidate.prefixlen <= wanted.prefixlen
    ]
    return max(holding, key=lambda pair: pair[0])[1] if holding else None


CONDITION = Condition(
    aspect=Routes,
    judge=_judge,
    passes="From every subnet each of the zone's on_premise networks is reached by a transit, "
    "virtual private, ExpressRoute or VPN gateway; where none is given, there is some way out.",
    fails="A network has no route, or it or a part of it goes elsewhere, by the subnet's table or "
    "the transit gateway's; a route's target is gone.",
    unknown="The zone names no subnet; the way leads to an appliance or another network, hangs on "
    "what a gateway has learnt, or on a table that cannot be read.",
    beforehand=names("subnet", "subnets"),
)
