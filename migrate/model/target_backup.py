"""What is known of a resource's backups: what protects it, how recent they are, what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from inventory.model.fact import Unknown


class RestoreState(Enum):
    """How a restore ended."""

    COMPLETED = "completed"
    FAILED = "failed"
    UNDER_WAY = "under way"


@dataclass(frozen=True, kw_only=True)
class Point:
    """A whole backup, from which the resource can be brought back."""

    at: datetime
    """When it was taken."""
    vault: str
    plan: str | None = None
    """Name of the plan or policy that took it; None when nobody's plan did."""
    encrypted: bool | None = None
    """None when the provider does not say."""


@dataclass(frozen=True, kw_only=True)
class Restore:
    """One time that a backup of the resource was brought back."""

    id: str
    at: datetime
    """When it ended, or began where it has not ended."""
    state: RestoreState | Unknown
    """Unknown for a word that is new to us."""
    validated: bool | None
    """Whether what came back was found right, or wrong; None when nobody looked, or the provider
    does not tell."""
    detail: str = ""
    """The provider's words on it."""


@dataclass(frozen=True, kw_only=True)
class Backups:
    """The backups of one resource."""

    plans: tuple[str, ...] | Unknown
    """Names of the plans or policies that protect it now; empty when none does."""
    stopped: str = ""
    """The provider's words when the protection is stopped, paused or in error; empty when not."""
    newest: Point | Unknown | None
    """The newest whole backup; None when there is none since ``since``."""
    since: datetime | None = None
    """From when on backups were looked for; None when from the first on."""
    restores: tuple[Restore, ...] | Unknown
    """Restores of its backups, oldest first."""
