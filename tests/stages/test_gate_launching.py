"""An act that launches a server rests on what there can be by then, and on nothing less."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from migrate.fingerprint import awaited
from migrate.gate import decide
from migrate.model.act import Act, Intent, Result
from migrate.model.action import Aftermath
from migrate.model.case import Case
from migrate.model.evidence import Fingerprint
from migrate.model.playbook import About, Builds, CheckUse, Playbook, Stage
from tests.stages.gate_samples import DAY, LOOKED, NOW, PLAYBOOK, WHOLE, agreed, seen

NOBODY_YET = replace(LOOKED, target=awaited())
CAUGHT_UP = Stage(
    name="caught-up",
    help="c",
    needs=(),
    valid_for=DAY,
    checks=(CheckUse(id="healthy", check="healthy", about=About.OLD),),
)
COPY = Stage(name="copy", help="l", needs=("caught-up",), action="copy", builds=Builds.COPY)
REMOVE = Stage(name="remove", help="r", needs=("test", "approve"), action="remove")
CAUGHT_UP_AGAIN = replace(CAUGHT_UP, name="caught-up-again", needs=("remove",))
SWITCH = Stage(
    name="switch",
    help="s",
    needs=("remove", "caught-up-again"),
    action="switch",
    builds=Builds.REPLACEMENT,
)
TEST, APPROVE = PLAYBOOK.stages[:2]


def _playbook(*stages: Stage) -> Playbook:
    return replace(PLAYBOOK, stages=stages)


def _first(*, excusable: bool = False) -> Case:
    """Return the case of a server that is replicated, and of which nothing was launched."""
    use = replace(CAUGHT_UP.checks[0], excusable=excusable)
    healthy = replace(seen("healthy", stage="caught-up"), fingerprints=NOBODY_YET)
    return replace(
        WHOLE,
        playbook=_playbook(replace(CAUGHT_UP, checks=(use,)), COPY),
        evidence=(healthy,),
        approvals=(),
        fingerprints=NOBODY_YET,
    )


def _removed(at: timedelta = timedelta(minutes=10)) -> Case:
    """Return the case of a server whose copy was tested, agreed to, and removed some time ago."""
    intent = Intent(
        id="i",
        server_id="s1",
        playbook="rehost",
        stage="remove",
        action="remove",
        what="remove the copy",
        relied_on=(),
        before=LOOKED.source,
        changes=(),
        holder="tests",
        at=NOW - at,
        signer="key-tests",
    )
    result = Result(
        id="r",
        server_id="s1",
        intent="i",
        aftermath=Aftermath.DONE,
        detail="gone",
        after=None,
        at=NOW - at,
        signer="key-tests",
    )
    again = replace(seen("healthy", stage="caught-up-again"), fingerprints=NOBODY_YET)
    return replace(
        WHOLE,
        playbook=_playbook(TEST, APPROVE, REMOVE, CAUGHT_UP_AGAIN, SWITCH),
        evidence=(again,),
        approvals=(),
        acts=(Act(intent=intent, result=result),),
        fingerprints=NOBODY_YET,
    )


def _why(case: Case, stage: Stage) -> str:
    found = decide(case, stage)
    assert not found.allowed
    return " | ".join(f"{each.stage}/{each.name}: {each.why}" for each in found.refusals)


def test_a_copy_is_launched_before_anything_of_it_can_be_seen() -> None:
    """It harms nobody, and proof comes from it: nobody has to have agreed to it."""
    assert decide(_first(), COPY).allowed


def test_a_copy_rests_on_a_check_that_nobody_is_excepted_from() -> None:
    """Without one it is refused, and so it is on evidence that failed or is not there."""
    assert "on no check that nobody can be excepted from" in _why(_first(excusable=True), COPY)
    assert "was never run" in _why(replace(_first(), evidence=()), COPY)


def test_a_copy_is_not_launched_of_a_server_that_was_not_seen() -> None:
    """The old server must be seen whole, as for any act."""
    blind = replace(NOBODY_YET, source=Fingerprint(parts={}, unknown=("server: timed out",)))
    assert "not all of it could be seen" in _why(replace(_first(), fingerprints=blind), COPY)


def test_any_other_act_waits_for_the_new_server() -> None:
    """That none stands yet is known, and is no reason to act on the old one."""
    acts = replace(COPY, builds=Builds.NOTHING)
    case = replace(_first(), playbook=_playbook(CAUGHT_UP, acts))
    why = _why(case, acts)
    assert "the plan names no new server yet" in why
    assert "on no check of what stands in the old server's place" in why


def test_what_was_proved_of_nobody_is_void_once_somebody_stands() -> None:
    """Evidence that was taken when none stood says nothing of the one that does now."""
    case = replace(_first(), fingerprints=LOOKED)
    assert "the new server changed since" in _why(case, COPY)


def test_the_replacement_is_launched_after_the_tested_copy_was_removed() -> None:
    """The removal went through the whole gate: it stands for what it rested on."""
    assert decide(_removed(), SWITCH).allowed


def test_the_replacement_is_not_launched_when_the_removal_rested_on_less() -> None:
    """Proof and agreement must lie beneath it, or beneath the removal."""
    hollow = replace(REMOVE, needs=("test",))
    case = _removed()
    case = replace(case, playbook=_playbook(TEST, APPROVE, hollow, CAUGHT_UP_AGAIN, SWITCH))
    why = _why(case, SWITCH)
    assert "on no check of what stands in the old server's place" in why
    assert "asks 0 partners" in why
    assert "the plan names no new server yet" in why


@pytest.mark.parametrize("aftermath", [Aftermath.NOT_DONE, Aftermath.UNKNOWN])
def test_the_replacement_is_not_launched_before_the_removal_was_done(aftermath: Aftermath) -> None:
    """Neither when it had no effect, nor when it cannot be told."""
    case = _removed()
    act = case.acts[0]
    assert act.result
    case = replace(case, acts=(replace(act, result=replace(act.result, aftermath=aftermath)),))
    assert "remove/act" in _why(case, SWITCH)


def test_a_removal_that_nobody_trusted_signed_stands_for_nothing() -> None:
    """Whoever can write into the database could have entered it."""
    act = _removed().acts[0]
    case = replace(_removed(), acts=(replace(act, intent=replace(act.intent, signer="")),))
    assert "nobody whom the estate trusts" in _why(case, SWITCH)


def test_an_old_server_that_was_patched_since_is_tested_again() -> None:
    """What was tested is not what would be launched."""
    patched = Fingerprint(parts={**LOOKED.source.parts, "packages": "newer"})
    now = replace(NOBODY_YET, source=patched)
    again = replace(seen("healthy", stage="caught-up-again"), fingerprints=now)
    case = replace(_removed(), fingerprints=now, evidence=(again,))
    assert "the old server changed since: packages, since remove was permitted" in _why(
        case, SWITCH
    )


def test_a_removal_stands_for_proof_no_longer_than_the_proof_counted() -> None:
    """To the very moment: the shortest of what it rested on."""
    assert decide(_removed(DAY - timedelta(microseconds=1)), SWITCH).allowed
    assert "rested on counts until" in _why(_removed(DAY), SWITCH)


@pytest.mark.parametrize("longer", ["test", "approve"])
def test_the_shortest_of_what_the_removal_rested_on_counts(longer: str) -> None:
    """Proof that counts for a week is of no use once the agreement has ended, nor the reverse."""
    stages = [
        replace(each, valid_for=7 * DAY) if each.name == longer else replace(each, valid_for=DAY)
        for each in (TEST, APPROVE)
    ]
    case = _removed(2 * DAY)
    case = replace(case, playbook=_playbook(*stages, REMOVE, CAUGHT_UP_AGAIN, SWITCH))
    assert "rested on counts until" in _why(case, SWITCH)


def test_launching_another_copy_stands_for_nothing() -> None:
    """Only what took the tested copy away does, so that none stands while the new one is made."""
    another = replace(REMOVE, builds=Builds.COPY)
    case = _removed()
    case = replace(case, playbook=_playbook(TEST, APPROVE, another, CAUGHT_UP_AGAIN, SWITCH))
    assert "on no check of what stands in the old server's place" in _why(case, SWITCH)


def test_one_check_that_nobody_is_excepted_from_is_enough_for_a_copy() -> None:
    """Others beside it may be excusable."""
    case = _first()
    more = CheckUse(id="nice", check="nice", about=About.OLD, excusable=True)
    both = replace(CAUGHT_UP, checks=(*CAUGHT_UP.checks, more))
    nice = replace(seen("nice", stage="caught-up"), fingerprints=NOBODY_YET)
    case = replace(case, playbook=_playbook(both, COPY), evidence=(*case.evidence, nice))
    assert decide(case, COPY).allowed


def test_a_replacement_beside_the_tested_copy_rests_on_the_copy_s_own_proof() -> None:
    """Where the copy still stands, nothing stands in for evidence and approvals of it."""
    switch = replace(SWITCH, needs=("test", "approve"))
    case = replace(WHOLE, playbook=_playbook(TEST, APPROVE, switch))
    assert decide(case, switch).allowed
    assert "was never run" in _why(replace(case, evidence=()), switch)
    assert "1 of 2 partners" in _why(replace(case, approvals=(agreed("Ann", "SBC"),)), switch)
