"""Evidence: what a check saw, on exactly which servers, when, and until when it counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any


class Outcome(Enum):
    """What a check came to."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It could not run, or could not tell. Refuses just as a failure does."""


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """What one check saw."""

    outcome: Outcome
    detail: str
    """One sentence for people: what was seen, or why it could not be."""
    observed: Mapping[str, Any] = field(default_factory=dict)
    """What was seen, as JSON; without secrets."""


@dataclass(frozen=True, kw_only=True)
class Fingerprint:
    """What a thing was like: one digest for each part of it, so that a change can be named."""

    parts: Mapping[str, str]
    """Part's name → SHA-256, hexadecimal."""
    unknown: tuple[str, ...] = ()
    """Parts that could not be seen, each with its reason: ``packages: needs privilege``."""

    def changes(self, later: Fingerprint) -> tuple[str, ...]:
        """Name the parts that differ, or that only one of the two has."""
        names = sorted({*self.parts, *later.parts})
        return tuple(name for name in names if self.parts.get(name) != later.parts.get(name))


@dataclass(frozen=True, kw_only=True)
class Fingerprints:
    """What everything that evidence speaks of was like."""

    source: Fingerprint
    """The old server."""
    target: Fingerprint
    """The new server and its cloud resource."""
    playbook: Fingerprint
    """The playbook and the move's parameters."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One check's result, bound to what it was seen on."""

    id: str
    """Digest of its ledger row."""
    server_id: str
    playbook: str
    stage: str
    check: str
    """The check's id within the stage."""
    result: CheckResult
    fingerprints: Fingerprints
    at: datetime
    expires: datetime


@dataclass(frozen=True, kw_only=True)
class Approval:
    """One person's agreement to exactly what was proved."""

    id: str
    server_id: str
    playbook: str
    stage: str
    person: str
    partner: str
    evidence: tuple[str, ...]
    """Identifiers of the evidence that was agreed to."""
    fingerprints: Fingerprints
    at: datetime
    expires: datetime
    withdrawn: bool = False
