"""Where logs of a landing zone's servers would go, and who would be told of alarms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inventory.model.fact import Unknown


@dataclass(frozen=True, kw_only=True)
class Logs:
    """One log group or workspace that exists."""

    usable: bool | Unknown
    state: str = ""
    """The provider's word; empty where it has none."""
    kept_days: int | None = None
    """How long logs are kept; None means for ever, or that it was not told."""


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One topic or action group that exists."""

    receivers: tuple[str, ...]
    """What it reaches, by kind: ``email``, ``sms`` …; never an address. Confirmed and enabled."""
    silent: tuple[str, ...] = ()
    """Why others are not reached: ``1 email waits for confirmation``."""


@dataclass(frozen=True, kw_only=True)
class Monitoring:
    """What exists of what was asked for, by the id it was asked by."""

    logs: Mapping[str, Logs] | Unknown
    alerts: Mapping[str, Alert | Unknown] | Unknown
