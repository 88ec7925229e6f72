"""What the section of one server shows: each verdict with all that it rests on, told once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from inventory.model.fact import Known
from inventory.model.facts import FQDN, INTERFACES, OS_NAME
from migrate.model.verdict import Axis, Cloud, Finding, Missing, Severity
from migrate.reports._readiness.subjects import Subject, count, weightiest


@dataclass(frozen=True, kw_only=True)
class FoundFor:
    """A finding, and the clouds that it concerns."""

    finding: Finding
    clouds: tuple[Cloud, ...]


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """What one reason leaves unknown of a server."""

    titles: tuple[str, ...]
    """Of the rules that could not be judged."""
    facts: tuple[str, ...]
    """Names of what they need."""


def findings(subject: Subject) -> tuple[FoundFor, ...]:
    """Return the server's findings, the weightiest first."""
    clouds = _clouds({cloud: each.findings for cloud, each in subject.verdicts.items()})
    return tuple(FoundFor(finding=each, clouds=clouds[each]) for each in weightiest(clouds))


def by_axis(subject: Subject) -> Mapping[Axis, tuple[FoundFor, ...]]:
    """Return the server's findings on each axis, the weightiest first."""
    found: dict[Axis, list[FoundFor]] = defaultdict(list)
    for each in findings(subject):
        found[each.finding.axis].append(each)
    return {axis: tuple(found[axis]) for axis in Axis}


def lacking(subject: Subject, axis: Axis) -> dict[str, Lacking]:
    """Return what a verdict on this axis hangs on and is not known, by why it is not."""
    missing = _missing(subject)
    return _by_reason(each for each in missing if each.axis is axis and each.decides)


def aside(subject: Subject) -> dict[str, Lacking]:
    """Return what is not known and changes no verdict, by why it is not."""
    return _by_reason(each for each in _missing(subject) if not each.decides)


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


def sought(subject: Subject) -> str:
    """Return the words that a server is found by: names, addresses, system, what runs on it."""
    known = subject.server.facts
    told = [subject.server.name, subject.server.target]
    told += [fact.value for key in (FQDN, OS_NAME) if isinstance(fact := known.of(key), Known)]
    interfaces = known.of(INTERFACES)
    if isinstance(interfaces, Known):
        told += [address for each in interfaces.value for address in each.addresses]
    told += [each.name for each in subject.applications]
    return " ".join(dict.fromkeys(" ".join(told).lower().split()))


def weight(subject: Subject) -> tuple[int, int]:
    """Return how many blockers and conditions the server has, each counted once."""
    found = [each.finding for each in findings(subject)]
    return count(found, Severity.BLOCKER), count(found, Severity.CONDITION)


def lowest_cost(subject: Subject) -> int | None:
    """Return the lowest monthly cost in pence over the clouds; None when none is known."""
    sizes = (verdict.size for verdict in subject.verdicts.values())
    known = [size.monthly_cost_pence for size in sizes if size]
    return min((pence for pence in known if pence is not None), default=None)


def _missing(subject: Subject) -> Iterable[Missing]:
    """Return each rule that could not be judged, once for all clouds."""
    found = {each for verdict in subject.verdicts.values() for each in verdict.missing}
    return sorted(found, key=lambda each: (each.rule, each.facts, each.why_unknown))


def _by_reason(absent: Iterable[Missing]) -> dict[str, Lacking]:
    found: dict[str, list[Missing]] = defaultdict(list)
    for each in absent:
        found[each.why_unknown].append(each)
    return {
        why: Lacking(
            titles=tuple(dict.fromkeys(each.title for each in missing)),
            facts=tuple(sorted({fact for each in missing for fact in each.facts})),
        )
        for why, missing in found.items()
    }


def _clouds(by_cloud: Mapping[Cloud, Iterable[Finding]]) -> dict[Finding, tuple[Cloud, ...]]:
    found: dict[Finding, list[Cloud]] = defaultdict(list)
    for cloud in Cloud:
        for each in by_cloud.get(cloud, ()):
            found[each].append(cloud)
    return {each: tuple(dict.fromkeys(clouds)) for each, clouds in found.items()}
