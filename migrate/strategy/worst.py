"""The verdict of an application: on each axis that of its worst server, named with its reason.

The order is, from worst to best: not ready, unknown, ready with conditions, ready. So an
application is never better than unknown while one of its servers is; and a blocker that was found
on one server decides, whatever is unknown of the others, as it does for a server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from migrate.model.strategy import ApplicationVerdict, AxisVerdict
from migrate.model.verdict import Axis, Cloud, Readiness, Verdict

if TYPE_CHECKING:
    from migrate.model.strategy import Component

WORST_FIRST: Final = (
    Readiness.NOT_READY,
    Readiness.UNKNOWN,
    Readiness.CONDITIONS,
    Readiness.READY,
)

Verdicts = Mapping[tuple[str, Cloud], Verdict]
"""The latest verdicts by server id and cloud."""


def worst(
    components: Sequence[Component], verdicts: Verdicts, clouds: Sequence[Cloud]
) -> tuple[ApplicationVerdict, ...]:
    """Return an application's verdicts, cloud by cloud."""
    return tuple(_for_cloud(components, verdicts, cloud) for cloud in clouds)


def _for_cloud(
    components: Sequence[Component], verdicts: Verdicts, cloud: Cloud
) -> ApplicationVerdict:
    found = [(each, verdicts.get((each.server_id, cloud))) for each in components]
    fit, move, support = (
        min(
            (_on(axis, component, verdict) for component, verdict in found),
            key=lambda each: WORST_FIRST.index(each.readiness),
        )
        for axis in (Axis.FIT, Axis.MOVE, Axis.SUPPORT)
    )
    return ApplicationVerdict(cloud=cloud, fit=fit, move=move, support=support)


def _on(axis: Axis, component: Component, verdict: Verdict | None) -> AxisVerdict:
    if verdict is None:
        never = "it was never classified: run decant classify"
        return AxisVerdict(
            axis=axis, readiness=Readiness.UNKNOWN, server=component.server, because=never
        )
    readiness = verdict.on(axis)
    if readiness is Readiness.READY:
        return AxisVerdict(axis=axis, readiness=readiness)
    because = _missing(verdict, axis) if readiness is Readiness.UNKNOWN else _found(verdict, axis)
    return AxisVerdict(axis=axis, readiness=readiness, server=component.server, because=because)


def _found(verdict: Verdict, axis: Axis) -> str:
    """Name the weightiest finding: they stand in that order."""
    finding = next((each for each in verdict.findings if each.axis is axis), None)
    return f"{finding.title}: {finding.observed} [{finding.rule}]" if finding else ""


def _missing(verdict: Verdict, axis: Axis) -> str:
    missing = next((each for each in verdict.missing if each.axis is axis and each.decides), None)
    if missing is None:
        return "no rule could judge it"
    facts = ", ".join(missing.facts) or "the rule itself"
    return f"{facts}: {missing.why_unknown} [{missing.rule}]"
