"""System is one that AWS MGN replicates."""

from __future__ import annotations

from datetime import date

from inventory.model.facts import OS_ID, OS_NAME, OS_VERSION
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.systems import System, about_system
from migrate.model.rule import Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIST = "aws_mgn"


def _judge(found: System, around: Surroundings) -> Judgement:
    says = around.os_listed(LIST, found.product, found.version)
    if says is True:
        return Passed()
    if says is False:
        return Flagged(observed=f"{found} is listed as not supported", severity=Severity.BLOCKER)
    return Flagged(observed=f"{found} is not listed")


RULE = Rule(
    title="System that AWS MGN does not list",
    why=(
        "The replication agent is made for listed releases. What is listed here is a "
        "transcription by a third party: look up the page itself."
    ),
    fix=(
        "Look up the current list. If the release is missing or named as not supported, "
        "rebuild on a listed one or move the application without replication."
    ),
    source="Transcription of docs.aws.amazon.com/mgn/latest/ug/Supported-Operating-Systems.html",
    source_date=date(2026, 3, 4),
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.WEEKS,
    judge=about_system(_judge),
    examples=(
        flags("Debian 12, not on the list", OS_ID.known("debian"), OS_VERSION.known("12")),
        flags("FreeBSD, named as not supported", OS_ID.known("freebsd"), OS_VERSION.known("14.1")),
        passes("Ubuntu 22.04", OS_ID.known("ubuntu"), OS_VERSION.known("22.04")),
        passes("RHEL 9.4", OS_ID.known("rhel"), OS_VERSION.known("9.4")),
        cannot_tell(
            "CentOS, stream or not", OS_ID.known("centos"), OS_VERSION.known("8"), untold(OS_NAME)
        ),
        cannot_tell("release not told", OS_ID.known("debian"), untold(OS_VERSION)),
    ),
    verified=False,
)
