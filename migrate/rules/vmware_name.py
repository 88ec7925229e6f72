"""The name in vCenter may be the name of a server anywhere."""

from __future__ import annotations

import re

from inventory.model.facts import VIRTUALISATION
from inventory.model.placement import VM_NAME
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.platform import on_vmware
from migrate.judging.reading import about
from migrate.judging.sources import FORKLIFT
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_VMWARE = VIRTUALISATION.known("vmware")
_LONGEST = 63
_NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?")


def _judge(name: str) -> Judgement:
    fits = _NAME.fullmatch(name) and len(name) <= _LONGEST
    return Passed() if fits else Flagged(observed=repr(name))


RULE = Rule(
    title="A name in vCenter that other platforms do not take",
    why=(
        "Tools take the name from vCenter: Forklift renames what does not follow RFC 1123, and "
        "Azure Migrate asks for another (letters, digits and hyphens). Records by the old name "
        "then no longer match."
    ),
    fix=("Rename the virtual machine to its host name, or decide the new name in the plan."),
    source=FORKLIFT.citation,
    source_date=FORKLIFT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=on_vmware(about(VM_NAME, _judge)),
    examples=(
        flags("blanks and brackets", _VMWARE, VM_NAME.known("Web 1 (old)")),
        flags("an underscore", _VMWARE, VM_NAME.known("web_1")),
        flags("64 characters", _VMWARE, VM_NAME.known("w" * 64)),
        passes("a host name", _VMWARE, VM_NAME.known("web-1.example.org")),
        spares("another hypervisor", VIRTUALISATION.known("kvm")),
        passes("63 characters", _VMWARE, VM_NAME.known("w" * 63)),
        cannot_tell("not told", _VMWARE, untold(VM_NAME)),
    ),
)
