"""Kernel is one that AWS MGN's agent runs on."""

from __future__ import annotations

import re
from datetime import date

from inventory.model.facts import KERNEL, OS_FAMILY
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import about, on_family
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

FIRST = (2, 6, 18, 164)
BROKEN = (4, 9, 256)

_LINUX = OS_FAMILY.known("linux")


def _judge(kernel: str) -> Judgement:
    numbers = tuple(int(part) for part in re.findall(r"\d+", kernel)[: len(FIRST)])
    bad = numbers < FIRST or numbers[: len(BROKEN)] == BROKEN
    return Flagged(observed=f"kernel {kernel}") if bad else Passed()


RULE = Rule(
    title="A kernel that AWS MGN's agent does not run on",
    why="AWS MGN supports no kernel before 2.6.18-164, and not 4.9.256.",
    fix="Update the kernel before the agent is installed, or rebuild the server on EC2.",
    source=(
        "Operating systems supported by AWS Transform MGN (page without date, read in a copy), "
        "docs.aws.amazon.com/mgn/latest/ug/Supported-Operating-Systems.html"
    ),
    source_date=date(2026, 11, 23),
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=on_family("linux", about(KERNEL, _judge)),
    examples=(
        flags("RHEL 5.3's", _LINUX, KERNEL.known("2.6.18-128.el5")),
        flags("the one that is named", _LINUX, KERNEL.known("4.9.256-1-custom")),
        passes("RHEL 5.4's", _LINUX, KERNEL.known("2.6.18-164.el5")),
        passes("a later one of the same line", _LINUX, KERNEL.known("4.9.257")),
        passes("Debian 12's", _LINUX, KERNEL.known("6.1.0-18-amd64")),
        spares("Windows", OS_FAMILY.known("windows")),
        flags("one build before", _LINUX, KERNEL.known("2.6.18-163.el5")),
        cannot_tell("kernel not told", _LINUX, untold(KERNEL)),
    ),
)
