"""Each server with everything that the report says of it, brought together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from inventory.model.application import Application, Dependency
from inventory.model.server import Server
from migrate.hearing import is_only_told_of, last_heard
from migrate.leaving import leaving, replacements
from migrate.model.plan import Move
from migrate.model.report import Material
from migrate.model.verdict import Cloud, Finding, Severity, Verdict
from migrate.reports._readiness.words import moment


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One server and what is said of it."""

    server: Server
    verdicts: Mapping[Cloud, Verdict]
    """By cloud; a cloud that is missing was not judged for this server."""
    applications: tuple[Application, ...]
    uses: tuple[Dependency, ...]
    """Where this server is the client."""
    serves: tuple[Dependency, ...]
    """Where this server is the server."""
    move: Move | None

    def never_heard_of(self) -> bool:
        """Say whether nothing at all was ever told of the server, by itself or by others."""
        return last_heard(self.server) is None

    def only_told_of(self) -> bool:
        """Say whether the server itself was never asked."""
        return is_only_told_of(self.server)

    def is_silent(self) -> bool:
        """Say whether it was asked, and did not answer the last time."""
        return self.server.unreachable is not None and not self.only_told_of()

    def last_heard(self) -> datetime | None:
        """Return when the newest of what is known of it was told."""
        return last_heard(self.server)

    def outdated(self) -> bool:
        """Say whether something was told of the server after it was last judged."""
        heard = last_heard(self.server)
        return heard is not None and any(each.at < heard for each in self.verdicts.values())


def subjects(material: Material) -> tuple[Subject, ...]:
    """Return every server that is to leave, by name; what arrived or is gone is not among them."""
    verdicts: dict[str, dict[Cloud, Verdict]] = defaultdict(dict)
    for verdict in material.verdicts:
        verdicts[verdict.server_id][verdict.cloud] = verdict
    uses = _grouped((each.client, each) for each in material.dependencies)
    serves = _grouped((each.server, each) for each in material.dependencies)
    moves = {move.server_id: move for move in material.plan.moves} if material.plan else {}
    return tuple(
        Subject(
            server=server,
            verdicts=verdicts[server.id],
            applications=tuple(material.applications.get(server.id, ())),
            uses=uses.get(server.id, ()),
            serves=serves.get(server.id, ()),
            move=moves.get(server.id),
        )
        for server in leaving(material)
    )


def every_verdict(every: Iterable[Subject]) -> tuple[Verdict, ...]:
    """Return all verdicts of these servers."""
    return tuple(verdict for subject in every for verdict in subject.verdicts.values())


@dataclass(frozen=True, kw_only=True)
class Done:
    """A server that is not counted, because nothing is left to do about it."""

    server: str
    why: str


def done(material: Material) -> tuple[Done, ...]:
    """Return the servers that replace an old one, or that are switched off already, by name."""
    names = {server.id: server.name for server in material.servers}
    arrived = replacements(material.servers, material.plan)
    found = {server_id: f"replaces {move.server}" for server_id, move in arrived.items()} | {
        server_id: f"switched off, {moment(at)}" for server_id, at in material.gone.items()
    }
    listed = (Done(server=names[each], why=why) for each, why in found.items() if each in names)
    return tuple(sorted(listed, key=lambda each: (each.server, each.why)))


def clouds(material: Material) -> tuple[Cloud, ...]:
    """Return the clouds that anything was judged for, in the order of their definition."""
    judged = {verdict.cloud for verdict in material.verdicts}
    return tuple(cloud for cloud in Cloud if cloud in judged)


def weightiest(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings with blockers first, then conditions, then notes; by rule within each."""
    order = list(Severity)
    return tuple(sorted(findings, key=lambda each: (order.index(each.severity), each.rule)))


def count(findings: Iterable[Finding], severity: Severity) -> int:
    """Count the findings of one severity."""
    return sum(finding.severity is severity for finding in findings)


def _grouped(pairs: Iterable[tuple[str, Dependency]]) -> dict[str, tuple[Dependency, ...]]:
    groups: dict[str, set[Dependency]] = defaultdict(set)
    for key, dependency in pairs:
        groups[key].add(dependency)
    return {key: tuple(sorted(group, key=_order)) for key, group in groups.items()}


def _order(dependency: Dependency) -> tuple[str, str, str, int, str]:
    return (
        dependency.client,
        dependency.server,
        dependency.protocol,
        dependency.port,
        dependency.process or "",
    )
