"""No disk comes from an iSCSI target."""

from __future__ import annotations

from inventory.model.storage import ISCSI_SESSIONS, IscsiSession
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_REPLICATION
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity


def _judge(sessions: tuple[IscsiSession, ...]) -> Judgement:
    return (
        Flagged(observed=", ".join(sorted({each.target for each in sessions})))
        if sessions
        else Passed()
    )


RULE = Rule(
    title="Disks from an iSCSI target",
    why=(
        "Azure Migrate's replication without an agent does not take servers with iSCSI targets, "
        "since the hypervisor does not see these disks."
    ),
    fix="Replicate the server by the agent, or copy what lies on the target by other means.",
    source=AZURE_REPLICATION.citation,
    source_date=AZURE_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=about(ISCSI_SESSIONS, _judge),
    examples=(
        flags(
            "a session",
            ISCSI_SESSIONS.known((IscsiSession(target="iqn.2004-04.com.example:vol1"),)),
        ),
        passes("none", ISCSI_SESSIONS.known(())),
        cannot_tell("sessions not told", untold(ISCSI_SESSIONS)),
    ),
)
