"""No more disks than an Azure VM takes."""

from __future__ import annotations

from inventory.model.facts import DISKS
from migrate.judging.examples import cannot_tell, disks, flags, passes, untold
from migrate.judging.limits import disks_at_most
from migrate.judging.sources import AZURE_ASSESSMENT
from migrate.model.rule import Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIMIT = 65

RULE = Rule(
    title="More disks than an Azure VM takes",
    why=(
        "Azure Migrate calls a server with more than 65 disks, the system disk among them, "
        "not ready."
    ),
    fix="Join disks, or move data to a file or object service.",
    source=AZURE_ASSESSMENT.citation,
    source_date=AZURE_ASSESSMENT.date,
    axis=Axis.FIT,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AZURE,),
    effort=Effort.WEEKS,
    judge=disks_at_most(LIMIT),
    examples=(
        flags("one disk too many", disks(66)),
        passes("as many disks as may be", disks(65)),
        cannot_tell("disks not told", untold(DISKS)),
    ),
)
