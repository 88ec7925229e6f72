"""Validate the inventory against the estate's policy: every condition on every server, for CI.

Pure: material and policy in, conditions out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from inventory.errors import FINDINGS, FINE, PARTLY_UNKNOWN
from inventory.model.server import Server
from migrate.hearing import is_only_told_of, last_heard
from migrate.leaving import leaving
from migrate.model.plan import Destination, Move
from migrate.model.report import Material
from migrate.model.verdict import (
    VERDICT_AXES,
    Axis,
    Cloud,
    Readiness,
    Severity,
    Verdict,
)
from migrate.policy import Condition, Outcome, Policy, on_axis, outcome_of

_CLOUD_OF = {Destination.AWS: Cloud.AWS, Destination.AZURE: Cloud.AZURE}


def validate(material: Material, policy: Policy) -> tuple[Condition, ...]:
    """Return every condition on every server that is to leave, by server name.

    Servers that replace others, and those that are switched off already, are left out.
    """
    verdicts: dict[str, dict[Cloud, Verdict]] = defaultdict(dict)
    for verdict in material.verdicts:
        verdicts[verdict.server_id][verdict.cloud] = verdict
    moves = {move.server_id: move for move in material.plan.moves} if material.plan else {}
    return tuple(
        condition
        for server in leaving(material)
        for condition in (
            _answered(server, policy),
            _fresh(server, verdicts[server.id].values(), material.at, policy),
            *_clouds(server, moves.get(server.id), verdicts[server.id], policy),
        )
    )


def exit_code(conditions: Iterable[Condition]) -> int:
    """Return 1 when a condition failed, else 3 when one is unknown, else 0."""
    outcomes = {condition.outcome for condition in conditions}
    if Outcome.FAILED in outcomes:
        return FINDINGS
    return PARTLY_UNKNOWN if Outcome.UNKNOWN in outcomes else FINE


def _condition(server: Server, name: str, outcome: Outcome, why: str) -> Condition:
    return Condition(
        server_id=server.id, server=server.name, cloud=None, name=name, outcome=outcome, why=why
    )


def _answered(server: Server, policy: Policy) -> Condition:
    if server.unreachable is None:
        return _condition(server, "answered", Outcome.MET, "it answered when it was last asked")
    if is_only_told_of(server):
        why = f"it was never asked: known from {', '.join(server.sources)} alone"
        return _condition(server, "answered", Outcome.EXCUSED, why)
    silent = server.unreachable
    why = f"it did not answer when it was last asked: {silent.reason.value}"
    why += f" ({silent.detail})" if silent.detail else ""
    return _condition(server, "answered", outcome_of(policy.unreachable), why)


def _fresh(server: Server, verdicts: Iterable[Verdict], now: datetime, policy: Policy) -> Condition:
    heard = last_heard(server)
    if heard is None:
        problem = "nothing was ever told of it"
    elif policy.max_age is not None and now - (server.last_answered or heard) > policy.max_age:
        # An export of yesterday does not make young what the server itself said a year ago.
        exported = is_only_told_of(server)
        what = "what exports told of it" if exported else "its last answer"
        days = (now - (server.last_answered or heard)).days
        problem = f"{what} is {days} days old, more than {policy.max_age.days}; run "
        problem += "decant import with a newer one" if exported else "decant discover"
    elif any(verdict.at < heard for verdict in verdicts):
        problem = "more was told of it since it was judged; run decant classify"
    else:
        return _condition(server, "fresh", Outcome.MET, "what is known of it is recent enough")
    return _condition(server, "fresh", outcome_of(policy.stale), problem)


def _clouds(
    server: Server,
    move: Move | None,
    verdicts: Mapping[Cloud, Verdict],
    policy: Policy,
) -> Iterator[Condition]:
    judged = {
        cloud: tuple(
            _axis(server, cloud, verdicts.get(cloud), axis, policy) for axis in VERDICT_AXES
        )
        for cloud in Cloud
    }
    counting, why = _counting(judged, move)
    for cloud, conditions in judged.items():
        yield from conditions if cloud in counting else (_excused(each, why) for each in conditions)


def _counting(
    judged: Mapping[Cloud, Sequence[Condition]], move: Move | None
) -> tuple[frozenset[Cloud], str]:
    if move is not None:
        cloud = _CLOUD_OF.get(move.to)
        counting = frozenset({cloud}) if cloud else frozenset()
        return counting, f"does not count: planned for {move.to.value}"
    standing = {cloud: _worst(conditions) for cloud, conditions in judged.items()}
    for outcome in (Outcome.MET, Outcome.UNKNOWN):
        clouds = frozenset(cloud for cloud, each in standing.items() if each is outcome)
        if clouds:
            verb = "would do" if outcome is Outcome.MET else "may still do"
            names = " or ".join(sorted(cloud.value for cloud in clouds))
            return clouds, f"does not count: no plan yet, and {names} {verb}"
    return frozenset(judged), ""


def _worst(conditions: Iterable[Condition]) -> Outcome:
    outcomes = {condition.outcome for condition in conditions}
    if Outcome.FAILED in outcomes:
        return Outcome.FAILED
    return Outcome.UNKNOWN if Outcome.UNKNOWN in outcomes else Outcome.MET


def _excused(condition: Condition, why: str) -> Condition:
    if condition.outcome is Outcome.MET:
        return condition
    return replace(condition, outcome=Outcome.EXCUSED, why=f"{condition.why}; {why}")


def _axis(
    server: Server, cloud: Cloud, verdict: Verdict | None, axis: Axis, policy: Policy
) -> Condition:
    readiness = verdict.on(axis) if verdict else Readiness.UNKNOWN
    why = readiness.value if verdict else "not judged; run decant classify"
    if verdict and last_heard(server) is None:
        readiness, verdict = Readiness.UNKNOWN, None
        why = "unknown: nothing was ever told of it"
    return replace(
        _condition(server, axis.value, on_axis(policy, axis, readiness), why),
        cloud=cloud,
        details=tuple(_reasons(verdict, axis)) if verdict else (),
    )


def _reasons(verdict: Verdict, axis: Axis) -> Iterator[str]:
    for finding in verdict.findings:
        if finding.axis is axis and finding.severity is not Severity.NOTE:
            yield f"{finding.severity.value}: {finding.title} ({finding.observed}); {finding.fix}"
    for missing in verdict.missing:
        if missing.axis is axis and missing.decides:
            facts = ", ".join(missing.facts)
            yield f"unknown: {missing.title}; {facts}: {missing.why_unknown}"
