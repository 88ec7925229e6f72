"""The gate allows an act only on fresh, passed evidence for exactly what stands there now."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from migrate.gate import decide, satisfied
from migrate.model.evidence import Fingerprint, Outcome
from migrate.model.playbook import ApprovalRule, Playbook
from migrate.reliance import relied_on
from tests.stages.gate_samples import (
    DAY,
    LOOKED,
    NOW,
    PARTNERS,
    PLAYBOOK,
    POWER_OFF,
    WHOLE,
    agreed,
    refused_because,
    seen,
)


def test_everything_fresh_passed_and_agreed_is_allowed() -> None:
    """When each condition holds, the gate opens; without this the others would prove nothing."""
    assert decide(WHOLE, POWER_OFF).allowed


def test_nothing_known_is_refused() -> None:
    """No evidence at all names each check that was never run."""
    why = refused_because(replace(WHOLE, evidence=(), approvals=()))
    assert "test/tcp: was never run" in why
    assert "test/parity: was never run" in why
    assert "quiet/quiet: was never run" in why
    assert "0 of 2 partners" in why


@pytest.mark.parametrize("missing", range(3))
def test_each_piece_of_evidence_is_needed(missing: int) -> None:
    """Dropping any one piece of evidence refuses."""
    evidence = tuple(each for at, each in enumerate(WHOLE.evidence) if at != missing)
    assert "was never run" in refused_because(replace(WHOLE, evidence=evidence))


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.UNKNOWN])
@pytest.mark.parametrize("position", range(3))
def test_failed_and_unknown_are_refused_alike(position: int, outcome: Outcome) -> None:
    """A check that failed, or that could not tell, refuses."""
    evidence = list(WHOLE.evidence)
    was = evidence[position]
    evidence[position] = replace(was, result=replace(was.result, outcome=outcome))
    why = refused_because(replace(WHOLE, evidence=tuple(evidence)))
    assert f"{outcome.value}: as seen" in why


def test_a_later_failure_supersedes_an_earlier_pass() -> None:
    """The newest word on a check counts, whatever was said before."""
    later = seen("tcp", Outcome.FAILED)
    why = refused_because(replace(WHOLE, evidence=(*WHOLE.evidence, later)))
    assert "test/tcp: failed" in why


@pytest.mark.parametrize("position", range(3))
def test_evidence_expires_at_the_very_moment(position: int) -> None:
    """At its expiry evidence counts no more; one microsecond earlier it does."""
    evidence = list(WHOLE.evidence)
    evidence[position] = replace(evidence[position], expires=NOW)
    assert "it expired on" in refused_because(replace(WHOLE, evidence=tuple(evidence)))
    evidence[position] = replace(evidence[position], expires=NOW + timedelta(microseconds=1))
    assert decide(replace(WHOLE, evidence=tuple(evidence)), POWER_OFF).allowed


def test_evidence_from_the_future_is_refused() -> None:
    """A clock that was set back makes no evidence valid; evidence of this very moment counts."""
    evidence = tuple(replace(each, at=NOW) for each in WHOLE.evidence)
    approvals = tuple(replace(each, at=NOW) for each in WHOLE.approvals)
    assert decide(replace(WHOLE, evidence=evidence, approvals=approvals), POWER_OFF).allowed
    why = refused_because(replace(WHOLE, now=NOW - timedelta(hours=2)))
    assert "in the future" in why


@pytest.mark.parametrize("side", ["source", "target", "playbook"])
@pytest.mark.parametrize("change", ["differs", "appears", "vanishes", "unknown", "nothing"])
def test_any_change_since_the_test_voids_it(side: str, change: str) -> None:
    """A part that differs, appears, vanishes or cannot be seen voids evidence and approvals."""
    was: Fingerprint = getattr(LOOKED, side)
    first = next(iter(was.parts))
    now = {
        "differs": Fingerprint(parts={**was.parts, first: "else"}),
        "appears": Fingerprint(parts={**was.parts, "more": "x"}),
        "vanishes": Fingerprint(parts={k: v for k, v in was.parts.items() if k != first}),
        "unknown": Fingerprint(parts=was.parts, unknown=("packages: needs privilege",)),
        "nothing": Fingerprint(parts={}),
    }[change]
    why = refused_because(replace(WHOLE, fingerprints=replace(LOOKED, **{side: now})))
    assert "test/tcp: passed, but void" in why
    assert "0 of 2 partners" in why


@pytest.mark.parametrize("side", ["source", "target", "playbook"])
@pytest.mark.parametrize("blindness", ["all of it", "a part of it", "nothing was said"])
def test_evidence_that_did_not_see_everything_never_counts(side: str, blindness: str) -> None:
    """Evidence taken while a part was unknown is void, even when all is seen or unknown now."""
    parts = getattr(LOOKED, side).parts
    seen_then = {
        "all of it": Fingerprint(parts={}, unknown=("server: timed out",)),
        "a part of it": Fingerprint(parts=parts, unknown=("packages: needs privilege",)),
        "nothing was said": Fingerprint(parts={}),
    }[blindness]
    blind = replace(LOOKED, **{side: seen_then})
    evidence = tuple(replace(each, fingerprints=blind) for each in WHOLE.evidence)
    approvals = tuple(replace(each, fingerprints=blind) for each in WHOLE.approvals)
    refused_because(replace(WHOLE, evidence=evidence, approvals=approvals))
    refused_because(replace(WHOLE, evidence=evidence, approvals=approvals, fingerprints=blind))
    refused_because(replace(WHOLE, approvals=approvals))


def test_an_act_is_never_allowed_without_looking() -> None:
    """The record alone permits nothing: the servers must have been looked at just now."""
    assert "not looked at" in refused_because(replace(WHOLE, fingerprints=None))


def test_a_server_is_no_replacement_for_itself() -> None:
    """When both addresses lead to the same installation, nothing is switched off."""
    twin = replace(LOOKED, target=replace(LOOKED.target, parts={**LOOKED.target.parts}))
    twin = replace(twin, source=replace(LOOKED.source, parts={"identity": "new"}))
    evidence = tuple(replace(each, fingerprints=twin) for each in WHOLE.evidence)
    approvals = tuple(replace(each, fingerprints=twin) for each in WHOLE.approvals)
    case = replace(WHOLE, evidence=evidence, approvals=approvals, fingerprints=twin)
    assert "the replacement is the old server itself" in refused_because(case)


def test_one_partner_twice_is_one_partner() -> None:
    """Two people of one partner do not stand for both."""
    approvals = (agreed("Ann", "SBC"), agreed("Amy", "SBC"))
    assert "1 of 2 partners" in refused_because(replace(WHOLE, approvals=approvals))


def test_one_person_cannot_stand_for_two_partners() -> None:
    """The same person for both partners is one agreement."""
    approvals = (agreed("Ann", "SBC"), agreed("Ann", "EHDC"))
    assert "1 of 2 partners" in refused_because(replace(WHOLE, approvals=approvals))


def test_an_approval_names_exactly_what_was_proved() -> None:
    """When a check was run again after the approval, it has to be given again."""
    rerun = replace(seen("tcp"), id="id-rerun")
    why = refused_because(replace(WHOLE, evidence=(*WHOLE.evidence, rerun)))
    assert "it was given for other evidence than what counts now" in why


def test_an_approval_can_be_taken_back() -> None:
    """A withdrawal is the last word of that person."""
    withdrawn = replace(agreed("Ben", "EHDC"), withdrawn=True)
    why = refused_because(replace(WHOLE, approvals=(*WHOLE.approvals, withdrawn)))
    assert "1 of 2 partners" in why


def test_another_servers_evidence_proves_nothing_here() -> None:
    """Evidence and approvals count for their own server and playbook alone."""
    for change in ({"server_id": "s2"}, {"playbook": "other"}):
        evidence = tuple(replace(each, **change) for each in WHOLE.evidence)
        assert "was never run" in refused_because(replace(WHOLE, evidence=evidence))
        approvals = tuple(replace(each, **change) for each in WHOLE.approvals)
        assert "0 of 2 partners" in refused_because(replace(WHOLE, approvals=approvals))


def test_a_broken_ledger_refuses_whatever_it_holds() -> None:
    """Evidence in a ledger that is not whole counts for nothing."""
    assert "entry 3 was altered" in refused_because(
        replace(WHOLE, ledger_fault="entry 3 was altered")
    )


def test_a_stage_whose_checks_are_for_elsewhere_proves_nothing() -> None:
    """No applicable check is not the same as all checks passed."""
    only_azure = tuple(replace(use, when_to=("azure",)) for use in PLAYBOOK.stages[0].checks)
    stages = (replace(PLAYBOOK.stages[0], checks=only_azure), *PLAYBOOK.stages[1:])
    case = replace(WHOLE, playbook=replace(PLAYBOOK, stages=stages))
    assert "nothing is proved" in refused_because(case)


def test_an_act_that_rests_on_nothing_is_refused() -> None:
    """A playbook that lets an act need nothing opens no door."""
    bare = replace(POWER_OFF, needs=())
    assert not decide(WHOLE, bare).allowed
    assert not decide(WHOLE, replace(POWER_OFF, needs=("power-off",))).allowed
    assert not decide(WHOLE, replace(POWER_OFF, needs=("no-such-stage",))).allowed


def test_only_the_full_condition_allows_over_every_combination() -> None:
    """Each of 512 combinations of nine faults refuses, except the one without any fault."""
    faults = (
        lambda c: replace(c, evidence=c.evidence[1:]),
        lambda c: replace(c, evidence=c.evidence[:-1]),
        lambda c: replace(c, approvals=c.approvals[:1]),
        lambda c: replace(c, approvals=tuple(replace(a, expires=NOW) for a in c.approvals)),
        lambda c: replace(c, evidence=tuple(replace(e, expires=NOW) for e in c.evidence)),
        lambda c: replace(c, ledger_fault="cut"),
        lambda c: replace(c, now=c.now + 3 * DAY),
        lambda c: replace(c, server_id="s9"),
        lambda c: replace(
            c, fingerprints=replace(LOOKED, target=Fingerprint(parts={"identity": "n2"}))
        ),
    )
    for chosen in itertools.product((False, True), repeat=len(faults)):
        case = WHOLE
        for fault, applies in zip(faults, chosen, strict=True):
            case = fault(case) if applies else case
        assert decide(case, POWER_OFF).allowed == (not any(chosen)), chosen


def test_relied_on_names_the_newest_evidence_of_every_stage_beneath() -> None:
    """What an approval is bound to is exactly the evidence that the gate will look at."""
    names = {each.id for each in relied_on(WHOLE, PLAYBOOK.stages[1])}
    assert names == {"id-test-tcp", "id-test-parity"}


def test_a_stage_is_satisfied_only_with_all_that_it_rests_on() -> None:
    """A stage's own evidence does not count while what it needs is missing."""
    assert satisfied(WHOLE, PLAYBOOK.stages[2]).allowed
    assert not satisfied(replace(WHOLE, approvals=()), PLAYBOOK.stages[2]).allowed


@pytest.mark.parametrize("side", ["source", "target", "playbook"])
def test_on_the_record_alone_blind_evidence_does_not_satisfy(side: str) -> None:
    """Evidence that could not see everything satisfies no stage, even when nobody looks now."""
    blind = replace(LOOKED, **{side: Fingerprint(parts={}, unknown=("server: timed out",))})
    evidence = tuple(replace(each, fingerprints=blind) for each in WHOLE.evidence)
    case = replace(WHOLE, evidence=evidence, fingerprints=None)
    assert not satisfied(case, PLAYBOOK.stages[0]).allowed
    assert satisfied(replace(WHOLE, fingerprints=None), PLAYBOOK.stages[0]).allowed


def without(*names: str) -> Playbook:
    """Return the playbook without some stages, and without the needs for them."""
    return replace(
        PLAYBOOK,
        stages=tuple(
            replace(each, needs=tuple(need for need in each.needs if need not in names))
            for each in PLAYBOOK.stages
            if each.name not in names
        ),
    )


@pytest.mark.parametrize("partners", [1, 2, 3])
def test_ones_own_playbook_cannot_do_without_approval(partners: int) -> None:
    """An estate's own playbook that asks nobody opens no door, whatever was proved."""
    playbook = without("approve")
    case = replace(WHOLE, playbook=playbook, approvals=(), owners=PARTNERS[:partners])
    decision = decide(case, playbook.stages[-1])
    assert [each.name for each in decision.refusals] == ["agreement"]


def test_ones_own_playbook_cannot_do_without_checks() -> None:
    """An approval of nothing opens no door."""
    playbook = without("test", "quiet")
    approvals = tuple(replace(each, evidence=()) for each in WHOLE.approvals)
    decision = decide(replace(WHOLE, playbook=playbook, approvals=approvals), playbook.stages[-1])
    assert "proof" in [each.name for each in decision.refusals]


@pytest.mark.parametrize(
    ("partners", "asked", "opens"), [(2, 1, False), (1, 1, True), (3, 2, True)]
)
def test_ones_own_playbook_asks_both_partners(partners: int, asked: int, opens: bool) -> None:  # noqa: FBT001
    """Where two own the estate together, the word of one is not enough."""
    stages = tuple(
        replace(each, approval=ApprovalRule(partners=asked)) if each.approval else each
        for each in PLAYBOOK.stages
    )
    case = replace(WHOLE, playbook=replace(PLAYBOOK, stages=stages), owners=PARTNERS[:partners])
    assert decide(case, stages[-1]).allowed is opens


def test_an_estate_without_partners_switches_nothing_off() -> None:
    """Where nobody may approve, nothing is approved."""
    assert not decide(replace(WHOLE, owners=(), approvals=()), POWER_OFF).allowed
