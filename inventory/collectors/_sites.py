"""What the readers of web servers' configurations have in common: one site, being gathered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from inventory.collectors._secrets import without_secrets
from inventory.model.instances import Detail, Instance, InstanceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

CATCH_ALL: Final = frozenset({"", "_", "*"})
"""Names that stand for no name of its own."""
_MOST: Final = 60
"""How many details of one kind are kept of a site."""
_LAST_PORT: Final = 65535

CLEANING: Final = r"""
function clean(text,  part) {
  gsub(/:\/\/[^\/@ \t]*@/, "://***@", text)
  while (match(text, /:\/\/[^ \t?]*[?][^ \t]*/)) {
    part = substr(text, RSTART, RLENGTH)
    sub(/[?].*/, "", part)
    text = substr(text, 1, RSTART - 1) part substr(text, RSTART + RLENGTH)
  }
  return text
}
"""
"""The part of an awk program that takes passwords and queries out of addresses."""


@dataclass(kw_only=True)
class Site:
    """One virtual host, being gathered."""

    application: str
    file: str
    names: list[str] = field(default_factory=list)
    ports: list[str] = field(default_factory=list)
    root: str | None = None
    passes: list[str] = field(default_factory=list)
    certificates: list[str] = field(default_factory=list)

    def instance(self) -> Instance:
        """Return it in its final form."""
        names = [each for each in dict.fromkeys(self.names) if each not in CATCH_ALL]
        ports = tuple(dict.fromkeys(self.ports))
        return Instance(
            application=self.application,
            kind=InstanceKind.SITE,
            name=names[0] if names else f"default on {', '.join(ports) or 'no port'}",
            path=self.root,
            ports=ports,
            details=tuple(
                Detail(name=name, value=_harmless(value))
                for name, values in (
                    ("also called", names[1:]),
                    ("passes to", self.passes),
                    ("certificate", self.certificates),
                    ("configured in", [self.file]),
                )
                for value in list(dict.fromkeys(values))[:_MOST]
            ),
        )


def unread(application: str, files: list[str]) -> Iterator[Instance]:
    """Yield an instance for each file that may not be read, so that nothing looks complete."""
    for file in files:
        yield Instance(
            application=application,
            kind=InstanceKind.SITE,
            name=f"whatever {file} holds",
            details=(Detail(name="not read", value="needs privilege"),),
        )


def merged(sites: list[Site]) -> tuple[Instance, ...]:
    """Return the sites in order: what has the same name, root and file is one, on all its ports."""
    found: dict[tuple[str, ...], Site] = {}
    for each in sites:
        key = (each.file, *each.names, each.root or "", *each.passes)
        first = found.setdefault(key, each)
        if first is not each:
            first.ports.extend(each.ports)
            first.certificates.extend(each.certificates)
    return tuple(each.instance() for each in found.values())


def port_of(address: str, protocol: str = "tcp") -> str | None:
    """Return the port of ``80``, ``*:80``, ``[::]:80`` as ``80/tcp``; None when it has none."""
    match = re.search(r"(?:\A|:)(\d{1,5})\Z", address)
    if not match or not 0 < int(match[1]) <= _LAST_PORT:
        return None
    return f"{int(match[1])}/{protocol}"


def _harmless(value: str) -> str:
    return without_secrets(f"x:{value}").partition(":")[2]
