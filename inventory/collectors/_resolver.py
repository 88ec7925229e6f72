"""What resolv.conf(5), hosts(5) and nsswitch.conf(5) say."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.model.network import HostsEntry, Lookup


@dataclass(frozen=True, kw_only=True)
class Resolver:
    """One resolv.conf."""

    servers: tuple[str, ...] = ()
    domain: str = ""
    search: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


def read_resolver(text: str) -> Resolver:
    """Read resolv.conf: of ``search`` and ``domain`` the last counts, as its manual says."""
    servers: list[str] = []
    options: list[str] = []
    search: list[str] = []
    domain = ""
    for line in text.splitlines():
        word, *rest = _bare(line, "#;").split() or ("",)
        if word == "nameserver":
            servers.extend(rest[:1])
        elif word == "options":
            options.extend(rest)
        elif word in {"search", "domain"}:
            names = [each.rstrip(".").lower() for each in rest]
            search = [each for each in names if each]
            domain = next(iter(search), "") if word == "domain" else ""
    return Resolver(
        servers=tuple(dict.fromkeys(servers)),
        domain=domain,
        search=tuple(search),
        options=tuple(dict.fromkeys(options)),
    )


def read_hosts(text: str) -> tuple[HostsEntry, ...]:
    """Read /etc/hosts, in order."""
    rows = (_bare(line, "#").split() for line in text.splitlines())
    return tuple(HostsEntry(address=row[0], names=tuple(row[1:])) for row in rows if len(row) > 1)


def read_lookups(text: str) -> tuple[Lookup, ...]:
    """Read nsswitch.conf, in order."""
    rows = (_bare(line, "#").partition(":") for line in text.splitlines())
    return tuple(
        Lookup(database=name.strip(), sources=tuple(sources.split()))
        for name, colon, sources in rows
        if colon and name.strip()
    )


def _bare(line: str, marks: str) -> str:
    for mark in marks:
        if mark in line:
            line = line.partition(mark)[0]
    return line
