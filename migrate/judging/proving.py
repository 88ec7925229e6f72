"""What every rule must keep, whoever wrote it: its examples hold, and unknown is never passed.

The tests of our own rules and ``decant rules test`` ask the same of each rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from inventory.model.fact import Fact, FactKey, Facts, Known, Reason, Unknown
from inventory.registry import Plugin
from migrate.catalogue.surroundings import EXAMPLE_DAY
from migrate.model.rule import (
    CannotTell,
    Flagged,
    Judgement,
    NotApplicable,
    Passed,
    Rule,
    RuleExample,
    Surroundings,
)

LOST_BECAUSE: Final = (None, Reason.NEEDS_PRIVILEGE)
"""How a fact is taken from an example: as never asked, and as unknown with a reason."""
_MUST_SHOW: Final = (Flagged, Passed, CannotTell)


@dataclass(frozen=True, kw_only=True)
class Broken:
    """One promise that a rule does not keep."""

    rule: str
    promise: str
    """What every rule must keep: ``its examples hold``."""
    detail: str
    """Where and how it does not."""


def prove(
    plugin: Plugin[Rule],
    around: Surroundings,
    *,
    today: date = EXAMPLE_DAY,
    excused: Collection[str] = (),
) -> tuple[Broken, ...]:
    """Return every promise that a rule does not keep; nothing when it keeps all.

    Its source may not be dated after ``today``. ``excused`` names facts whose loss another fact
    settles for this rule, besides those that the rule itself names.
    """
    settled = {*excused, *(each.name for each in plugin.value.settled_otherwise)}
    return (
        *_told(plugin, _undefended(plugin, today), "it can be defended"),
        *_told(plugin, _unshown(plugin), "it shows what it flags, passes and cannot tell"),
        *_told(plugin, _unheld(plugin, around), "its examples hold"),
        *_told(plugin, _passed_unknown(plugin, around, settled), "what is unknown is never passed"),
        *_told(plugin, _told_of_nothing(plugin, around), "it tells nothing of a server unknown"),
        *_told(plugin, _unnamed(plugin, around), "what it misses is named"),
    )


def _told(plugin: Plugin[Rule], details: Iterator[str], promise: str) -> Iterator[Broken]:
    return (Broken(rule=plugin.name, promise=promise, detail=each) for each in details)


def _undefended(plugin: Plugin[Rule], today: date) -> Iterator[str]:
    rule = plugin.value
    for name in ("title", "why", "fix", "source", "clouds"):
        if not getattr(rule, name):
            yield f"{name} is empty"
    for name in ("why", "fix"):
        if not getattr(rule, name).endswith("."):
            yield f"{name} is no sentence: it ends without a full stop"
    if rule.source_date > today:
        yield f"its source is dated {rule.source_date}, after {today}"


def _unshown(plugin: Plugin[Rule]) -> Iterator[str]:
    shown = {example.expected for example in plugin.value.examples}
    for kind in _MUST_SHOW:
        if kind not in shown:
            yield f"no example is {kind.__name__}"
    names = [example.name for example in plugin.value.examples]
    for name in sorted({each for each in names if names.count(each) > 1}):
        yield f"two examples are called {name!r}"
    yield from _unshown_without(plugin.value)


def _unshown_without(rule: Rule) -> Iterator[str]:
    """Tell of each fact said to be settled otherwise that no example shows to be."""
    passed = [
        {each.key.name for each in example.facts if isinstance(each.fact, Known)}
        for example in rule.examples
        if example.expected is Passed
    ]
    for key in rule.settled_otherwise:
        if all(key.name in known for known in passed):
            yield f"no example passes while {key.name}, which another settles, is unknown"


def _unheld(plugin: Plugin[Rule], around: Surroundings) -> Iterator[str]:
    for example in plugin.value.examples:
        said = _judge(plugin, Facts.from_observations(example.facts), around)
        if type(said) is not example.expected:
            yield f"{example.name}: expected {example.expected.__name__}, it says {_said(said)}"


def _passed_unknown(
    plugin: Plugin[Rule], around: Surroundings, excused: Collection[str]
) -> Iterator[str]:
    for example in plugin.value.examples:
        for reason in LOST_BECAUSE:
            yield from _passed_without(plugin, example, reason, around, excused)


def _passed_without(
    plugin: Plugin[Rule],
    example: RuleExample,
    reason: Reason | None,
    around: Surroundings,
    excused: Collection[str],
) -> Iterator[str]:
    for lost in example.facts:
        left = [each for each in example.facts if each is not lost]
        if reason:
            left.append(lost.key.unknown(reason))
        facts = Watched(Facts.from_observations(left).observations)
        said = _judge(plugin, facts, around)
        unread = facts.read_unknown - set(excused)
        if isinstance(said, Passed | NotApplicable) and unread:
            names = ", ".join(sorted(unread))
            yield f"{example.name}, without {lost.key.name}: {_said(said)} although it read {names}"


def _told_of_nothing(plugin: Plugin[Rule], around: Surroundings) -> Iterator[str]:
    said = _judge(plugin, Facts(), around)
    if not isinstance(said, CannotTell):
        yield f"of a server without facts it says {_said(said)}"


def _unnamed(plugin: Plugin[Rule], around: Surroundings) -> Iterator[str]:
    for example in plugin.value.examples:
        facts = Facts.from_observations(example.facts)
        said = _judge(plugin, facts, around)
        if isinstance(said, CannotTell):
            unknown = all(isinstance(facts.of(key), Unknown) for key in said.missing)
            if not said.missing or not (unknown or said.because):
                yield f"{example.name}: it cannot tell, and names nothing unknown and no reason"


def _judge(plugin: Plugin[Rule], facts: Facts, around: Surroundings) -> Judgement | Exception:
    try:
        return plugin.value.judge(facts, around)
    except Exception as error:  # noqa: BLE001 - whatever a user's own rule may raise
        return error


def _said(said: Judgement | Exception) -> str:
    if isinstance(said, Exception):
        return f"{type(said).__name__}: {said}"
    return f"{type(said).__name__} ({said.observed})" if isinstance(said, Flagged) else _name(said)


def _name(said: Judgement) -> str:
    return type(said).__name__


@dataclass(frozen=True)
class Watched(Facts):
    """Facts that remember which unknown ones were read."""

    read_unknown: set[str] = field(default_factory=set)

    def of(self, key: FactKey[Any]) -> Fact[Any]:
        """Return the fact, and remember the key when it is unknown."""
        fact = super().of(key)
        if isinstance(fact, Unknown):
            self.read_unknown.add(key.name)
        return fact
