"""What classification says of a server: findings, and a verdict on each of three axes.

The axes are never blended: *fit* (will it run there), *move* (can it be moved there, and by which
tool) and *support* (are its system and software still maintained). Findings on *security* stand
beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Final


class Cloud(Enum):
    """A destination that servers are judged for."""

    AWS = "aws"
    AZURE = "azure"


class Axis(Enum):
    """What a rule is about."""

    FIT = "fit"
    MOVE = "move"
    SUPPORT = "support"
    SECURITY = "security"
    """Findings only: what must be looked after wherever the server goes. It has no verdict."""


VERDICT_AXES: Final = (Axis.FIT, Axis.MOVE, Axis.SUPPORT)
"""The axes that a verdict is given on."""


class Severity(Enum):
    """How much a finding weighs."""

    BLOCKER = "blocker"
    """It cannot be done as things stand."""
    CONDITION = "condition"
    """It can be done once something is put right or accepted."""
    NOTE = "note"
    """Worth knowing; changes no verdict."""


class Effort(Enum):
    """How much work it is to put right, for somebody who knows the server; our own estimate."""

    NONE = "none"
    """There is nothing to do but to know."""
    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    """A project of its own: a rebuild, a purchase, a supplier's work."""


class Readiness(Enum):
    """The verdict on one axis."""

    READY = "ready"
    CONDITIONS = "ready with conditions"
    NOT_READY = "not ready"
    UNKNOWN = "unknown"
    """Something that decides is not known; never read as ready."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One rule that found something, and everything needed to defend it."""

    rule: str
    """The rule's name."""
    title: str
    axis: Axis
    severity: Severity
    observed: str
    """The value that was seen, for people, with its unit."""
    why: str
    fix: str
    source: str
    """Address or citation of where the rule comes from."""
    source_date: date
    effort: Effort | None = None
    """How much work the fix is; None in verdicts of before it was told."""


@dataclass(frozen=True, kw_only=True)
class Missing:
    """A rule that could not be judged, because something is not known."""

    rule: str
    title: str
    axis: Axis
    facts: tuple[str, ...]
    """Names of the facts that are missing."""
    why_unknown: str
    """The reason that the sources gave: ``needs privilege`` …"""
    decides: bool
    """Whether the axis is unknown because of it (a blocker or condition hangs on it)."""


@dataclass(frozen=True, kw_only=True)
class CostLine:
    """One part of a monthly cost."""

    what: str
    """``compute Standard_D2s_v5``, ``disk sda 64 GiB E6`` …"""
    monthly_cost_pence: int | None
    """None when there is no price: unknown is not zero."""
    basis: str
    """``observed``, ``derived``, ``estimate`` or ``unknown``, and of which date."""


@dataclass(frozen=True, kw_only=True)
class ManagedSize:
    """What a database of the server would run on where the provider runs it."""

    database: str
    """Name of the application: ``PostgreSQL``."""
    service: str
    """``RDS for PostgreSQL``, ``Azure SQL Managed Instance``."""
    name: str | None = None
    """The provider's name of the class; None when none was found, and ``why`` says why."""
    vcpus: int | None = None
    memory_bytes: int | None = None
    why: str
    lines: tuple[CostLine, ...] = ()
    """In place of the server's own: the two are not added up."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """What the server would run on, and for how much."""

    name: str
    """The provider's name of the size: ``t3.medium``, ``Standard_D2s_v5``."""
    region: str
    vcpus: int
    memory_bytes: int
    why: str
    """Why this one: what was asked for and which cheaper one just failed."""
    lines: tuple[CostLine, ...]
    monthly_cost_pence: int | None
    """Sum of the lines that have a price; None when compute has none."""
    incomplete: tuple[str, ...]
    """What the sum leaves out."""
    catalogue_date: date
    assumptions: tuple[str, ...]
    managed: tuple[ManagedSize, ...] = ()
    """For each database that was recognised on it, where the provider could run it."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What classification says of one server for one destination."""

    server_id: str
    server: str
    cloud: Cloud
    fit: Readiness
    move: Readiness
    support: Readiness
    findings: tuple[Finding, ...]
    missing: tuple[Missing, ...]
    judged: int
    """How many rules applied."""
    coverage: str
    """Grade of how much was known: A (everything that decides) to E."""
    size: Size | None
    no_size: str
    """Why there is no size; empty when there is one."""
    rules_version: str
    """Digest of the rules that gave this verdict."""
    catalogue_date: date
    at: datetime

    def on(self, axis: Axis) -> Readiness:
        """Return the verdict on one of the :data:`VERDICT_AXES`."""
        return {Axis.FIT: self.fit, Axis.MOVE: self.move, Axis.SUPPORT: self.support}[axis]
