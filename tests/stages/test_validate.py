"""Validation counts what the policy asks for, excuses what does not count, and guesses nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped
from report_samples import HOSTILE, NOW, finding, full_facts, material, move, server, verdict

from inventory.model.fact import Facts, Reason, Unknown
from inventory.model.server import Server
from migrate.model.plan import Destination, Plan
from migrate.model.report import Material
from migrate.model.verdict import Axis, Cloud, Readiness, Severity, Verdict
from migrate.policy import Condition, Outcome, Policy, Treatment
from migrate.reports._junit import as_junit
from migrate.stages.validate import exit_code, validate

WEB = server("web-1")
READY, CONDITIONS, NOT_READY, UNKNOWN = Readiness


def estate(*verdicts: Verdict, of: Server = WEB, to: Destination | None = None) -> Material:
    """Make an estate of one server, with or without a planned move."""
    moves = (move(of, to),) if to else ()
    plan = Plan(moves=moves, unplanned=(), warnings=(), at=NOW)
    return replace(material(), servers=(of,), verdicts=verdicts, plan=plan)


def both(aws: Readiness, azure: Readiness) -> tuple[Verdict, Verdict]:
    """Judge the server's fit for both clouds."""
    return verdict(WEB, Cloud.AWS, fit=aws), verdict(WEB, Cloud.AZURE, fit=azure)


def found(conditions: tuple[Condition, ...], name: str, cloud: Cloud | None = None) -> Condition:
    """Pick the one condition of that name."""
    (one,) = [each for each in conditions if (each.name, each.cloud) == (name, cloud)]
    return one


@pytest.mark.parametrize(
    ("aws", "azure", "outcomes", "code"),
    [
        (READY, READY, (Outcome.MET, Outcome.MET), 0),
        (CONDITIONS, NOT_READY, (Outcome.MET, Outcome.EXCUSED), 0),
        (READY, UNKNOWN, (Outcome.MET, Outcome.EXCUSED), 0),
        (NOT_READY, NOT_READY, (Outcome.FAILED, Outcome.FAILED), 1),
        (UNKNOWN, NOT_READY, (Outcome.UNKNOWN, Outcome.EXCUSED), 3),
        (UNKNOWN, UNKNOWN, (Outcome.UNKNOWN, Outcome.UNKNOWN), 3),
    ],
)
def test_without_a_plan_some_cloud_must_do(
    aws: Readiness, azure: Readiness, outcomes: tuple[Outcome, Outcome], code: int
) -> None:
    """A cloud that will not do is excused as long as another will, or may."""
    conditions = validate(estate(*both(aws, azure)), Policy())
    assert tuple(found(conditions, "fit", cloud).outcome for cloud in Cloud) == outcomes
    assert exit_code(conditions) == code


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (Destination.AWS, 1),
        (Destination.AZURE, 0),
        (Destination.SAAS, 0),
        (Destination.HUB, 0),
        (Destination.RETIRE, 0),
    ],
)
def test_with_a_plan_its_destination_alone_counts(to: Destination, code: int) -> None:
    """What goes to neither cloud is not asked for the clouds' verdicts."""
    conditions = validate(estate(*both(NOT_READY, READY), to=to), Policy())
    assert exit_code(conditions) == code
    expected = Outcome.FAILED if code else Outcome.EXCUSED
    assert found(conditions, "fit", Cloud.AWS).outcome is expected


def test_a_server_that_was_never_judged_is_unknown() -> None:
    """No verdict is not a good verdict."""
    conditions = validate(estate(), Policy())
    assert found(conditions, "fit", Cloud.AWS).outcome is Outcome.UNKNOWN
    assert exit_code(conditions) == 3


@pytest.mark.parametrize(
    ("treatment", "code"), [(Treatment.FAIL, 1), (Treatment.UNKNOWN, 3), (Treatment.WARN, 0)]
)
def test_the_policy_says_what_unknown_is(treatment: Treatment, code: int) -> None:
    """It can fail, be told as unknown, or be a warning; by default it is told."""
    policy = Policy(unknown=treatment)
    assert exit_code(validate(estate(*both(UNKNOWN, UNKNOWN)), policy)) == code


def test_support_warns_unless_the_policy_counts_it() -> None:
    """An ended operating system stops nobody by default."""
    judged = [verdict(WEB, cloud, support=NOT_READY) for cloud in Cloud]
    mild = validate(estate(*judged), Policy())
    assert found(mild, "support", Cloud.AWS).outcome is Outcome.WARNING
    assert exit_code(mild) == 0
    assert exit_code(validate(estate(*judged), Policy(axes=frozenset(Axis)))) == 1


def test_the_policy_may_fail_conditions_too() -> None:
    """What fails is data."""
    strict = Policy(fail_on=frozenset({NOT_READY, CONDITIONS}))
    assert exit_code(validate(estate(*both(CONDITIONS, CONDITIONS)), strict)) == 1


def test_a_server_that_does_not_answer_is_unknown() -> None:
    """Its verdicts may be fine; that it is silent is told all the same."""
    silent = replace(WEB, unreachable=Unknown(reason=Reason.UNREACHABLE, detail="refused"))
    conditions = validate(estate(*both(READY, READY), of=silent), Policy())
    assert found(conditions, "answered").outcome is Outcome.UNKNOWN
    assert "refused" in found(conditions, "answered").why
    assert exit_code(conditions) == 3


def test_what_has_arrived_or_is_gone_is_not_asked_for() -> None:
    """A server that was switched off through the gate is silent for good reason."""
    gone = replace(material(), gone={each.id: NOW for each in material().servers})
    assert validate(gone, Policy()) == ()


@pytest.mark.parametrize(
    ("age", "outcome"), [(timedelta(days=6), Outcome.MET), (timedelta(days=9), Outcome.UNKNOWN)]
)
def test_facts_older_than_the_policy_allows_are_unknown(age: timedelta, outcome: Outcome) -> None:
    """An old answer proves nothing of today."""
    old = replace(WEB, last_answered=NOW - age)
    conditions = validate(estate(*both(READY, READY), of=old), Policy(max_age=timedelta(days=7)))
    assert found(conditions, "fresh").outcome is outcome


def test_an_export_makes_no_old_answer_young() -> None:
    """What the server itself said a year ago stays a year old, whatever was imported since."""
    told = full_facts("web-1")
    newest = max(each.origin.at for each in told.values() if each.origin)
    long_ago = newest - timedelta(days=365)
    silent = replace(WEB, facts=told, last_answered=long_ago, sources=("rvtools:vc",))
    policy = Policy(max_age=NOW - newest + timedelta(days=1))
    fresh = found(validate(estate(*both(READY, READY), of=silent), policy), "fresh")
    assert fresh.outcome is Outcome.UNKNOWN
    assert "decant discover" in fresh.why


def test_a_verdict_from_before_the_last_answer_is_stale() -> None:
    """What changed since may change the verdict."""
    judged = [verdict(WEB, cloud, at=NOW - timedelta(days=1)) for cloud in Cloud]
    conditions = validate(estate(*judged), Policy())
    assert "classify" in found(conditions, "fresh").why
    assert exit_code(conditions) == 3


def test_a_failure_outweighs_the_unknown() -> None:
    """Exit code 3 says that nothing failed."""
    judged = [verdict(WEB, cloud, fit=NOT_READY, move=UNKNOWN) for cloud in Cloud]
    assert exit_code(validate(estate(*judged), Policy())) == 1


def test_a_condition_says_what_it_rests_on() -> None:
    """The reasons on its own axis, with what to do."""
    blocker = finding("secure-boot", Axis.FIT, Severity.BLOCKER, "Secure Boot is on")
    judged = [verdict(WEB, cloud, fit=NOT_READY, findings=(blocker,)) for cloud in Cloud]
    conditions = validate(estate(*judged), Policy())
    (detail,) = found(conditions, "fit", Cloud.AWS).details
    assert detail.startswith("blocker: Secure boot (Secure Boot is on); Turn it off")
    assert found(conditions, "move", Cloud.AWS).details == ()


def test_junit_counts_what_common_readers_show() -> None:
    """Failures, unknowns as errors, and excuses as skips add up in every suite and in all."""
    conditions = validate(material(), Policy(unreachable=Treatment.FAIL))
    document = JUnitXml.fromstring(as_junit(material(), conditions).encode())
    assert [suite.name for suite in document] == ["inventory", "aws", "azure"]
    cases = [case for suite in document for case in suite]
    assert (document.tests, len(cases)) == (len(conditions), len(conditions))
    for kind, outcome in (
        (Failure, Outcome.FAILED),
        (Error, Outcome.UNKNOWN),
        (Skipped, Outcome.EXCUSED),
    ):
        told = [case for case in cases if any(isinstance(each, kind) for each in case.result)]
        assert len(told) == sum(each.outcome is outcome for each in conditions) > 0
    assert (document.failures, document.errors, document.skipped) == (1, 11, 2)


def test_junit_has_the_attributes_that_strict_readers_ask_for() -> None:
    """Each suite has counts, a time and its properties; each case a class, a name and a time."""
    root = ET.fromstring(as_junit(material(), validate(material(), Policy())))  # noqa: S314
    assert root.tag == "testsuites"
    for suite in root:
        assert {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"} <= set(
            suite.attrib
        )
        assert suite.attrib["timestamp"] == "2026-11-23T09:30:00"
        properties = {each.attrib["name"]: each.attrib["value"] for each in suite.iter("property")}
        assert properties == {"rules_version": "7c1e09ab", "catalogue_date": "2026-10-01"}
        assert all(
            {"name", "classname", "time"} <= set(case.attrib) for case in suite.iter("testcase")
        )


def test_junit_is_xml_whatever_servers_are_called() -> None:
    """Markup is escaped, and characters that XML cannot hold are replaced."""
    odd = replace(WEB, name=f"{HOSTILE}\x00\x1b[31m\ud800")
    conditions = validate(estate(of=odd), Policy())
    root = ET.fromstring(as_junit(estate(of=odd), conditions))  # noqa: S314
    classes = {case.attrib["classname"] for case in root.iter("testcase")}
    assert f"aws.{HOSTILE}\N{REPLACEMENT CHARACTER}" in {
        each.partition("\N{REPLACEMENT CHARACTER}")[0] + "\N{REPLACEMENT CHARACTER}"
        for each in classes
    }


def test_what_an_export_told_is_as_good_as_an_answer() -> None:
    """A server that was never asked has verdicts, and is as fresh as the export."""
    never = Unknown(reason=Reason.NOT_ASKED, detail="known from rvtools:vc alone")
    told = replace(
        server("web-1", known=full_facts("web-1")),
        target="",
        unreachable=never,
        last_answered=None,
        sources=("rvtools:vc",),
    )
    conditions = validate(estate(*both(READY, READY), of=told), Policy())
    assert found(conditions, "fit", Cloud.AWS).outcome is Outcome.MET
    assert found(conditions, "answered").outcome is Outcome.EXCUSED
    assert "rvtools:vc" in found(conditions, "answered").why
    assert found(conditions, "fresh").outcome is Outcome.MET
    assert exit_code(conditions) == 0
    old = validate(estate(*both(READY, READY), of=told), Policy(max_age=timedelta(hours=1)))
    assert found(old, "fresh").outcome is Outcome.UNKNOWN
    assert "decant import" in found(old, "fresh").why


def test_of_what_nothing_was_told_nothing_is_known() -> None:
    """A server that was asked, never answered, and is in no export, is unknown on each axis."""
    silent = Unknown(reason=Reason.UNREACHABLE, detail="refused")
    mute = replace(WEB, facts=Facts(), unreachable=silent, last_answered=None)
    conditions = validate(estate(*both(READY, READY), of=mute), Policy())
    assert found(conditions, "fit", Cloud.AWS).outcome is Outcome.UNKNOWN
    assert found(conditions, "fresh").why == "nothing was ever told of it"
