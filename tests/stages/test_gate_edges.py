"""What the gate makes of acts, waits, windows, exceptions, roles and keys, at their very edges."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from migrate.agreement import needed_partners
from migrate.gate import Decision, decide, satisfied, steps
from migrate.model.act import Act, Intent, Result
from migrate.model.action import Aftermath
from migrate.model.case import Case, Freeze
from migrate.model.evidence import Fingerprint, Fingerprints, Outcome, Revocation, Waiver
from migrate.model.plan import Destination
from migrate.model.playbook import (
    About,
    ApprovalRule,
    CheckUse,
    Playbook,
    Replacement,
    Stage,
    Window,
)
from migrate.reliance import exceptions, relied_on, since
from tests.stages.gate_samples import (
    DAY,
    LOOKED,
    NOW,
    PLAYBOOK,
    POWER_OFF,
    WHOLE,
    agreed,
    refused_because,
    seen,
)

HOUR = timedelta(hours=1)
MOMENT = timedelta(microseconds=1)
AFTER = Fingerprint(parts={"identity": "old", "packages": "p1", "listeners": "none"})
STOP = Stage(name="stop", help="s", needs=("test", "approve"), action="stop")


def act(stage: str = "stop", /, **changes: object) -> Act:
    """Return an act that was done half an hour after the tests and seen to be done."""
    intent = Intent(
        id="i1",
        server_id="s1",
        playbook="rehost",
        stage=stage,
        action=stage,
        what=f"{stage} web-1",
        relied_on=(),
        before=LOOKED.source,
        changes=("listeners",),
        holder="h",
        at=NOW - HOUR / 4,
        signer="key-tests",
    )
    result = Result(
        id="r1",
        server_id="s1",
        intent="i1",
        aftermath=Aftermath.DONE,
        detail="seen",
        after=AFTER,
        at=NOW - HOUR / 4,
        signer="key-tests",
    )
    of_result = {key: changes.pop(key) for key in ("aftermath", "after") if key in changes}
    return Act(intent=replace(intent, **changes), result=replace(result, **of_result))


def staged(*stages: Stage) -> Playbook:
    """Return the playbook with other stages behind its first two."""
    return replace(PLAYBOOK, stages=(*PLAYBOOK.stages[:2], *stages))


TWO_ACTS = staged(STOP, replace(POWER_OFF, needs=("test", "approve", "stop")))
OFF = TWO_ACTS.stages[-1]
STOPPED = replace(
    WHOLE, playbook=TWO_ACTS, acts=(act(),), fingerprints=replace(LOOKED, source=AFTER)
)


def why(case: Case, stage: Stage) -> str:
    """Assert that a stage may not be entered, and return every reason."""
    decision = decide(case, stage)
    assert not decision.allowed
    return " | ".join(f"{each.stage}/{each.name}: {each.why}" for each in decision.refusals)


def test_what_our_own_act_changed_does_not_void_what_was_proved() -> None:
    """A stopped service is gone because we stopped it; without this the rest proves nothing."""
    assert decide(STOPPED, OFF).allowed


@pytest.mark.parametrize(
    ("done", "says"),
    [
        ((), "stop/act: was not done yet"),
        ((replace(act(), result=None),), "stop/act: what became of it is not known"),
        ((act(aftermath=Aftermath.UNKNOWN),), "stop/act: what became of it is not known"),
        ((act(aftermath=Aftermath.NOT_DONE),), "stop/act: did not take effect"),
        ((act(), act(undo=True, aftermath=Aftermath.NOT_DONE)), "stop/act: was taken back"),
        ((act(playbook="other"),), "stop/act: was not done yet"),
        ((act("other"),), "stop/act: was not done yet"),
    ],
)
def test_a_later_act_needs_the_earlier_one_to_stand(done: tuple[Act, ...], says: str) -> None:
    """Only the newest word on it counts, and only that it was seen to have taken effect."""
    assert says in why(replace(STOPPED, acts=done), OFF)


def test_an_act_that_the_estate_did_not_begin_is_no_act() -> None:
    """A row that anybody wrote into the database does not stand for an act of ours."""
    forged = act(signer="")
    assert "stop/act: nobody whom the estate trusts" in why(replace(STOPPED, acts=(forged,)), OFF)


@pytest.mark.parametrize("undo", [False, True])
def test_an_act_that_the_estate_did_not_begin_excuses_no_change(undo: bool) -> None:  # noqa: FBT001
    """Else who may write into the database could declare that anything was changed by us.

    A later run looks what became of such a row, and signs what it sees: that vouches for what was
    seen, not for the row.
    """
    aftermath = Aftermath.NOT_DONE if undo else Aftermath.DONE
    parts = tuple(LOOKED.source.parts)
    drifted = Fingerprint(parts={"identity": "old", "packages": "changed by hand"})
    forged = act(signer="", undo=undo, aftermath=aftermath, changes=parts, after=drifted)
    now = replace(LOOKED, source=drifted)
    said = why(replace(WHOLE, acts=(forged,), fingerprints=now), POWER_OFF)
    assert "the old server changed since: packages" in said
    ours = replace(forged, intent=replace(forged.intent, signer="key-tests"))
    assert decide(replace(WHOLE, acts=(ours,), fingerprints=now), POWER_OFF).allowed


@pytest.mark.parametrize("signer", ["", "key-tests"])
def test_any_act_that_is_left_open_refuses_the_next(signer: str) -> None:
    """Whoever began it: as long as it is not known what became of it, nothing else is begun."""
    left = replace(act("other", signer=signer), result=None)
    assert "earlier act: what became of other is not known" in refused_because(
        replace(WHOLE, acts=(left,))
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"changes": ()},
        {"changes": ("addresses",)},
        {"aftermath": Aftermath.NOT_DONE},
        {"after": None},
        {"after": replace(AFTER, unknown=("packages: needs privilege",))},
        {"after": Fingerprint(parts={})},
        {"at": NOW - 2 * HOUR},
        {"undo": True},
    ],
)
def test_only_what_an_act_is_declared_to_change_is_excused(changed: dict[str, object]) -> None:
    """And only after it was done, and when it was seen what it left behind."""
    case = replace(STOPPED, playbook=PLAYBOOK, acts=(act(**changed),))
    assert "0 of 2 partners" in why(case, POWER_OFF)


def test_of_what_an_act_left_behind_only_its_own_parts_are_taken() -> None:
    """What somebody else changed while the act was at work voids what was proved."""
    drifted = replace(AFTER, parts={**AFTER.parts, "packages": "changed by hand"})
    case = replace(
        STOPPED, acts=(act(after=drifted),), fingerprints=replace(LOOKED, source=drifted)
    )
    assert "the old server changed since: packages" in why(case, OFF)


def test_evidence_of_the_moment_in_which_an_act_was_begun_is_of_after_it() -> None:
    """It is excused nothing: it saw what the act was about to change."""
    at = WHOLE.evidence[0].at
    case = replace(STOPPED, acts=(act(at=at),))
    assert "test/tcp: passed, but void: the old server changed since: listeners" in why(case, OFF)
    later = replace(STOPPED, acts=(act(at=at + MOMENT),))
    assert not any("test" in each.stage for each in decide(later, OFF).refusals)


def test_a_part_that_an_act_took_away_is_missed_when_it_is_back() -> None:
    """Nobody saw it come back: whoever brought it back changed the server."""
    gone = Fingerprint(parts={"identity": "old"})
    case = replace(WHOLE, acts=(act("other", changes=("packages",), after=gone),))
    assert "the old server changed since: packages" in refused_because(case)
    seen_gone = replace(case, fingerprints=replace(LOOKED, source=gone))
    assert decide(seen_gone, POWER_OFF).allowed


def test_nothing_seen_after_an_act_is_not_that_all_is_gone() -> None:
    """Where nothing was seen it is not known what the act left behind."""
    blind = act("other", changes=("packages",), after=Fingerprint(parts={}))
    gone = replace(LOOKED, source=Fingerprint(parts={"identity": "old"}))
    case = replace(WHOLE, acts=(blind,), fingerprints=gone)
    assert "it was not seen what other left behind" in refused_because(case)


@pytest.mark.parametrize("side", ["source", "target", "playbook"])
def test_evidence_of_nothing_satisfies_no_stage(side: str) -> None:
    """Also on the record alone, when nobody looks now."""
    nothing = replace(LOOKED, **{side: Fingerprint(parts={})})
    evidence = tuple(replace(each, fingerprints=nothing) for each in WHOLE.evidence)
    case = replace(WHOLE, evidence=evidence, fingerprints=None)
    assert not satisfied(case, PLAYBOOK.stages[0]).allowed


@pytest.mark.parametrize(
    "first",
    [act("a", at=NOW - 2 * HOUR), act("b", signer=""), act("c", changes=())],
    ids=["before the tests", "not ours", "changed nothing"],
)
def test_every_act_since_is_looked_at(first: Act) -> None:
    """Also behind one that does not matter: here nobody saw what the second left behind."""
    blind = act("d", after=None)
    case = replace(WHOLE, acts=(first, blind))
    assert "it was not seen what d left behind" in refused_because(case)


def test_while_an_act_is_open_nothing_that_was_proved_before_counts() -> None:
    """Nobody knows what the server is like: the stages before it are not satisfied either."""
    left = replace(act("other"), result=None)
    assert not satisfied(replace(WHOLE, acts=(left,)), PLAYBOOK.stages[0]).allowed


# Waiting


SOAK = Stage(
    name="soak",
    help="w",
    needs=("approve",),
    wait=6 * HOUR,
    valid_for=DAY,
    checks=(CheckUse(id="quiet", check="quiet", about=About.OLD, excusable=True),),
)
WAITING = staged(SOAK, replace(POWER_OFF, needs=("test", "approve", "soak")))
READY = max(each.at for each in WHOLE.approvals) + SOAK.wait
LONG = replace(
    WHOLE,
    playbook=WAITING,
    now=READY + HOUR,
    evidence=(
        *(replace(each, expires=NOW + DAY) for each in WHOLE.evidence[:2]),
        replace(seen("quiet", stage="soak"), at=READY, expires=NOW + DAY),
    ),
    approvals=tuple(replace(each, expires=NOW + DAY) for each in WHOLE.approvals),
)


def test_evidence_is_taken_only_after_the_wait() -> None:
    """At the first moment after it, and not one microsecond earlier."""
    off = WAITING.stages[-1]
    assert decide(LONG, off).allowed
    early = replace(LONG.evidence[2], at=READY - MOMENT)
    case = replace(LONG, evidence=(*LONG.evidence[:2], early))
    assert "it was taken before 6 hours had passed since what it rests on" in why(case, off)


def test_waiting_begins_with_the_last_word_on_what_it_rests_on() -> None:
    """An approval that was given again lets the wait begin anew."""
    again = replace(LONG.approvals[1], at=LONG.approvals[1].at + MOMENT)
    case = replace(LONG, approvals=(*LONG.approvals, again))
    assert "it was taken before" in why(case, WAITING.stages[-1])


def test_waiting_begins_with_the_last_of_several_checks() -> None:
    """A stage has come about only when all of its checks were taken."""
    last = WHOLE.evidence[1].at + HOUR / 4
    later = replace(WHOLE.evidence[1], at=last)
    case = replace(WHOLE, evidence=(WHOLE.evidence[0], later, WHOLE.evidence[2]))
    assert since(case, PLAYBOOK.stages[1]) == last
    assert since(replace(case, evidence=case.evidence[::-1]), PLAYBOOK.stages[1]) == last


def test_nothing_is_waited_for_that_has_not_come_about() -> None:
    """As long as something is lacking, there is no moment from which to count."""
    assert since(LONG, SOAK) == READY - SOAK.wait
    assert since(replace(LONG, approvals=()), SOAK) is None
    assert "it was taken before" in why(replace(LONG, approvals=()), WAITING.stages[-1])
    foreign = tuple(replace(each, server_id="s2") for each in LONG.approvals)
    assert since(replace(LONG, approvals=foreign), SOAK) is None
    assert since(replace(LONG, evidence=LONG.evidence[1:]), PLAYBOOK.stages[1]) is None
    assert since(LONG, replace(SOAK, needs=("no-such-stage",))) is None
    assert since(LONG, replace(SOAK, needs=("approve", "no-such-stage"))) is None


def test_an_act_waits_too() -> None:
    """From the last of what it needs; at the very moment when the wait is over it may be done."""
    off = replace(POWER_OFF, wait=2 * HOUR)
    case = replace(WHOLE, now=WHOLE.evidence[2].at + 2 * HOUR)
    long = tuple(replace(each, expires=NOW + DAY) for each in case.evidence)
    agreed_long = tuple(replace(each, expires=NOW + DAY) for each in case.approvals)
    base = max(each.at for each in agreed_long)
    case = replace(case, evidence=long, approvals=agreed_long, now=base + 2 * HOUR)
    assert decide(case, off).allowed
    assert "power-off/wait: wait until" in why(replace(case, now=case.now - MOMENT), off)
    nothing = replace(case, evidence=(), approvals=())
    assert "what it waits for has not come about" in why(nothing, off)


def test_an_act_after_an_act_waits_from_when_that_was_done() -> None:
    """So a controlled stop is watched for as long as the playbook says."""
    off = replace(OFF, wait=HOUR)
    case = replace(STOPPED, now=NOW + HOUR * 3 / 4)
    assert decide(case, off).allowed
    assert "power-off/wait" in why(replace(case, now=case.now - MOMENT), off)
    for acts in ((), (replace(act(), result=None),), (act(aftermath=Aftermath.NOT_DONE),)):
        assert "what it waits for" in why(replace(case, acts=acts), off)


def test_an_approval_is_given_only_after_the_wait() -> None:
    """Agreement to what nobody has watched yet is none."""
    approve = replace(PLAYBOOK.stages[1], wait=HOUR / 4)
    playbook = replace(PLAYBOOK, stages=(PLAYBOOK.stages[0], approve, *PLAYBOOK.stages[2:]))
    first = WHOLE.evidence[0].at + approve.wait
    for at, opens in ((first, True), (first - MOMENT, False)):
        approvals = tuple(replace(each, at=at) for each in WHOLE.approvals)
        case = replace(WHOLE, playbook=playbook, approvals=approvals)
        assert decide(case, POWER_OFF).allowed is opens


def test_checks_may_be_run_while_they_are_waited_for() -> None:
    """They only do not count before: the gate keeps nobody from looking."""
    assert decide(replace(LONG, now=READY - HOUR), SOAK).allowed


def test_people_may_agree_without_anybody_looking_just_then() -> None:
    """To agree is no act: the record is enough, and the act itself looks again."""
    assert decide(replace(WHOLE, fingerprints=None), PLAYBOOK.stages[1]).allowed


def test_a_stage_that_rests_on_nothing_is_not_entered() -> None:
    """Nobody agrees to nothing."""
    assert not decide(WHOLE, replace(PLAYBOOK.stages[1], needs=())).allowed


# How long a word counts


def test_nothing_counts_longer_than_its_stage_says() -> None:
    """Whatever was signed as its end: a tool of one's own could sign any."""
    never = NOW + 100 * DAY
    evidence = tuple(replace(each, expires=never) for each in WHOLE.evidence)
    approvals = tuple(replace(each, expires=never) for each in WHOLE.approvals)
    case = replace(WHOLE, evidence=evidence, approvals=approvals)
    last = WHOLE.evidence[0].at + DAY
    assert decide(replace(case, now=last - MOMENT), POWER_OFF).allowed
    assert "test/tcp: passed, but void: it expired" in why(replace(case, now=last), POWER_OFF)
    fresh = tuple(replace(each, at=NOW) for each in evidence)
    said = why(
        replace(case, now=WHOLE.approvals[0].at + DAY, evidence=fresh[:0] + evidence), POWER_OFF
    )
    assert "agreed, but void: it expired" in said


# Exceptions


def excused(person: str, partner: str, /, **changes: object) -> Waiver:
    """Return one person's exception from the check in which nobody uses the old server."""
    waiver = Waiver(
        id=f"w-{person}",
        server_id="s1",
        playbook="rehost",
        stage="quiet",
        check="quiet",
        reason="a scanner",
        person=person,
        partner=partner,
        fingerprints=LOOKED,
        at=NOW - HOUR / 4,
        expires=NOW + HOUR,
        signer=f"key-{person}",
    )
    return replace(waiver, **changes)


EXCUSABLE = replace(
    PLAYBOOK,
    stages=(
        *PLAYBOOK.stages[:2],
        replace(
            PLAYBOOK.stages[2],
            checks=(CheckUse(id="quiet", check="quiet", about=About.OLD, excusable=True),),
        ),
        POWER_OFF,
    ),
)
NOISY = replace(
    WHOLE,
    playbook=EXCUSABLE,
    evidence=(*WHOLE.evidence[:2], seen("quiet", Outcome.FAILED, stage="quiet")),
    waivers=(excused("Ann", "SBC"), excused("Ben", "EHDC")),
)


def test_two_partners_may_except_a_server_from_a_check_that_is_excusable() -> None:
    """For one reason, which is told; from no other check, whatever they say."""
    decision = decide(NOISY, POWER_OFF)
    assert decision.allowed
    assert any(
        "excepted by Ann (SBC) and Ben (EHDC): a scanner" in e.why for e in decision.conditions
    )
    assert "quiet/quiet: failed" in why(replace(NOISY, playbook=PLAYBOOK), POWER_OFF)


@pytest.mark.parametrize(
    "changed",
    [
        {"person": "Ann", "partner": "EHDC"},
        {"partner": "SBC"},
        {"partner": "Hertford"},
        {"signer": "key-Ann"},
        {"signer": ""},
        {"reason": "another"},
        {"expires": NOW},
        {"at": NOW + MOMENT},
        {"server_id": "s2"},
        {"playbook": "other"},
        {"stage": "test"},
        {"check": "tcp"},
        {"fingerprints": replace(LOOKED, target=Fingerprint(parts={"identity": "n2"}))},
        {"fingerprints": replace(LOOKED, source=Fingerprint(parts={}))},
    ],
)
def test_an_exception_is_needed_from_two_people_of_two_partners(changed: dict[str, object]) -> None:
    """Each with their own key, for the same reason, about this server as it is, and in time."""
    waivers = (NOISY.waivers[0], excused("Ben", "EHDC", **changed))
    assert "quiet/quiet: failed" in why(replace(NOISY, waivers=waivers), POWER_OFF)


def test_a_persons_newest_word_on_an_exception_counts() -> None:
    """Who ends it, or gives another reason, no longer stands to the first."""
    for change in ({"expires": NOW}, {"reason": "another"}):
        later = replace(NOISY.waivers[0], **change)
        case = replace(NOISY, waivers=(*NOISY.waivers, later))
        assert not decide(case, POWER_OFF).allowed


def test_where_one_partner_owns_a_server_two_of_its_people_except() -> None:
    """One person's word is never enough."""
    one = replace(NOISY, owners=("SBC",), approvals=WHOLE.approvals[:1])
    both = replace(one, waivers=(excused("Ann", "SBC"), excused("Amy", "SBC")))
    assert decide(both, POWER_OFF).allowed
    assert not decide(replace(one, waivers=(excused("Ann", "SBC"),)), POWER_OFF).allowed


def test_an_exception_is_one_from_the_check_and_not_from_the_wait() -> None:
    """Who excepts a server before the time to wait was over has not waited."""
    off = WAITING.stages[-1]
    failed = replace(LONG.evidence[2], result=NOISY.evidence[2].result)
    words = {"stage": "soak", "expires": READY + DAY}
    for at, opens in ((READY, True), (READY - MOMENT, False)):
        waivers = tuple(
            excused(name, partner, at=at, **words)
            for name, partner in (("Ann", "SBC"), ("Ben", "EHDC"))
        )
        case = replace(LONG, evidence=(*LONG.evidence[:2], failed), waivers=waivers)
        assert decide(case, off).allowed is opens
        never_ready = replace(case, approvals=case.approvals[:1])
        assert not decide(never_ready, off).allowed


def test_what_comes_after_an_exception_waits_from_when_it_was_given() -> None:
    """A stage that needs an excepted check has not come about before the second person spoke."""
    after = replace(POWER_OFF, needs=("test", "approve", "quiet"), wait=HOUR / 4)
    assert decide(NOISY, after).allowed
    later = replace(NOISY.waivers[1], at=NOISY.waivers[1].at + MOMENT)
    assert "power-off/wait" in why(replace(NOISY, waivers=(NOISY.waivers[0], later)), after)


def test_an_approval_names_the_exceptions_too() -> None:
    """Who agrees must have seen that something was excepted, and by whom."""
    approve = replace(PLAYBOOK.stages[1], needs=("test", "quiet"))
    quiet = replace(EXCUSABLE.stages[2], needs=())
    off = replace(POWER_OFF, needs=("approve",))
    playbook = replace(EXCUSABLE, stages=(PLAYBOOK.stages[0], quiet, approve, off))
    names = {"id-test-tcp", "id-test-parity", "id-quiet-quiet", "w-Ann", "w-Ben"}
    assert {each.id for each in relied_on(replace(NOISY, playbook=playbook), approve)} == names
    for said, opens in ((names, True), (names - {"w-Ben"}, False), (names | {"more"}, False)):
        approvals = tuple(
            replace(each, evidence=tuple(said), at=NOW - HOUR / 4) for each in WHOLE.approvals
        )
        case = replace(NOISY, playbook=playbook, approvals=approvals)
        assert decide(case, off).allowed is opens


def test_nobody_excepts_a_server_from_a_check_that_is_not_due() -> None:
    """As long as what it waits for has not come about, there is nothing to be excepted from."""
    waivers = tuple(
        excused(name, partner, stage="soak", at=READY, expires=READY + DAY)
        for name, partner in (("Ann", "SBC"), ("Ben", "EHDC"))
    )
    case = replace(LONG, waivers=waivers)
    (use,) = SOAK.checks
    assert exceptions(case, SOAK, use) == waivers
    assert exceptions(replace(case, approvals=()), SOAK, use) == ()


# Who agrees


@pytest.mark.parametrize(
    ("asked", "owned", "needed"),
    [(0, 2, 1), (1, 2, 1), (2, 2, 2), (2, 1, 1), (3, 2, 2), (2, 0, 1), (0, 0, 1)],
)
def test_as_many_partners_are_needed_as_are_asked_and_at_least_one(
    asked: int, owned: int, needed: int
) -> None:
    """Where fewer own the server, all of them; where nobody does, somebody who cannot be."""
    case = replace(WHOLE, owners=("SBC", "EHDC")[:owned])
    assert needed_partners(case, ApprovalRule(partners=asked)) == needed


@pytest.mark.parametrize(
    "changed",
    [
        {"partner": "Hertford"},
        {"signer": ""},
        {"signer": "key-Ann"},
        {"signer": "key-tests"},
        {"evidence": ("id-test-tcp",)},
        {"evidence": ("id-test-tcp", "id-test-parity", "more")},
        {"at": WHOLE.evidence[0].at - MOMENT},
        {"at": NOW + MOMENT},
        {"expires": NOW},
        {"stage": "other"},
        {"server_id": "s2"},
        {"playbook": "other"},
        {"withdrawn": True},
    ],
)
def test_an_approval_with_one_fault_is_none(changed: dict[str, object]) -> None:
    """Not an owner's, not one's own key, a tester's key, other evidence, too early, too late."""
    approvals = (WHOLE.approvals[0], replace(WHOLE.approvals[1], **changed))
    assert "1 of 2 partners" in refused_because(replace(WHOLE, approvals=approvals))


@pytest.mark.parametrize(
    ("roles", "opens"),
    [((), False), (("service owner",), False), (("service owner", "security"), True)],
)
def test_every_role_that_is_asked_for_must_be_among_those_who_agree(
    roles: tuple[str, ...],
    opens: bool,  # noqa: FBT001
) -> None:
    """One person may have several; another's role does not count."""
    rule = ApprovalRule(partners=2, roles=("service owner", "security"))
    stages = tuple(replace(e, approval=rule) if e.approval else e for e in PLAYBOOK.stages)
    approvals = (WHOLE.approvals[0], replace(WHOLE.approvals[1], roles=roles))
    case = replace(WHOLE, playbook=replace(PLAYBOOK, stages=stages), approvals=approvals)
    assert decide(case, POWER_OFF).allowed is opens
    forged = replace(approvals[1], person="Eve", signer="", roles=("service owner", "security"))
    assert decide(replace(case, approvals=(*approvals, forged)), POWER_OFF).allowed is opens


def test_as_many_people_agree_as_are_asked_for() -> None:
    """Also where partners are enough."""
    rule = ApprovalRule(partners=2, people=3)
    stages = tuple(replace(e, approval=rule) if e.approval else e for e in PLAYBOOK.stages)
    case = replace(WHOLE, playbook=replace(PLAYBOOK, stages=stages))
    assert "2 of 3 people agreed" in why(case, POWER_OFF)
    third = agreed("Cat", "SBC")
    assert decide(replace(case, approvals=(*WHOLE.approvals, third)), POWER_OFF).allowed
    same_key = replace(third, signer="key-Ann")
    assert not decide(replace(case, approvals=(*WHOLE.approvals, same_key)), POWER_OFF).allowed


def test_a_check_that_is_for_this_destination_alone_is_asked_for() -> None:
    """As one that is for all; and one that is for elsewhere is not."""
    uses = tuple(replace(use, when_to=("azure", "aws")) for use in PLAYBOOK.stages[0].checks)
    tests = replace(PLAYBOOK.stages[0], checks=(*uses, replace(uses[0], id="x", when_to=("hub",))))
    case = replace(WHOLE, playbook=replace(PLAYBOOK, stages=(tests, *PLAYBOOK.stages[1:])))
    assert decide(case, POWER_OFF).allowed
    assert "test/tcp: was never run" in why(replace(case, evidence=case.evidence[1:]), POWER_OFF)


def test_a_decision_without_any_condition_allows_nothing() -> None:
    """There has to be something that holds."""
    assert not Decision(conditions=()).allowed


# The floor under every playbook


def test_ones_own_playbook_cannot_have_people_agree_to_nothing() -> None:
    """An approval that rests on no proof is none, though another stage proves something."""
    bare = replace(PLAYBOOK.stages[1], needs=())
    playbook = replace(PLAYBOOK, stages=(PLAYBOOK.stages[0], bare, *PLAYBOOK.stages[2:]))
    approvals = tuple(replace(each, evidence=()) for each in WHOLE.approvals)
    case = replace(WHOLE, playbook=playbook, approvals=approvals)
    assert "power-off/agreement: the playbook asks 0 partners" in why(case, POWER_OFF)


def test_a_second_smaller_agreement_takes_nothing_from_the_first() -> None:
    """The largest that is asked for is held to the floor; every one has to be given."""
    second = replace(PLAYBOOK.stages[1], name="again", approval=ApprovalRule(partners=1))
    off = replace(POWER_OFF, needs=("test", "approve", "quiet", "again"))
    playbook = replace(PLAYBOOK, stages=(*PLAYBOOK.stages[:3], second, off))
    again = replace(WHOLE.approvals[0], stage="again")
    case = replace(WHOLE, playbook=playbook, approvals=(*WHOLE.approvals, again))
    assert decide(case, off).allowed
    assert not decide(replace(case, approvals=WHOLE.approvals), off).allowed
    assert not decide(replace(case, approvals=(again,)), off).allowed


@pytest.mark.parametrize(
    ("about", "excusable", "replacement", "opens"),
    [
        (About.NEW, False, Replacement.SERVER, True),
        (About.BOTH, False, Replacement.SERVICE, True),
        (About.OLD, False, Replacement.SERVER, False),
        (About.RECORD, False, Replacement.SERVICE, False),
        (About.NEW, True, Replacement.SERVER, False),
        (About.OLD, False, Replacement.SAME, True),
        (About.OLD, True, Replacement.NONE, False),
        (About.RECORD, False, Replacement.NONE, True),
    ],
)
def test_a_proof_is_of_what_stands_in_the_old_servers_place(
    about: About,
    excusable: bool,  # noqa: FBT001
    replacement: Replacement,
    opens: bool,  # noqa: FBT001
) -> None:
    """Where something does; and it is nothing from which people may except the server."""
    to = {Replacement.SAME: Destination.HUB, Replacement.NONE: Destination.RETIRE}
    uses = tuple(
        replace(use, about=about, excusable=excusable) for use in PLAYBOOK.stages[0].checks
    )
    tests = replace(PLAYBOOK.stages[0], checks=uses)
    playbook = replace(PLAYBOOK, replacement=replacement, stages=(tests, *PLAYBOOK.stages[1:]))
    case = replace(WHOLE, playbook=playbook, to=to.get(replacement, Destination.AWS))
    assert decide(case, POWER_OFF).allowed is opens
    if not opens:
        assert "power-off/" in why(case, POWER_OFF)


def test_a_proof_beneath_an_act_that_was_done_does_not_carry_the_next() -> None:
    """Each act rests on proof and agreement of its own, looked at again."""
    bare = replace(OFF, needs=("stop",))
    said = why(STOPPED, bare)
    assert "power-off/proof" in said
    assert "power-off/agreement" in said


@pytest.mark.parametrize(
    ("replacement", "to", "fits"),
    [
        (Replacement.SERVER, Destination.AWS, True),
        (Replacement.SERVER, Destination.SAAS, False),
        (Replacement.SERVICE, Destination.HUB, False),
        (Replacement.SAME, Destination.AZURE, False),
        (Replacement.NONE, Destination.AWS, False),
    ],
)
def test_a_playbook_fits_the_destination(
    replacement: Replacement,
    to: Destination,
    fits: bool,  # noqa: FBT001
) -> None:
    """Nobody retires a server by a playbook that would have it replaced, or the reverse."""
    case = replace(WHOLE, playbook=replace(PLAYBOOK, replacement=replacement), to=to)
    assert (
        "power-off/destination" in [f"{e.stage}/{e.name}" for e in decide(case, POWER_OFF).refusals]
    ) is not fits


@pytest.mark.parametrize("side", ["source", "target"])
def test_a_server_that_is_not_seen_whole_now_refuses_by_itself(side: str) -> None:
    """Whatever the evidence says."""
    for blind in (Fingerprint(parts={}), replace(LOOKED.source, unknown=("a: b",))):
        fingerprints: Fingerprints = replace(LOOKED, **{side: blind})
        names = {
            e.name for e in decide(replace(WHOLE, fingerprints=fingerprints), POWER_OFF).refusals
        }
        assert {"old server" if side == "source" else "new server"} <= names


def test_revoked_evidence_proves_nothing_whoever_revoked_it() -> None:
    """It can only forbid, so nobody's signature is asked for."""
    taken = Revocation(
        id="r", server_id="s1", evidence="id-test-tcp", reason="wrong", person="Eve", at=NOW
    )
    case = replace(WHOLE, revocations={taken.evidence: taken})
    assert "Eve revoked it: wrong" in refused_because(case)


def test_a_stage_that_does_nothing_is_never_satisfied() -> None:
    """Nor is one that the playbook does not have."""
    idle = Stage(name="idle", help="i", needs=("test",))
    playbook = replace(PLAYBOOK, stages=(*PLAYBOOK.stages[:3], idle, POWER_OFF))
    case = replace(WHOLE, playbook=playbook)
    assert not satisfied(case, idle).allowed
    for more in ("idle", "no-such-stage"):
        off = replace(POWER_OFF, needs=("test", "approve", "quiet", more))
        assert [each.stage for each in decide(case, off).refusals] == [more]


def test_where_nobody_owns_a_server_that_is_told() -> None:
    """Nobody could ever agree, and naming the partners would help."""
    names = {each.name for each in decide(replace(WHOLE, owners=()), POWER_OFF).refusals}
    assert {"owners", "approval"} <= names
    assert "wait" not in {each.name for each in decide(WHOLE, POWER_OFF).conditions}


def test_looking_at_all_stages_at_once_says_the_same_as_looking_at_each() -> None:
    """What is looked at once for several is what each would have seen."""
    for case in (WHOLE, STOPPED, LONG, NOISY, replace(WHOLE, ledger_fault="cut")):
        stages = case.playbook.stages
        assert list(steps(case)) == [(each, satisfied(case, each)) for each in stages]


# When


MONDAY = Window(days=(0,), start=time(9), end=time(16), zone="Europe/London")
"""NOW is a Monday in November, noon in London as in UTC."""


@pytest.mark.parametrize(
    ("window", "opens"),
    [
        (MONDAY, True),
        (replace(MONDAY, days=(1, 2, 3, 4, 5, 6)), False),
        (replace(MONDAY, start=time(12)), True),
        (replace(MONDAY, start=time(12, 0, 0, 1)), False),
        (replace(MONDAY, end=time(12)), False),
        (replace(MONDAY, end=time(12, 0, 0, 1)), True),
        (replace(MONDAY, start=time(13), end=time(14), zone="Europe/Berlin"), True),
        (replace(MONDAY, zone="Asia/Tokyo"), False),
    ],
)
def test_an_act_is_done_within_its_windows_alone(window: Window, opens: bool) -> None:  # noqa: FBT001
    """From the first moment to just before the last, in the window's own time zone."""
    assert decide(WHOLE, replace(POWER_OFF, windows=(window,))).allowed is opens
    never = replace(MONDAY, days=())
    assert decide(WHOLE, replace(POWER_OFF, windows=(never, window))).allowed is opens


@pytest.mark.parametrize(
    ("start", "end", "opens"),
    [
        (NOW - DAY, NOW + DAY, False),
        (NOW, NOW + DAY, False),
        (NOW + MOMENT, NOW + DAY, True),
        (NOW - DAY, NOW, True),
        (NOW - DAY, NOW + MOMENT, False),
    ],
)
def test_nothing_is_done_in_a_freeze(start: datetime, end: datetime, opens: bool) -> None:  # noqa: FBT001
    """From its first moment to just before its end, also within a window."""
    freeze = Freeze(start=start, end=end, why="year end")
    long_ago = Freeze(
        start=datetime(2020, 1, 1, tzinfo=UTC), end=datetime(2020, 1, 2, tzinfo=UTC), why="old"
    )
    stage = replace(POWER_OFF, windows=(MONDAY,))
    assert decide(replace(WHOLE, freezes=(long_ago, freeze)), stage).allowed is opens
