"""A case: everything that the gate judges one server's move by. It looks at nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from migrate.model.act import Act
from migrate.model.evidence import Approval, Evidence, Fingerprints, Revocation, Waiver
from migrate.model.plan import Destination
from migrate.model.playbook import Playbook


@dataclass(frozen=True, kw_only=True)
class Freeze:
    """A time in which nothing is switched off: year end, an election, a change freeze."""

    start: datetime
    end: datetime
    """The first moment after it."""
    why: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """Everything that the gate judges by."""

    server_id: str
    server: str
    """The server's name, for what would meet a condition."""
    to: Destination
    playbook: Playbook
    evidence: Sequence[Evidence]
    """In the ledger's order, oldest first."""
    approvals: Sequence[Approval]
    """In the ledger's order, oldest first."""
    waivers: Sequence[Waiver] = ()
    """In the ledger's order, oldest first."""
    revocations: Mapping[str, Revocation] = field(default_factory=dict)
    """By the identifier of the evidence."""
    acts: Sequence[Act] = ()
    """What was done to the server, oldest first."""
    ledger_fault: str | None
    """What is wrong with the ledger; None when it is whole."""
    now: datetime
    owners: tuple[str, ...]
    """The partners that own the server."""
    freezes: tuple[Freeze, ...] = ()
    fingerprints: Fingerprints | None
    """Taken just now; None when nobody looked (then only the record is judged, and nothing that
    acts is allowed)."""


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One thing that must hold."""

    stage: str
    name: str
    met: bool
    why: str
    """What is seen, whether it is met or not."""
    remedy: str = ""
    """What would meet it; empty when it is met."""


def met(stage: str, name: str, why: str) -> Condition:
    """Say that a condition holds."""
    return Condition(stage=stage, name=name, met=True, why=why)


def unmet(stage: str, name: str, why: str, remedy: str = "") -> Condition:
    """Say that a condition does not hold, and what would meet it."""
    return Condition(stage=stage, name=name, met=False, why=why, remedy=remedy)
