"""System is one that Azure Migrate replicates."""

from __future__ import annotations

from datetime import date

from inventory.model.facts import OS_ID, OS_NAME, OS_VERSION
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.systems import System, about_system
from migrate.model.rule import Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

LIST = "azure_site_recovery_migrate"


def _judge(found: System, around: Surroundings) -> Judgement:
    if around.os_listed(LIST, found.product, found.version) is True:
        return Passed()
    return Flagged(observed=f"{found} is not listed")


RULE = Rule(
    title="System that replication to Azure does not list",
    why=(
        "The agent for replication is made for listed releases; the list read here is of "
        "2023-09-28, and newer releases have been added since."
    ),
    fix=(
        "Look up the current list. If the release is still missing, rebuild on a listed one "
        "or move the application without replication."
    ),
    source=(
        "Azure Site Recovery support matrix, MicrosoftDocs/azure-docs "
        "articles/site-recovery/vmware-physical-azure-support-matrix.md@36f1051e"
    ),
    source_date=date(2023, 9, 28),
    axis=Axis.MOVE,
    severity=Severity.CONDITION,
    clouds=(Cloud.AZURE,),
    effort=Effort.WEEKS,
    judge=about_system(_judge),
    examples=(
        flags("Debian 12, newer than the list", OS_ID.known("debian"), OS_VERSION.known("12")),
        flags("Fedora", OS_ID.known("fedora"), OS_VERSION.known("40")),
        passes("RHEL 8.6", OS_ID.known("rhel"), OS_VERSION.known("8.6")),
        passes("Windows Server 2019", OS_ID.known("windows-server"), OS_VERSION.known("2019")),
        cannot_tell(
            "CentOS, stream or not", OS_ID.known("centos"), OS_VERSION.known("8"), untold(OS_NAME)
        ),
        cannot_tell("release not told", OS_ID.known("debian"), untold(OS_VERSION)),
    ),
    verified=False,
)
