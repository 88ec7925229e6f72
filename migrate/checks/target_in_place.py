"""The new server is where it must be: region, zone, network, subnet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from inventory.model.fact import Unknown
from migrate.checks._cloud import judged
from migrate.checks._conditions import aspect, named
from migrate.checks._say import unknown
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.target import Machine


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    machine = aspect(sight, Machine)
    if isinstance(machine, CheckResult):
        return machine
    regions = _regions(sight, parameters)
    if isinstance(regions, Unknown):
        return unknown(f"{named(sight)} is in {machine.region}, but the plan's region is {regions}")
    places: list[tuple[str, Collection[str], Sequence[str]]] = [
        ("region", regions, (machine.region,)),
        ("zone", parameters.get("zones", ()), (machine.zone,) if machine.zone else ()),
        ("network", parameters.get("networks", ()), machine.networks),
        ("subnet", parameters.get("subnets", ()), machine.subnets),
    ]
    faults, doubts = [], []
    for what, allowed, found in places:
        if allowed and not found:
            doubts.append(f"its {what} is not told")
        wrong = [each for each in found if allowed and not _among(each, allowed)]
        faults += [f"its {what} is {each}, not {' or '.join(allowed)}" for each in wrong]
    fine = ", ".join(f"{what} {', '.join(found)}" for what, allowed, found in places if allowed)
    seen = {what: list(found) for what, _, found in places}
    return judged(sight, faults, doubts, fine, seen)


def _regions(sight: Sight, parameters: Mapping[str, Any]) -> Sequence[str] | Unknown:
    given: Sequence[str] | None = parameters.get("regions")
    if given is not None:
        return given
    return sight.planned if isinstance(sight.planned, Unknown) else (sight.planned.region,)


def _among(name: str, allowed: Collection[str]) -> bool:
    return name.casefold() in {each.rstrip("/").casefold() for each in allowed}


def _names(what: str) -> dict[str, Any]:
    return {
        "type": "array",
        "items": {"type": "string", "minLength": 1},
        "minItems": 1,
        "description": what,
    }


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "regions": _names("regions that it may be in; without it, the planned one"),
            "zones": _names("availability zones that it may be in: eu-west-2a, 1"),
            "networks": _names("networks that every interface must be in: vpc-…, an Azure id"),
            "subnets": _names("subnets that every interface must be in: subnet-…, an Azure id"),
        },
    },
    run=_run,
    reads="Asks the cloud where the new server and each of its interfaces are.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Machine,),
        passes="Region, and zone, network and subnet where they are asked for, are allowed ones.",
        fails="One is another; every interface counts.",
        unknown="No region was planned or given, or a zone is asked for and it has none.",
    ),
)
