"""Which operating system runs, and which kernel."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import by_file
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

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.fact import Observation

_SCRIPT = """
printf 'uname:%s\\n' "$(uname -srm)"
grep -Has '' /etc/os-release /usr/lib/os-release /etc/oracle-release /etc/redhat-release \\
  /etc/SuSE-release /etc/alpine-release /etc/debian_version
:
"""

_UNAME: Final = re.compile(r"^uname:(\S+) (\S+) (\S.*)$", re.MULTILINE)
_RELEASE: Final = re.compile(r"(?P<name>.+?)(?: Linux| Server)* release (?P<version>[\d.]+)")
_IDS: Final = {
    "centos": "centos",
    "red hat": "rhel",
    "oracle": "ol",
    "scientific": "scientific",
    "fedora": "fedora",
    "rocky": "rocky",
    "almalinux": "almalinux",
    "amazon": "amzn",
}


@dataclass(frozen=True, kw_only=True)
class _Release:
    """What a file says of the distribution. None is not told."""

    id: str | None = None
    version: str | None = None
    name: str | None = None


def _read(answer: Answer) -> tuple[Observation, ...]:
    uname = _UNAME.search(answer.text)
    family, kernel, machine = uname.groups() if uname else (None, None, None)
    files = by_file(answer.text)
    release = _os_release(files) or _older(files) or _from_kernel(family, kernel)
    return (
        OS_FAMILY.known_or(family.lower() if family else None, Reason.NOT_TOLD),
        KERNEL.known_or(kernel, Reason.NOT_TOLD),
        ARCHITECTURE.known_or(machine, Reason.NOT_TOLD),
        OS_ID.known_or(release.id, Reason.NOT_TOLD, "no file under /etc names the distribution"),
        OS_VERSION.known_or(release.version, Reason.NOT_TOLD, "no file under /etc says it"),
        OS_NAME.known_or(release.name, Reason.NOT_TOLD, "no file under /etc says it"),
    )


def _os_release(files: Mapping[str, list[str]]) -> _Release | None:
    lines = files.get("/etc/os-release") or files.get("/usr/lib/os-release") or []
    values = dict(_assignment(line) for line in lines)
    if not values.get("ID"):
        return None
    return _Release(
        id=values["ID"].lower(),
        version=values.get("VERSION_ID") or None,
        name=values.get("PRETTY_NAME") or values.get("NAME") or None,
    )


def _assignment(line: str) -> tuple[str, str]:
    name, _, value = line.strip().partition("=")
    try:
        words = shlex.split(value)
    except ValueError:
        words = [value.strip("\"'")]
    return name, words[0] if words else ""


def _older(files: Mapping[str, list[str]]) -> _Release | None:
    """Read what systems had before os-release: RHEL 6, SLES 11, Alpine 3.2, Debian 6."""
    for path in ("/etc/oracle-release", "/etc/redhat-release"):
        found = _redhat(files.get(path, [""])[0])
        if found:
            return found
    if "/etc/SuSE-release" in files:
        return _suse(files["/etc/SuSE-release"])
    for path, name in (("/etc/alpine-release", "Alpine"), ("/etc/debian_version", "Debian")):
        version = files.get(path, [""])[0].strip()
        if version:
            return _Release(id=name.lower(), version=version, name=f"{name} Linux {version}")
    return None


def _redhat(line: str) -> _Release | None:
    match = _RELEASE.match(line)
    if not match:
        return None
    name = match["name"].lower()
    identifier = next((value for start, value in _IDS.items() if name.startswith(start)), None)
    return _Release(id=identifier, version=match["version"], name=line.strip())


def _suse(lines: list[str]) -> _Release:
    values = dict(_assignment(line.replace(" ", "")) for line in lines[1:])
    level = values.get("PATCHLEVEL", "0")
    version = values.get("VERSION")
    if version and level not in {"", "0"}:
        version = f"{version}.{level}"
    enterprise = "Enterprise" in lines[0]
    return _Release(
        id="sles" if enterprise else "opensuse", version=version or None, name=lines[0].strip()
    )


def _from_kernel(family: str | None, kernel: str | None) -> _Release:
    """Read a BSD, whose kernel's release is the system's."""
    if not family or not kernel or not family.endswith("BSD"):
        return _Release()
    version = kernel.partition("-")[0]
    return _Release(id=family.lower(), version=version, name=f"{family} {kernel}")


COLLECTOR = Collector(
    script=_SCRIPT,
    tells=(OS_FAMILY, KERNEL, ARCHITECTURE, OS_ID, OS_VERSION, OS_NAME),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text="""\
uname:Linux 6.1.0-32-amd64 x86_64
/etc/os-release:PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
/etc/os-release:NAME="Debian GNU/Linux"
/etc/os-release:VERSION_ID="12"
/etc/os-release:VERSION="12 (bookworm)"
/etc/os-release:VERSION_CODENAME=bookworm
/etc/os-release:ID=debian
/etc/os-release:HOME_URL="https://www.debian.org/"
/etc/debian_version:12.11
""",
            expected=(
                OS_FAMILY.known("linux"),
                OS_ID.known("debian"),
                OS_VERSION.known("12"),
                OS_NAME.known("Debian GNU/Linux 12 (bookworm)"),
                KERNEL.known("6.1.0-32-amd64"),
                ARCHITECTURE.known("x86_64"),
            ),
        ),
        Example(
            system="alpine 3.19 (busybox; format as documented)",
            text="""\
uname:Linux 6.6.22-1-lts aarch64
/etc/os-release:NAME="Alpine Linux"
/etc/os-release:ID=alpine
/etc/os-release:VERSION_ID=3.19.1
/etc/os-release:PRETTY_NAME="Alpine Linux v3.19"
/etc/alpine-release:3.19.1
""",
            expected=(
                OS_ID.known("alpine"),
                OS_VERSION.known("3.19.1"),
                ARCHITECTURE.known("aarch64"),
            ),
        ),
        Example(
            system="rhel 9 (format as documented)",
            text="""\
uname:Linux 5.14.0-427.13.1.el9_4.x86_64 x86_64
/etc/os-release:NAME="Red Hat Enterprise Linux"
/etc/os-release:VERSION="9.4 (Plow)"
/etc/os-release:ID="rhel"
/etc/os-release:ID_LIKE="fedora"
/etc/os-release:VERSION_ID="9.4"
/etc/os-release:PRETTY_NAME="Red Hat Enterprise Linux 9.4 (Plow)"
/etc/redhat-release:Red Hat Enterprise Linux release 9.4 (Plow)
""",
            expected=(
                OS_ID.known("rhel"),
                OS_VERSION.known("9.4"),
                OS_NAME.known("Red Hat Enterprise Linux 9.4 (Plow)"),
            ),
        ),
        Example(
            system="centos 6 (format as documented)",
            text="""\
uname:Linux 2.6.32-754.35.1.el6.x86_64 x86_64
/etc/redhat-release:CentOS release 6.10 (Final)
""",
            expected=(
                OS_ID.known("centos"),
                OS_VERSION.known("6.10"),
                OS_NAME.known("CentOS release 6.10 (Final)"),
            ),
        ),
        Example(
            system="sles 11 (format as documented)",
            text="""\
uname:Linux 3.0.101-108.13-default x86_64
/etc/SuSE-release:SUSE Linux Enterprise Server 11 (x86_64)
/etc/SuSE-release:VERSION = 11
/etc/SuSE-release:PATCHLEVEL = 4
""",
            expected=(OS_ID.known("sles"), OS_VERSION.known("11.4")),
        ),
        Example(
            system="debian 6 (format as documented)",
            text="uname:Linux 2.6.32-5-686 i686\n/etc/debian_version:6.0.10\n",
            expected=(
                OS_ID.known("debian"),
                OS_VERSION.known("6.0.10"),
                ARCHITECTURE.known("i686"),
            ),
        ),
        Example(
            system="arch, which has no releases (format as documented)",
            text="uname:Linux 6.9.1-arch1-1 x86_64\n/etc/os-release:ID=arch\n",
            expected=(
                OS_ID.known("arch"),
                OS_VERSION.unknown(Reason.NOT_TOLD, "no file under /etc says it"),
            ),
        ),
        Example(
            system="freebsd 12 (format as documented)",
            text="uname:FreeBSD 12.4-RELEASE-p9 amd64\n",
            expected=(
                OS_FAMILY.known("freebsd"),
                OS_ID.known("freebsd"),
                OS_VERSION.known("12.4"),
            ),
        ),
    ),
)
