"""Every shipped playbook can be walked to its end, and holds each act back until then.

The servers, the checks' results and the approvals are made by hand; playbook, gate, custody and
calendar are the real ones, as are the parts that each action says it changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from migrate.beneath import applicable
from migrate.gate import decide, satisfied
from migrate.linting import destinations, lint
from migrate.model.act import Act, Intent, Result
from migrate.model.action import Aftermath
from migrate.model.case import Case
from migrate.model.evidence import (
    Approval,
    CheckResult,
    Evidence,
    Fingerprint,
    Fingerprints,
    Outcome,
)
from migrate.model.life import Step
from migrate.model.plan import Destination
from migrate.model.playbook import Playbook, Replacement, Stage
from migrate.playbooks import Shelf, usual_playbook
from migrate.reliance import relied_on
from migrate.workbench import ACTIONS, CHECKS

SHELF = Shelf(checks=CHECKS.all(), actions=ACTIONS.all())
START = datetime(2027, 1, 4, 10, 0, tzinfo=UTC)
"""A Monday, within office hours."""
MINUTE = timedelta(minutes=1)
WALKS = [(name, to) for name in SHELF.names() for to in destinations(SHELF.read(name))]


@dataclass
class Walk:
    """One server on its way out, as far as it has come."""

    playbook: Playbook
    to: Destination
    now: datetime = START
    source: dict[str, str] = field(
        default_factory=lambda: {"identity": "old", "listeners": "l", "configuration": "c"}
    )
    evidence: list[Evidence] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)

    def case(self) -> Case:
        """Return its case, looked at just now."""
        return Case(
            server_id="s",
            server="web-1",
            to=self.to,
            playbook=self.playbook,
            evidence=tuple(self.evidence),
            approvals=tuple(self.approvals),
            acts=tuple(self.acts),
            ledger_fault=None,
            now=self.now,
            owners=("SBC", "EHDC"),
            fingerprints=self.seen(),
        )

    def seen(self) -> Fingerprints:
        """Return what everything is like now."""
        return Fingerprints(
            source=Fingerprint(parts=dict(self.source)),
            target=Fingerprint(parts={"identity": "new"}),
            playbook=Fingerprint(parts={"playbook": self.playbook.digest}),
        )

    def pass_through(self, stage: Stage) -> None:
        """Do what a stage asks: wait, test, approve or act."""
        self.now += stage.wait + MINUTE
        if stage.checks:
            self.evidence += [self._passed(stage, use.id) for use in applicable(stage, self.to)]
        elif stage.approval:
            wanted = tuple(each.id for each in relied_on(self.case(), stage))
            self.approvals += [
                self._agreed(stage, person, partner, wanted, stage.approval.roles)
                for person, partner in (("Ann", "SBC"), ("Ben", "EHDC"))
            ]
        else:
            self._wait_for_its_window(stage)
            assert decide(self.case(), stage).allowed, decide(self.case(), stage).refusals
            self._act(stage)

    def _wait_for_its_window(self, stage: Stage) -> None:
        for _ in range(7 * 24):
            if not any(each.name == "schedule" for each in decide(self.case(), stage).refusals):
                return
            self.now += timedelta(hours=1)

    def _passed(self, stage: Stage, check: str) -> Evidence:
        return Evidence(
            id=f"e{len(self.evidence)}-{stage.name}-{check}",
            server_id="s",
            playbook=self.playbook.name,
            stage=stage.name,
            check=check,
            result=CheckResult(outcome=Outcome.PASSED, detail="as seen"),
            fingerprints=self.seen(),
            at=self.now,
            expires=self.now + stage.valid_for,
            signer="tests",
        )

    def _agreed(
        self,
        stage: Stage,
        person: str,
        partner: str,
        evidence: tuple[str, ...],
        roles: tuple[str, ...],
    ) -> Approval:
        return Approval(
            id=f"a{len(self.approvals)}-{person}",
            server_id="s",
            playbook=self.playbook.name,
            stage=stage.name,
            person=person,
            partner=partner,
            evidence=evidence,
            fingerprints=self.seen(),
            at=self.now,
            expires=self.now + stage.valid_for,
            roles=roles if person == "Ann" else (),
            signer=person,
        )

    def _act(self, stage: Stage) -> None:
        action = SHELF.actions[str(stage.action)].value
        before = self.seen().source
        changes = (*action.changes, *(("power",) if action.leaves_off else ()))
        self.source |= dict.fromkeys(changes, f"after {stage.name}")
        intent = Intent(
            id=f"i-{stage.name}",
            server_id="s",
            playbook=self.playbook.name,
            stage=stage.name,
            action=str(stage.action),
            what=stage.name,
            relied_on=(),
            before=before,
            changes=changes,
            holder="h",
            at=self.now,
            signer="tests",
        )
        result = Result(
            id=f"r-{stage.name}",
            server_id="s",
            intent=intent.id,
            aftermath=Aftermath.DONE,
            detail="done",
            after=self.seen().source,
            at=self.now,
            signer="tests",
        )
        self.acts.append(Act(intent=intent, result=result))


@pytest.mark.parametrize(("name", "to"), WALKS, ids=[f"{n}-{t.value}" for n, t in WALKS])
def test_it_can_be_walked_to_its_end_and_opens_nothing_early(name: str, to: Destination) -> None:
    """Each act is refused until everything before it is done, and permitted then."""
    walk = Walk(playbook=SHELF.read(name), to=to)
    for position, stage in enumerate(walk.playbook.stages):
        for act in walk.playbook.stages[position:]:
            if act.action and act is not stage:
                assert not decide(walk.case(), act).allowed, (stage.name, act.name)
        walk.pass_through(stage)
        assert satisfied(walk.case(), stage).allowed, satisfied(walk.case(), stage).refusals


@pytest.mark.parametrize("name", SHELF.names())
def test_nothing_is_wrong_with_it(name: str) -> None:
    """What we ship is held to what we tell others of theirs."""
    assert [each for each in lint(SHELF.read(name)) if each.wrong] == []


@pytest.mark.parametrize("name", SHELF.names())
def test_each_act_says_how_to_go_back(name: str) -> None:
    """A person who stands before a broken service needs to read it, not to think of it."""
    assert all(stage.rollback for stage in SHELF.read(name).acts())


def test_the_whole_life_is_told_where_a_server_is_replaced() -> None:
    """From prepared to disposed, in the order of the life."""
    for name in ("rehost-aws", "rehost-azure"):
        reached = [each.reaches for each in SHELF.read(name).stages if each.reaches]
        order = [step for step in Step if step in reached]
        assert reached == order
        assert {Step.PREPARED, Step.RETESTED, Step.POWERED_OFF, Step.DISPOSED} <= set(reached)


def test_every_destination_has_its_usual_playbook() -> None:
    """Which fits what it puts in the old server's place."""
    for to in Destination:
        assert SHELF.read(usual_playbook(to, None)).replacement.fits(to)
    assert SHELF.read(usual_playbook(Destination.HUB, "ssh://new")).replacement is (
        Replacement.SERVER
    )


@pytest.mark.parametrize("name", SHELF.names())
def test_whoever_has_to_declare_something_reads_what(name: str) -> None:
    """A word such as no-incidents is no sentence that somebody can sign."""
    uses = [each for stage in SHELF.read(name).stages for each in stage.checks]
    asked = [each for each in uses if each.check == "attested"]
    assert [
        each.id for each in asked if not str(each.parameters.get("what", "")).endswith(".")
    ] == []


def test_a_server_that_is_built_anew_shares_what_the_old_one_did() -> None:
    """Under a name of its own, which is no difference that somebody has to explain."""
    for name in ("test", "retest"):
        stage = SHELF.read("rebuild").stage(name)
        assert stage is not None
        uses = {each.check: each.parameters for each in stage.checks}
        assert "shares-parity" in uses
        assert uses["names-parity"]["expected"] == ["hostname:*", "fqdn:*"]


def test_rights_in_a_cloud_file_service_are_declared() -> None:
    """The server that has the new share mounted shares nothing itself that could be compared."""
    stage = SHELF.read("cloud-files").stage("test")
    assert stage is not None
    assert "shares-as-before" in [each.id for each in stage.checks]
