"""VMware tracks which blocks of the disks change (CBT)."""

from __future__ import annotations

from inventory.model.facts import VIRTUALISATION
from inventory.model.placement import CHANGE_TRACKING
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.platform import on_vmware
from migrate.judging.reading import about
from migrate.judging.sources import FORKLIFT
from migrate.model.rule import Flagged, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_VMWARE = VIRTUALISATION.known("vmware")

RULE = Rule(
    title="Changed blocks are not tracked (CBT is off)",
    why=(
        "Azure Migrate's agentless route and Forklift's warm migration copy by what CBT says "
        "has changed; AWS MGN's agent needs none. Azure Migrate turns it on by itself where its "
        "account may."
    ),
    fix=(
        "Turn CBT on for the virtual machine, or let the tool's account do so; or replicate by "
        "an agent."
    ),
    source=FORKLIFT.citation,
    source_date=FORKLIFT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=on_vmware(about(CHANGE_TRACKING, lambda on: Passed() if on else Flagged(observed="off"))),
    examples=(
        flags("off", _VMWARE, CHANGE_TRACKING.known(value=False)),
        passes("on", _VMWARE, CHANGE_TRACKING.known(value=True)),
        spares("another hypervisor", VIRTUALISATION.known("kvm")),
        cannot_tell("not told", _VMWARE, untold(CHANGE_TRACKING)),
    ),
)
