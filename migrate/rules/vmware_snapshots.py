"""No snapshot stands."""

from __future__ import annotations

from datetime import UTC, datetime

from inventory.model.facts import VIRTUALISATION
from inventory.model.placement import SNAPSHOTS, Snapshot
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.parts import listed
from migrate.judging.platform import on_vmware
from migrate.judging.reading import about
from migrate.judging.sources import FORKLIFT
from migrate.model.rule import Judgement, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

_VMWARE = VIRTUALISATION.known("vmware")
_MARCH = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)


def _judge(snapshots: tuple[Snapshot, ...]) -> Judgement:
    return listed(_named(each) for each in sorted(snapshots))


def _named(snapshot: Snapshot) -> str:
    at = f" of {snapshot.taken_at.date()}" if snapshot.taken_at else ""
    return f"{snapshot.name}{at}"


RULE = Rule(
    title="Snapshots were never removed",
    why=(
        "Tools that copy through vCenter (the agentless routes of Azure Migrate and AWS MGN, "
        "Forklift) copy by snapshots of their own: old ones make each copy slower, fill the "
        "datastore meanwhile, and are not carried over."
    ),
    fix=("Remove the snapshots, and consolidate the disks, before replication begins."),
    source=FORKLIFT.citation,
    source_date=FORKLIFT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS, Cloud.AZURE),
    effort=Effort.HOURS,
    judge=on_vmware(about(SNAPSHOTS, _judge)),
    examples=(
        flags(
            "one", _VMWARE, SNAPSHOTS.known((Snapshot(name="before the upgrade", taken_at=_MARCH),))
        ),
        flags("one of unknown time", _VMWARE, SNAPSHOTS.known((Snapshot(name="old"),))),
        passes("none", _VMWARE, SNAPSHOTS.known(())),
        spares("another hypervisor", VIRTUALISATION.known("kvm")),
        cannot_tell("not told", _VMWARE, untold(SNAPSHOTS)),
    ),
)
