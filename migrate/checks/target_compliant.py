"""What replaces the server complies with the policies of its account or subscription."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from inventory.amount import amount
from inventory.model.fact import Unknown
from migrate.checks._asked import schema
from migrate.checks._conditions import Condition, aspect, met, together, unmet, untold
from migrate.checks._say import listed
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.playbook import About
from migrate.model.target_compliance import Compliance, Ruling


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    seen = aspect(sight, Compliance, "compliance")
    if isinstance(seen, CheckResult):
        return seen
    ignored = {each.lower() for each in parameters.get("except", ())}
    rulings = [each for each in seen.rulings if each.policy.lower() not in ignored]
    required = parameters.get("policies", ())
    observed = {
        "broken": [each for each in rulings if each.complies is False],
        "judged_by": sorted({each.policy for each in seen.rulings}),
        "stale": seen.stale,
    }
    conditions = [*_judged(rulings, seen.stale), *_required(seen.rulings, required)]
    return together(sight, conditions, observed)


def _judged(rulings: Collection[Ruling], stale: str) -> Iterator[Condition]:
    broken = [each for each in rulings if each.complies is False]
    doubtful = [each for each in rulings if isinstance(each.complies, Unknown)]
    kept = [each for each in rulings if each.complies is True]
    if broken:
        yield unmet(f"it breaks {listed([_named(each) for each in broken])}")
    if doubtful:
        yield untold(listed([f"{each.policy}: {each.complies}" for each in doubtful]))
    if stale:
        yield untold(stale)
    if kept:
        yield met(f"it complies with {amount(len(kept), 'policy', 'policies')}")
    elif not broken and not doubtful:
        yield untold("no policy has judged it yet")


def _required(rulings: Collection[Ruling], required: Collection[str]) -> Iterator[Condition]:
    judged = {each.policy.lower() for each in rulings if each.complies is not None}
    for each in required:
        if each.lower() not in judged:
            yield untold(f"{each} has not judged it")


def _named(ruling: Ruling) -> str:
    return f"{ruling.policy} ({ruling.detail})" if ruling.detail else ruling.policy


_NAMES: dict[str, Any] = {
    "type": "array",
    "items": {"type": "string", "minLength": 1},
    "minItems": 1,
    "uniqueItems": True,
}
CHECK = Check(
    parameters=schema(
        policies={
            "description": "Names of rules or policies that must have judged it. Unless given, "
            "one of whatever name is enough.",
            **_NAMES,
        },
        **{
            "except": {
                "description": "Names of rules or policies that it may break.",
                **_NAMES,
            }
        },
    ),
    run=_run,
    reads="Asks AWS Config for each rule's results, or Azure Policy for the latest states of the "
    "resource.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Compliance,),
        passes="Policies have judged it, and it breaks none but those that are excepted.",
        fails="It breaks a policy; each is named.",
        unknown="No policy has judged it yet, or Config's recorder is stopped, or a verdict is "
        "new to us.",
    ),
)
