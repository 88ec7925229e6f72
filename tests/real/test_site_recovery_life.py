"""A server's whole way through Site Recovery, behind the gate.

Resource Manager is a loopback over TLS, asked by the real pipeline and the real identity client;
gate, ledger, playbook and actions are the real ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from asr_world import AsrWorld
from lives import Life, a_life, effect, found_words, killing, why

from inventory.errors import RefusedError
from inventory.estate import CloudTables
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import refusal
from migrate.ledger.book import read_ledger
from migrate.model.action import Aftermath
from migrate.model.evidence import Outcome
from migrate.stages import decommission

PLAYBOOK = """\
title: rehost by Site Recovery, without what needs a network
stages:
  - name: replicate
    help: it is replicated
    reaches: replicating
    valid_for: 1d
    checks: [{check: replication-healthy}, {check: replication-ready, with: {for: test}}]
  - name: test-failover
    help: a copy is launched
    reaches: testing
    needs: [replicate]
    action: site-recovery-test-failover
  - name: test
    help: the copy does the old one's work
    reaches: tested
    needs: [test-failover]
    valid_for: 14d
    checks: [{check: azure-vm}, {check: listeners-parity}]
  - name: approve
    help: both agree
    reaches: approved
    needs: [test]
    valid_for: 14d
    approval: {partners: 2}
  - {name: clean-up, help: gone, needs: [test, approve], action: site-recovery-clean-up}
  - name: caught-up
    help: the replica is close behind
    needs: [clean-up]
    valid_for: 1h
    checks:
      - check: replication-healthy
      - check: replication-lag
      - {check: replication-ready, with: {for: cut-over}}
  - name: fail-over
    help: the replacement is launched
    reaches: cut over
    needs: [clean-up, caught-up]
    action: site-recovery-fail-over
  - name: retest
    help: the replacement itself does the old one's work
    reaches: re-tested
    needs: [fail-over]
    valid_for: 14d
    checks:
      - {check: launched-instance, with: {for: cut-over}}
      - check: azure-vm
      - check: listeners-parity
  - {name: approve-end, help: both agree, needs: [retest], valid_for: 14d, approval: {partners: 2}}
  - {name: commit, help: it is final, needs: [retest, approve-end], action: site-recovery-commit}
"""
_STAGES = ("test-failover", "clean-up", "fail-over", "commit")
_NAME = "web-1.demo.internal"


@dataclass
class World:
    """A server that the service replicates, on its way."""

    life: Life
    asr: AsrWorld
    arm: LoopbackArm
    item: str

    @property
    def asked(self) -> list[str]:
        """Operations that were asked for, in order."""
        return [name for name, _ in self.asr.sent]

    def to_tested(self) -> None:
        """Go to where the copy was tested and agreed to."""
        assert self.life.prove("replicate").outcome is Outcome.PASSED
        self.life.attempt()
        self.asr.finish()
        assert effect(self.life.attempt()) is Aftermath.DONE
        self.life.name(self.arm.vm_id(f"{_NAME}-test"), "web-1-test.txt")
        assert self.life.prove("test").outcome is Outcome.PASSED
        self.life.agree("approve")

    def to_caught_up(self) -> None:
        """Go to where the copy is gone, and the replica is close behind."""
        self.to_tested()
        self.life.attempt()
        self.asr.finish()
        assert effect(self.life.attempt()) is Aftermath.DONE
        self.life.name(None, None)
        assert self.life.prove("caught-up").outcome is Outcome.PASSED

    def to_committable(self) -> None:
        """Go to where the replacement was tested and agreed to."""
        self.to_caught_up()
        self.life.attempt()
        self.asr.finish()
        assert effect(self.life.attempt()) is Aftermath.DONE
        self.life.name(self.arm.vm_id(_NAME), "web-1-new.txt")
        assert self.life.prove("retest").outcome is Outcome.PASSED
        self.life.agree("approve-end")

    def up_to(self, stage: str) -> str:
        """Go to where the act of a stage is permitted, and return its operation."""
        ways = {
            "test-failover": (lambda: self.life.prove("replicate"), "testFailover"),
            "clean-up": (self.to_tested, "testFailoverCleanup"),
            "fail-over": (self.to_caught_up, "unplannedFailover"),
            "commit": (self.to_committable, "failoverCommit"),
        }
        go, operation = ways[stage]
        go()
        return operation


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Give a server that is replicated, and of which nothing was launched."""
    with loopback_arm(tmp_path) as arm:
        for name, value in arm.environment().items():
            monkeypatch.setenv(name, value)
        asr = AsrWorld(arm, launch=lambda name: arm.put_vm(arm.vm_id(name)))
        item = asr.add(_NAME, "10.77.0.11")
        asr.add("another.demo.internal", "10.77.0.12")
        table = {"subscription": arm.subscription, "credential": "environment"}
        with a_life(tmp_path, PLAYBOOK, CloudTables(azure=table), "azure") as life:
            yield World(life=life, asr=asr, arm=arm, item=item)


def test_the_whole_life_is_walked_and_each_act_is_done_once(world: World) -> None:
    """From replicating to committed, with a refusal at each point where something is lacking."""
    life = world.life
    assert "replicate/replication-healthy: was never run" in why(life.attempt())
    assert life.prove("replicate").outcome is Outcome.PASSED
    assert effect(life.attempt()) is Aftermath.UNKNOWN
    assert "as job-TestFailover" in found_words(life.attempt())
    world.asr.finish()
    assert effect(life.attempt()) is Aftermath.DONE

    assert "the plan names no new server yet" in why(life.attempt())
    life.name(world.arm.vm_id(f"{_NAME}-test"), "web-1-test.txt")
    assert "test/azure-vm: was never run" in why(life.attempt())
    assert life.prove("test").outcome is Outcome.PASSED
    assert "0 of 2 partners" in why(life.attempt())
    life.agree("approve")
    assert effect(life.attempt()) is Aftermath.UNKNOWN
    world.asr.finish()
    assert effect(life.attempt()) is Aftermath.DONE

    life.name(None, None)
    assert "caught-up/replication-lag: was never run" in why(life.attempt())
    assert life.prove("caught-up").outcome is Outcome.PASSED
    assert effect(life.attempt()) is Aftermath.UNKNOWN
    world.asr.finish()
    assert effect(life.attempt()) is Aftermath.DONE

    life.name(None, "web-1-new.txt")
    assert life.move.resource == world.arm.vm_id(_NAME)
    assert life.prove("retest").outcome is Outcome.PASSED
    assert "0 of 2 partners" in why(life.attempt())
    life.agree("approve-end")
    assert effect(life.attempt()) is Aftermath.UNKNOWN
    world.asr.finish()
    assert effect(life.attempt()) is Aftermath.DONE
    assert life.attempt().decision is None
    assert world.asked == [
        "testFailover",
        "testFailoverCleanup",
        "unplannedFailover",
        "failoverCommit",
    ]
    ledger = read_ledger(life.bench.store, life.bench.trust)
    assert ledger.verification.fault is None
    assert [each.intent.stage for each in ledger.acts] == list(_STAGES)


def test_what_is_sent_is_what_the_service_s_interface_asks_for(world: World) -> None:
    """A network of its own for the copy, notes at its end, and no shutting down of the old one."""
    world.to_committable()
    sent = dict(world.asr.sent)
    assert sent["testFailover"] == {
        "failoverDirection": "PrimaryToRecovery",
        "networkType": "VmNetworkAsInput",
        "networkId": "/subscriptions/s/bubble",
        "providerSpecificDetails": {
            "instanceType": "InMageRcm",
            "networkId": "/subscriptions/s/bubble",
        },
    }
    assert sent["testFailoverCleanup"] == {"comments": "web-1: cleaned up by decant"}
    assert sent["unplannedFailover"] == {
        "failoverDirection": "PrimaryToRecovery",
        "sourceSiteOperations": "NotRequired",
        "providerSpecificDetails": {"instanceType": "InMageRcm", "performShutdown": "false"},
    }


def test_without_apply_nothing_is_sent(world: World) -> None:
    """A rehearsal says what would be done, and asks only by GET."""
    world.life.prove("replicate")
    said = decommission.run(world.life.bench, world.life.move, apply=False)
    assert said.decision is not None
    assert said.decision.allowed
    assert f"({_NAME})" in said.what
    assert world.asked == []
    changing = [path for method, path in world.arm.log if method != "GET" and "/token" not in path]
    assert changing == []


@pytest.mark.parametrize(
    ("details", "said"),
    [
        ({"testNetworkId": "/subscriptions/s/PRODUCTION"}, "the one of production"),
        ({"testNetworkId": None}, "no network is named for the copy"),
        ({"instanceType": "InMageQuantum"}, "replicated as InMageQuantum"),
    ],
)
def test_a_copy_is_not_launched_where_it_could_do_harm(
    world: World, details: dict[str, str | None], said: str
) -> None:
    """In production's network, in none, or in a way that is new to us: nothing is sent."""
    world.asr.properties(world.item)["providerSpecificDetails"] |= details
    world.life.prove("replicate")
    assert said in why(world.life.attempt())
    assert world.asked == []


def test_nothing_is_failed_over_while_the_copy_still_stands(world: World) -> None:
    """The clean-up comes first, in the playbook as in the service."""
    world.to_tested()
    assert world.life.attempt().stage == "clean-up"
    assert "unplannedFailover" not in world.asked


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lastRpoInSeconds": 6}, "is 6 s behind, and may be 5 s"),
        ({"lastRpoCalculatedTime": "2026-11-23T08:00:00Z"}, "and not since"),
        ({"lastRpoInSeconds": None}, "it gives no recovery point objective"),
    ],
)
def test_nothing_is_failed_over_from_a_replica_that_is_behind(
    world: World, change: dict[str, object], said: str
) -> None:
    """A lag that is too long, not known, or not known to be so still."""
    world.to_caught_up()
    world.asr.properties(world.item)["providerSpecificDetails"] |= change
    assert world.life.prove("caught-up").outcome is not Outcome.PASSED
    assert said in why(world.life.attempt())
    assert "unplannedFailover" not in world.asked


def test_an_old_server_that_was_changed_since_its_test_is_not_failed_over(world: World) -> None:
    """The clean-up stands for the test only as long as the old server is as it was."""
    world.to_caught_up()
    path = world.life.folder / "web-1.txt"
    said = path.read_bytes()
    assert b"9e620c8061d754c19171915a9dfe278a" in said
    before = b"ii  adduser" if b"ii  adduser" in said else b"nginx"
    path.write_bytes(said.replace(before, before + b"-patched"))
    refused = why(world.life.attempt())
    assert "fail-over/still as tested: the old server changed since" in refused
    assert "unplannedFailover" not in world.asked


@pytest.mark.parametrize("stage", _STAGES)
def test_an_act_whose_answer_was_lost_is_not_repeated(world: World, stage: str) -> None:
    """The service began it and could not say so: its state says it, and it is asked for once."""
    operation = world.up_to(stage)
    world.asr.loses.append(operation)
    world.life.attempt()
    world.asr.finish()
    world.life.later(minutes=10)
    world.life.attempt()
    assert world.asked.count(operation) == 1
    acts = read_ledger(world.life.bench.store, world.life.bench.trust).acts
    assert [each.done for each in acts if each.intent.stage == stage] == [True]


def test_a_run_that_is_killed_after_it_asked_is_carried_on_by_looking(world: World) -> None:
    """Cut off before the journal's second entry: the next run finds the job by the item."""
    life = world.life
    life.prove("replicate")
    whole = life.bench
    name = "site-recovery-test-failover"
    actions = {**whole.shelf.actions, name: killing(whole.shelf.actions[name], sent=True)}
    life.bench = replace(whole, shelf=replace(whole.shelf, actions=actions))
    with pytest.raises(KeyboardInterrupt):
        life.attempt()
    life.bench = whole
    assert "as job-TestFailover" in found_words(life.attempt())
    world.asr.finish()
    assert effect(life.attempt()) is Aftermath.DONE
    assert world.asked == ["testFailover"]


def test_a_test_failover_that_fails_is_told_with_the_service_s_words(world: World) -> None:
    """What the operation's own status says of its failure is entered."""
    life = world.life
    life.prove("replicate")
    life.attempt()
    world.asr.finish(failure="NoRecoveryPoint")
    life.later(minutes=10)
    life.attempt()
    assert world.asked == ["testFailover", "testFailover"]


def test_a_test_failover_is_taken_back_by_cleaning_up(world: World) -> None:
    """--undo removes the copy, with nobody's leave."""
    world.life.prove("replicate")
    world.life.attempt()
    world.asr.finish()
    world.life.attempt()
    decommission.undo(world.life.bench, world.life.move, apply=True)
    assert world.asked == ["testFailover", "testFailoverCleanup"]


def test_what_the_service_refuses_was_not_done(world: World) -> None:
    """Its words are told, and nothing holds the way up."""
    world.life.prove("replicate")
    conflict = refusal(409, "Conflict", "another job is running")
    world.arm.answers.add("POST", ".*/testFailover", conflict)
    done = world.life.attempt()
    assert effect(done) is Aftermath.NOT_DONE
    assert done.effect is not None
    assert "another job is running" in done.effect.detail


def test_another_machine_than_the_one_launched_is_not_committed(world: World) -> None:
    """A machine that looks the same, and is not what the failover made, is refused by name."""
    world.to_committable()
    world.arm.put_vm(world.arm.vm_id("other"))
    world.life.name(world.arm.vm_id("other"), "web-1-new.txt")
    for attempt in (world.life.attempt, lambda: world.life.prove("retest")):
        with pytest.raises(RefusedError, match=f"/other .*/{_NAME}, launched by fail-over"):
            attempt()
    assert "failoverCommit" not in world.asked
