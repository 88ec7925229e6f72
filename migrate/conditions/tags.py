"""The tags that servers will be given are those that the cloud's policies want."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from migrate.checks._say import failed, listed, passed, unknown
from migrate.conditions._together import together
from migrate.model.evidence import CheckResult
from migrate.model.landing import Condition, Landing
from migrate.model.landing_tags import Demand, TagRules


def _judge(told: TagRules, landing: Landing) -> CheckResult:
    given = landing.zone.tags
    parts = [
        part
        for tag, demands in told.demands.items()
        for demand in demands
        for part in _one(tag, demand, given)
    ]
    parts += [failed(f"{each} refuses servers with the zone's tags") for each in told.refusals]
    parts += [unknown(f"not understood: {listed(list(told.not_read))}")] if told.not_read else []
    none = passed("no policy speaks of tags")
    return together(parts or [none], none="")


def _one(tag: str, demand: Demand, given: Mapping[str, str]) -> Iterator[CheckResult]:
    named = next((each for each in given if each.lower() == tag.lower()), None)
    if named is None:
        words = f"{demand.policy} requires the tag {tag}, and the landing zone gives none"
        yield failed(words) if demand.required else passed(f"the tag {tag} may be left out")
    elif named != tag:
        yield failed(f"{demand.policy} writes the tag {tag}, the landing zone {named}")
    elif demand.values and not _fits(given[named], demand.values):
        wanted = listed(list(demand.values))
        yield failed(f"{demand.policy} wants of {tag} {wanted}, not {given[named]}")
    else:
        yield passed(f"{tag} is {given[named]}, as {demand.policy} wants")


def _fits(value: str, wanted: tuple[str, ...]) -> bool:
    return any(fnmatchcase(value, each.replace("[", "[[]")) for each in wanted)


CONDITION = Condition(
    aspect=TagRules,
    judge=_judge,
    passes="Every tag that a policy requires is among the zone's tags, with a value that it "
    "allows; or no policy speaks of tags.",
    fails="A required tag is missing, or is spelled or filled otherwise.",
    unknown="Policies may not be read, or one of them is not understood.",
)
