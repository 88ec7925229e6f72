"""System is one that AWS MGN replicates."""

from __future__ import annotations

from datetime import date

from inventory.model.facts import OS_ID, OS_NAME, OS_VERSION
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.systems import System, about_system
from migrate.model.rule import Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIST = "aws_mgn"
ENDS = {
    ("windows-server", "2003"): date(2026, 2, 15),
    ("windows-server", "2008"): date(2026, 12, 30),
    ("windows", "7"): date(2026, 12, 30),
    ("amazon-linux", "1"): date(2026, 11, 20),
    ("amazon-linux", "2018"): date(2026, 11, 20),
    ("rhel", "5"): date(2025, 12, 30),
    ("rhel", "6"): date(2026, 12, 30),
    ("centos", "5"): date(2025, 12, 30),
    ("centos", "6"): date(2026, 8, 28),
    ("centos", "7"): date(2026, 11, 20),
    ("centos", "8"): date(2026, 12, 30),
    ("oracle-linux", "6"): date(2026, 8, 28),
    ("sles", "11"): date(2026, 8, 28),
    ("ubuntu", "12.04"): date(2026, 8, 20),
    ("ubuntu", "14.04"): date(2026, 12, 20),
    ("debian", "6"): date(2026, 4, 30),
    ("debian", "7"): date(2026, 4, 30),
    ("debian", "8"): date(2026, 4, 30),
    ("debian", "9"): date(2026, 4, 30),
    ("debian", "10"): date(2026, 12, 30),
}
"""From when on AWS MGN no longer supports a release, as its page says."""


def _judge(found: System, around: Surroundings) -> Judgement:
    ends = _ends(found)
    if ends and ends <= around.today:
        return Flagged(
            observed=f"{found} is no longer supported since {ends}", severity=Severity.BLOCKER
        )
    if ends:
        return Flagged(observed=f"{found} is supported until {ends}")
    says = around.os_listed(LIST, found.product, found.version)
    if says is True:
        return Passed()
    if says is False:
        return Flagged(observed=f"{found} is not supported", severity=Severity.BLOCKER)
    return Flagged(observed=f"{found} is not listed")


def _ends(found: System) -> date | None:
    parts = found.version.replace("-", ".").split(".")
    return ENDS.get((found.product, parts[0])) or ENDS.get((found.product, ".".join(parts[:2])))


RULE = Rule(
    title="System that AWS MGN does not list, or no longer supports",
    why=(
        "The replication agent is made for listed releases, and AWS withdraws old ones at dates "
        "that its page gives."
    ),
    fix=(
        "Replicate before the date, or look up whether the current list has the release. "
        "Otherwise rebuild on a listed one, or move the application without replication."
    ),
    source=(
        "Operating systems supported by AWS Transform MGN (page without date, read in a copy), "
        "docs.aws.amazon.com/mgn/latest/ug/Supported-Operating-Systems.html"
    ),
    source_date=date(2026, 11, 23),
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.WEEKS,
    judge=about_system(_judge),
    examples=(
        flags("Debian 12, not on the list", OS_ID.known("debian"), OS_VERSION.known("12")),
        flags("FreeBSD, not supported", OS_ID.known("freebsd"), OS_VERSION.known("14.1")),
        flags(
            "CentOS 7, withdrawn",
            OS_ID.known("centos"),
            OS_VERSION.known("7.9"),
            OS_NAME.known("CentOS Linux 7 (Core)"),
        ),
        flags("RHEL 6, to be withdrawn", OS_ID.known("rhel"), OS_VERSION.known("6.10")),
        passes("Ubuntu 22.04", OS_ID.known("ubuntu"), OS_VERSION.known("22.04")),
        passes("RHEL 9.4", OS_ID.known("rhel"), OS_VERSION.known("9.4")),
        passes("SLES 15 SP5", OS_ID.known("sles"), OS_VERSION.known("15.5")),
        passes("AlmaLinux 9.6", OS_ID.known("almalinux"), OS_VERSION.known("9.6")),
        passes(
            "Windows Server 2012 R2", OS_ID.known("windows-server"), OS_VERSION.known("2012 R2")
        ),
        cannot_tell(
            "CentOS, stream or not", OS_ID.known("centos"), OS_VERSION.known("8"), untold(OS_NAME)
        ),
        cannot_tell("release not told", OS_ID.known("debian"), untold(OS_VERSION)),
    ),
)
