"""What the rules say of one server: what they found, what they could not tell, and how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from inventory.model.fact import Facts, Reason, Unknown
from inventory.model.server import Server
from inventory.registry import Plugin
from migrate.model.rule import (
    CannotTell,
    Flagged,
    Judgement,
    NotApplicable,
    Rule,
    Surroundings,
)
from migrate.model.verdict import (
    VERDICT_AXES,
    Axis,
    Cloud,
    Finding,
    Missing,
    Severity,
)

_WEIGHTS = {severity: weight for weight, severity in enumerate(Severity)}


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the rules say of one server for one cloud."""

    findings: tuple[Finding, ...]
    """The weightiest first."""
    missing: tuple[Missing, ...]
    """Those that decide first."""
    applied: tuple[tuple[Axis, Severity], ...]
    """Axis and severity of each rule that concerns the server, whether it could tell or not."""


def judge(
    server: Server,
    rules: Mapping[str, Plugin[Rule]],
    around: Surroundings,
    clouds: Sequence[Cloud] = tuple(Cloud),
) -> dict[Cloud, Judged]:
    """Apply every rule to a server, each once, and tell each cloud's part.

    A rule that breaks on a server costs only itself: it could not tell, and says why.
    """
    parts = {cloud: _Part() for cloud in clouds}
    for name, plugin in rules.items():
        rule = plugin.value
        concerned = [parts[cloud] for cloud in rule.clouds if cloud in parts]
        judgement = _apply(rule, server.facts, around) if concerned else NotApplicable()
        if isinstance(judgement, NotApplicable):
            continue
        finding = _finding(name, rule, judgement) if isinstance(judgement, Flagged) else None
        untold = (
            _missing(name, rule, judgement, server) if isinstance(judgement, CannotTell) else None
        )
        for part in concerned:
            part.add(rule, finding, untold)
    return {cloud: part.judged() for cloud, part in parts.items()}


@dataclass(kw_only=True)
class _Part:
    """What the rules have said so far for one cloud."""

    findings: list[Finding] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    applied: list[tuple[Axis, Severity]] = field(default_factory=list)

    def add(self, rule: Rule, finding: Finding | None, untold: Missing | None) -> None:
        self.applied.append((rule.axis, rule.severity))
        if finding:
            self.findings.append(finding)
        if untold:
            self.missing.append(untold)

    def judged(self) -> Judged:
        self.findings.sort(key=lambda each: (_WEIGHTS[each.severity], each.rule))
        self.missing.sort(key=lambda each: (not each.decides, each.rule))
        return Judged(
            findings=tuple(self.findings),
            missing=tuple(self.missing),
            applied=tuple(self.applied),
        )


def decides(axis: Axis, severity: Severity) -> bool:
    """Tell whether a verdict hangs on a rule."""
    return severity is not Severity.NOTE and axis in VERDICT_AXES


def _apply(rule: Rule, facts: Facts, around: Surroundings) -> Judgement:
    try:
        return rule.judge(facts, around)
    except Exception as error:  # noqa: BLE001 - whatever a user's own rule may raise
        return CannotTell(missing=(), because=f"the rule broke: {type(error).__name__}: {error}")


def _finding(name: str, rule: Rule, flagged: Flagged) -> Finding:
    return Finding(
        rule=name,
        title=rule.title,
        axis=rule.axis,
        severity=flagged.severity or rule.severity,
        observed=flagged.observed,
        why=rule.why,
        fix=rule.fix,
        source=rule.source if rule.verified else f"{rule.source} (unverified)",
        source_date=rule.source_date,
        effort=rule.effort,
    )


def _missing(name: str, rule: Rule, judgement: CannotTell, server: Server) -> Missing:
    return Missing(
        rule=name,
        title=rule.title,
        axis=rule.axis,
        facts=tuple(key.name for key in judgement.missing),
        why_unknown=judgement.because or _reasons(judgement, server),
        decides=decides(rule.axis, rule.severity),
    )


def _reasons(judgement: CannotTell, server: Server) -> str:
    facts = (server.facts.of(key) for key in judgement.missing)
    unknown = (fact for fact in facts if isinstance(fact, Unknown))
    return "; ".join(dict.fromkeys(_reason(each, server) for each in unknown))


def _reason(unknown: Unknown, server: Server) -> str:
    # Nothing was asked of a server that was never reached: the reason is that it does not answer.
    never_asked = unknown.reason is Reason.NOT_ASKED and server.unreachable
    told = server.unreachable if never_asked and server.unreachable else unknown
    return f"{told.reason.value} ({told.detail})" if told.detail else told.reason.value
