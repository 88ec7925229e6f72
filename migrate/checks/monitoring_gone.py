"""Monitoring no longer watches the old server."""

from __future__ import annotations

from migrate.checks._record import declared
from migrate.model.check import Asked

CHECK = declared(
    Asked(
        about="monitoring-removed",
        what="It is out of monitoring, alerting and log collection, and its agents are retired.",
    ),
)
