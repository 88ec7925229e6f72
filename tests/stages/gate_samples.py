"""A case in which everything is proved and agreed: tests of the gate take something away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from migrate.gate import decide
from migrate.model.case import Case
from migrate.model.evidence import (
    Approval,
    CheckResult,
    Evidence,
    Fingerprint,
    Fingerprints,
    Outcome,
)
from migrate.model.plan import Destination
from migrate.model.playbook import About, ApprovalRule, CheckUse, Playbook, Stage

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PARTNERS = ("SBC", "EHDC", "Hertford")
LOOKED = Fingerprints(
    source=Fingerprint(parts={"identity": "old", "packages": "p1"}),
    target=Fingerprint(parts={"identity": "new", "packages": "p2", "cloud": "c"}),
    playbook=Fingerprint(parts={"playbook": "b", "plan": "m"}),
)
PLAYBOOK = Playbook(
    name="rehost",
    title="made for this test",
    digest="b",
    stages=(
        Stage(
            name="test",
            help="t",
            needs=(),
            valid_for=DAY,
            checks=(
                CheckUse(id="tcp", check="tcp", about=About.NEW),
                CheckUse(id="parity", check="parity", about=About.BOTH),
            ),
        ),
        Stage(
            name="approve",
            help="a",
            needs=("test",),
            valid_for=DAY,
            approval=ApprovalRule(partners=2),
        ),
        Stage(
            name="quiet",
            help="q",
            needs=("approve",),
            valid_for=DAY,
            checks=(CheckUse(id="quiet", check="quiet", about=About.OLD),),
        ),
        Stage(name="power-off", help="p", needs=("test", "approve", "quiet"), action="off"),
    ),
)
POWER_OFF = PLAYBOOK.stages[-1]


def seen(check: str, outcome: Outcome = Outcome.PASSED, stage: str = "test") -> Evidence:
    """Return evidence of one check, an hour old."""
    return Evidence(
        id=f"id-{stage}-{check}",
        server_id="s1",
        playbook="rehost",
        stage=stage,
        check=check,
        result=CheckResult(outcome=outcome, detail="as seen"),
        fingerprints=LOOKED,
        at=NOW - timedelta(hours=1),
        expires=NOW + timedelta(hours=1),
        signer="key-tests",
    )


def agreed(person: str, partner: str) -> Approval:
    """Return one person's agreement to the evidence of the stage before it."""
    return Approval(
        id=f"id-{person}",
        server_id="s1",
        playbook="rehost",
        stage="approve",
        person=person,
        partner=partner,
        evidence=("id-test-tcp", "id-test-parity"),
        fingerprints=LOOKED,
        at=NOW - timedelta(minutes=30),
        expires=NOW + timedelta(hours=1),
        signer=f"key-{person}",
    )


WHOLE = Case(
    server_id="s1",
    server="web-1",
    to=Destination.AWS,
    playbook=PLAYBOOK,
    evidence=(seen("tcp"), seen("parity"), seen("quiet", stage="quiet")),
    approvals=(agreed("Ann", "SBC"), agreed("Ben", "EHDC")),
    ledger_fault=None,
    now=NOW,
    owners=("SBC", "EHDC"),
    fingerprints=LOOKED,
)


def refused_because(case: Case) -> str:
    """Assert that powering off is refused, and return every reason."""
    decision = decide(case, POWER_OFF)
    assert not decision.allowed
    return " | ".join(f"{each.stage}/{each.name}: {each.why}" for each in decision.refusals)
