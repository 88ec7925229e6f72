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
    counts_until: datetime | None = None
    """When what it rests on ends, such as somebody's declaration; None when nothing of it does."""


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
    signer: str = ""
    """Key that signed it; empty when the estate does not trust it for evidence."""


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
    """Identifiers of the evidence, and of the exceptions, that were agreed to."""
    fingerprints: Fingerprints
    at: datetime
    expires: datetime
    withdrawn: bool = False
    roles: tuple[str, ...] = ()
    """The person's roles, as the estate says; not part of what is signed."""
    signer: str = ""
    """Key that signed it; empty when it is not that person's own."""


@dataclass(frozen=True, kw_only=True)
class Revocation:
    """Somebody takes a piece of evidence back: from then on it proves nothing."""

    id: str
    server_id: str
    evidence: str
    """Identifier of the evidence."""
    reason: str
    person: str
    at: datetime
    signer: str = ""
    """Key that signed it. A revocation counts whoever signed it: it can only forbid."""


@dataclass(frozen=True, kw_only=True)
class Waiver:
    """One person's word that a server may leave without one check, for a reason.

    It counts only where the playbook calls the check excusable, and only together with that of
    another person of another partner, for the same reason.
    """

    id: str
    server_id: str
    playbook: str
    stage: str
    check: str
    reason: str
    person: str
    partner: str
    fingerprints: Fingerprints
    at: datetime
    expires: datetime
    signer: str = ""
    """Key that signed it; empty when it is not that person's own."""


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file that a person attached: its name and digest, not its content."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class Attestation:
    """One person's signed declaration about a server, which checks of the record look at.

    What it is about is a word that the check asks for, such as ``sanitisation-certificate``, or
    ``difference:CHECK:KEY`` for the explanation of one difference.
    """

    id: str
    server_id: str
    about: str
    statement: str
    """What is declared, in words."""
    person: str
    partner: str
    documents: tuple[Document, ...] = ()
    at: datetime
    expires: datetime | None = None
    withdrawn: bool = False
    roles: tuple[str, ...] = ()
    """The person's roles, as the estate says; not part of what is signed."""
    signer: str = ""
    """Key that signed it; empty when it is not that person's own."""
