"""What stands in the way across the estate: each rule and each missing fact once, with servers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from migrate.judging.collecting import HOW, way_of
from migrate.model.verdict import Cloud, Finding, Severity
from migrate.reports._readiness.subjects import Subject


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """One rule that flagged servers."""

    finding: Finding
    """One of its findings; what was observed differs by server."""
    servers: Mapping[Cloud, tuple[str, ...]]
    """Names of the servers, by cloud."""

    @property
    def alike(self) -> Mapping[tuple[str, ...], tuple[Cloud, ...]]:
        """The servers, each list of them once, with the clouds for which it is that list."""
        found: dict[tuple[str, ...], list[Cloud]] = defaultdict(list)
        for cloud, names in self.servers.items():
            found[names].append(cloud)
        return {names: tuple(clouds) for names, clouds in found.items()}

    @property
    def count(self) -> int:
        """How many different servers it concerns."""
        return len({name for names in self.servers.values() for name in names})


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Facts that the same servers miss for the same reason, and what would make them known."""

    facts: tuple[str, ...]
    why: str
    remedy: str
    servers: tuple[str, ...]
    decides: bool
    """Whether a verdict is unknown because of it."""


def obstacles(subjects: Iterable[Subject]) -> tuple[Obstacle, ...]:
    """Return each rule that found a blocker or a condition, weightiest and commonest first."""
    findings: dict[tuple[str, Severity], Finding] = {}
    servers: dict[tuple[str, Severity], dict[Cloud, set[str]]] = defaultdict(
        lambda: defaultdict(set)
    )
    for subject in subjects:
        for cloud, verdict in subject.verdicts.items():
            for finding in verdict.findings:
                if finding.severity is not Severity.NOTE:
                    key = (finding.rule, finding.severity)
                    findings.setdefault(key, finding)
                    servers[key][cloud].add(subject.server.name)
    found = [
        Obstacle(
            finding=finding,
            servers={c: tuple(sorted(servers[key][c])) for c in Cloud if c in servers[key]},
        )
        for key, finding in findings.items()
    ]
    return tuple(sorted(found, key=_weight))


def gaps(subjects: Iterable[Subject]) -> tuple[Gap, ...]:
    """Return the facts that rules miss, those on which a verdict hangs first.

    Of a server of which nothing was ever told everything is missing; it is not among these.
    """
    servers: dict[tuple[str, str], set[str]] = defaultdict(set)
    deciding: set[tuple[str, str]] = set()
    for subject in (each for each in subjects if not each.never_heard_of()):
        for missing in (each for verdict in subject.verdicts.values() for each in verdict.missing):
            keys = [(fact, missing.why_unknown) for fact in missing.facts]
            deciding.update(keys if missing.decides else ())
            for key in keys:
                servers[key].add(subject.server.name)
    alike: dict[tuple[str, str, tuple[str, ...], bool], set[str]] = defaultdict(set)
    for (fact, why), names in servers.items():
        group = (why, remedy(fact, why), tuple(sorted(names)), (fact, why) in deciding)
        alike[group].add(fact)
    found = [
        Gap(facts=tuple(sorted(facts)), why=why, remedy=said, servers=names, decides=decides)
        for (why, said, names, decides), facts in alike.items()
    ]
    return tuple(sorted(found, key=lambda gap: (not gap.decides, -len(gap.servers), gap.facts)))


def remedy(fact: str, why: str) -> str:
    """Say what would make known a fact that is unknown for this reason."""
    way = way_of(fact, why)
    return f"{way.value[0].upper()}{way.value[1:]}: {HOW[way]}"


def _weight(obstacle: Obstacle) -> tuple[int, int, str]:
    finding = obstacle.finding
    return (list(Severity).index(finding.severity), -obstacle.count, finding.rule)
