"""What the rules say of one server: what they found, what they could not tell, and how many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from operator import itemgetter
from typing import Any, NamedTuple

from inventory.errors import Place, PluginError
from inventory.model.fact import Facts, Reason, Unknown
from inventory.model.server import Server
from inventory.registry import Plugin
from migrate.judging.remembering import Memory
from migrate.model.rule import (
    CannotTell,
    Flagged,
    Judgement,
    NotApplicable,
    Passed,
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
_AXES = tuple(Axis)
_PLACES = 1 << 20
"""More than there are rules."""
_PLACE = itemgetter(0)
_REASONS = 16
"""For how many reasons why servers do not answer it is remembered what the rules said."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """What the rules say of one server for one cloud."""

    findings: tuple[Finding, ...]
    """The weightiest first."""
    missing: tuple[Missing, ...]
    """Those that decide first."""
    applied: int
    """How many rules concern the server, whether they could tell or not."""
    deciding: int
    """How many of those a verdict hangs on."""
    axes: frozenset[Axis]
    """What those are about that concern it."""


class _Part(NamedTuple):
    """What some rules say for one cloud; what is found and missing with its place in the order.

    A rule's place is its own, and it says one thing of a server: no two are in the same. A tuple,
    as some forty are put together for each server and cloud.
    """

    findings: tuple[tuple[int, Finding], ...] = ()
    missing: tuple[tuple[int, Missing], ...] = ()
    applied: int = 0
    deciding: int = 0
    axes: int = 0
    """A bit for each of :data:`_AXES`."""


_NOTHING = _Part()
_Said = tuple[_Part, ...]
"""A part for each of the panel's clouds."""


class Panel:
    """Every rule, made ready to judge many servers as of one day for some clouds.

    What rules say of many servers in the same words is kept once, and a rule is not asked again
    of facts that it was asked of before.
    """

    def __init__(
        self,
        rules: Mapping[str, Plugin[Rule]],
        around: Surroundings,
        clouds: Sequence[Cloud] = tuple(Cloud),
    ) -> None:
        self._clouds = tuple(clouds)
        self._seats = [
            _Seat(name=name, place=place, plugin=rules[name], around=around, clouds=self._clouds)
            for place, name in enumerate(sorted(rules))
            if set(rules[name].value.clouds) & set(clouds)
        ]
        self._memories: dict[Unknown | None, Memory[_Said]] = {}

    def judge(self, server: Server) -> dict[Cloud, Judged]:
        """Apply every rule to a server, each once, and tell each cloud's part.

        A rule that breaks on a server costs only itself: it could not tell, and says why.

        Raises:
            PluginError: a rule returned what is no judgement; it may have been meant to be any.

        """
        said = self._memory(server.unreachable).hear(server.facts)
        return {
            cloud: _judged(_together(parts))
            for cloud, parts in zip(self._clouds, self._by_cloud(said), strict=True)
        }

    def _memory(self, unreachable: Unknown | None) -> Memory[_Said]:
        """Return what is remembered of servers that do not answer for a reason, or that do."""
        memory = self._memories.get(unreachable)
        if memory is None:
            _make_room(self._memories, _REASONS)
            voices = [partial(seat.said, unreachable=unreachable) for seat in self._seats]
            memory = self._memories[unreachable] = Memory(voices, self._together)
        return memory

    def _together(self, said: Sequence[_Said]) -> _Said:
        return tuple([_together(parts) for parts in self._by_cloud(said)])

    def _by_cloud(self, said: Sequence[_Said]) -> Iterable[tuple[_Part, ...]]:
        nothing = (_NOTHING,) * len(self._clouds)
        return zip(nothing, *said, strict=True)


@dataclass(kw_only=True)
class _Seat:
    """One rule of the panel, and what it has said."""

    name: str
    place: int
    """Among the rules by name."""
    plugin: Plugin[Rule]
    around: Surroundings
    clouds: Sequence[Cloud]
    rule: Rule = field(init=False)
    passed: _Said = field(init=False)
    """What there is to say when it concerns a server and has nothing against it."""
    nothing: _Said = field(init=False)
    findings: dict[tuple[str, Severity | None], _Said] = field(default_factory=dict)
    untold: dict[tuple[tuple[str, ...], str], _Said] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rule = self.plugin.value
        self.passed = self._to_clouds()
        self.nothing = (_NOTHING,) * len(self.clouds)

    def said(self, facts: Facts, *, unreachable: Unknown | None) -> _Said:
        """Return what the rule says of a server's facts; ``unreachable`` is why it says nothing.

        Raises:
            PluginError: what it returned is no judgement.

        """
        judgement = _apply(self.rule, facts, self.around)
        if isinstance(judgement, Passed):
            return self.passed
        if isinstance(judgement, Flagged):
            return self._finding(judgement)
        if isinstance(judgement, CannotTell):
            return self._missing(judgement, facts, unreachable)
        if isinstance(judgement, NotApplicable):
            return self.nothing
        raise _no_judgement(self.plugin, judgement)

    def _finding(self, flagged: Flagged) -> _Said:
        said = (flagged.observed, flagged.severity)
        known = self.findings.get(said)
        if known is None:
            _make_room(self.findings, _KEPT)
            finding = _finding(self.name, self.rule, flagged)
            place = _WEIGHTS[finding.severity] * _PLACES + self.place
            known = self.findings[said] = self._to_clouds(findings=((place, finding),))
        return known

    def _missing(self, judgement: CannotTell, facts: Facts, unreachable: Unknown | None) -> _Said:
        names = tuple([key.name for key in judgement.missing])
        said = (names, judgement.because or _reasons(judgement, facts, unreachable))
        known = self.untold.get(said)
        if known is None:
            _make_room(self.untold, _KEPT)
            missing = _missing(self.name, self.rule, *said)
            place = (not missing.decides) * _PLACES + self.place
            known = self.untold[said] = self._to_clouds(missing=((place, missing),))
        return known

    def _to_clouds(
        self,
        findings: tuple[tuple[int, Finding], ...] = (),
        missing: tuple[tuple[int, Missing], ...] = (),
    ) -> _Said:
        rule = self.rule
        part = _Part(
            findings=findings,
            missing=missing,
            applied=1,
            deciding=int(decides(rule.axis, rule.severity)),
            axes=1 << _AXES.index(rule.axis),
        )
        return tuple(part if each in rule.clouds else _NOTHING for each in self.clouds)


def _make_room(said: dict[Any, Any], kept: int) -> None:
    if len(said) >= kept:
        said.clear()


def _together(parts: Iterable[_Part]) -> _Part:
    findings: list[tuple[int, Finding]] = []
    missing: list[tuple[int, Missing]] = []
    applied = deciding = axes = 0
    for found, missed, some, some_deciding, about in parts:
        findings += found
        missing += missed
        applied += some
        deciding += some_deciding
        axes |= about
    return _Part(tuple(findings), tuple(missing), applied, deciding, axes)


def _judged(whole: _Part) -> Judged:
    return Judged(
        findings=tuple([each for _, each in sorted(whole.findings, key=_PLACE)]),
        missing=tuple([each for _, each in sorted(whole.missing, key=_PLACE)]),
        applied=whole.applied,
        deciding=whole.deciding,
        axes=_axes(whole.axes),
    )


@cache
def _axes(bits: int) -> frozenset[Axis]:
    return frozenset(axis for place, axis in enumerate(_AXES) if bits >> place & 1)


def decides(axis: Axis, severity: Severity) -> bool:
    """Tell whether a verdict hangs on a rule."""
    return severity is not Severity.NOTE and axis in VERDICT_AXES


def _apply(rule: Rule, facts: Facts, around: Surroundings) -> Judgement:
    try:
        return rule.judge(facts, around)
    except Exception as error:  # noqa: BLE001 - whatever a user's own rule may raise
        return CannotTell(missing=(), because=f"the rule broke: {type(error).__name__}: {error}")


def _no_judgement(plugin: Plugin[Rule], said: object) -> PluginError:
    what = "nothing" if said is None else f"a {type(said).__name__}"
    return PluginError(
        f"the rule {plugin.name!r} returned {what} where it must say what it judged",
        hint="each way through it must end with Passed, Flagged, CannotTell or NotApplicable; "
        "decant rules test tries it on its examples",
        place=Place(file=plugin.path),
    )


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


def _reasons(judgement: CannotTell, facts: Facts, unreachable: Unknown | None) -> str:
    told = [facts.of(key) for key in judgement.missing]
    unknown = [_reason(fact, unreachable) for fact in told if isinstance(fact, Unknown)]
    return unknown[0] if len(unknown) == 1 else "; ".join(dict.fromkeys(unknown))


def _reason(unknown: Unknown, unreachable: Unknown | None) -> str:
    # Nothing was asked of a server that was never reached: the reason is that it does not answer.
    told = unreachable if unreachable and unknown.reason is Reason.NOT_ASKED else unknown
    return f"{told.reason.value} ({told.detail})" if told.detail else told.reason.value
