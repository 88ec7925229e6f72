"""A report: what a reader gets, rendered from what the store holds, without looking at the world.

A report's file in ``migrate/reports`` holds a :class:`Report` under ``REPORT``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from inventory.model.application import Application, Dependency
from inventory.model.server import Server
from migrate.model.plan import Plan
from migrate.model.strategy import Decision
from migrate.model.verdict import Verdict


@dataclass(frozen=True, kw_only=True)
class Material:
    """Everything that reports are made of."""

    estate: str
    at: datetime
    servers: tuple[Server, ...]
    verdicts: tuple[Verdict, ...]
    applications: Mapping[str, tuple[Application, ...]]
    """Server id → what runs on it."""
    dependencies: tuple[Dependency, ...]
    plan: Plan | None
    gone: Mapping[str, datetime] = field(default_factory=dict)
    """Server id → when it was seen to be switched off through the gate."""
    currency: str = "GBP"
    decisions: tuple[Decision, ...] = ()
    """What becomes of each application."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """One report, in each of the formats that it can be told in."""

    formats: Mapping[str, Callable[[Material], str]]
    """``html``, ``json``, ``csv`` … → a pure function from material to text."""
