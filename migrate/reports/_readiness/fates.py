"""What becomes of each application that is still there, and how many go which way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from migrate.model.report import Material
from migrate.model.strategy import Decision, Strategy
from migrate.model.verdict import Cloud
from migrate.reports._readiness.subjects import Subject


@dataclass(frozen=True, kw_only=True)
class PartCost:
    """What an application's servers would cost a month in one cloud, as far as there are prices."""

    monthly_cost_pence: int
    priced: int
    """How many of its servers have a price."""


@dataclass(frozen=True, kw_only=True)
class Fate:
    """One application and what becomes of it."""

    decision: Decision
    servers: tuple[Subject, ...]
    """Those of its servers that are still to leave."""
    costs: Mapping[Cloud, PartCost]

    def id_of(self, name: str) -> str:
        """Return the identifier of its server of that name; empty when it is not there."""
        found = (each.server.id for each in self.servers if each.server.name == name)
        return next(found, "")

    def is_planned_otherwise(self, subject: Subject) -> bool:
        """Say whether the plan takes a server where this application does not go."""
        there = self.decision.destinations
        return bool(there) and subject.move is not None and subject.move.to not in there

    def sought(self) -> str:
        """Return the words that it is found by: its name, what it is for, its servers."""
        application = self.decision.application
        told = [application.name, application.purpose, self.decision.strategy.value]
        told += [each.server.name for each in self.servers]
        return " ".join(dict.fromkeys(" ".join(told).lower().split()))


@dataclass(frozen=True, kw_only=True)
class Way:
    """How many applications go one way."""

    strategy: Strategy
    applications: int
    servers: int
    """Different servers on which they run."""
    decided: int
    """How many of them people decided; the others are proposals of the decision table."""


def fates(material: Material, every: Iterable[Subject]) -> tuple[Fate, ...]:
    """Return the applications that have a server which is still to leave, by name."""
    subjects = {each.server.id: each for each in every}
    found = []
    for decision in material.decisions:
        ids = [each.server_id for each in decision.application.components]
        servers = tuple(subjects[each] for each in ids if each in subjects)
        if servers:
            costs = {cloud: _cost(servers, cloud) for cloud in Cloud}
            found.append(Fate(decision=decision, servers=servers, costs=costs))
    return tuple(sorted(found, key=_order))


def ways(told: Sequence[Fate]) -> tuple[Way, ...]:
    """Count the applications by strategy; a strategy that none has is left out."""
    found = []
    for strategy in Strategy:
        some = [each for each in told if each.decision.strategy is strategy]
        if some:
            servers = {one.server.id for each in some for one in each.servers}
            decided = sum(each.decision.override is not None for each in some)
            found.append(
                Way(
                    strategy=strategy,
                    applications=len(some),
                    servers=len(servers),
                    decided=decided,
                )
            )
    return tuple(found)


def by_server(told: Iterable[Fate]) -> Mapping[str, tuple[Fate, ...]]:
    """Return the applications that each server is part of, by its identifier."""
    found: dict[str, list[Fate]] = defaultdict(list)
    for each in told:
        for server in each.servers:
            found[server.server.id].append(each)
    return {server_id: tuple(each) for server_id, each in found.items()}


def _cost(servers: Iterable[Subject], cloud: Cloud) -> PartCost:
    sizes = [each.verdicts[cloud].size for each in servers if cloud in each.verdicts]
    known = [
        size.monthly_cost_pence for size in sizes if size and size.monthly_cost_pence is not None
    ]
    return PartCost(monthly_cost_pence=sum(known), priced=len(known))


def _order(fate: Fate) -> tuple[str, str]:
    return fate.decision.application.name.casefold(), fate.decision.application.key
