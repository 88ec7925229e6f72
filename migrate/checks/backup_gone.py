"""No backup of the old server is scheduled any more, and its last ones are kept as agreed."""

from __future__ import annotations

from migrate.checks._record import declared
from migrate.model.check import Asked

CHECK = declared(
    Asked(
        about="backup-jobs-removed",
        what="Its backup jobs and replication are ended, and its last backups kept as agreed.",
    ),
)
