"""A playbook: the stages by which a server is left behind, and what each one must prove."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, kw_only=True)
class CheckUse:
    """A check as a playbook uses it."""

    id: str
    """Unique within the stage; the check's name unless given."""
    check: str
    """Name of the check."""
    parameters: dict[str, Any] = field(default_factory=dict)
    when_to: tuple[str, ...] = ()
    """Destinations for which it is done; empty means all."""


@dataclass(frozen=True, kw_only=True)
class ApprovalRule:
    """Who must agree."""

    partners: int
    """How many different partners, each by a different person."""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One step. It is of one kind: it checks, it asks for approval, or it acts."""

    name: str
    help: str
    needs: tuple[str, ...]
    """Stages that must be satisfied, freshly, before this one."""
    checks: tuple[CheckUse, ...] = ()
    approval: ApprovalRule | None = None
    action: str | None = None
    """Name of the action on the old server."""
    valid_for: timedelta = timedelta(0)
    """How long its evidence or approval counts."""


@dataclass(frozen=True, kw_only=True)
class Playbook:
    """The stages, in order."""

    name: str
    title: str
    stages: tuple[Stage, ...]
    digest: str
    """SHA-256 of the file's bytes, hexadecimal; part of every fingerprint."""

    def stage(self, name: str) -> Stage | None:
        """Return the stage of that name, or None."""
        return next((stage for stage in self.stages if stage.name == name), None)

    def action_stage(self) -> Stage | None:
        """Return the last stage that acts, or None."""
        return next((stage for stage in reversed(self.stages) if stage.action), None)
