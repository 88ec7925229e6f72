"""What replaces the server is registered at its load balancer, and healthy there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from inventory.model.fact import Unknown
from migrate.checks._asked import schema
from migrate.checks._conditions import Condition, aspect, met, together, unmet, untold
from migrate.checks._say import listed
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.target_balancing import Balancing, Health, Registration


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    seen = aspect(sight, Balancing, "load balancing")
    if isinstance(seen, CheckResult):
        return seen
    wanted = parameters.get("groups", ())
    conditions = (
        [one for each in wanted for one in _in(seen.registrations, each)]
        or [_healthy(each) for each in seen.registrations]
        or [unmet("no load balancer sends it work")]
    )
    return together(sight, conditions, {"registrations": seen.registrations})


def _in(registrations: Iterable[Registration], group: str) -> list[Condition]:
    found = [each for each in registrations if each.group.lower() == group.lower()]
    others = listed([each.group for each in registrations]) or "none"
    lacking = unmet(f"it is not registered in {group} (groups that it is in: {others})")
    return [_healthy(each) for each in found] or [lacking]


def _healthy(seen: Registration) -> Condition:
    where = f"{seen.group} of {seen.balancer}" if seen.balancer else seen.group
    detail = f" ({seen.detail})" if seen.detail else ""
    if isinstance(seen.health, Unknown):
        return untold(f"its health in {where}: {seen.health}")
    words = f"{seen.health.value} in {where}{detail}"
    return met(words) if seen.health is Health.HEALTHY else unmet(words)


CHECK = Check(
    parameters=schema(
        groups={
            "description": "Names of the target groups or backend pools that it must be healthy "
            "in. Unless given, every one that it is registered in, and at least one.",
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "minItems": 1,
            "uniqueItems": True,
        }
    ),
    run=_run,
    reads="Asks Elastic Load Balancing for the health of each target group, or Azure Monitor for "
    "the probes' metrics of each load balancer and application gateway.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Balancing,),
        passes="It is registered, and healthy wherever it has to be.",
        fails="It is registered nowhere, or not where it has to be, or not healthy there.",
        unknown="The load balancer has no measure of its health yet, or a word that is new to us; "
        "an application gateway tells how many of a pool are healthy, not which.",
    ),
)
