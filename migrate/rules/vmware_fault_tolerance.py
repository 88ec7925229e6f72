"""No second copy of the server runs in step with it."""

from __future__ import annotations

from inventory.model.facts import VIRTUALISATION
from inventory.model.placement import FAULT_TOLERANCE
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.platform import on_vmware
from migrate.judging.reading import about
from migrate.judging.sources import FORKLIFT
from migrate.model.rule import Flagged, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_VMWARE = VIRTUALISATION.known("vmware")

RULE = Rule(
    title="VMware runs a second copy in step (Fault Tolerance)",
    why=(
        "Neither cloud has the like: what vSphere did for its availability is not carried over. "
        "Somebody found it worth two servers."
    ),
    fix=(
        "Ask what availability the application needs, and plan it at the destination: several "
        "servers in several zones, or a managed service."
    ),
    source=FORKLIFT.citation,
    source_date=FORKLIFT.date,
    axis=Axis.FIT,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=on_vmware(about(FAULT_TOLERANCE, lambda on: Flagged(observed="on") if on else Passed())),
    examples=(
        flags("on", _VMWARE, FAULT_TOLERANCE.known(value=True)),
        passes("off", _VMWARE, FAULT_TOLERANCE.known(value=False)),
        spares("another hypervisor", VIRTUALISATION.known("kvm")),
        cannot_tell("not told", _VMWARE, untold(FAULT_TOLERANCE)),
    ),
)
