"""Which operating system runs, which kernel, and what its maker says of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from inventory.collectors._release import release_of
from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import (
    ARCHITECTURE,
    KERNEL,
    OS_FAMILY,
    OS_ID,
    OS_NAME,
    OS_VERSION,
)
from inventory.model.software import (
    KERNEL_BUILD,
    KERNELS,
    LOCALE,
    OS_CODENAME,
    OS_EDITION,
    OS_SUBSCRIPTION,
    OS_SUPPORT_ENDS,
    REBOOT_REQUIRED,
    SERVICE_MANAGER,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.fact import Observation

_FILES: Final = (
    "/etc/os-release", "/usr/lib/os-release", "/etc/oracle-release", "/etc/redhat-release",
    "/etc/SuSE-release", "/etc/alpine-release", "/etc/debian_version", "/etc/release",
    "/proc/version", "/proc/sys/kernel/ostype", "/proc/sys/kernel/osrelease",
    "/proc/sys/kernel/arch", "/proc/1/comm", "/etc/default/locale", "/etc/locale.conf",
    "/etc/sysconfig/i18n",
)  # fmt: skip

_SCRIPT = """
if [ ! -r /proc/sys/kernel/arch ]; then
  echo '@@ uname'
  uname -srm
fi
echo '@@ found'
for file in /boot/vmlinuz-* /boot/vmlinux-* /boot/kernel-* /run/reboot-required \\
  /var/run/reboot-required /run/systemd/system /run/openrc /sbin/rc-service \\
  /usr/share/update-notifier/notify-reboot-required /etc/pki/consumer /etc/pki/consumer/cert.pem \\
  /etc/zypp/credentials.d /etc/zypp/credentials.d/SCCcredentials /usr/bin/pro \\
  /usr/bin/ubuntu-advantage; do
  if [ -e "$file" ]; then printf '%s\\n' "$file"; fi
done
if [ -r /var/lib/ubuntu-advantage/status.json ]; then
  echo '@@ pro'
  grep -oE '"attached": *(true|false)' /var/lib/ubuntu-advantage/status.json
fi
if [ -x /usr/bin/oslevel ]; then echo '@@ oslevel'; oslevel -s; uname -p; fi
:
"""
_KERNEL_FILES: Final = ("/boot/vmlinuz-", "/boot/vmlinux-", "/boot/kernel-")
_NO_KERNELS: Final = ("rescue", "old", "initrd")
_LOCALE_FILES: Final = ("/etc/default/locale", "/etc/locale.conf", "/etc/sysconfig/i18n")
_WORDS: Final = 3
_LEVELS: Final = 2
"""AIX's level, and its processor's architecture."""
_UNAME: Final = ("ostype", "osrelease", "arch")


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    found = frozenset(said.get("found", "").split("\n"))
    return (*_system(answer, said), *_state(answer, said, found))


def _system(answer: Answer, said: Mapping[str, str]) -> tuple[Observation, ...]:
    family, kernel, machine = _uname(answer.files, said.get("uname", ""))
    levels = said.get("oslevel", "").split()
    if len(levels) == _LEVELS:
        # The level is AIX's kernel's; uname -r tells the release without the version.
        kernel, machine = levels
    release = release_of(answer.files, family, kernel, level=levels[0] if levels else None)
    nothing = "no file under /etc says it"
    return (
        OS_FAMILY.known_or(family.lower() if family else None, Reason.NOT_TOLD),
        KERNEL.known_or(kernel, Reason.NOT_TOLD),
        ARCHITECTURE.known_or(machine, Reason.NOT_TOLD),
        OS_ID.known_or(release.id, Reason.NOT_TOLD, "no file under /etc names the distribution"),
        OS_VERSION.known_or(release.version, Reason.NOT_TOLD, nothing),
        OS_NAME.known_or(release.name, Reason.NOT_TOLD, nothing),
        OS_CODENAME.known_or(release.codename, Reason.NOT_TOLD, nothing),
        OS_EDITION.known_or(release.edition, Reason.NOT_TOLD, nothing),
        OS_SUPPORT_ENDS.known_or(release.support_ends, Reason.NOT_TOLD, nothing),
    )


def _uname(files: Mapping[str, str], text: str) -> tuple[str | None, str | None, str | None]:
    """Return family, release and architecture; since Linux 6.1 the kernel tells all in files."""
    words = text.split()
    if len(words) >= _WORDS:
        return words[0], words[1], words[2]
    told = [files.get(f"/proc/sys/kernel/{name}", "").strip() or None for name in _UNAME]
    return told[0], told[1], told[2]


def _state(
    answer: Answer, said: Mapping[str, str], found: frozenset[str]
) -> tuple[Observation, ...]:
    build = answer.files.get("/proc/version", "").strip()
    kernels = tuple(sorted(filter(None, map(_kernel, found))))
    return (
        KERNEL_BUILD.known_or(build or None, Reason.NOT_TOLD, "there is no /proc/version"),
        KERNELS.known_or(kernels or None, Reason.NOT_TOLD, "no kernel was seen in /boot"),
        REBOOT_REQUIRED.known_or(_reboot(found), Reason.NOT_TOLD, "nothing on it keeps note"),
        LOCALE.known_or(_locale(answer.files), Reason.NOT_TOLD, "no file sets LANG"),
        SERVICE_MANAGER.known_or(_manager(answer.files, found), Reason.NOT_TOLD),
        OS_SUBSCRIPTION.known_or(
            _subscription(found, said.get("pro")),
            Reason.NOT_TOLD,
            "it is of no vendor whose subscription shows in files",
        ),
    )


def _kernel(path: str) -> str | None:
    for start in _KERNEL_FILES:
        name = path.removeprefix(start)
        if name != path and not any(word in name for word in _NO_KERNELS):
            return name
    return None


def _reboot(found: frozenset[str]) -> bool | None:
    if found & {"/run/reboot-required", "/var/run/reboot-required"}:
        return True
    noted = "/usr/share/update-notifier/notify-reboot-required" in found
    return False if noted else None


def _locale(files: Mapping[str, str]) -> str | None:
    for path in _LOCALE_FILES:
        for line in files.get(path, "").splitlines():
            name, _, value = line.strip().partition("=")
            if name == "LANG" and value.strip("\"'"):
                return value.strip("\"'")
    return None


def _manager(files: Mapping[str, str], found: frozenset[str]) -> str | None:
    if "/run/systemd/system" in found:
        return "systemd"
    if "/run/openrc" in found:
        return "openrc"
    return files.get("/proc/1/comm", "").strip() or None


def _subscription(found: frozenset[str], pro: str | None) -> str | None:
    """Tell by which service the system is registered; None where its vendor has none."""
    if "/etc/pki/consumer/cert.pem" in found:
        return "rhsm"
    if "/etc/zypp/credentials.d/SCCcredentials" in found:
        return "scc"
    if pro is not None and "true" in pro:
        return "ubuntu-pro"
    vendors = {"/etc/pki/consumer", "/etc/zypp/credentials.d", "/usr/bin/pro"}
    return "none" if found & vendors else None


COLLECTOR = Collector(
    files=_FILES,
    script=_SCRIPT,
    tidy=True,
    tells=(
        OS_FAMILY,
        KERNEL,
        ARCHITECTURE,
        OS_ID,
        OS_VERSION,
        OS_NAME,
        OS_CODENAME,
        OS_EDITION,
        OS_SUPPORT_ENDS,
        KERNEL_BUILD,
        KERNELS,
        REBOOT_REQUIRED,
        LOCALE,
        SERVICE_MANAGER,
        OS_SUBSCRIPTION,
    ),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text=(
                "@@ found\n"
                "/boot/vmlinuz-6.1.0-31-amd64\n/boot/vmlinuz-6.1.0-32-amd64\n/run/systemd/system\n"
            ),
            files={
                "/etc/os-release": """\
PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
HOME_URL="https://www.debian.org/"
""",
                "/etc/debian_version": "12.11\n",
                "/etc/default/locale": 'LANG="en_GB.UTF-8"\n',
                "/proc/1/comm": "systemd\n",
                "/proc/sys/kernel/ostype": "Linux\n",
                "/proc/sys/kernel/osrelease": "6.1.0-32-amd64\n",
                "/proc/sys/kernel/arch": "x86_64\n",
                "/proc/version": "Linux version 6.1.0-32-amd64 (gcc-12) #1 SMP Debian 6.1.129-1\n",
            },
            expected=(
                OS_FAMILY.known("linux"),
                OS_ID.known("debian"),
                OS_VERSION.known("12"),
                OS_NAME.known("Debian GNU/Linux 12 (bookworm)"),
                OS_CODENAME.known("bookworm"),
                KERNEL.known("6.1.0-32-amd64"),
                ARCHITECTURE.known("x86_64"),
                KERNELS.known(("6.1.0-31-amd64", "6.1.0-32-amd64")),
                LOCALE.known("en_GB.UTF-8"),
                SERVICE_MANAGER.known("systemd"),
                REBOOT_REQUIRED.unknown(Reason.NOT_TOLD, "nothing on it keeps note"),
            ),
        ),
        Example(
            system="ubuntu 22.04 after an update of its kernel (format as documented)",
            text=(
                "@@ uname\nLinux 5.15.0-105-generic x86_64\n@@ found\n/run/reboot-required\n"
                "/run/systemd/system\n/usr/share/update-notifier/notify-reboot-required\n"
                '/usr/bin/pro\n@@ pro\n"attached": true\n'
            ),
            files={"/etc/os-release": 'ID=ubuntu\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy\n'},
            expected=(
                REBOOT_REQUIRED.known(value=True),
                OS_SUBSCRIPTION.known("ubuntu-pro"),
                OS_CODENAME.known("jammy"),
            ),
        ),
        Example(
            system="alpine 3.19 (busybox; format as documented)",
            text="@@ uname\nLinux 6.6.22-1-lts aarch64\n@@ found\n/run/openrc\n",
            files={
                "/etc/os-release": """\
NAME="Alpine Linux"
ID=alpine
VERSION_ID=3.19.1
PRETTY_NAME="Alpine Linux v3.19"
""",
                "/etc/alpine-release": "3.19.1\n",
            },
            expected=(
                OS_ID.known("alpine"),
                OS_VERSION.known("3.19.1"),
                ARCHITECTURE.known("aarch64"),
                SERVICE_MANAGER.known("openrc"),
            ),
        ),
        Example(
            system="rhel 9, registered (format as documented)",
            text=(
                "@@ uname\nLinux 5.14.0-427.13.1.el9_4.x86_64 x86_64\n@@ found\n"
                "/boot/vmlinuz-0-rescue-6f\n/boot/vmlinuz-5.14.0-427.13.1.el9_4.x86_64\n"
                "/run/systemd/system\n/etc/pki/consumer\n/etc/pki/consumer/cert.pem\n"
            ),
            files={
                "/etc/os-release": """\
NAME="Red Hat Enterprise Linux"
VERSION="9.4 (Plow)"
ID="rhel"
ID_LIKE="fedora"
VERSION_ID="9.4"
PRETTY_NAME="Red Hat Enterprise Linux 9.4 (Plow)"
""",
                "/etc/redhat-release": "Red Hat Enterprise Linux release 9.4 (Plow)\n",
                "/etc/locale.conf": "LANG=en_GB.UTF-8\n",
            },
            expected=(
                OS_ID.known("rhel"),
                OS_VERSION.known("9.4"),
                OS_NAME.known("Red Hat Enterprise Linux 9.4 (Plow)"),
                OS_CODENAME.known("Plow"),
                OS_SUBSCRIPTION.known("rhsm"),
                KERNELS.known(("5.14.0-427.13.1.el9_4.x86_64",)),
            ),
        ),
        Example(
            system="oracle linux 8 (format as people quote it)",
            text="@@ uname\nLinux 5.4.17-2136.307.3.el8uek.x86_64 x86_64\n@@ found\n",
            files={
                "/etc/os-release": """\
NAME="Oracle Linux Server"
VERSION="8.4"
ID="ol"
ID_LIKE="fedora"
VARIANT="Server"
VARIANT_ID="server"
VERSION_ID="8.4"
PRETTY_NAME="Oracle Linux Server 8.4"
"""
            },
            expected=(OS_ID.known("ol"), OS_VERSION.known("8.4"), OS_EDITION.known("server")),
        ),
        Example(
            system="amazon 2023 (format as people quote it)",
            text="@@ uname\nLinux 6.1.79-99.167.amzn2023.x86_64 x86_64\n@@ found\n",
            files={
                "/etc/os-release": """\
NAME="Amazon Linux"
VERSION="2023"
ID="amzn"
VERSION_ID="2023"
PRETTY_NAME="Amazon Linux 2023"
SUPPORT_END="2028-03-15"
"""
            },
            expected=(
                OS_SUPPORT_ENDS.known(date(2028, 3, 15)),
                OS_EDITION.unknown(Reason.NOT_TOLD, "no file under /etc says it"),
            ),
        ),
        Example(
            system="sles 15, not registered (format as documented)",
            text=(
                "@@ uname\nLinux 5.14.21-150500.55.19-default x86_64\n@@ found\n"
                "/etc/zypp/credentials.d\n"
            ),
            files={"/etc/os-release": 'ID="sles"\nVERSION_ID="15.5"\n'},
            expected=(OS_SUBSCRIPTION.known("none"), OS_VERSION.known("15.5")),
        ),
        Example(
            system="centos 6 (format as Facter and Ohai read it)",
            text="@@ uname\nLinux 2.6.32-754.35.1.el6.x86_64 x86_64\n",
            files={
                "/etc/redhat-release": "CentOS release 6.10 (Final)\n",
                "/proc/1/comm": "init\n",
                "/etc/sysconfig/i18n": 'LANG="en_GB.UTF-8"\nSYSFONT="latarcyrheb-sun16"\n',
            },
            expected=(
                OS_ID.known("centos"),
                OS_VERSION.known("6.10"),
                OS_NAME.known("CentOS release 6.10 (Final)"),
                SERVICE_MANAGER.known("init"),
                LOCALE.known("en_GB.UTF-8"),
            ),
        ),
        Example(
            system="rhel 5 (format as Facter and Ohai read it)",
            text="@@ uname\nLinux 2.6.18-419.el5 i686\n",
            files={
                "/etc/redhat-release": ("Red Hat Enterprise Linux Server release 5.11 (Tikanga)\n")
            },
            expected=(OS_ID.known("rhel"), OS_VERSION.known("5.11"), OS_CODENAME.known("Tikanga")),
        ),
        Example(
            system="sles 11 (format as Facter and Ohai read it)",
            text="@@ uname\nLinux 3.0.101-108.13-default x86_64\n",
            files={
                "/etc/SuSE-release": (
                    "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n"
                )
            },
            expected=(OS_ID.known("sles"), OS_VERSION.known("11.4")),
        ),
        Example(
            system="debian 6 (format as documented)",
            text="@@ uname\nLinux 2.6.32-5-686 i686\n",
            files={"/etc/debian_version": "6.0.10\n"},
            expected=(
                OS_ID.known("debian"),
                OS_VERSION.known("6.0.10"),
                ARCHITECTURE.known("i686"),
            ),
        ),
        Example(
            system="arch, which has no releases (format as documented)",
            text="@@ uname\nLinux 6.9.1-arch1-1 x86_64\n",
            files={"/etc/os-release": "ID=arch\n"},
            expected=(
                OS_ID.known("arch"),
                OS_VERSION.unknown(Reason.NOT_TOLD, "no file under /etc says it"),
            ),
        ),
        Example(
            system="freebsd 12 (as freebsd 12.1 said it to jc)",
            text="@@ uname\nFreeBSD 12.4-RELEASE-p9 amd64\n",
            expected=(
                OS_FAMILY.known("freebsd"),
                OS_ID.known("freebsd"),
                OS_VERSION.known("12.4"),
            ),
        ),
        Example(
            system="solaris 11 (format as in the fixtures of GLPI's agent)",
            text="@@ uname\nSunOS 5.11 i86pc\n",
            files={
                "/etc/release": (
                    "                             Oracle Solaris 11.4 X86\n"
                    "  Copyright (c) 1983, 2018, Oracle and/or its affiliates.\n"
                )
            },
            expected=(
                OS_FAMILY.known("sunos"),
                OS_ID.known("solaris"),
                OS_VERSION.known("11.4"),
                OS_NAME.known("Oracle Solaris 11.4 X86"),
            ),
        ),
        Example(
            system="aix 7.2 (format as Facter and Ohai read it)",
            text="@@ uname\nAIX 2 00F6ABCD4C00\n@@ found\n@@ oslevel\n7200-05-03-2148\npowerpc\n",
            expected=(
                OS_FAMILY.known("aix"),
                OS_ID.known("aix"),
                OS_VERSION.known("7.2"),
                OS_NAME.known("AIX 7200-05-03-2148"),
                KERNEL.known("7200-05-03-2148"),
                ARCHITECTURE.known("powerpc"),
            ),
        ),
    ),
)
