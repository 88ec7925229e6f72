"""How and when the server was started: firmware, Secure Boot, TPM, command line, last boot."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from inventory.collectors._secrets import without_secrets
from inventory.collectors._sysfs import value
from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import BOOT_TYPE, BOOTED_AT, SECURE_BOOT
from inventory.model.hardware import COMMAND_LINE, CRASH_KERNEL, TPM
from inventory.model.parts import BootType

if TYPE_CHECKING:
    from inventory.model.fact import Observation

# The command line may hold passwords of iSCSI, of an installation's server, of a boot loader: what
# may be one never leaves the server. What follows " -- " is for the first process, and left out.
_SCRIPT = """
if [ -r /proc/cmdline ]; then
  line=
  read -r line </proc/cmdline
  line=" $line "
  echo '@@ command'
  case $line in
  *[Pp][Aa][Ss][Ss]* | *[Pp][Ww]* | *[Ss][Ee][Cc][Rr][Ee][Tt]* | *[Tt][Oo][Kk][Ee][Nn]* | \\
  *[Kk][Ee][Yy]* | *[Cc][Rr][Ee][Dd]* | *[Aa][Uu][Tt][Hh]* | *[Cc][Hh][Aa][Pp]* | \\
  *@* | *'\t'*)
    set -f
    for word in $line; do
      case $word in
        *[Pp][Aa][Ss][Ss]* | *[Pp][Ww]* | *[Ss][Ee][Cc][Rr][Ee][Tt]* | *[Tt][Oo][Kk][Ee][Nn]* | \\
        *[Kk][Ee][Yy]* | *[Cc][Rr][Ee][Dd]* | *[Aa][Uu][Tt][Hh]* | *[Cc][Hh][Aa][Pp]* | *@*)
          case $word in *'"'* | *"'"*) break ;; esac
          word="${word%%[=@:]*}=***" ;;
      esac
      if [ "$word" = -- ]; then break; fi
      printf '%s\\n' "$word"
    done
    set +f ;;
  *) printf '%s\\n' "${line%% -- *}" ;;
  esac
  echo '@@ tpm'
  for tpm in /sys/class/tpm /sys/class/tpm/tpm[0-9]; do
    if [ -e "$tpm" ]; then printf '%s\\n' "$tpm"; fi
  done
fi
:
"""

_EFI: Final = "/sys/firmware/efi"
_OF_EFI: Final = (f"{_EFI}/fw_platform_size", f"{_EFI}/systab")
"""Old kernels lack the first; only root may read the second."""
_OF_BIOS: Final = ("/sys/firmware/acpi/pm_profile", "/sys/firmware/memmap/0/type")
"""What the kernel shows of a PC's firmware, whatever it is."""
_VARIABLE: Final = "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
_SECURE: Final = (f"{_EFI}/efivars/{_VARIABLE}", f"{_EFI}/vars/{_VARIABLE}/data")
_TPM_MAJOR: Final = "/sys/class/tpm/tpm0/tpm_version_major"
_CRASH: Final = "/sys/kernel/kexec_crash_loaded"
_TIME: Final = re.compile(r"^btime (\d{1,11})$", re.MULTILINE)


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    boot = _type(answer)
    crash = value(answer.files, _CRASH)
    return (
        BOOT_TYPE.known_or(boot, Reason.NOT_TOLD, "the kernel shows nothing of the firmware"),
        _secure_boot(boot, answer),
        _booted_at(answer.files.get("/proc/stat", "")),
        _command_line(said.get("command")),
        _tpm(said.get("tpm", "").split(), answer),
        CRASH_KERNEL.known_or(
            None if crash is None else crash == "1", Reason.NOT_TOLD, f"there is no {_CRASH}"
        ),
    )


def _type(answer: Answer) -> BootType | None:
    if any(path in answer.files or path in answer.denied for path in _OF_EFI):
        return BootType.UEFI
    # A container may hide /sys/firmware, and other architectures have none: only a PC that shows
    # its firmware was started by a BIOS.
    shown = any(path in answer.files or path in answer.denied for path in _OF_BIOS)
    return BootType.BIOS if shown and "vendor_id" in answer.files.get("/proc/cpuinfo", "") else None


def _secure_boot(boot: BootType | None, answer: Answer) -> Observation:
    if boot is BootType.BIOS:
        return SECURE_BOOT.known(value=False)
    for path in _SECURE:
        content = answer.files.get(path, "").rstrip("\n")
        if content[-1:] in {"\0", "\1"}:
            return SECURE_BOOT.known(content[-1] == "\1")
    return SECURE_BOOT.unknown(Reason.NOT_TOLD, "the firmware's variable SecureBoot is not shown")


def _booted_at(said: str) -> Observation:
    match = _TIME.search(said)
    if not match:
        return BOOTED_AT.unknown(Reason.NOT_TOLD, "the kernel does not say when it was started")
    return BOOTED_AT.known(datetime.fromtimestamp(int(match[1]), UTC))


def _command_line(said: str | None) -> Observation:
    words = (said or "").split()
    if not words:
        return COMMAND_LINE.unknown(Reason.NOT_TOLD, "there is no /proc/cmdline")
    checked = without_secrets("/proc/cmdline:" + "\t".join(words)).partition(":")[2]
    return COMMAND_LINE.known(" ".join(checked.split("\t")))


def _tpm(marks: list[str], answer: Answer) -> Observation:
    major = value(answer.files, _TPM_MAJOR)
    if major in {"1", "2"}:
        return TPM.known({"1": "1.2", "2": "2.0"}[major])
    if len(marks) > 1:
        return TPM.unknown(Reason.NOT_TOLD, "there is one, of which the kernel tells no version")
    if marks:
        return TPM.known("none")
    return TPM.unknown(Reason.NOT_TOLD, "the kernel does not look for one")


COLLECTOR = Collector(
    files=(*_OF_EFI, *_OF_BIOS, *_SECURE, _TPM_MAJOR, _CRASH, "/proc/stat", "/proc/cpuinfo"),
    script=_SCRIPT,
    tidy=True,
    tells=(BOOT_TYPE, SECURE_BOOT, BOOTED_AT, COMMAND_LINE, TPM, CRASH_KERNEL),
    read=_read,
    examples=(
        Example(
            system="rhel 9 (format as documented)",
            text="""\
@@ command
BOOT_IMAGE=(hd0,gpt2)/vmlinuz-5.14.0-427.el9.x86_64
root=/dev/mapper/rhel-root
ro
crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M
rd.lvm.lv=rhel/root
rd.iscsi.password=***
@@ tpm
/sys/class/tpm
/sys/class/tpm/tpm0
""",
            files={
                f"{_EFI}/fw_platform_size": "64\n",
                _SECURE[0]: "\x06\0\0\0\x01",
                _TPM_MAJOR: "2\n",
                _CRASH: "1\n",
                "/proc/stat": "cpu  1 2 3 4\nbtime 1763800000\nprocesses 7\n",
                "/proc/cpuinfo": "processor\t: 0\nvendor_id\t: GenuineIntel\n",
            },
            expected=(
                BOOT_TYPE.known(BootType.UEFI),
                SECURE_BOOT.known(value=True),
                BOOTED_AT.known(datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC)),
                COMMAND_LINE.known(
                    "BOOT_IMAGE=(hd0,gpt2)/vmlinuz-5.14.0-427.el9.x86_64 "
                    "root=/dev/mapper/rhel-root ro "
                    "crashkernel=1G-4G:192M,4G-64G:256M,64G-:512M rd.lvm.lv=rhel/root "
                    "rd.iscsi.password=***"
                ),
                TPM.known("2.0"),
                CRASH_KERNEL.known(value=True),
            ),
        ),
        Example(
            system="debian 12",
            text="@@ command\nconsole=ttyS0\nquiet\n@@ tpm\n/sys/class/tpm\n",
            files={
                "/sys/firmware/acpi/pm_profile": "0\n",
                "/sys/firmware/memmap/0/type": "System RAM\n",
                "/proc/stat": "cpu  1 2 3 4\nbtime 1795394385\n",
                "/proc/cpuinfo": "processor\t: 0\nvendor_id\t: AuthenticAMD\n",
                _CRASH: "0\n",
            },
            expected=(
                BOOT_TYPE.known(BootType.BIOS),
                SECURE_BOOT.known(value=False),
                BOOTED_AT.known(datetime(2026, 11, 23, 0, 39, 45, tzinfo=UTC)),
                TPM.known("none"),
                CRASH_KERNEL.known(value=False),
            ),
        ),
        Example(
            system="centos 7 on uefi, as a user without privilege (format as documented)",
            denied=frozenset({f"{_EFI}/systab"}),
            files={_SECURE[0]: "\x06\0\0\0\0"},
            expected=(BOOT_TYPE.known(BootType.UEFI), SECURE_BOOT.known(value=False)),
        ),
        Example(
            system="ubuntu 22.04 whose efivarfs is not mounted (format as documented)",
            files={f"{_EFI}/fw_platform_size": "64\n"},
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
            text="@@ command\nquiet\n@@ tpm\n",
            files={
                "/proc/stat": "btime 1763800000\n",
                "/proc/cpuinfo": "processor\t: 0\nvendor_id\t: GenuineIntel\n",
            },
            expected=(
                BOOT_TYPE.unknown(Reason.NOT_TOLD, "the kernel shows nothing of the firmware"),
                TPM.unknown(Reason.NOT_TOLD, "the kernel does not look for one"),
            ),
        ),
    ),
)
