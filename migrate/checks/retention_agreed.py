"""What of the old server's data is kept, where and for how long, is agreed.

Source: the decommission steps of Microsoft's Cloud Adoption Framework ask for a retention set with
legal advice before anything is deleted.
"""

from __future__ import annotations

from migrate.checks._record import declared
from migrate.model.check import Asked

CHECK = declared(
    Asked(
        about="retention-agreed",
        what="It is agreed what of its data and backups is kept, where, for how long, and by whom.",
        document="the retention decision",
    ),
)
