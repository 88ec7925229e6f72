"""Which packages are installed, by every package manager that the server has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import PACKAGES
from inventory.model.parts import Package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from inventory.model.fact import Observation

_SCRIPT = r"""
if [ -r /var/lib/dpkg/status ]; then
  echo '@@ dpkg'
  grep -aE '^(Package|Status|Version|Architecture):' /var/lib/dpkg/status
fi
if [ -d /var/lib/rpm ] || [ -d /usr/lib/sysimage/rpm ]; then
  if command -v rpm >/dev/null; then
    echo '@@ rpm'
    rpm -qa --qf '%{NAME}\t%{EPOCH}:%{VERSION}-%{RELEASE}\t%{ARCH}\n'
  fi
fi
for list in /lib/apk/db/installed /usr/lib/apk/db/installed; do
  if [ -r "$list" ]; then echo '@@ apk'; grep -aE '^[PVA]:' "$list"; break; fi
done
if [ -d /var/lib/pacman/local ]; then echo '@@ pacman'; pacman -Q; fi
:
"""

_INSTALLED: Final = re.compile(r"\S+ ok installed")
_NO_PACKAGE: Final = "gpg-pubkey"
"""A key that rpm keeps among the packages."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    found = {
        *_dpkg(said.get("dpkg", "")),
        *_rpm(said.get("rpm", "")),
        *_apk(said.get("apk", "")),
        *_pacman(said.get("pacman", "")),
    }
    if not found:
        return (PACKAGES.unknown(Reason.NOT_TOLD, "none of dpkg, rpm, apk and pacman answered"),)
    ordered = sorted(found, key=lambda each: (each.name, each.manager, each.version))
    return (PACKAGES.known(tuple(ordered)),)


def _dpkg(text: str) -> Iterator[Package]:
    for stanza in re.split(r"(?m)^Package:", text)[1:]:
        name, _, rest = stanza.partition("\n")
        told = dict(line.split(": ", 1) for line in rest.splitlines() if ": " in line)
        if (
            name.strip()
            and "Version" in told
            and _INSTALLED.fullmatch(told.get("Status", "").strip())
        ):
            yield Package(
                name=name.strip(),
                version=told["Version"].strip(),
                architecture=told.get("Architecture"),
                manager="dpkg",
            )


def _rpm(text: str) -> Iterator[Package]:
    for line in text.splitlines():
        name, _, rest = line.partition("\t")
        version, _, architecture = rest.partition("\t")
        if version and name != _NO_PACKAGE:
            yield Package(
                name=name,
                version=version.removeprefix("(none):"),
                architecture=architecture or None,
                manager="rpm",
            )


def _apk(text: str) -> Iterator[Package]:
    for stanza in re.split(r"(?m)^P:", text)[1:]:
        name, _, rest = stanza.partition("\n")
        told = {line[:1]: line[2:] for line in rest.splitlines() if line[1:2] == ":"}
        if name and "V" in told:
            yield Package(name=name, version=told["V"], architecture=told.get("A"), manager="apk")


def _pacman(text: str) -> Iterator[Package]:
    for line in text.splitlines():
        name, _, version = line.partition(" ")
        if version:
            yield Package(name=name, version=version, manager="pacman")


COLLECTOR = Collector(
    script=_SCRIPT,
    tells=(PACKAGES,),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text="""\
@@ dpkg
Package: nginx
Status: install ok installed
Architecture: amd64
Version: 1.22.1-9+deb12u1
Package: apache2
Status: deinstall ok config-files
Architecture: amd64
Version: 2.4.62-1~deb12u1
Package: postgresql-15
Status: hold ok installed
Architecture: amd64
Version: 15.13-0+deb12u1
""",
            expected=(
                PACKAGES.known(
                    (
                        Package(
                            name="nginx",
                            version="1.22.1-9+deb12u1",
                            architecture="amd64",
                            manager="dpkg",
                        ),
                        Package(
                            name="postgresql-15",
                            version="15.13-0+deb12u1",
                            architecture="amd64",
                            manager="dpkg",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 9 (format as documented)",
            text=(
                "@@ rpm\n"
                "gpg-pubkey\t(none):fd431d51-4ae0493b\t(none)\n"
                "httpd\t(none):2.4.57-11.el9_4\tx86_64\n"
                "bind-libs\t32:9.16.23-18.el9_4.1\tx86_64\n"
            ),
            expected=(
                PACKAGES.known(
                    (
                        Package(
                            name="bind-libs",
                            version="32:9.16.23-18.el9_4.1",
                            architecture="x86_64",
                            manager="rpm",
                        ),
                        Package(
                            name="httpd",
                            version="2.4.57-11.el9_4",
                            architecture="x86_64",
                            manager="rpm",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="alpine 3.19 (busybox; format as documented)",
            text="@@ apk\nP:musl\nV:1.2.4-r4\nA:x86_64\nP:redis\nV:7.2.4-r0\nA:x86_64\n",
            expected=(
                PACKAGES.known(
                    (
                        Package(
                            name="musl",
                            version="1.2.4-r4",
                            architecture="x86_64",
                            manager="apk",
                        ),
                        Package(
                            name="redis", version="7.2.4-r0", architecture="x86_64", manager="apk"
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="arch (format as documented)",
            text="@@ pacman\nzlib 1:1.3.1-1\n",
            expected=(
                PACKAGES.known((Package(name="zlib", version="1:1.3.1-1", manager="pacman"),)),
            ),
        ),
        Example(
            system="a server without a package manager",
            text="",
            expected=(
                PACKAGES.unknown(Reason.NOT_TOLD, "none of dpkg, rpm, apk and pacman answered"),
            ),
        ),
    ),
)
