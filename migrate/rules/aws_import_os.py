"""System is one that VM Import/Export takes."""

from __future__ import annotations

from datetime import date

from inventory.model.facts import OS_ID, OS_NAME, OS_VERSION
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.systems import System, about_system
from migrate.model.rule import Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIST = "aws_vm_import_export"


def _judge(found: System, around: Surroundings) -> Judgement:
    if around.os_listed(LIST, found.product, found.version) is True:
        return Passed()
    return Flagged(observed=f"{found} is not listed")


RULE = Rule(
    title="System that VM Import/Export does not list",
    why=(
        "VM Import/Export, one way to AWS among several, takes listed releases. The list read "
        "here is of about 2024, so later releases are missing."
    ),
    fix="Look up the current list before an image is exported, or replicate by AWS MGN instead.",
    source=(
        "VM Import/Export User Guide (a copy of about 2024), operating systems, "
        "docs.aws.amazon.com/vm-import/latest/userguide/prerequisites.html"
    ),
    source_date=date(2024, 1, 1),
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=about_system(_judge),
    examples=(
        flags("Alpine Linux", OS_ID.known("alpine"), OS_VERSION.known("3.20")),
        flags("RHEL 9.4, newer than the list", OS_ID.known("rhel"), OS_VERSION.known("9.4")),
        passes("Ubuntu 22.04", OS_ID.known("ubuntu"), OS_VERSION.known("22.04")),
        passes("Debian 11", OS_ID.known("debian"), OS_VERSION.known("11")),
        passes("RHEL 8.6", OS_ID.known("rhel"), OS_VERSION.known("8.6")),
        cannot_tell(
            "CentOS, stream or not", OS_ID.known("centos"), OS_VERSION.known("7"), untold(OS_NAME)
        ),
        cannot_tell("release not told", OS_ID.known("debian"), untold(OS_VERSION)),
    ),
    verified=False,
)
