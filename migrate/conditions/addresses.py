"""The subnets have free addresses for every server that is to land."""

from __future__ import annotations

from inventory.model.fact import Unknown
from migrate.checks._say import failed, passed, unknown
from migrate.conditions._together import each_named, names, together
from migrate.model.evidence import CheckResult
from migrate.model.landing import Condition, Landing
from migrate.model.landing_subnets import Subnet, Subnets


def _judge(told: Subnets, landing: Landing) -> CheckResult:
    named = landing.zone.subnets
    bad, there = each_named(named, told.subnets, "subnet")
    return together([*bad, _room(there, landing.need.addresses)], none="")


def _room(there: dict[str, Subnet], needed: int) -> CheckResult:
    known = {each: subnet.free for each, subnet in there.items() if isinstance(subnet.free, int)}
    free = sum(known.values())
    told = ", ".join(_said(each, subnet) for each, subnet in there.items())
    observed = {"free": known, "needed": needed}
    words = f"{free} free and {needed} needed: {told}"
    if free >= needed:
        return passed(words, **observed)
    if len(known) < len(there):
        return unknown(f"at least {words}", **observed)
    return failed(words, **observed)


def _said(name: str, subnet: Subnet) -> str:
    short = name.rpartition("/")[2]
    if isinstance(subnet.free, Unknown):
        return f"{short} ({subnet.prefix}) {subnet.free}"
    sums = f" = {subnet.arithmetic}" if subnet.arithmetic else ""
    return f"{short} ({subnet.prefix}) {subnet.free}{sums}"


CONDITION = Condition(
    aspect=Subnets,
    judge=_judge,
    passes="All subnets exist, and together have a free address for each network adapter.",
    fails="A subnet does not exist, or there are too few addresses.",
    unknown="The zone names no subnet; too few are known to be free, and of some it is not told.",
    beforehand=names("subnet", "subnets"),
)
