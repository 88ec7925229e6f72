"""What the server's names are: its full name, its domain, the name that it is given at boot.

Read from its own files alone: a name server is never asked. Where /etc/hosts does not give the full
name, the domain that the resolver's configuration puts the server in completes it.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Final

from inventory.collectors._resolver import read_hosts, read_resolver
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import FQDN
from inventory.model.network import DOMAIN, STATIC_HOSTNAME

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from inventory.model.fact import Observation

_SCRIPT = """
if [ ! -r /proc/sys/kernel/hostname ]; then uname -n; fi
:
"""

_KERNEL: Final = "/proc/sys/kernel/hostname"
_HOSTS: Final = "/etc/hosts"
_RESOLVER: Final = "/etc/resolv.conf"
_STATIC: Final = ("/etc/hostname", "/etc/HOSTNAME", "/etc/nodename")
"""Of systemd and Debian, SUSE, and Solaris."""
_NAME: Final = re.compile(r"([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z][a-z0-9-]*\Z")
_NO_NAME: Final = ("localhost.", "localhost4.", "localhost6.", "ip6-localhost.")
_SERVICES: Final = ("cluster.local",)
"""A container is told to look up services in these; it is not in them itself."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = f"{answer.files.get(_KERNEL, '')} {answer.text}".lower().split()
    static = _static(answer.files)
    known = tuple(each.rstrip(".") for each in (*said, static) if each)
    maybe = chain(known, _listed(known, answer.files), _completed(known[:1], answer.files))
    name = next(filter(_is_full, maybe), None)
    told = [STATIC_HOSTNAME.known(static)] if static else []
    if name:
        return (FQDN.known(name), DOMAIN.known(name.partition(".")[2]), *told)
    names = " and ".join(repr(each) for each in dict.fromkeys(known))
    detail = f"it calls itself {names}" if names else "it gave no name"
    return (FQDN.unknown(Reason.NOT_TOLD, detail), DOMAIN.unknown(Reason.NOT_TOLD, detail), *told)


def _static(files: Mapping[str, str]) -> str:
    for path in _STATIC:
        lines = (line.strip().lower() for line in files.get(path, "").splitlines())
        name = next((line for line in lines if line and not line.startswith("#")), "")
        if name:
            return name
    return ""


def _is_full(name: str) -> bool:
    return bool(_NAME.match(name)) and not name.startswith(_NO_NAME)


def _listed(names: tuple[str, ...], files: Mapping[str, str]) -> Iterable[str]:
    """Yield the full names that stand in /etc/hosts beside the server's own."""
    for entry in read_hosts(files.get(_HOSTS, "")):
        lowered = [each.lower() for each in entry.names]
        if any(name in lowered for name in names):
            yield from (each for each in lowered if each.split(".")[0] in names)


def _completed(names: Iterable[str], files: Mapping[str, str]) -> Iterable[str]:
    """Yield the name with the domain that resolv.conf(5) says the server is in."""
    resolver = read_resolver(files.get(_RESOLVER, ""))
    for name in names:
        for domain in (resolver.domain, *resolver.search[:1]):
            if "." not in name and domain and not domain.endswith(_SERVICES):
                yield f"{name}.{domain}"


COLLECTOR = Collector(
    files=(_KERNEL, _HOSTS, _RESOLVER, *_STATIC),
    script=_SCRIPT,
    tidy=True,
    tells=(FQDN, DOMAIN, STATIC_HOSTNAME),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            files={
                _KERNEL: "web-1\n",
                "/etc/hostname": "web-1\n",
                _HOSTS: "127.0.0.1\tlocalhost\n127.0.1.1\tweb-1.shop.example.org\tweb-1\n",
            },
            expected=(
                FQDN.known("web-1.shop.example.org"),
                DOMAIN.known("shop.example.org"),
                STATIC_HOSTNAME.known("web-1"),
            ),
        ),
        Example(
            system="rhel 9 (format as documented)",
            files={_KERNEL: "DB-1.Example.org\n"},
            expected=(FQDN.known("db-1.example.org"), DOMAIN.known("example.org")),
        ),
        Example(
            system="ubuntu 22.04, whose domain only the resolver knows (format as documented)",
            files={
                _KERNEL: "app-1\n",
                _HOSTS: "127.0.0.1 localhost\n127.0.1.1 app-1\n",
                _RESOLVER: "nameserver 127.0.0.53\nsearch corp.example.org\n",
            },
            expected=(FQDN.known("app-1.corp.example.org"), DOMAIN.known("corp.example.org")),
        ),
        Example(
            system="a container under kubernetes (format as documented)",
            files={
                _KERNEL: "web-5d9c\n",
                _RESOLVER: "search shop.svc.cluster.local svc.cluster.local\n",
            },
            expected=(FQDN.unknown(Reason.NOT_TOLD, "it calls itself 'web-5d9c'"),),
        ),
        Example(
            system="centos 7 as installed (format as documented)",
            files={_KERNEL: "localhost.localdomain\n", "/etc/hostname": "localhost.localdomain\n"},
            expected=(FQDN.unknown(Reason.NOT_TOLD, "it calls itself 'localhost.localdomain'"),),
        ),
        Example(
            system="freebsd 13 (format as in hosts(5) and uname(1))",
            text="cache-1.example.org\n",
            files={_HOSTS: "::1 localhost localhost.my.domain\n127.0.0.1 localhost\n"},
            expected=(FQDN.known("cache-1.example.org"),),
        ),
        Example(
            system="alpine 3.19 (busybox), without an entry for itself in /etc/hosts",
            files={_KERNEL: "cache-1\n", _HOSTS: "127.0.0.1 localhost\n"},
            expected=(FQDN.unknown(Reason.NOT_TOLD, "it calls itself 'cache-1'"),),
        ),
        Example(
            system="a server that gives no name",
            expected=(FQDN.unknown(Reason.NOT_TOLD, "it gave no name"),),
        ),
    ),
)
