"""The report's numbers: how many servers stand where, for how much, and what that leaves out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from migrate.model.verdict import VERDICT_AXES, Axis, Cloud, Readiness, Verdict
from migrate.reports._readiness.subjects import Subject


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many servers stand where on one axis."""

    counts: Mapping[Readiness, int]

    @property
    def total(self) -> int:
        """All servers, those not judged among the unknown."""
        return sum(self.counts.values())


@dataclass(frozen=True, kw_only=True)
class Unpriced:
    """A server for which there is no monthly cost, and why."""

    server: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one cloud would cost a month, as far as there are prices."""

    monthly_cost_pence: int
    """Sum over the servers that have a price."""
    priced: int
    """How many servers that is."""
    unpriced: tuple[Unpriced, ...]
    incomplete: Mapping[str, int]
    """What the priced servers' costs leave out → for how many of them."""


@dataclass(frozen=True, kw_only=True)
class CloudFigures:
    """One cloud's numbers."""

    cloud: Cloud
    axes: Mapping[Axis, Tally]
    cost: Cost
    not_judged: tuple[str, ...]
    """Names of servers that have no verdict for this cloud; counted as unknown."""


def cloud_figures(subjects: Sequence[Subject], cloud: Cloud) -> CloudFigures:
    """Count every server for one cloud; a server without a verdict is unknown on each axis."""
    verdicts = [subject.verdicts.get(cloud) for subject in subjects]
    return CloudFigures(
        cloud=cloud,
        axes={axis: _tally(verdicts, axis) for axis in VERDICT_AXES},
        cost=_cost(subjects, cloud),
        not_judged=tuple(each.server.name for each in subjects if cloud not in each.verdicts),
    )


@dataclass(frozen=True, kw_only=True)
class LikeForLike:
    """The clouds' monthly costs over the same servers, so that they can be compared."""

    servers: int
    """How many servers have a price in every cloud."""
    monthly_cost_pence: Mapping[Cloud, int]


def like_for_like(subjects: Iterable[Subject], clouds: Sequence[Cloud]) -> LikeForLike:
    """Add up each cloud's monthly cost over the servers that have a price in all of them."""
    totals = dict.fromkeys(clouds, 0)
    servers = 0
    for subject in subjects:
        costs = {cloud: pence for cloud in clouds if (pence := _pence(subject, cloud)) is not None}
        if len(costs) == len(clouds):
            servers += 1
            totals = {cloud: totals[cloud] + costs[cloud] for cloud in clouds}
    return LikeForLike(servers=servers, monthly_cost_pence=totals)


def rules_versions(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Return the versions of the rules that gave these verdicts."""
    return tuple(sorted({verdict.rules_version for verdict in verdicts}))


def catalogue_dates(verdicts: Iterable[Verdict]) -> Mapping[Cloud, tuple[date, ...]]:
    """Return, for each cloud, the dates of the catalogues that its verdicts used, oldest first."""
    found: dict[Cloud, set[date]] = defaultdict(set)
    for verdict in verdicts:
        found[verdict.cloud].add(verdict.catalogue_date)
    return {cloud: tuple(sorted(found[cloud])) for cloud in Cloud if cloud in found}


def are_mixed(verdicts: Sequence[Verdict]) -> bool:
    """Say whether verdicts were given by different rules or catalogues; they do not compare."""
    dates = catalogue_dates(verdicts).values()
    return len(rules_versions(verdicts)) > 1 or any(len(each) > 1 for each in dates)


def assumptions(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Return every assumption that sizes and costs rest on, once."""
    return tuple(
        sorted({each for verdict in verdicts if verdict.size for each in verdict.size.assumptions})
    )


def _tally(verdicts: Iterable[Verdict | None], axis: Axis) -> Tally:
    found = Counter(verdict.on(axis) if verdict else Readiness.UNKNOWN for verdict in verdicts)
    return Tally(counts={readiness: found[readiness] for readiness in Readiness})


def _cost(subjects: Iterable[Subject], cloud: Cloud) -> Cost:
    total = priced = 0
    unpriced: list[Unpriced] = []
    incomplete: Counter[str] = Counter()
    for subject in subjects:
        size = verdict.size if (verdict := subject.verdicts.get(cloud)) else None
        if size and size.monthly_cost_pence is not None:
            total += size.monthly_cost_pence
            priced += 1
            incomplete.update(set(size.incomplete))
        else:
            unpriced.append(Unpriced(server=subject.server.name, why=_why(subject, verdict)))
    return Cost(
        monthly_cost_pence=total,
        priced=priced,
        unpriced=tuple(unpriced),
        incomplete=dict(sorted(incomplete.items())),
    )


def _pence(subject: Subject, cloud: Cloud) -> int | None:
    verdict = subject.verdicts.get(cloud)
    return verdict.size.monthly_cost_pence if verdict and verdict.size else None


def _why(subject: Subject, verdict: Verdict | None) -> str:
    if subject.never_heard_of():
        return "it has never answered"
    if verdict is None:
        return "not judged for this cloud"
    if verdict.size is None:
        return verdict.no_size or "no size was found, and no reason was given"
    return f"there is no price for {verdict.size.name} in {verdict.size.region}"
