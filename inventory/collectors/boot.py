"""How and when the server was started: UEFI or BIOS, Secure Boot, time of the last boot."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import BOOT_TYPE, BOOTED_AT, SECURE_BOOT
from inventory.model.parts import BootType

if TYPE_CHECKING:
    from inventory.model.fact import Observation

_SCRIPT = """
efi=/sys/firmware/efi
echo '@@ machine'
uname -m
echo '@@ firmware'
for file in /sys/firmware/*; do if [ -e "$file" ]; then printf '%s\\n' "$file"; fi; done
echo '@@ secure-boot'
if [ -d "$efi" ]; then
  od -An -tu1 "$efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c" ||
    od -An -tu1 "$efi/vars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c/data"
fi
echo '@@ time'
grep '^btime' /proc/stat || sysctl kern.boottime
echo '@@ method'
if [ ! -d /sys/firmware ]; then sysctl -n machdep.bootmethod; fi
:
"""

_EFI: Final = "/sys/firmware/efi"
_X86: Final = re.compile(r"(x86_64|amd64|i[3-6]86)\Z")
_TIME: Final = re.compile(r"^(?:btime |kern\.boottime:.*?\bsec = )(\d{1,11})\b", re.MULTILINE)


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    boot = _type(said)
    return (
        BOOT_TYPE.known_or(boot, Reason.NOT_TOLD, "the kernel shows nothing of the firmware"),
        _secure_boot(boot, said.get("secure-boot", "").split()),
        _booted_at(said.get("time", "")),
    )


def _type(said: dict[str, str]) -> BootType | None:
    firmware = said.get("firmware", "").split()
    method = said.get("method", "").strip()
    if _EFI in firmware or method == "UEFI":
        return BootType.UEFI
    # A container may hide /sys/firmware behind an empty folder, and other architectures have
    # neither: only an x86 machine that shows its firmware was started by a BIOS.
    if (firmware and _X86.match(said.get("machine", "").strip())) or method == "BIOS":
        return BootType.BIOS
    return None


def _secure_boot(boot: BootType | None, variable: list[str]) -> Observation:
    if boot is BootType.BIOS:
        return SECURE_BOOT.known(value=False)
    if variable and variable[-1] in {"0", "1"}:
        return SECURE_BOOT.known(variable[-1] == "1")
    return SECURE_BOOT.unknown(Reason.NOT_TOLD, "the firmware's variable SecureBoot is not shown")


def _booted_at(said: str) -> Observation:
    match = _TIME.search(said)
    if not match:
        return BOOTED_AT.unknown(Reason.NOT_TOLD, "the kernel does not say when it was started")
    return BOOTED_AT.known(datetime.fromtimestamp(int(match[1]), UTC))


COLLECTOR = Collector(
    script=_SCRIPT,
    tells=(BOOT_TYPE, SECURE_BOOT, BOOTED_AT),
    read=_read,
    examples=(
        Example(
            system="rhel 9 (format as documented)",
            text="""\
@@ machine
x86_64
@@ firmware
/sys/firmware/acpi
/sys/firmware/dmi
/sys/firmware/efi
/sys/firmware/memmap
@@ secure-boot
   6   0   0   0   1
@@ time
btime 1763800000
@@ method
""",
            expected=(
                BOOT_TYPE.known(BootType.UEFI),
                SECURE_BOOT.known(value=True),
                BOOTED_AT.known(datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC)),
            ),
        ),
        Example(
            system="debian 12",
            text="""\
@@ machine
x86_64
@@ firmware
/sys/firmware/acpi
/sys/firmware/memmap
@@ secure-boot
@@ time
btime 1795394385
@@ method
""",
            expected=(
                BOOT_TYPE.known(BootType.BIOS),
                SECURE_BOOT.known(value=False),
                BOOTED_AT.known(datetime(2026, 11, 23, 0, 39, 45, tzinfo=UTC)),
            ),
        ),
        Example(
            system="ubuntu 22.04 whose efivarfs is not mounted (format as documented)",
            text="@@ machine\nx86_64\n@@ firmware\n/sys/firmware/efi\n@@ secure-boot\n@@ time\n",
            expected=(
                BOOT_TYPE.known(BootType.UEFI),
                SECURE_BOOT.unknown(
                    Reason.NOT_TOLD, "the firmware's variable SecureBoot is not shown"
                ),
                BOOTED_AT.unknown(Reason.NOT_TOLD, "the kernel does not say when it was started"),
            ),
        ),
        Example(
            system="alpine 3.19 in docker (busybox; format as documented)",
            text="@@ machine\nx86_64\n@@ firmware\n@@ secure-boot\n@@ time\nbtime 1763800000\n",
            expected=(
                BOOT_TYPE.unknown(Reason.NOT_TOLD, "the kernel shows nothing of the firmware"),
            ),
        ),
        Example(
            system="freebsd 13 (format as documented)",
            text="""\
@@ machine
amd64
@@ firmware
@@ secure-boot
@@ time
kern.boottime: { sec = 1763800000, usec = 339062 } Sat Nov 22 08:26:40 2025
@@ method
UEFI
""",
            expected=(
                BOOT_TYPE.known(BootType.UEFI),
                BOOTED_AT.known(datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC)),
            ),
        ),
    ),
)
