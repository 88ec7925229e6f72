"""The virtual hardware is new enough to track changed blocks."""

from __future__ import annotations

from inventory.model.facts import VIRTUALISATION
from inventory.model.placement import HARDWARE_VERSION
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.platform import on_vmware
from migrate.judging.reading import about
from migrate.judging.sources import VDDK
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LEAST = 7

_VMWARE = VIRTUALISATION.known("vmware")


def _judge(version: str) -> Judgement:
    number = version.lower().removeprefix("vmx-")
    if not number.isdecimal():
        because = f"{version!r} is no version of virtual hardware"
        return CannotTell(missing=(HARDWARE_VERSION,), because=because)
    return Passed() if int(number) >= LEAST else Flagged(observed=version)


RULE = Rule(
    title="The virtual hardware is too old to track changed blocks",
    why=(
        "VMware tracks changed blocks from virtual hardware of version 7 on. Without that, "
        "the agentless route of Azure Migrate and Forklift cannot copy while the server runs; "
        "agents can."
    ),
    fix=(
        "Upgrade the virtual hardware while the server is off, or replicate by an agent in "
        "the guest."
    ),
    source=VDDK.citation,
    source_date=VDDK.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=on_vmware(about(HARDWARE_VERSION, _judge)),
    examples=(
        flags("version 4", _VMWARE, HARDWARE_VERSION.known("vmx-04")),
        passes("version 7", _VMWARE, HARDWARE_VERSION.known("vmx-07")),
        passes("version 19", _VMWARE, HARDWARE_VERSION.known("vmx-19")),
        spares("another hypervisor", VIRTUALISATION.known("kvm")),
        flags("version 6", _VMWARE, HARDWARE_VERSION.known("vmx-06")),
        cannot_tell("no number in it", _VMWARE, HARDWARE_VERSION.known("newest")),
        cannot_tell("not told", _VMWARE, untold(HARDWARE_VERSION)),
    ),
)
