"""What the rules say of one server: what they found, what they could not tell, and how many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
from migrate.model.verdict import Axis, Cloud, Finding, Missing, Severity

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
    server: Server, cloud: Cloud, rules: Mapping[str, Plugin[Rule]], around: Surroundings
) -> Judged:
    """Apply every rule of a cloud to a server.

    A rule that breaks on a server costs only itself: it could not tell, and says why.
    """
    findings: list[Finding] = []
    missing: list[Missing] = []
    applied: list[tuple[Axis, Severity]] = []
    for name, rule in _of_cloud(rules, cloud):
        judgement = _apply(rule, server.facts, cloud, around)
        if isinstance(judgement, NotApplicable):
            continue
        applied.append((rule.axis, rule.severity))
        if isinstance(judgement, Flagged):
            findings.append(_finding(name, rule, judgement))
        elif isinstance(judgement, CannotTell):
            missing.append(_missing(name, rule, judgement, server))
    return Judged(
        findings=tuple(sorted(findings, key=lambda each: (_WEIGHTS[each.severity], each.rule))),
        missing=tuple(sorted(missing, key=lambda each: (not each.decides, each.rule))),
        applied=tuple(applied),
    )


def _of_cloud(rules: Mapping[str, Plugin[Rule]], cloud: Cloud) -> Iterable[tuple[str, Rule]]:
    return ((name, plugin.value) for name, plugin in rules.items() if cloud in plugin.value.clouds)


def _apply(rule: Rule, facts: Facts, cloud: Cloud, around: Surroundings) -> Judgement:
    try:
        return rule.judge(facts, cloud, around)
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
    )


def _missing(name: str, rule: Rule, judgement: CannotTell, server: Server) -> Missing:
    return Missing(
        rule=name,
        title=rule.title,
        axis=rule.axis,
        facts=tuple(key.name for key in judgement.missing),
        why_unknown=judgement.because or _reasons(judgement, server),
        decides=rule.severity is not Severity.NOTE,
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
