"""What the rules say of one server: what they found, what they could not tell, and how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

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
_KEPT = 1024
"""How many things that one rule said are kept: some, such as sizes, hardly ever come again."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the rules say of one server for one cloud."""

    findings: tuple[Finding, ...]
    """The weightiest first."""
    missing: tuple[Missing, ...]
    """Those that decide first."""
    applied: tuple[tuple[Axis, Severity], ...]
    """Axis and severity of each rule that concerns the server, whether it could tell or not."""


class Panel:
    """Every rule, made ready to judge many servers as of one day for some clouds.

    What rules say of many servers in the same words is kept once.
    """

    def __init__(
        self,
        rules: Mapping[str, Plugin[Rule]],
        around: Surroundings,
        clouds: Sequence[Cloud] = tuple(Cloud),
    ) -> None:
        self._around = around
        self._clouds = tuple(clouds)
        self._seats = [
            _Seat(name=name, rule=plugin.value, concerned=concerned)
            for name, plugin in rules.items()
            if (concerned := [at for at, each in enumerate(clouds) if each in plugin.value.clouds])
        ]

    def judge(self, server: Server) -> dict[Cloud, Judged]:
        """Apply every rule to a server, each once, and tell each cloud's part.

        A rule that breaks on a server costs only itself: it could not tell, and says why.
        """
        parts = [_Part() for _ in self._clouds]
        facts, around = server.facts, self._around
        for seat in self._seats:
            judgement = _apply(seat.rule, facts, around)
            if isinstance(judgement, NotApplicable):
                continue
            for at in seat.concerned:
                parts[at].applied.append(seat.counts)
            if isinstance(judgement, Flagged):
                finding = seat.finding(judgement)
                for at in seat.concerned:
                    parts[at].findings.append(finding)
            elif isinstance(judgement, CannotTell):
                missing = seat.missing(judgement, server)
                for at in seat.concerned:
                    parts[at].missing.append(missing)
        return {cloud: part.judged() for cloud, part in zip(self._clouds, parts, strict=True)}


@dataclass(kw_only=True)
class _Seat:
    """One rule of the panel, and what it has said."""

    name: str
    rule: Rule
    concerned: Sequence[int]
    """Which of the panel's clouds it judges for."""
    counts: tuple[Axis, Severity] = field(init=False)
    findings: dict[tuple[str, Severity | None], Finding] = field(default_factory=dict)
    untold: dict[tuple[tuple[str, ...], str], Missing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.counts = (self.rule.axis, self.rule.severity)

    def finding(self, flagged: Flagged) -> Finding:
        said = (flagged.observed, flagged.severity)
        if said not in self.findings:
            _make_room(self.findings)
            self.findings[said] = _finding(self.name, self.rule, flagged)
        return self.findings[said]

    def missing(self, judgement: CannotTell, server: Server) -> Missing:
        facts = tuple([key.name for key in judgement.missing])
        said = (facts, judgement.because or _reasons(judgement, server))
        known = self.untold.get(said)
        if known is None:
            _make_room(self.untold)
            known = self.untold[said] = _missing(self.name, self.rule, *said)
        return known


def _make_room(said: dict[Any, Any]) -> None:
    if len(said) >= _KEPT:
        said.clear()


@dataclass(kw_only=True)
class _Part:
    """What the rules have said so far for one cloud."""

    findings: list[Finding] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    applied: list[tuple[Axis, Severity]] = field(default_factory=list)

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


def _missing(name: str, rule: Rule, facts: tuple[str, ...], why: str) -> Missing:
    return Missing(
        rule=name,
        title=rule.title,
        axis=rule.axis,
        facts=facts,
        why_unknown=why,
        decides=decides(rule.axis, rule.severity),
    )


def _reasons(judgement: CannotTell, server: Server) -> str:
    if len(judgement.missing) == 1:
        fact = server.facts.of(judgement.missing[0])
        return _reason(fact, server) if isinstance(fact, Unknown) else ""
    facts = (server.facts.of(key) for key in judgement.missing)
    unknown = (fact for fact in facts if isinstance(fact, Unknown))
    return "; ".join(dict.fromkeys(_reason(each, server) for each in unknown))


def _reason(unknown: Unknown, server: Server) -> str:
    # Nothing was asked of a server that was never reached: the reason is that it does not answer.
    never_asked = unknown.reason is Reason.NOT_ASKED and server.unreachable
    told = server.unreachable if never_asked and server.unreachable else unknown
    return f"{told.reason.value} ({told.detail})" if told.detail else told.reason.value
