"""The journal of acts: what was about to be done, and what was seen of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from migrate.model.action import Aftermath


@dataclass(frozen=True, kw_only=True)
class Intent:
    """Written before an act: from here on it may have taken effect."""

    id: str
    """Digest of its ledger row."""
    server_id: str
    playbook: str
    stage: str
    action: str
    what: str
    """What was about to be done, one sentence."""
    relied_on: tuple[str, ...]
    """Identifiers of the evidence and approvals by which the gate allowed it."""
    holder: str
    """Who did it: user, machine, process."""
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Result:
    """Written after an act, or when a later run looked what became of one."""

    id: str
    """Digest of its ledger row."""
    server_id: str
    intent: str
    """Identifier of the intent."""
    aftermath: Aftermath
    detail: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Written when an act was asked for and the gate refused it."""

    id: str
    """Digest of its ledger row."""
    server_id: str
    playbook: str
    stage: str
    why: tuple[str, ...]
    at: datetime
