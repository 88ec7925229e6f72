"""Reads the directives of Apache that :mod:`inventory.collectors.apache` asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._sites import Site, merged, port_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.instances import Instance

_WORDS: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')
_BALANCER: Final = re.compile(r"balancer://([^/]+)")
_FEWEST: Final = 2
"""``ProxyPass PATH ADDRESS``; inside a location the path is left out."""


def read_sites(files: Mapping[str, str]) -> tuple[Instance, ...]:
    """Return the sites of all configuration files, by path.

    What stands outside of every virtual host is a site of its own where it has a folder, a name
    of its own being none.
    """
    reading = _Reading()
    for file, text in files.items():
        reading.file(file, text)
    main = [reading.main] if reading.main.root or reading.main.passes else []
    sites = [*main, *reading.sites]
    for site in sites:
        site.passes = [found for each in site.passes for found in reading.resolved(each)]
    return merged(sites)


class _Reading:
    """What was read so far."""

    def __init__(self) -> None:
        self.sites: list[Site] = []
        self.main = Site(application="apache", file="")
        self.balancers: dict[str, list[str]] = {}
        self._open: Site | None = None
        self._balancer = ""
        self._modules = 0

    def file(self, file: str, text: str) -> None:
        self._open, self._balancer, self._modules = None, "", 0
        for line in text.splitlines():
            words = [quoted or plain for quoted, plain in _WORDS.findall(line.rstrip(">"))]
            if words:
                self._line(words[0].lower(), words[1:], file)

    def resolved(self, address: str) -> list[str]:
        """Return the members behind a balancer, or the address itself."""
        match = _BALANCER.match(address)
        return self.balancers.get(match[1], [address]) if match else [address]

    def _line(self, name: str, values: list[str], file: str) -> None:
        if name == "<virtualhost":
            ports = [port for each in values if (port := port_of(each))]
            self._open = Site(application="apache", file=file, ports=ports)
            self.sites.append(self._open)
        elif name == "</virtualhost":
            self._open = None
        elif name in {"<ifmodule", "</ifmodule"}:
            self._modules = max(0, self._modules + (1 if name == "<ifmodule" else -1))
        elif name in {"<proxy", "</proxy"}:
            match = _BALANCER.match(values[0]) if values else None
            self._balancer = match[1] if match else ""
        elif name == "balancermember" and values:
            pool = _BALANCER.match(values[0])
            member = values[1] if pool and len(values) > 1 else values[0]
            self.balancers.setdefault(pool[1] if pool else self._balancer, []).append(member)
        elif values:
            self._directive(name, values, file)

    def _directive(self, name: str, values: list[str], file: str) -> None:
        site = self._open or self.main
        if name == "listen" and not self._modules:
            port = port_of(values[0])
            self.main.ports.extend([port] if port else [])
        elif name in {"servername", "serveralias"}:
            names = [each.partition("://")[2] or each for each in values]
            site.names[len(site.names) if name == "serveralias" else 0 : 0] = [
                re.sub(r":\d+\Z", "", each) for each in names
            ]
        elif name == "documentroot":
            site.root = values[0]
            site.file = site.file or file
        elif name == "sslcertificatefile":
            site.certificates.append(values[0])
        elif name in {"proxypass", "proxypassmatch"}:
            address = values[1] if len(values) >= _FEWEST and "://" in values[1] else values[0]
            site.file = site.file or file
            site.passes.extend([address] if "://" in address else [])
        elif name in {"wsgiscriptalias", "jkmount"} and len(values) >= _FEWEST:
            site.passes.append(values[1])
