"""A server's whole way through the Application Migration Service, behind the gate.

The service is a loopback on botocore's model, the instances are a moto server's; gate, ledger,
playbook, actions and clients are the real ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from aws_model import aws_model
from lives import Life, a_life, effect, found_words, killing, warnings, why
from mgn_world import MgnWorld

from inventory.clouds.aws_reach import AwsReach
from inventory.clouds.configured import aws_settings
from inventory.errors import RefusedError, UsageError
from inventory.estate import CloudTables
from migrate.casefile import case_of
from migrate.cli.replication import _row
from migrate.clouds.mgn import CHANGES
from migrate.demo.moto import LoopbackAws, loopback_aws
from migrate.gate import satisfied
from migrate.ledger.book import read_ledger
from migrate.looking import look
from migrate.model.action import Aftermath
from migrate.model.evidence import Outcome
from migrate.model.replication import Replication
from migrate.model.standing import Turn
from migrate.stages import decommission, replication, status

pytestmark = pytest.mark.moto

PLAYBOOK = """\
title: rehost by MGN, without what needs a network
stages:
  - name: replicate
    help: it is replicated
    reaches: replicating
    valid_for: 1d
    checks: [{check: replication-healthy}, {check: replication-ready, with: {for: test}}]
  - name: start-test
    help: a copy is launched
    reaches: testing
    needs: [replicate]
    action: mgn-start-test
  - name: test
    help: the copy does the old one's work
    reaches: tested
    needs: [start-test]
    valid_for: 14d
    checks:
      - {check: launched-instance, with: {for: test}}
      - check: ec2-instance
      - check: listeners-parity
  - name: approve
    help: both agree
    reaches: approved
    needs: [test]
    valid_for: 14d
    approval: {partners: 2}
  - {name: mark-ready, help: marked, needs: [test, approve], action: mgn-mark-ready}
  - name: caught-up
    help: the replica is close behind
    needs: [mark-ready]
    valid_for: 1h
    checks:
      - check: replication-healthy
      - check: replication-lag
      - {check: replication-ready, with: {for: cut-over}}
  - name: cut-over
    help: the replacement is launched
    reaches: cut over
    needs: [test, approve, mark-ready, caught-up]
    action: mgn-start-cut-over
  - name: retest
    help: the replacement itself does the old one's work
    reaches: re-tested
    needs: [cut-over]
    valid_for: 14d
    checks:
      - {check: launched-instance, with: {for: cut-over}}
      - check: ec2-instance
      - check: listeners-parity
  - {name: approve-end, help: both agree, needs: [retest], valid_for: 14d, approval: {partners: 2}}
  - {name: finalise, help: it is final, needs: [retest, approve-end], action: mgn-finalise}
"""
_STAGES = ("start-test", "mark-ready", "cut-over", "finalise")


@dataclass
class World:
    """A server that the service replicates, on its way."""

    life: Life
    mgn: MgnWorld
    aws: LoopbackAws
    source_server: str

    @property
    def said(self) -> dict[str, Any]:
        """What the service says of it."""
        return self.mgn.servers[self.source_server]

    def launches_beside(self) -> str:
        """Launch another copy, as in the service's console; return its id."""
        reach = AwsReach(settings=aws_settings(self.life.bench.estate))
        client = reach.client("mgn", reach.place_of(""), CHANGES, changes=True)
        client.start_test(sourceServerIDs=[self.source_server])
        (copy,) = self.mgn.finish_jobs()
        return copy

    def to_tested(self) -> str:
        """Go to where the copy was tested and agreed to; return its id."""
        assert self.life.prove("replicate").outcome is Outcome.PASSED
        self.life.attempt()
        (copy,) = self.mgn.finish_jobs()
        assert effect(self.life.attempt()) is Aftermath.DONE
        self.life.name(copy, "web-1-test.txt")
        assert self.life.prove("test").outcome is Outcome.PASSED
        self.life.agree("approve")
        return copy

    def to_cut_over(self) -> str:
        """Go to where the replacement was launched, and nothing of it is tested; return its id."""
        self.to_tested()
        assert effect(self.life.attempt()) is Aftermath.DONE
        assert self.life.prove("caught-up").outcome is Outcome.PASSED
        self.life.attempt()
        (replacement,) = self.mgn.finish_jobs()
        assert effect(self.life.attempt()) is Aftermath.DONE
        return replacement

    def up_to(self, stage: str) -> str:
        """Go to where the act of a stage is permitted, and return its operation."""
        if stage == "start-test":
            self.life.prove("replicate")
            return "StartTest"
        if stage == "finalise":
            replacement = self.to_cut_over()
            self.life.name(replacement, "web-1-new.txt")
            self.life.prove("retest")
            self.life.agree("approve-end")
            return "FinalizeCutover"
        self.to_tested()
        if stage == "mark-ready":
            return "ChangeServerLifeCycleState"
        self.life.attempt()
        self.life.prove("caught-up")
        return "StartCutover"


@pytest.fixture(scope="module")
def aws() -> Iterator[LoopbackAws]:
    """Return running instances."""
    with loopback_aws() as running:
        yield running


@pytest.fixture
def world(aws: LoopbackAws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Give a server that is replicated, and of which nothing was launched."""
    for name, value in aws.environment().items():
        monkeypatch.setenv(name, value)
    with aws_model("mgn") as model:
        mgn = MgnWorld(model, launch=aws.run_instance, end=aws.terminate)
        source_server = mgn.add("web-1.demo.internal", "10.77.0.11")
        mgn.add("another.demo.internal", "10.77.0.12")
        table = {"region": aws.region, "endpoint": aws.url, "endpoints": model.endpoints}
        with a_life(tmp_path, PLAYBOOK, CloudTables(aws=table), "aws") as life:
            yield World(life=life, mgn=mgn, aws=aws, source_server=source_server)


def test_the_whole_life_is_walked_and_each_act_is_done_once(world: World) -> None:
    """From replicating to final, with a refusal at each point where something is lacking."""
    life = world.life
    assert "replicate/replication-healthy: was never run" in why(life.attempt())
    assert life.prove("replicate").outcome is Outcome.PASSED
    begun = life.attempt()
    assert effect(begun) is Aftermath.UNKNOWN
    assert "at work since" in found_words(life.attempt())
    (copy,) = world.mgn.finish_jobs()
    assert effect(life.attempt()) is Aftermath.DONE

    assert f"decant.toml gives no replacement, the address of {copy}" in why(life.attempt())
    life.name(None, None)
    assert any(f"no replacement is given, the address of {copy}" in each for each in warnings(life))
    life.name(None, "web-1-test.txt")
    assert (life.move.resource, life.move.launched_by) == (copy, "start-test")
    assert "test/launched-instance: was never run" in why(life.attempt())
    assert life.prove("test").outcome is Outcome.PASSED
    assert "0 of 2 partners" in why(life.attempt())
    life.agree("approve")
    assert effect(life.attempt()) is Aftermath.DONE

    assert "caught-up/replication-lag: was never run" in why(life.attempt())
    assert life.prove("caught-up").outcome is Outcome.PASSED
    assert effect(life.attempt()) is Aftermath.UNKNOWN
    (replacement,) = world.mgn.finish_jobs()
    assert effect(life.attempt()) is Aftermath.DONE
    assert replacement != copy

    life.name(None, "web-1-new.txt")
    assert (life.move.resource, life.move.launched_by) == (replacement, "cut-over")
    assert life.prove("retest").outcome is Outcome.PASSED
    assert "0 of 2 partners" in why(life.attempt())
    life.agree("approve-end")
    assert effect(life.attempt()) is Aftermath.DONE
    assert world.said["lifeCycle"]["state"] == "CUTOVER"
    again = life.attempt()
    assert again.decision is None
    assert world.mgn.changes() == [
        "StartTest",
        "ChangeServerLifeCycleState",
        "StartCutover",
        "FinalizeCutover",
    ]
    ledger = read_ledger(life.bench.store, life.bench.trust)
    assert ledger.verification.fault is None
    assert [each.intent.stage for each in ledger.acts] == list(_STAGES)


def test_without_apply_nothing_is_sent(world: World) -> None:
    """A rehearsal says what would be done to which source server, and asks only."""
    life = world.life
    life.prove("replicate")
    said = decommission.run(life.bench, life.move, apply=False)
    assert world.source_server in said.what
    assert said.decision is not None
    assert said.decision.allowed
    assert world.mgn.changes() == []


def test_every_server_s_state_is_listed(world: World) -> None:
    """By the service's word and ours; one that is not replicated says so."""
    (found,) = replication.run(world.life.bench)
    assert isinstance(found.found, Replication)
    assert found.found.id == world.said["arn"]
    row = _row(found)
    assert (row["phase"], row["healthy"], row["lag_seconds"]) == ("ready for test", "yes", 0)
    world.mgn.servers.clear()
    world.life.clouds.forget()
    (found,) = replication.run(world.life.bench)
    row = _row(found)
    assert row["phase"] == "unknown"
    assert "none of the 0 that are replicated is surely web-1" in row["said"]


def test_each_command_does_acts_of_its_own_kind(world: World) -> None:
    """``decommission`` launches nothing, and ``migrate`` does nothing to the old server."""
    life = world.life
    life.prove("replicate")
    with pytest.raises(UsageError, match="start-test, one of a migration service") as refused:
        decommission.run(life.bench, life.move, apply=True, migrating=False)
    assert refused.value.hint == "decant migrate web-1"
    assert world.mgn.changes() == []
    done = decommission.run(life.bench, life.move, apply=True, migrating=True)
    assert effect(done) is Aftermath.UNKNOWN
    world.mgn.finish_jobs()
    life.attempt()
    with pytest.raises(UsageError, match="start-test, one of a migration service"):
        decommission.undo(life.bench, life.move, apply=True, migrating=False)


def test_what_was_proved_of_the_copy_says_nothing_of_the_replacement(world: World) -> None:
    """Evidence of the tested copy dies with the plan's naming another; a check tells them apart."""
    life = world.life
    replacement = world.to_cut_over()
    with pytest.raises(RefusedError) as refused:
        life.prove("retest")  # the plan still names the copy, which the new launch has ended
    assert f"what stands there is {replacement}, launched by cut-over" in str(refused.value)
    assert str(life.move.resource) in str(refused.value)
    with pytest.raises(RefusedError, match=r"decant\.toml names"):
        life.attempt()


def test_evidence_of_the_copy_is_void_for_the_replacement(world: World) -> None:
    """Stage test passed for the copy; for what the plan names now it counts no more."""
    life = world.life
    replacement = world.to_cut_over()
    life.name(replacement, "web-1-new.txt")
    life.clouds.forget()
    playbook = life.bench.shelf.read("rehost")
    ledger = read_ledger(life.bench.store, life.bench.trust)
    seen = look(life.bench, life.move, playbook, ledger, command="test")
    case = case_of(life.bench, life.move, playbook, fingerprints=seen.fingerprints)
    stage = playbook.stage("test")
    assert stage
    reasons = [each.why for each in satisfied(case, stage).refusals if each.stage == "test"]
    assert len(reasons) == 3
    assert all("passed, but void: the new server changed since" in each for each in reasons)


def test_another_instance_than_the_one_launched_is_not_finalised(world: World) -> None:
    """A server that looks the same, and is not what the service launched, is refused by name."""
    life = world.life
    replacement = world.to_cut_over()
    other = world.aws.run_instance()
    life.name(other, "web-1-new.txt")
    assert any(f"names {other} for web-1" in each for each in warnings(life))
    for attempt in (life.attempt, lambda: life.prove("retest")):
        with pytest.raises(RefusedError, match=f"{other} .*{replacement}"):
            attempt()
    assert "FinalizeCutover" not in world.mgn.changes()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"lagDuration": "PT6S"}, "is 6 s behind, and may be 5 s"),
        ({"lagDuration": "P1Y"}, "its lag is given as 'P1Y'"),
        ({"dataReplicationState": "STALLED"}, "does not go on as it should"),
        ({"dataReplicationError": {"error": "AGENT_NOT_SEEN"}}, "AGENT_NOT_SEEN"),
    ],
)
def test_nothing_is_cut_over_from_a_replica_that_is_behind(
    world: World, data: dict[str, Any], said: str
) -> None:
    """Lag, faults, and what cannot be told refuse; nothing is sent."""
    life = world.life
    world.to_tested()
    assert effect(life.attempt()) is Aftermath.DONE
    world.said["dataReplicationInfo"] |= data
    assert life.prove("caught-up").outcome is not Outcome.PASSED
    assert said in why(life.attempt())
    assert "StartCutover" not in world.mgn.changes()


def test_a_state_that_is_new_to_us_refuses_and_is_shown(world: World) -> None:
    """The word is told, and nothing is sent."""
    life = world.life
    world.said["dataReplicationInfo"] |= {"lagDuration": "PT0S"}
    world.mgn.aws.models["mgn"].shape_for("LifeCycleState").metadata["enum"].append("TELEPORTING")
    world.said["lifeCycle"]["state"] = "TELEPORTING"
    assert life.prove("replicate").outcome is Outcome.UNKNOWN
    assert "TELEPORTING, which is new to us" in why(life.attempt())
    assert world.mgn.changes() == []


@pytest.mark.parametrize("stage", _STAGES)
def test_an_act_whose_answer_was_lost_is_not_repeated(world: World, stage: str) -> None:
    """The service did it and could not say so: its state says it, and it is asked for once."""
    life = world.life
    operation = world.up_to(stage)
    before = world.mgn.asked(operation)
    world.mgn.loses_answers(operation)
    life.attempt()
    world.mgn.finish_jobs()
    life.later(minutes=10)
    life.attempt()
    assert world.mgn.asked(operation) == before + 1
    acts = read_ledger(life.bench.store, life.bench.trust).acts
    assert [each.done for each in acts if each.intent.stage == stage] == [True]


@pytest.mark.parametrize("sent", [True, False], ids=["after it was sent", "before it was sent"])
def test_a_run_that_is_killed_is_carried_on_by_looking(world: World, sent: bool) -> None:  # noqa: FBT001
    """Cut off between the journal's entry and its result: the next run knows, or waits to know."""
    life = world.life
    life.prove("replicate")
    whole = life.bench
    killed = killing(whole.shelf.actions["mgn-start-test"], sent=sent)
    actions = {**whole.shelf.actions, "mgn-start-test": killed}
    life.bench = replace(whole, shelf=replace(whole.shelf, actions=actions))
    with pytest.raises(KeyboardInterrupt):
        life.attempt()
    life.bench = replace(whole, estate=life.bench.estate)
    assert world.mgn.asked("StartTest") == int(sent)
    if sent:
        assert "at work since" in found_words(life.attempt())
    else:
        with pytest.raises(RefusedError, match="it may still be at work there"):
            life.attempt()
    world.mgn.finish_jobs()
    life.later(minutes=10)
    life.attempt()
    assert world.mgn.asked("StartTest") == 1


def test_a_launch_that_failed_is_told_and_can_be_tried_again(world: World) -> None:
    """It is not done; the next run starts a new one through the gate."""
    life = world.life
    life.prove("replicate")
    life.attempt()
    world.mgn.finish_jobs(status="FAILED")
    again = life.attempt()
    assert "not done: the launch of the copy failed: job mgnjob-" in found_words(again)
    assert world.mgn.asked("StartTest") == 2
    (copy,) = world.mgn.finish_jobs()
    assert effect(life.attempt()) is Aftermath.DONE
    assert world.said["launchedInstance"]["ec2InstanceID"] == copy


@pytest.mark.parametrize(
    ("stage", "state"),
    [
        ("start-test", "READY_FOR_TEST"),
        ("mark-ready", "READY_FOR_TEST"),
        ("cut-over", "READY_FOR_CUTOVER"),
    ],
)
def test_what_the_service_can_take_back_is_taken_back(world: World, stage: str, state: str) -> None:
    """--undo puts the source server to its earlier state, at once and with nobody's leave."""
    life = world.life
    world.up_to(stage)
    life.attempt()
    world.mgn.finish_jobs()
    life.attempt()
    taken = decommission.undo(life.bench, life.move, apply=True)
    assert taken.stage == stage
    assert taken.effect is not None
    assert taken.effect.aftermath is Aftermath.NOT_DONE
    assert world.said["lifeCycle"]["state"] == state


def test_an_instance_that_was_launched_anew_kills_the_evidence(world: World) -> None:
    """Beside the playbook, in the console: what was proved of the one before counts no more."""
    life = world.life
    copy = world.to_tested()
    another = world.launches_beside()
    assert life.move.resource == copy
    said = why(life.attempt())
    assert "test/ec2-instance: passed, but void: not all of the new server can be seen now" in said
    assert f"cloud: {copy} is terminated" in said
    assert f"mark-ready/still start-test: start-test launched {copy}, and since then" in said
    assert f"the copy is {another}, and the plan names {copy}" in said
    assert "ChangeServerLifeCycleState" not in world.mgn.changes()


def test_a_copy_that_still_answers_is_not_taken_for_the_replacement(world: World) -> None:
    """Its address still stands in decant.toml: nothing that is taken there counts."""
    life = world.life
    replacement = world.to_cut_over()
    life.name(None, "web-1-test.txt")
    proof = life.prove("retest")
    assert f"answered as the same server before cut-over launched {replacement}" in proof.unseen
    said = why(life.attempt())
    assert "retest/listeners-parity: passed, but void: not all of the new server" in said
    assert "finalise/new server: not all of it could be seen" in said


def test_what_is_at_work_is_told_with_its_handle(world: World) -> None:
    """By ``status`` and by each further run; nothing is sent again, and nothing is refused."""
    life = world.life
    life.prove("replicate")
    life.attempt()
    (standing,) = (each for each in status.run(life.bench) if each.server == "web-1")
    assert (standing.state, standing.turn) == ("start-test: at work", Turn.SERVICE)
    assert "since 2026-11-23 09:00 UTC, as mgnjob-00000000000000000" in standing.blocks
    assert standing.next == "decant migrate web-1 --apply"
    before = len(read_ledger(life.bench.store, life.bench.trust).acts)
    again = life.attempt()
    assert again.effect is not None
    assert again.effect.job == "mgnjob-00000000000000000"
    assert len(read_ledger(life.bench.store, life.bench.trust).acts) == before
    assert world.mgn.asked("StartTest") == 1
