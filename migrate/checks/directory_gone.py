"""The old server's accounts in directories are removed or disabled."""

from __future__ import annotations

from migrate.checks._record import declared
from migrate.model.check import Asked

CHECK = declared(
    Asked(
        about="directory-entry-removed",
        what="Its computer account, service accounts and groups are out of every directory.",
    ),
)
