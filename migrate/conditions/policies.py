"""No policy forbids the servers that are to land: not the region, their sizes, or their tags."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from migrate.checks._say import failed, listed, passed, unknown
from migrate.conditions._need import lacking
from migrate.conditions._together import together
from migrate.model.evidence import CheckResult
from migrate.model.landing import Condition, Landing
from migrate.model.landing_policies import Policies, Restriction


def _judge(told: Policies, landing: Landing) -> CheckResult:
    parts = [
        _verdict(each, words) for each in told.restrictions for words in _against(each, landing)
    ]
    speaks_of_sizes = any(each.sizes or each.never_sizes for each in told.restrictions)
    parts += lacking(landing.need) if speaks_of_sizes else ()
    if told.not_read:
        parts.append(unknown(f"not understood: {listed(list(told.not_read))}"))
    count = len(told.restrictions)
    fine = passed(f"{count} restriction{'' if count == 1 else 's'} read, none of which forbids it")
    return together(parts or [fine], none="")


def _verdict(restriction: Restriction, words: str) -> CheckResult:
    if restriction.unless:
        return unknown(f"{restriction.policy}: {words}, unless {restriction.unless} spares us")
    return failed(f"{restriction.policy}: {words}")


def _against(restriction: Restriction, landing: Landing) -> Iterator[str]:
    region = landing.zone.region
    if restriction.forbids:
        yield f"{restriction.forbids} is forbidden"
    if restriction.regions is not None and not _fits(region, restriction.regions):
        yield f"{region} is not among {listed(list(restriction.regions))}"
    if _fits(region, restriction.never_regions):
        yield f"{region} is forbidden"
    if restriction.without_tags and not set(restriction.without_tags) & landing.zone.tags.keys():
        yield f"a server without the tag {' or '.join(restriction.without_tags)} is forbidden"
    for size in sorted(landing.need.sizes):
        if restriction.sizes is not None and not _fits(size, restriction.sizes):
            yield f"{size} is not among {listed(list(restriction.sizes))}"
        if _fits(size, restriction.never_sizes):
            yield f"{size} is forbidden"


def _fits(value: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(value.lower(), each.lower()) for each in patterns)


CONDITION = Condition(
    aspect=Policies,
    judge=_judge,
    passes="No service control policy and no policy assignment forbids the region, a size or "
    "a server with the zone's tags.",
    fails="One of them does.",
    unknown="Policies may not be read, a denial hangs on other conditions, or is not understood.",
)
