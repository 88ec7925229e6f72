"""Network adapters have the kernel's own names, as VM Import/Export needs them."""

from __future__ import annotations

import re

from inventory.model.facts import INTERFACES, OS_FAMILY
from inventory.model.parts import Interface
from migrate.judging.examples import cannot_tell, flags, interface, passes, spares, untold
from migrate.judging.reading import about, on_family
from migrate.judging.sources import AWS_IMPORT
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

PREDICTABLE = re.compile(r"en([ospx]|P\d)\w+")


def _judge(seen: tuple[Interface, ...]) -> Judgement:
    found = ", ".join(sorted(each.name for each in seen if PREDICTABLE.fullmatch(each.name)))
    return Flagged(observed=found) if found else Passed()


_LINUX = OS_FAMILY.known("linux")

RULE = Rule(
    title="Predictable interface names, which VM Import/Export does not support",
    why=(
        "VM Import/Export, one way to AWS among several, does not support names such as ens192: "
        "the adapter has another name afterwards, and its configuration no longer applies."
    ),
    fix="Boot with net.ifnames=0 before the export, or replicate by AWS MGN instead.",
    source=AWS_IMPORT.citation,
    source_date=AWS_IMPORT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=on_family("linux", about(INTERFACES, _judge)),
    examples=(
        flags("by the slot", _LINUX, INTERFACES.known((interface("ens192", "192.0.2.4/24"),))),
        flags("by the bus", _LINUX, INTERFACES.known((interface("enp3s0f1", "192.0.2.4/24"),))),
        passes("by the kernel", _LINUX, INTERFACES.known((interface("eth0", "192.0.2.4/24"),))),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("interfaces not told", _LINUX, untold(INTERFACES)),
    ),
)
