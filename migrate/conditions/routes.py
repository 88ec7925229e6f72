"""Packets from the subnets find their way to the data centre, and none are lost."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

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
    elif any(each.via is Via.ON_PREMISE for each in routes):
        yield passed(f"{name} has a route to the data centre")
    else:
        yield _to_anywhere(name, routes)


def _to_anywhere(name: str, routes: tuple[Route, ...]) -> CheckResult:
    ways = [each for each in routes if each.prefix in _DEFAULT]
    if any(each.via is Via.INTERNET for each in ways):
        return passed(
            f"{name} has a route to the internet alone; no network on premise is asked for"
        )
    if any(each.via is Via.APPLIANCE for each in ways):
        return passed(f"{name} has a default route to {ways[0].target}")
    return failed(f"{name} has neither a default route nor one to the data centre")


def _to(name: str, routes: tuple[Route, ...], network: str) -> CheckResult:
    """Judge the way to a network by the longest prefix that holds all of it."""
    way = _longest(routes, network)
    learnt = [each for each in routes if not each.prefix and each.via is Via.ON_PREMISE]
    if learnt and (way is None or way.via in {Via.INTERNET, Via.OTHER}):
        return unknown(f"{name}: whether {network} is reached hangs on {learnt[0].target}")
    if way is None:
        return failed(f"{name} has no route to {network}")
    words = f"{name}: {network} goes by {way.prefix} to {way.target}"
    if way.via is Via.ON_PREMISE:
        return passed(words)
    if way.via is Via.APPLIANCE:
        return unknown(f"{words}, an appliance that decides where it goes from there")
    return failed(f"{words}, which {_ELSEWHERE[way.via]}")


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
    fails="A network has no route, or goes elsewhere; a route's target is gone.",
    unknown="The zone names no subnet; the way leads to an appliance, or hangs on what a gateway "
    "has learnt.",
    beforehand=names("subnet", "subnets"),
)
