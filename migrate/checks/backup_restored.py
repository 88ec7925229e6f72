"""The final backup of the old server was restored somewhere, and what came back was right.

A backup that nobody has restored is no way back. Once something was done to the server, such as
stopping its services, only a restore that was declared since counts: the one before was not of the
final backup. Source: AWS's guide to retiring applications asks to test the recovery before anything
is switched off.
"""

from __future__ import annotations

from migrate.checks._record import declared
from migrate.model.check import Asked

CHECK = declared(
    Asked(
        about="backup-restored",
        what="The final backup was restored on another server, and what came back was looked at.",
        document="the record of the restore",
    ),
    max_age_days=30,
    after_acts=True,
)
