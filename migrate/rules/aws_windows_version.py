"""Windows is a server release for which AWS publishes images."""

from __future__ import annotations

from datetime import date

from inventory.model.facts import OS_FAMILY, OS_ID, OS_VERSION
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import on_family
from migrate.judging.systems import System, about_system
from migrate.model.rule import Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RUNS = ("2016", "2019", "2022", "2025")

_WINDOWS = OS_FAMILY.known("windows")
_SERVER = OS_ID.known("windows-server")


def _judge(found: System, _around: Surroundings) -> Judgement:
    if found.product == "windows-server" and found.version.startswith(RUNS):
        return Passed()
    return Flagged(observed=str(found))


RULE = Rule(
    title="Windows for which AWS publishes no image",
    why=(
        "Windows Server 2012 R2 and older run on EC2 only when imported under a licence of "
        "your own; clients need dedicated hosting rights."
    ),
    fix="Upgrade to a maintained Windows Server, or make sure of the licence and drivers.",
    source="EC2 images of Windows Server (general knowledge, no page read)",
    source_date=date(2026, 11, 22),
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AWS,),
    effort=Effort.WEEKS,
    judge=on_family("windows", about_system(_judge)),
    examples=(
        flags("Windows Server 2012 R2", _WINDOWS, _SERVER, OS_VERSION.known("2012-r2")),
        flags("Windows 10", _WINDOWS, OS_ID.known("windows"), OS_VERSION.known("10")),
        passes("Windows Server 2022", _WINDOWS, _SERVER, OS_VERSION.known("2022")),
        spares("Linux", OS_FAMILY.known("linux")),
        flags(
            "another system with a like release",
            _WINDOWS,
            OS_ID.known("windows"),
            OS_VERSION.known("2022"),
        ),
        cannot_tell("release not told", _WINDOWS, _SERVER, untold(OS_VERSION)),
    ),
    verified=False,
)
