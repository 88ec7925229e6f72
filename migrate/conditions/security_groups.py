"""The security groups exist, and are not open to the world."""

from __future__ import annotations

from migrate.checks._say import failed, passed
from migrate.conditions._together import each_named, names, together
from migrate.model.evidence import CheckResult
from migrate.model.landing import Condition, Landing
from migrate.model.landing_firewalls import Firewalls, Opening


def _judge(told: Firewalls, landing: Landing) -> CheckResult:
    named = landing.zone.security_groups
    bad, there = each_named(named, told.open_to_world, "security group")
    allowed = frozenset(landing.zone.open_ports)
    parts = [_group(each.rpartition("/")[2], found, allowed) for each, found in there.items()]
    return together([*bad, *parts], none="")


def _group(name: str, found: tuple[Opening, ...], allowed: frozenset[int]) -> CheckResult:
    wrong = [str(each) for each in found if not _is_allowed(each, allowed)]
    observed = {name: [str(each) for each in found]}
    if wrong:
        return failed(f"{name} lets anybody reach {', '.join(wrong)}", **observed)
    if found:
        return passed(
            f"{name} opens {', '.join(map(str, found))} to the world, as meant", **observed
        )
    return passed(f"{name} lets nothing in from the world", **observed)


def _is_allowed(opening: Opening, allowed: frozenset[int]) -> bool:
    ports = range(opening.first, opening.last + 1)
    return opening.protocol == "tcp" and len(ports) <= len(allowed) and allowed.issuperset(ports)


CONDITION = Condition(
    aspect=Firewalls,
    judge=_judge,
    passes="Every group exists, and lets anybody reach at most the zone's open_ports.",
    fails="A group does not exist, or opens something else to 0.0.0.0/0, ::/0 or Internet.",
    unknown="The zone names no group.",
    beforehand=names("security group", "security_groups"),
)
