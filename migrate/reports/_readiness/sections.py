"""One server's section: findings and missing data, each once, with the clouds it concerns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from migrate.model.verdict import Cloud, Finding, Missing, Severity
from migrate.reports._readiness.subjects import Subject, count, weightiest

T = TypeVar("T", Finding, Missing)


@dataclass(frozen=True, kw_only=True)
class FoundFor:
    """A finding, and the clouds that it concerns."""

    finding: Finding
    clouds: tuple[Cloud, ...]


@dataclass(frozen=True, kw_only=True)
class MissingFor:
    """Something missing, and the clouds that it concerns."""

    missing: Missing
    clouds: tuple[Cloud, ...]


def findings(subject: Subject) -> tuple[FoundFor, ...]:
    """Return the server's findings, the weightiest first."""
    clouds = _clouds({cloud: each.findings for cloud, each in subject.verdicts.items()})
    return tuple(FoundFor(finding=each, clouds=clouds[each]) for each in weightiest(clouds))


def missing(subject: Subject) -> dict[str, tuple[MissingFor, ...]]:
    """Return what is missing to judge the server, by why it is; what decides a verdict first."""
    clouds = _clouds({cloud: each.missing for cloud, each in subject.verdicts.items()})
    found: dict[str, list[MissingFor]] = defaultdict(list)
    for each in sorted(clouds, key=lambda each: (not each.decides, each.rule)):
        found[each.why_unknown].append(MissingFor(missing=each, clouds=clouds[each]))
    return {why: tuple(each) for why, each in found.items()}


def states(subject: Subject, judged: Iterable[Cloud]) -> tuple[str, ...]:
    """Return the verdicts that the server has anywhere, as words that a filter can look for."""
    found = {
        state.name.lower().replace("_", "-")
        for verdict in subject.verdicts.values()
        for state in (verdict.fit, verdict.move, verdict.support)
    }
    if any(cloud not in subject.verdicts for cloud in judged):
        found.add("unknown")
    if subject.is_silent():
        found.add("silent")
    return tuple(sorted(found))


def weight(subject: Subject) -> tuple[int, int]:
    """Return how many blockers and conditions the server has, each counted once."""
    found = [each.finding for each in findings(subject)]
    return count(found, Severity.BLOCKER), count(found, Severity.CONDITION)


def lowest_cost(subject: Subject) -> int | None:
    """Return the lowest monthly cost in pence over the clouds; None when none is known."""
    sizes = (verdict.size for verdict in subject.verdicts.values())
    known = [size.monthly_cost_pence for size in sizes if size]
    return min((pence for pence in known if pence is not None), default=None)


def _clouds(by_cloud: Mapping[Cloud, Iterable[T]]) -> dict[T, tuple[Cloud, ...]]:
    found: dict[T, list[Cloud]] = defaultdict(list)
    for cloud in Cloud:
        for each in by_cloud.get(cloud, ()):
            found[each].append(cloud)
    return {each: tuple(dict.fromkeys(clouds)) for each, clouds in found.items()}
