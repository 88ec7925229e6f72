"""Promises of the way from what rules say to a verdict: nothing unready comes through as ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path

import pytest

from inventory.model.fact import Facts, Observation, Reason, Unknown
from inventory.model.facts import CPU_THREADS, MEMORY_TOTAL
from inventory.model.server import Server
from inventory.registry import Plugin
from migrate.catalogue.surroundings import example_surroundings
from migrate.judging.judge import Judged, Panel, decides
from migrate.judging.readiness import coverage, readiness
from migrate.model.rule import CannotTell, Flagged, Judgement, NotApplicable, Passed, Rule
from migrate.model.verdict import VERDICT_AXES, Axis, Cloud, Effort, Readiness, Severity

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
AROUND = example_surroundings()
FLAGS = Flagged(observed="seen")
UNSURE = CannotTell(missing=(CPU_THREADS,), because="nobody said")
SAID: tuple[Judgement, ...] = (Passed(), NotApplicable(), FLAGS, UNSURE)


def rule(
    says: Judgement | Callable[[Facts], Judgement],
    *,
    axis: Axis = Axis.FIT,
    severity: Severity = Severity.BLOCKER,
    clouds: tuple[Cloud, ...] = tuple(Cloud),
) -> Rule:
    """Make a rule that always says the same, or what it makes of the facts."""
    return Rule(
        title="A title",
        why="A reason.",
        fix="A fix.",
        source="a page",
        source_date=date(2026, 1, 1),
        axis=axis,
        severity=severity,
        clouds=clouds,
        effort=Effort.HOURS,
        judge=lambda facts, _around: says(facts) if callable(says) else says,
        examples=(),
    )


def server(*facts: Observation, unreachable: Unknown | None = None) -> Server:
    """Make a server of these facts."""
    return Server(
        id="1",
        name="web-1",
        target="ssh://root@web-1",
        facts=Facts.from_observations(facts),
        unreachable=unreachable,
        first_seen=NOW,
        last_asked=NOW,
    )


def judged(*rules: Rule, of: Server | None = None, cloud: Cloud = Cloud.AWS) -> Judged:
    """Judge a server by rules that are named r0, r1 and so on."""
    plugins = {
        f"r{number}": Plugin(name=f"r{number}", help="A rule", value=each, path=Path("r.py"))
        for number, each in enumerate(rules)
    }
    return Panel(plugins, AROUND).judge(of or server())[cloud]


def expected(*said: tuple[Judgement, Severity]) -> Readiness:
    """Return the verdict of an axis, written a second time and by another way."""
    on = [(each, severity) for each, severity in said if not isinstance(each, NotApplicable)]
    if any(each == FLAGS and severity is Severity.BLOCKER for each, severity in on):
        return Readiness.NOT_READY
    if not on or any(each == UNSURE and severity is not Severity.NOTE for each, severity in on):
        return Readiness.UNKNOWN
    if any(each == FLAGS and severity is Severity.CONDITION for each, severity in on):
        return Readiness.CONDITIONS
    return Readiness.READY


@pytest.mark.parametrize("axis", VERDICT_AXES)
def test_every_pair_of_judgements_comes_to_its_verdict(axis: Axis) -> None:
    """Whatever two rules of whatever weight say, and on that axis alone."""
    kinds = list(product(SAID, Severity))
    for first, second in product(kinds, kinds):
        rules = [rule(each, axis=axis, severity=severity) for each, severity in (first, second)]
        found = readiness(judged(*rules))
        assert found[axis] is expected(first, second)
        assert {found[other] for other in VERDICT_AXES if other is not axis} == {Readiness.UNKNOWN}


def test_a_finding_weighs_what_it_says_itself() -> None:
    """A rule that is a note may find a blocker, and one that is a blocker a note."""
    graver = rule(replace(FLAGS, severity=Severity.BLOCKER), severity=Severity.NOTE)
    lighter = rule(replace(FLAGS, severity=Severity.NOTE), severity=Severity.BLOCKER)
    assert readiness(judged(graver))[Axis.FIT] is Readiness.NOT_READY
    assert readiness(judged(lighter))[Axis.FIT] is Readiness.READY


def test_what_is_found_of_security_decides_no_verdict() -> None:
    """It is told, and no axis of the verdict hangs on it."""
    secure = rule(UNSURE, axis=Axis.SECURITY, severity=Severity.BLOCKER)
    found = judged(secure, rule(Passed()))
    assert readiness(found)[Axis.FIT] is Readiness.READY
    assert [each.decides for each in found.missing] == [False]
    assert not decides(Axis.SECURITY, Severity.BLOCKER)
    assert not decides(Axis.FIT, Severity.NOTE)
    assert decides(Axis.FIT, Severity.CONDITION)


def test_a_rule_judges_for_its_own_cloud_alone() -> None:
    """For the other it neither flags nor counts."""
    mine = rule(FLAGS, clouds=(Cloud.AZURE,))
    assert judged(mine, cloud=Cloud.AWS).findings == ()
    assert judged(mine, cloud=Cloud.AWS).applied == 0
    assert judged(mine, rule(Passed()), rule(NotApplicable()), cloud=Cloud.AZURE).applied == 2
    assert [each.rule for each in judged(mine, cloud=Cloud.AZURE).findings] == ["r0"]


def test_a_rule_that_breaks_leaves_the_verdict_open() -> None:
    """It could not tell, says why, and the others are heard."""

    def broken(_facts: Facts) -> Judgement:
        raise KeyError("nothing there")

    found = judged(rule(broken), rule(FLAGS, axis=Axis.MOVE))
    assert readiness(found)[Axis.FIT] is Readiness.UNKNOWN
    assert readiness(found)[Axis.MOVE] is Readiness.NOT_READY
    assert found.missing[0].why_unknown == "the rule broke: KeyError: 'nothing there'"


def test_the_weightiest_finding_and_what_decides_come_first() -> None:
    """Then by the name of the rule."""
    light, grave = rule(FLAGS, severity=Severity.NOTE), rule(FLAGS)
    found = judged(light, grave, light, grave)
    assert [each.rule for each in found.findings] == ["r1", "r3", "r0", "r2"]
    idle, open_ = rule(UNSURE, severity=Severity.NOTE), rule(UNSURE)
    found = judged(idle, open_, idle, open_)
    assert [each.rule for each in found.missing] == ["r1", "r3", "r0", "r2"]


@pytest.mark.parametrize(
    ("untold", "told", "grade"),
    [
        (0, 1, "A"),
        (1, 99, "B"),
        (1, 9, "B"),
        (11, 89, "C"),
        (1, 3, "C"),
        (26, 74, "D"),
        (1, 1, "D"),
        (51, 49, "E"),
        (1, 0, "E"),
        (0, 0, "E"),
    ],
)
def test_coverage_is_graded_by_the_share_that_could_be_judged(
    untold: int, told: int, grade: str
) -> None:
    """All, nine in ten, three in four, half; notes are not counted, whatever they lack."""
    notes = [rule(UNSURE, severity=Severity.NOTE)] * 3
    rules = [rule(UNSURE)] * untold + [rule(Passed())] * told + notes
    assert coverage(judged(*rules)) == grade


def test_why_something_is_unknown_is_told_once_for_each_reason() -> None:
    """By the rule's own words, else by the reason of each unknown fact that it lacks."""
    lacks = CannotTell(missing=(CPU_THREADS, MEMORY_TOTAL))
    one = CannotTell(missing=(MEMORY_TOTAL,))
    facts = server(CPU_THREADS.known(4), MEMORY_TOTAL.unknown(Reason.NEEDS_PRIVILEGE, "lshw"))
    assert judged(rule(lacks), of=facts).missing[0].why_unknown == "needs privilege (lshw)"
    assert judged(rule(one), of=facts).missing[0].why_unknown == "needs privilege (lshw)"
    assert judged(rule(UNSURE), of=facts).missing[0].why_unknown == "nobody said"
    both = server(
        CPU_THREADS.unknown(Reason.NOT_TOLD), MEMORY_TOTAL.unknown(Reason.NEEDS_PRIVILEGE)
    )
    assert judged(rule(lacks), of=both).missing[0].why_unknown == "not told; needs privilege"


def test_of_a_server_that_does_not_answer_that_is_the_reason() -> None:
    """Of what nobody could ask it; what another source was asked keeps its own reason."""
    silent = Unknown(reason=Reason.UNREACHABLE, detail="refused")
    lacks = CannotTell(missing=(CPU_THREADS,))
    never = server(unreachable=silent)
    asked = server(CPU_THREADS.unknown(Reason.NOT_TOLD), unreachable=silent)
    assert judged(rule(lacks), of=never).missing[0].why_unknown == "unreachable (refused)"
    assert judged(rule(lacks), of=asked).missing[0].why_unknown == "not told"
    assert judged(rule(lacks), of=server()).missing[0].why_unknown == "not asked"


def test_a_source_that_was_not_verified_says_so() -> None:
    """Beside each finding of its rule."""
    sure = rule(FLAGS)
    found = judged(sure, replace(sure, verified=False))
    assert [each.source for each in found.findings] == ["a page", "a page (unverified)"]


def test_of_no_rules_nothing_is_known() -> None:
    """No axis is ready for want of a rule."""
    assert set(readiness(judged()).values()) == {Readiness.UNKNOWN}
    assert judged(rule(NotApplicable())).applied == 0
