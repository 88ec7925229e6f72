"""Every size that is to land is offered in the region, and in the availability zones asked for."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.checks._say import failed, passed
from migrate.conditions._need import lacking
from migrate.conditions._together import together
from migrate.model.evidence import CheckResult
from migrate.model.landing import Condition, Landing
from migrate.model.landing_sizes import Sizes


def _judge(told: Sizes, landing: Landing) -> CheckResult:
    parts = [*lacking(landing.need), *_each(told, landing)]
    return together(parts, none="nothing is to land here")


def _each(told: Sizes, landing: Landing) -> Iterator[CheckResult]:
    zone = landing.zone
    for size, count in sorted(landing.need.sizes.items()):
        offered = told.offered.get(size)
        name = f"{size} (for {count})"
        if offered is None or not offered.region:
            yield failed(f"{name} is not offered in {zone.region}")
            continue
        missing = [each for each in zone.availability_zones if each not in offered.zones]
        where = ", ".join(offered.zones) or "no availability zone"
        observed = {size: {"zones": offered.zones, "refused": offered.refused}}
        if offered.refused:
            yield failed(f"{name} may not be used: {offered.refused}", **observed)
        elif missing:
            words = f"{name} is not offered in {', '.join(missing)}, but in {where}"
            yield failed(words, **observed)
        else:
            yield passed(f"{name} is offered in {where}", **observed)


CONDITION = Condition(
    aspect=Sizes,
    judge=_judge,
    passes="Every size is offered in the region and in each of the zone's availability_zones.",
    fails="A size is not offered there, or not to this account.",
    unknown="A server has no size.",
)
