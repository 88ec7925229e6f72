"""No UEFI boot with a Windows too old for it on Azure."""

from __future__ import annotations

from inventory.model.fact import Facts, Known
from inventory.model.facts import BOOT_TYPE, OS_FAMILY, OS_ID, OS_VERSION
from inventory.model.parts import BootType
from migrate.judging.examples import cannot_tell, flags, passes, spares, untold
from migrate.judging.reading import on_family
from migrate.judging.sources import AZURE_ASSESSMENT
from migrate.judging.systems import system
from migrate.model.rule import CannotTell, Flagged, Judgement, Passed, Rule, Surroundings
from migrate.model.verdict import Axis, Cloud, Effort, Severity

TOO_OLD = ("2003", "2003-r2", "2008", "2008-r2")

_WINDOWS = (OS_FAMILY.known("windows"), OS_ID.known("windows-server"))
_OLD = (*_WINDOWS, OS_VERSION.known("2008 R2"))


def _judge(facts: Facts, _around: Surroundings) -> Judgement:
    found = system(facts)
    if isinstance(found, CannotTell):
        return found
    if found.product != "windows-server" or not found.version.startswith(TOO_OLD):
        return Passed()
    boot = facts.of(BOOT_TYPE)
    if not isinstance(boot, Known):
        return CannotTell(missing=(BOOT_TYPE,))
    return Flagged(observed=f"{found}, UEFI") if boot.value is BootType.UEFI else Passed()


RULE = Rule(
    title="UEFI boot with a Windows too old for it",
    why="Azure Migrate calls Windows Server 2003 to 2008 R2 with UEFI boot not ready.",
    fix="Upgrade Windows before the move, or rebuild the server on a newer one.",
    source=AZURE_ASSESSMENT.citation,
    source_date=AZURE_ASSESSMENT.date,
    axis=Axis.FIT,
    severity=Severity.BLOCKER,
    clouds=(Cloud.AZURE,),
    effort=Effort.DAYS,
    judge=on_family("windows", _judge),
    examples=(
        flags("Windows Server 2008 R2 on UEFI", *_OLD, BOOT_TYPE.known(BootType.UEFI)),
        passes("Windows Server 2008 R2 on BIOS", *_OLD, BOOT_TYPE.known(BootType.BIOS)),
        passes("a newer Windows, however it boots", *_WINDOWS, OS_VERSION.known("2019")),
        spares("Linux", OS_FAMILY.known("linux")),
        passes(
            "another Windows with a like release",
            OS_FAMILY.known("windows"),
            OS_ID.known("windows"),
            OS_VERSION.known("2008"),
            BOOT_TYPE.known(BootType.UEFI),
        ),
        cannot_tell("an old Windows, boot type not told", *_OLD, untold(BOOT_TYPE)),
        cannot_tell("system not told", untold(OS_FAMILY)),
        cannot_tell(
            "release of Windows not told",
            *_WINDOWS,
            untold(OS_VERSION),
            BOOT_TYPE.known(BootType.UEFI),
        ),
    ),
)
