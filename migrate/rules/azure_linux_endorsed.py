"""Linux is one that Azure endorses."""

from __future__ import annotations

from datetime import date

from inventory.model.facts import OS_FAMILY, OS_ID, OS_NAME, OS_VERSION
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import on_family
from migrate.judging.systems import System, about_system
from migrate.model.rule import Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIST = "azure_endorsed_linux"

_LINUX = OS_FAMILY.known("linux")


def _judge(found: System, around: Surroundings) -> Judgement:
    if around.os_listed(LIST, found.product, found.version) is True:
        return Passed()
    return Flagged(observed=f"{found} is not listed")


RULE = Rule(
    title="Linux that Azure does not endorse",
    why=(
        "Azure Migrate calls other distributions and releases ready with conditions: they may "
        "run, but neither Microsoft nor the publisher answers for it."
    ),
    fix="Upgrade to an endorsed release, or accept to support it yourselves.",
    source=(
        "Endorsed Linux distributions on Azure, MicrosoftDocs/azure-compute-docs "
        "articles/virtual-machines/linux/endorsed-distros.md@0fbe238d"
    ),
    source_date=date(2024, 11, 14),
    axis=Axis.FIT,
    severity=Severity.CONDITION,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=on_family("linux", about_system(_judge)),
    examples=(
        flags("Ubuntu 18.04", _LINUX, OS_ID.known("ubuntu"), OS_VERSION.known("18.04")),
        flags(
            "a RHEL that is no longer maintained",
            _LINUX,
            OS_ID.known("rhel"),
            OS_VERSION.known("6.10"),
        ),
        passes("Debian 12", _LINUX, OS_ID.known("debian"), OS_VERSION.known("12")),
        passes("a RHEL that is maintained", _LINUX, OS_ID.known("rhel"), OS_VERSION.known("9.4")),
        cannot_tell(
            "CentOS, stream or not",
            _LINUX,
            OS_ID.known("centos"),
            OS_VERSION.known("8"),
            untold(OS_NAME),
        ),
        cannot_tell("release not told", _LINUX, OS_ID.known("debian"), untold(OS_VERSION)),
        spares("Windows", OS_FAMILY.known("windows")),
    ),
)
