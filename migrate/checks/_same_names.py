"""What bears one name on one distribution and another on the next: services, packages, groups.

Only names of one and the same software stand together, as Debian's and Ubuntu's packages have it
and as those of Red Hat, SUSE and their like do. MySQL and MariaDB, ntpd and chrony are different
software: that one took the other's place is for people to explain.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

T = TypeVar("T")

_SERVICES: Final = (
    ("apache2", "httpd"),
    ("ssh", "sshd"),
    ("cron", "crond"),
    ("bind9", "named"),
    ("chrony", "chronyd"),
    ("ntp", "ntpd", "ntpsec"),
    ("nfs-kernel-server", "nfs-server"),
    ("smbd", "smb", "samba"),
    ("nmbd", "nmb"),
    ("redis-server", "redis"),
    ("mysql", "mysqld"),
    ("exim4", "exim"),
    ("isc-dhcp-server", "dhcpd"),
    ("open-iscsi", "iscsid"),
    ("supervisor", "supervisord"),
    ("rsync", "rsyncd"),
    ("rc-local", "rc.local", "local"),
    ("network-manager", "NetworkManager"),
)
_PACKAGES: Final = (
    ("apache2", "httpd"),
    ("bind9", "bind"),
    ("cron", "cronie"),
    ("exim4", "exim"),
    ("isc-dhcp-server", "dhcp-server", "dhcp"),
    ("libc6", "glibc"),
    ("nfs-kernel-server", "nfs-utils"),
    ("redis-server", "redis"),
    ("openssh-client", "openssh-clients"),
    ("vim", "vim-enhanced"),
)
_GROUPS: Final = (("sudo", "wheel"),)
"""Whose members may become root by sudo, as the distribution sets it up."""

_POSTGRESQL: Final = re.compile(r"postgresql@[\d.]+-(?P<cluster>.+)|postgresql-[\d.]+")
"""A cluster of Debian's (``postgresql@13-main``), the service of PostgreSQL's own packages."""
_RELEASED: Final = re.compile(r"(?P<name>php|tomcat)-?[\d.]+(?P<rest>|-.+)")
"""``php8.2-fpm``, ``tomcat9``: the release stands in the name."""


def service(name: str) -> str:
    """Return the one name of a service that several distributions call differently."""
    cluster = _POSTGRESQL.fullmatch(name)
    if cluster:
        return f"postgresql@{cluster['cluster']}" if cluster["cluster"] else "postgresql"
    released = _RELEASED.fullmatch(name)
    if released:
        return released["name"] + released["rest"]
    return _SERVICE.get(name, name)


def package(name: str) -> str:
    """Return the one name of a package that several distributions call differently."""
    return _PACKAGE.get(name, name)


def group(name: str) -> str:
    """Return the one name of a group that several distributions call differently."""
    return _GROUP.get(name, name)


def by_one_name(things: Mapping[str, T], names: Mapping[str, str]) -> dict[str, T]:
    """Return things under the names given for them; those that would share one keep their own.

    So two clusters of one server never hide behind one name.
    """
    shared = {each for each, count in Counter(names[name] for name in things).items() if count > 1}
    return {name if names[name] in shared else names[name]: thing for name, thing in things.items()}


def _first(groups: Iterable[tuple[str, ...]]) -> dict[str, str]:
    return {name: names[0] for names in groups for name in names}


_SERVICE: Final = _first(_SERVICES)
_PACKAGE: Final = _first(_PACKAGES)
_GROUP: Final = _first(_GROUPS)
