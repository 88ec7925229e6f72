"""Licences that the old server held are taken back, moved or ended."""

from __future__ import annotations

from migrate.checks._record import declared
from migrate.model.check import Asked

CHECK = declared(
    Asked(
        about="licences-reclaimed",
        what="Its licences and subscriptions were taken back, moved or ended, each named.",
    ),
)
