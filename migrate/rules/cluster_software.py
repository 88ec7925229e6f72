"""Server is not part of a cluster."""

from __future__ import annotations

from inventory.model.facts import OS_FAMILY, PACKAGES
from inventory.model.parts import Package
from migrate.judging.examples import cannot_tell, flags, installed, passes, spares, untold
from migrate.judging.parts import names_of
from migrate.judging.reading import about, on_family
from migrate.judging.sources import AWS_REPLICATION
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

CLUSTER = frozenset({"pacemaker", "corosync", "pcs", "keepalived", "drbd-utils", "drbd84-utils"})

_LINUX = OS_FAMILY.known("linux")


def _judge(packages: tuple[Package, ...]) -> Judgement:
    found = ", ".join(sorted(names_of(packages) & CLUSTER))
    return Flagged(observed=found) if found else Passed()


RULE = Rule(
    title="Cluster software is installed",
    why=(
        "AWS MGN knows nothing of clusters and Azure Migrate does not replicate clusters with "
        "shared disks: the members would be moved as if they stood alone."
    ),
    fix=(
        "Move the cluster as one: rebuild it at the destination, or take it apart and move a "
        "single member."
    ),
    source=AWS_REPLICATION.citation,
    source_date=AWS_REPLICATION.date,
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.DAYS,
    judge=on_family("linux", about(PACKAGES, _judge)),
    examples=(
        flags("Pacemaker", _LINUX, PACKAGES.known((installed("pacemaker", "2.1.5-1"),))),
        passes("no such package", _LINUX, PACKAGES.known((installed("nginx", "1.22.1-9"),))),
        spares("Windows", OS_FAMILY.known("windows")),
        cannot_tell("packages not told", _LINUX, untold(PACKAGES)),
    ),
)
