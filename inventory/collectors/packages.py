"""Which packages are installed, by every package manager that the server has."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from inventory.collectors._package_lists import READERS, held_by_dpkg
from inventory.collectors._text import number, parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import PACKAGES
from inventory.model.parts import Package
from inventory.model.software import HELD_PACKAGES, PACKAGES_CHANGED_AT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from inventory.model.fact import Observation

_SCRIPT = r"""
set --
if [ -r /var/lib/dpkg/status ]; then
  set -- "$@" /var/lib/dpkg/status
  echo '@@ dpkg'
  grep -aE '^(Package|Status|Version|Architecture):' /var/lib/dpkg/status
fi
for list in /lib/apk/db/installed /usr/lib/apk/db/installed; do
  if [ -r "$list" ]; then
    set -- "$@" "$list"
    echo '@@ apk'
    grep -aE '^[PVA]:' "$list"
    break
  fi
done
if [ -d /var/lib/pacman/local ]; then
  set -- "$@" /var/lib/pacman/local
  echo '@@ pacman'
  pacman -Q
fi
if [ "$1" ]; then echo '@@ changed'; stat -c '%Y %n' "$@"; fi
if [ -d /var/lib/rpm ] || [ -d /usr/lib/sysimage/rpm ]; then
  if command -v rpm >/dev/null; then
    echo '@@ rpm'
    said='%{NAME}\t%{EPOCH}:%{VERSION}-%{RELEASE}\t%{ARCH}\t%{INSTALLTIME}\t%{VENDOR}\n'
    rpm -qa --nodigest --nosignature --qf "$said" 2>&1
    printf '@@ rpm ended %s\n' "$?"
  fi
fi
# Fedora and its kin have no /snap, unless somebody made it.
for folder in /snap /var/lib/snapd/snap; do
  set -- "$folder"/*/current/meta/snap.yaml
  if [ -r "$1" ]; then
    echo '@@ snap'
    grep -HE '^version:' "$@"
    break
  fi
done
for folder in /var/lib/flatpak/app/*; do
  if [ -d "$folder" ] && command -v flatpak >/dev/null; then
    echo '@@ flatpak'
    flatpak list --system --columns=application,version,arch,origin
    break
  fi
done
if [ -x /usr/local/sbin/pkg ]; then
  echo '@@ pkg'
  pkg query '%n\t%v\t%q\t%t'
fi
if [ -d /var/sadm/pkg ]; then
  echo '@@ svr4'
  pkginfo -x
  if [ -x /usr/bin/pkg ]; then echo '@@ ips'; pkg list -H; fi
fi
if [ -x /usr/bin/lslpp ]; then echo '@@ lpp'; lslpp -Lcq; fi
:
"""

_NONE: Final = "no package manager answered"
_RPM_ENDED: Final = "rpm ended"
_YEAR_9999: Final = 253_370_764_800
"""The first second, since 1970, of the last year that a time can have."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    lists = {manager: said[manager] for manager in READERS if manager in said}
    fault = _rpm_fault(said)
    found = [
        each
        for manager, text in lists.items()
        for each in READERS[manager](text)
        # AIX lists what came by rpm among its own, too.
        if each.manager == manager or each.manager not in lists
    ]
    if fault:
        packages = PACKAGES.unknown(Reason.UNREADABLE, fault)
    elif not found:
        packages = PACKAGES.unknown(Reason.NOT_TOLD, _NONE)
    else:
        packages = PACKAGES.known(_in_order(found))
    held = held_by_dpkg(said["dpkg"]) if "dpkg" in said else None
    return (
        packages,
        HELD_PACKAGES.known_or(held, Reason.NOT_TOLD, "only dpkg says it among the packages"),
        PACKAGES_CHANGED_AT.known_or(_changed(said, found), Reason.NOT_TOLD),
    )


def _rpm_fault(said: Mapping[str, str]) -> str | None:
    """Say what is wrong with rpm's database; a part of the list would pass for the whole."""
    if "rpm" not in said:
        return None
    errors = [line for line in said["rpm"].split("\n") if line.startswith("error: ")]
    ended = [name for name in said if name.startswith(_RPM_ENDED)]
    if errors:
        return f"rpm: {errors[0]}"
    if ended and ended != [f"{_RPM_ENDED} 0"]:
        return f"rpm failed ({ended[0].removeprefix('rpm ended ')})"
    return None


def _in_order(found: list[Package]) -> tuple[Package, ...]:
    """Return the packages by name; one that is told twice is kept once."""
    found.sort(key=attrgetter("name", "manager", "version"))
    return tuple(
        each
        for before, each in pairwise([None, *found])
        if each and (before is None or before.name != each.name or before != each)
    )


def _changed(said: Mapping[str, str], found: Iterable[Package]) -> datetime | None:
    """Return when the newest package came, or a manager's own list was last written."""
    written = (line.partition(" ")[0] for line in said.get("changed", "").split("\n"))
    counts = [count for count in map(number, written) if count]
    times = [datetime.fromtimestamp(count, UTC) for count in counts if count < _YEAR_9999]
    times.extend(each.installed_at for each in found if each.installed_at)
    return max(times, default=None)


COLLECTOR = Collector(
    script=_SCRIPT,
    tidy=True,
    tells=(PACKAGES, HELD_PACKAGES, PACKAGES_CHANGED_AT),
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
@@ changed
1718000000 /var/lib/dpkg/status
""",
            expected=(
                HELD_PACKAGES.known(("postgresql-15",)),
                PACKAGES_CHANGED_AT.known(datetime(2024, 6, 10, 6, 13, 20, tzinfo=UTC)),
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
            system="rhel 9 (tags as in rpm(8))",
            text=(
                "@@ rpm\n"
                "gpg-pubkey\t(none):fd431d51-4ae0493b\t(none)\t1700000000\t(none)\n"
                "httpd\t(none):2.4.57-11.el9_4\tx86_64\t1718000000\tRed Hat, Inc.\n"
                "bind-libs\t32:9.16.23-18.el9_4.1\tx86_64\n"
                "@@ rpm ended 0\n"
            ),
            expected=(
                PACKAGES_CHANGED_AT.known(datetime(2024, 6, 10, 6, 13, 20, tzinfo=UTC)),
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
                            vendor="Red Hat, Inc.",
                            installed_at=datetime(2024, 6, 10, 6, 13, 20, tzinfo=UTC),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="alpine 3.19 (busybox; format as in apk-package(5))",
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
            system="rpm 4.18, whose database is damaged; it says so and ends well",
            text=(
                "@@ rpm\n"
                "error: SELECT hnum, blob FROM 'Packages': 11: database disk image is malformed\n"
                "@@ rpm ended 0\n"
            ),
            expected=(
                PACKAGES.unknown(
                    Reason.UNREADABLE,
                    "rpm: error: SELECT hnum, blob FROM 'Packages': 11: "
                    "database disk image is malformed",
                ),
            ),
        ),
        Example(
            system="rpm 4.18",
            text="@@ rpm\nshop\t(none):1.2-3\tnoarch\t1795409853\tExample Ltd\n@@ rpm ended 0\n",
            expected=(
                PACKAGES.known(
                    (
                        Package(
                            name="shop",
                            version="1.2-3",
                            architecture="noarch",
                            manager="rpm",
                            vendor="Example Ltd",
                            installed_at=datetime(2026, 11, 23, 4, 57, 33, tzinfo=UTC),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="ubuntu 22.04 with snaps (layout as in snapd's documentation)",
            text="@@ snap\n"
            "/snap/core20/current/meta/snap.yaml:version: '20240416'\n"
            "/var/lib/snapd/snap/hello/current/meta/snap.yaml:version: '2.10'\n",
            expected=(
                PACKAGES.known(
                    (
                        Package(name="core20", version="20240416", manager="snap"),
                        Package(name="hello", version="2.10", manager="snap"),
                    )
                ),
            ),
        ),
        Example(
            system="fedora with flatpaks (format as in the fixtures of GLPI's agent)",
            text="@@ flatpak\norg.gnome.Maps\t46.11\tx86_64\tflathub\n",
            expected=(
                PACKAGES.known(
                    (
                        Package(
                            name="org.gnome.Maps",
                            version="46.11",
                            architecture="x86_64",
                            manager="flatpak",
                            vendor="flathub",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="freebsd 14 (format as in pkg-query(8))",
            text="@@ pkg\nnginx\t1.26.1_2,3\tFreeBSD:14:amd64\t1718000000\n",
            expected=(
                PACKAGES.known(
                    (
                        Package(
                            name="nginx",
                            version="1.26.1_2,3",
                            architecture="FreeBSD:14:amd64",
                            manager="pkg",
                            installed_at=datetime(2024, 6, 10, 6, 13, 20, tzinfo=UTC),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="solaris 11 (formats as Salt reads them)",
            text=(
                "@@ svr4\n"
                "SUNWcsr    Core Solaris, (Root)\n"
                "           (i386) 11.11,REV=2010.05.25.05.08\n"
                "@@ ips\n"
                "archiver/gnu-tar                       1.28-11.4.0.0.1.14.0    i--\n"
                "web/server/apache-24 (solaris)         2.4.33-11.4.0.0.1.14.0  i--\n"
            ),
            expected=(
                PACKAGES.known(
                    (
                        Package(
                            name="SUNWcsr",
                            version="11.11,REV=2010.05.25.05.08",
                            architecture="i386",
                            manager="svr4",
                        ),
                        Package(
                            name="archiver/gnu-tar", version="1.28-11.4.0.0.1.14.0", manager="ips"
                        ),
                        Package(
                            name="web/server/apache-24",
                            version="2.4.33-11.4.0.0.1.14.0",
                            manager="ips",
                            vendor="solaris",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="aix 7.2 (format as in Salt's fixtures)",
            text=(
                "@@ lpp\n"
                "bos:bos.rte:7.2.5.100: : :C: :Base Operating System Runtime: : : : : : :0:0:/:\n"
                "sudo:sudo-1.9.5p2-1:1.9.5p2-1: : :C:R:Rights for some: :/bin/rpm -e sudo: : : : "
                ":0: :/opt/freeware:Tue Apr 27 18:35:51 WET 2021\n"
            ),
            expected=(
                PACKAGES.known(
                    (
                        Package(name="bos.rte", version="7.2.5.100", manager="lpp"),
                        Package(name="sudo", version="1.9.5p2-1", manager="rpm"),
                    )
                ),
            ),
        ),
        Example(
            system="aix 7.2 whose rpm answers too (format as in Salt's fixtures)",
            text=(
                "@@ rpm\n"
                "sudo\t(none):1.9.5p2-1\tppc\t1619541351\t(none)\n"
                "@@ rpm ended 0\n"
                "@@ lpp\n"
                "sudo:sudo-1.9.5p2-1:1.9.5p2-1: : :C:R:Rights for some: :/bin/rpm -e sudo: : : : "
                ":0: :/opt/freeware:Tue Apr 27 18:35:51 WET 2021\n"
            ),
            expected=(
                PACKAGES.known(
                    (
                        Package(
                            name="sudo",
                            version="1.9.5p2-1",
                            architecture="ppc",
                            manager="rpm",
                            installed_at=datetime(2021, 4, 27, 16, 35, 51, tzinfo=UTC),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a server without a package manager",
            text="",
            expected=(PACKAGES.unknown(Reason.NOT_TOLD, "no package manager answered"),),
        ),
    ),
)
