"""Server boots by BIOS, which VM Import/Export takes without more ado."""

from __future__ import annotations

from inventory.model.facts import BOOT_TYPE
from inventory.model.parts import BootType
from migrate.judging.examples import cannot_tell, flags, passes, untold
from migrate.judging.reading import about
from migrate.judging.sources import AWS_IMPORT
from migrate.model.rule import Flagged, Passed, Rule
from migrate.model.verdict import Axis, Cloud, Effort, Severity

RULE = Rule(
    title="UEFI boot, of which VM Import/Export asks more",
    why=(
        "VM Import/Export, one way to AWS among several, needs EFI/BOOT/BOOTX64.EFI on the system "
        "partition of Linux. It turns a UEFI disk of Windows into a BIOS one, if the image is "
        "VHDX of up to 2 TiB, with up to three primary partitions, and no dynamic disk."
    ),
    fix="See to these before the export, or replicate by AWS MGN instead.",
    source=AWS_IMPORT.citation,
    source_date=AWS_IMPORT.date,
    axis=Axis.MOVE,
    severity=Severity.NOTE,
    clouds=(Cloud.AWS,),
    effort=Effort.HOURS,
    judge=about(
        BOOT_TYPE,
        lambda boot: Flagged(observed="UEFI") if boot is BootType.UEFI else Passed(),
    ),
    examples=(
        flags("UEFI", BOOT_TYPE.known(BootType.UEFI)),
        passes("BIOS", BOOT_TYPE.known(BootType.BIOS)),
        cannot_tell("not told", untold(BOOT_TYPE)),
    ),
)
