"""Reads the directives of nginx that :mod:`inventory.collectors.nginx` asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._sites import Site, merged, port_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.instances import Instance

_PASS: Final = re.compile(r"[a-z]+_pass\Z")
_ADDRESS: Final = re.compile(r"(?P<scheme>[a-z]+://)?(?P<name>[^/:]+)(?P<rest>.*)\Z")
_DEFAULT_PORT: Final = "80/tcp"
"""Where a server listens that names no port, as nginx's documentation of ``listen`` says."""


def read_sites(files: Mapping[str, str]) -> tuple[Instance, ...]:
    """Return the sites of all configuration files, by path; an upstream may be in any of them."""
    reading = _Reading()
    for file, text in files.items():
        reading.file(file, text)
    for site in reading.sites:
        site.ports = site.ports or [_DEFAULT_PORT]
        site.passes = [found for each in site.passes for found in reading.resolved(each)]
    return merged(reading.sites)


class _Reading:
    """What was read so far."""

    def __init__(self) -> None:
        self.sites: list[Site] = []
        self.upstreams: dict[str, list[str]] = {}
        self._blocks: list[Site | str | None] = []
        """The blocks that are open: a site, the name of an upstream, or neither."""

    def file(self, file: str, text: str) -> None:
        self._blocks = []
        for line in text.splitlines():
            words = line.split()
            if words and words[-1] == "{":
                self._blocks.append(self._opened(words[:-1], file))
            elif words == ["}"]:
                del self._blocks[-1:]
            elif words:
                self._directive(words)

    def resolved(self, address: str) -> list[str]:
        """Return the servers behind an upstream's name, or the address itself."""
        match = _ADDRESS.match(address)
        servers = self.upstreams.get(match["name"]) if match else None
        if not match or not servers:
            return [address]
        return [f"{match['scheme'] or ''}{each}{match['rest']}" for each in servers]

    def _opened(self, words: list[str], file: str) -> Site | str | None:
        if words == ["server"]:
            self.sites.append(Site(application="nginx", file=file))
            return self.sites[-1]
        if len(words) > 1 and words[0] == "upstream":
            self.upstreams.setdefault(words[1], [])
            return words[1]
        return None

    def _directive(self, words: list[str]) -> None:
        name, *values = words
        inner = self._blocks[-1] if self._blocks else None
        if isinstance(inner, str):
            if name == "server" and values:
                self.upstreams[inner].append(values[0])
            return
        site = next((each for each in reversed(self._blocks) if isinstance(each, Site)), None)
        if site and values:
            _fill(site, name, values, whole=isinstance(inner, Site))


def _fill(site: Site, name: str, values: list[str], *, whole: bool) -> None:
    """Add a directive to a site; ``whole`` says that it is not for one location only."""
    if name == "server_name":
        site.names.extend(values)
    elif name == "listen":
        protocol = "udp" if {"udp", "quic"} & set(values[1:]) else "tcp"
        if not values[0].startswith("unix:"):
            site.ports.append(port_of(values[0], protocol) or f"80/{protocol}")
    elif name == "root" and (whole or not site.root):
        site.root = " ".join(values)
    elif name == "ssl_certificate":
        site.certificates.append(values[0])
    elif _PASS.match(name):
        site.passes.append(values[0])
