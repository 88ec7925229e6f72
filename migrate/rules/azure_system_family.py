"""System is Linux or Windows."""

from __future__ import annotations

from inventory.model.facts import OS_FAMILY
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AZURE_ASSESSMENT
from migrate.model.rule import Flagged, Judgement, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

FAMILIES = frozenset({"linux", "windows"})


def _judge(family: str) -> Judgement:
    return Passed() if family in FAMILIES else Flagged(observed=family)


RULE = Rule(
    title="Neither Linux nor Windows",
    why=(
        "Azure Migrate calls Solaris, macOS, FreeBSD and the like ready with conditions: it "
        "does not assess them further."
    ),
    fix="Look for an image of its publisher for Azure, or move the application to Linux.",
    source=AZURE_ASSESSMENT.citation,
    source_date=AZURE_ASSESSMENT.date,
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AZURE,),
    effort=Effort.WEEKS,
    judge=about(OS_FAMILY, _judge),
    examples=(
        flags("FreeBSD", OS_FAMILY.known("freebsd")),
        passes("Linux", OS_FAMILY.known("linux")),
        passes("Windows", OS_FAMILY.known("windows")),
        cannot_tell("not told", untold(OS_FAMILY)),
    ),
)
