"""Where the package managers get packages from, what they hold back, and what waits to be updated.

Addresses may hold credentials: these are left out on the server, whole options of repositories are
not sent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._sources import read_sources
from inventory.collectors._text import number, parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.software import HELD_PACKAGES, REPOSITORIES, UPDATES_PENDING, Repository

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

_UPDATES: Final = "/var/lib/update-notifier/updates-available"
_LOCKS: Final = (
    "/etc/yum/pluginconf.d/versionlock.list",
    "/etc/dnf/plugins/versionlock.list",
    "/etc/zypp/locks",
)

# What stands between // and @, what follows a ?, and what is as long as a token is left out.
_SCRIPT = r"""
set --
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources \
  /etc/yum.conf /etc/yum.repos.d/*.repo /etc/zypp/repos.d/*.repo /etc/apk/repositories \
  /etc/pkg/*.conf /usr/local/etc/pkg/repos/*.conf; do
  if [ -r "$file" ]; then set -- "$@" "$file"; fi
done
echo '@@ sources'
if [ "$1" ]; then
  sed -n -e 's~//[^ ]*@~//~g' -e 's~[?].*~~' -e 's~/[A-Za-z0-9_.=-]\{32,\}~/***~g' \
    -e '/^deb /p' -e '/^URIs:/p' -e '/^Suites:/p' -e '/^Components:/p' -e '/^Enabled:/p' \
    -e '/^Types:/p' -e '/^$/p' -e '/^\[[^]]*\]/p' -e '/^baseurl *=/p' -e '/^mirrorlist *=/p' \
    -e '/^metalink *=/p' -e '/^enabled *=/p' -e '/^https*:/p' -e '/^@[a-z]* *https*:/p' \
    -e '/^[A-Za-z0-9_-]*: *{/p' -e '/^ *url *:/p' -e '/^ *enabled *:/p' "$@"
fi
:
"""

_COUNT: Final = re.compile(r"^(\d+) (?:updates? can be|packages? can be)", re.MULTILINE)
_NEVRA: Final = re.compile(r"(?:\d+:)?(?P<name>[A-Za-z0-9_.+-]+?)-(?:\d+:)?\d[^-]*-[^-]+\Z")


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    if "sources" not in said:
        return ()
    sources = tuple(sorted(set(read_sources(said["sources"])), key=_place))
    updates = _COUNT.search(answer.files.get(_UPDATES, ""))
    return (
        REPOSITORIES.known_or(sources or None, Reason.NOT_TOLD, "no file names any"),
        HELD_PACKAGES.known_or(_held(answer.files), Reason.NOT_TOLD, "no list of locks is kept"),
        UPDATES_PENDING.known_or(
            number(updates[1]) if updates else None, Reason.NOT_TOLD, "the server keeps no count"
        ),
    )


def _place(repository: Repository) -> tuple[str, str, str, bool]:
    name = repository.name or ""
    return repository.manager, repository.address, name, repository.enabled


def _held(files: Mapping[str, str]) -> tuple[str, ...] | None:
    if not any(path in files for path in _LOCKS):
        return None
    return tuple(sorted({name for path in _LOCKS for name in _locked(path, files.get(path, ""))}))


def _locked(path: str, text: str) -> Iterator[str]:
    """Yield names from yum's and dnf's ``epoch:name-version-release.*`` and zypper's stanzas."""
    locks_packages = True
    for line in map(str.strip, text.splitlines()):
        if path == "/etc/zypp/locks":
            name, _, value = line.partition(":")
            if name == "type":
                locks_packages = value.strip() == "package"
            elif name == "solvable_name" and locks_packages:
                yield value.strip()
        elif line and line[0] not in "#!":
            match = _NEVRA.match(line)
            yield match["name"] if match else line


COLLECTOR = Collector(
    files=(_UPDATES, *_LOCKS),
    script=_SCRIPT,
    tidy=True,
    tells=(REPOSITORIES, HELD_PACKAGES, UPDATES_PENDING),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text="""\
@@ sources
Types: deb
URIs: http://deb.debian.org/debian
Suites: bookworm bookworm-updates
Components: main

deb [signed-by=/usr/share/keyrings/x.gpg] https://packages.example.org/apt stable main
Types: deb
URIs: https://deb.nodesource.com/node_20.x
Suites: nodistro
Components: main
Enabled: no
""",
            expected=(
                REPOSITORIES.known(
                    (
                        Repository(
                            manager="apt",
                            address="http://deb.debian.org/debian",
                            name="bookworm bookworm-updates main",
                        ),
                        Repository(
                            manager="apt",
                            address="https://deb.nodesource.com/node_20.x",
                            name="nodistro main",
                            enabled=False,
                        ),
                        Repository(
                            manager="apt",
                            address="https://packages.example.org/apt",
                            name="stable main",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 8 (format as documented)",
            text="""\
@@ sources
[main]
[rhel-8-baseos]
baseurl = https://cdn.redhat.com/content/dist/rhel8/$releasever/$basearch/baseos/os
enabled = 1
[epel]
metalink=https://mirrors.fedoraproject.org/metalink
enabled=0
""",
            files={
                "/etc/dnf/plugins/versionlock.list": (
                    "# Added lock on Mon Jun 10 06:13:20 2024\n"
                    "postgresql-server-0:13.14-1.module+el8.9.0+21357+4c0a0b9c.*\n"
                )
            },
            expected=(
                REPOSITORIES.known(
                    (
                        Repository(
                            manager="yum",
                            address=(
                                "https://cdn.redhat.com/content/dist/rhel8/$releasever/$basearch/"
                                "baseos/os"
                            ),
                            name="rhel-8-baseos",
                        ),
                        Repository(
                            manager="yum",
                            address="https://mirrors.fedoraproject.org/metalink",
                            name="epel",
                            enabled=False,
                        ),
                    )
                ),
                HELD_PACKAGES.known(("postgresql-server",)),
            ),
        ),
        Example(
            system="ubuntu 22.04 (format as documented)",
            text="@@ sources\ndeb http://archive.ubuntu.com/ubuntu jammy main restricted\n",
            files={
                _UPDATES: (
                    "\n43 updates can be applied immediately.\n"
                    "12 of these updates are standard security updates.\n"
                )
            },
            expected=(
                UPDATES_PENDING.known(43),
                REPOSITORIES.known(
                    (
                        Repository(
                            manager="apt",
                            address="http://archive.ubuntu.com/ubuntu",
                            name="jammy main restricted",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="alpine 3.19 (busybox; format as in apk-repositories(5))",
            text=(
                "@@ sources\nhttps://dl-cdn.alpinelinux.org/alpine/v3.19/main\n"
                "@edge https://dl-cdn.alpinelinux.org/alpine/edge/main\n"
            ),
            expected=(
                REPOSITORIES.known(
                    (
                        Repository(
                            manager="apk",
                            address="https://dl-cdn.alpinelinux.org/alpine/edge/main",
                            name="@edge",
                        ),
                        Repository(
                            manager="apk",
                            address="https://dl-cdn.alpinelinux.org/alpine/v3.19/main",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="freebsd 14 (format as in pkg.conf(5))",
            text=(
                "@@ sources\nFreeBSD: {\n"
                '  url: "pkg+https://pkg.FreeBSD.org/${ABI}/quarterly",\n  enabled: yes\n'
            ),
            expected=(
                REPOSITORIES.known(
                    (
                        Repository(
                            manager="pkg",
                            address="pkg+https://pkg.FreeBSD.org/${ABI}/quarterly",
                            name="FreeBSD",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="sles 15 with a lock (format as in puppet-zypprepo's tests)",
            text="@@ sources\n[SLE-Module-Basesystem]\nenabled=1\nbaseurl=plugin:/susecloud\n",
            files={
                "/etc/zypp/locks": "\ntype: package\nmatch_type: glob\ncase_sensitive: on\n"
                "solvable_name: kernel*\n\ntype: pattern\nmatch_type: glob\n"
                "case_sensitive: on\nsolvable_name: devel_basis\n"
            },
            expected=(
                HELD_PACKAGES.known(("kernel*",)),
                REPOSITORIES.known(
                    (
                        Repository(
                            manager="yum",
                            address="plugin:/susecloud",
                            name="SLE-Module-Basesystem",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="a server without a package manager",
            text="@@ sources\n",
            expected=(REPOSITORIES.unknown(Reason.NOT_TOLD, "no file names any"),),
        ),
    ),
)
