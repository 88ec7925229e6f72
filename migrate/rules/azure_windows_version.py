"""Windows is a server release that Azure runs without conditions."""

from __future__ import annotations

from inventory.model.facts import OS_FAMILY, OS_ID, OS_VERSION
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import on_family
from migrate.judging.sources import AZURE_ASSESSMENT
from migrate.judging.systems import System, about_system
from migrate.model.rule import Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RUNS = ("2008", "2012", "2016", "2019", "2022", "2025")

_WINDOWS = OS_FAMILY.known("windows")
_SERVER = OS_ID.known("windows-server")


def _judge(found: System, _around: Surroundings) -> Judgement:
    if found.product == "windows-server" and found.version.startswith(RUNS):
        return Passed()
    return Flagged(observed=str(found))


RULE = Rule(
    title="Windows that Azure runs only under conditions",
    why=(
        "Azure Migrate calls Windows Server 2003 and older, and Windows clients, ready with "
        "conditions (support agreement, hosting rights). Its table stops at 2016; newer "
        "server releases are passed here by general knowledge."
    ),
    fix=(
        "Upgrade to a maintained Windows Server, or make sure of the licence and support that "
        "the release needs."
    ),
    source=AZURE_ASSESSMENT.citation,
    source_date=AZURE_ASSESSMENT.date,
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AZURE,),
    effort=Effort.WEEKS,
    judge=on_family("windows", about_system(_judge)),
    examples=(
        flags("Windows Server 2003", _WINDOWS, _SERVER, OS_VERSION.known("2003")),
        flags("Windows Server 2003 R2", _WINDOWS, _SERVER, OS_VERSION.known("2003 R2")),
        flags("Windows 2000", _WINDOWS, OS_ID.known("windows"), OS_VERSION.known("2000")),
        flags("Windows 7", _WINDOWS, OS_ID.known("windows"), OS_VERSION.known("7")),
        flags("Windows 10", _WINDOWS, OS_ID.known("windows"), OS_VERSION.known("10")),
        passes("Windows Server 2008", _WINDOWS, _SERVER, OS_VERSION.known("2008")),
        passes("Windows Server 2008 R2", _WINDOWS, _SERVER, OS_VERSION.known("2008 R2")),
        passes("Windows Server 2012 R2", _WINDOWS, _SERVER, OS_VERSION.known("2012 R2")),
        passes("Windows Server 2016", _WINDOWS, _SERVER, OS_VERSION.known("2016")),
        passes("Windows Server 2025", _WINDOWS, _SERVER, OS_VERSION.known("2025")),
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
