"""Linux boots by GRUB."""

from __future__ import annotations

from inventory.model.facts import OS_FAMILY, PACKAGES
from inventory.model.parts import Package
from migrate.judging.examples import cannot_tell, flags, installed, passes, spares, untold
from migrate.judging.reading import about, on_family
from migrate.judging.sources import AWS_AGENT
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

GRUB = "grub"

_LINUX = OS_FAMILY.known("linux")


def _judge(packages: tuple[Package, ...]) -> Judgement:
    if any(each.name.startswith(GRUB) for each in packages):
        return Passed()
    return Flagged(observed="no package of GRUB is installed")


RULE = Rule(
    title="Linux that does not boot by GRUB",
    why="AWS MGN replicates Linux servers that boot by GRUB, the first or the second, only.",
    fix="Look how the server boots, and install GRUB as its boot loader before replication.",
    source=AWS_AGENT.citation,
    source_date=AWS_AGENT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=on_family("linux", about(PACKAGES, _judge)),
    examples=(
        flags("Alpine with extlinux", _LINUX, PACKAGES.known((installed("syslinux", "6.04-r17"),))),
        passes("GRUB on Debian", _LINUX, PACKAGES.known((installed("grub-pc", "2.06-13"),))),
        passes(
            "GRUB on RHEL",
            _LINUX,
            PACKAGES.known((installed("grub2-tools", "2.06-77", "rpm"),)),
        ),
        passes("GRUB on SLES", _LINUX, PACKAGES.known((installed("grub2", "2.06-150500", "rpm"),))),
        spares("Windows", OS_FAMILY.known("windows")),
        passes(
            "GRUB among others",
            _LINUX,
            PACKAGES.known((installed("bash", "5.2"), installed("grub-pc", "2.06-13"))),
        ),
        cannot_tell("packages not told", _LINUX, untold(PACKAGES)),
    ),
)
