"""The ways between the data centre and the landing zone are up."""

from __future__ import annotations

from inventory.model.fact import Unknown
from migrate.checks._say import failed, passed, unknown
from migrate.conditions._together import each_named, names, together
from migrate.model.evidence import CheckResult
from migrate.model.landing import Condition, Landing
from migrate.model.landing_connections import Connection, Connections


def _judge(told: Connections, landing: Landing) -> CheckResult:
    named = landing.zone.connections
    bad, there = each_named(named, told.connections, "connection")
    parts = [_one(each.rpartition("/")[2], found) for each, found in there.items()]
    return together([*bad, *parts], none="")


def _one(name: str, found: Connection) -> CheckResult:
    words = f"{found.kind} {name}: {found.lines} of {found.of} up ({found.detail})"
    observed = {name: {"up": found.lines, "of": found.of}}
    if isinstance(found.up, Unknown):
        return unknown(f"{found.kind} {name}: {found.up}", **observed)
    if not found.up:
        return failed(words, **observed)
    spare = "" if found.lines > 1 else "; nothing takes over when it fails"
    return passed(f"{words}{spare}", **observed)


CONDITION = Condition(
    aspect=Connections,
    judge=_judge,
    passes="Every VPN has a tunnel up, every virtual interface a BGP session, every ExpressRoute "
    "circuit is provisioned and enabled with a private peering, every connection connected.",
    fails="One does not exist, or is down.",
    unknown="The zone names no connection; a state that is new to us.",
    beforehand=names("connection", "connections"),
)
