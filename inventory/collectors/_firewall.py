"""Rules and policies, as nft, iptables-save, pfctl, ipfw and ipfstat tell them, and zones."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from inventory.model.network import ChainPolicy, FirewallRule, FirewallZone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_OPENS: Final = re.compile(r"(table|chain|set|map|flowtable|counter|quota|limit)\s+(.+?)\s*\{")
_POLICY: Final = re.compile(r"type\s.*\bhook\s.*?;(?:\s*policy (\w+);)?")
_CHAIN: Final = re.compile(r":(\S+) ([A-Z]+)\b")
_COMMENT: Final = re.compile(r' (?:-m comment --comment |comment )(?:"(?:\\.|[^"\\])*"|\S+)')


@dataclass(kw_only=True)
class Ruleset:
    """What is found, while it is being read."""

    policies: list[ChainPolicy] = field(default_factory=list)
    rules: list[FirewallRule] = field(default_factory=list)

    def add(self, tool: str, chain: str, rule: str) -> None:
        """Keep a rule, without its comment."""
        self.rules.append(FirewallRule(tool=tool, chain=chain, rule=_COMMENT.sub("", rule)))


def read_nft(text: str, into: Ruleset) -> None:
    """Read ``nft list ruleset``: tables that hold chains, which hold a policy and rules."""
    table, chain = "", ""
    skipped = False
    for line in (each.strip() for each in text.splitlines()):
        opens = _OPENS.fullmatch(line)
        if opens and opens[1] == "table":
            table, chain = opens[2], ""
        elif opens and opens[1] == "chain":
            chain = f"{table} {opens[2]}"
        elif opens:
            skipped = True
        elif line == "}":
            chain, skipped = (chain, False) if skipped else ("", False)
        elif chain and line and not skipped and not line.startswith("#"):
            _nft(line, chain, into)


def _nft(line: str, chain: str, into: Ruleset) -> None:
    policy = _POLICY.match(line)
    if policy:
        said = policy[1] or "accept"
        into.policies.append(ChainPolicy(tool="nftables", chain=chain, policy=said))
    else:
        into.add("nftables", chain, line)


def read_iptables(text: str, tool: str, into: Ruleset) -> None:
    """Read ``iptables-save``: ``*TABLE``, ``:CHAIN POLICY``, ``-A CHAIN RULE``."""
    table = ""
    for line in text.splitlines():
        chain = _CHAIN.match(line)
        if line.startswith("*"):
            table = line[1:].strip()
        elif chain:
            name, policy = f"{table} {chain[1]}", chain[2].lower()
            into.policies.append(ChainPolicy(tool=tool, chain=name, policy=policy))
        elif line.startswith("-A "):
            name, _, rule = line[3:].partition(" ")
            into.add(tool, f"{table} {name}", rule.strip())


def read_plain(text: str, tool: str, into: Ruleset) -> None:
    """Read a rule a line, as pf, ipfw and IP Filter write them."""
    for line in (each.strip() for each in text.splitlines()):
        if line and not line.startswith(("#", "@", "empty list")):
            into.add(tool, "rules", line)


_ZONE: Final = re.compile(r"(?P<folder>/etc|/usr/lib)/firewalld/zones/(?P<name>[^/]+)\.xml\Z")
_RICH: Final = re.compile(r"<rule\b.*?</rule>", re.DOTALL)
_ELEMENT: Final = re.compile(r"<(interface|source|service|port)\s([^<>]*?)/?>")
_ATTRIBUTE: Final = re.compile(r"(\w+)=\"([^\"]*)\"")
_DEFAULT: Final = re.compile(r"^DefaultZone=(\S+)", re.MULTILINE)


def read_zones(files: Mapping[str, str]) -> tuple[FirewallZone, ...]:
    """Return the zones of firewalld that are the default, or that were changed on the server."""
    default = _DEFAULT.search(files.get("/etc/firewalld/firewalld.conf", ""))
    name = default[1] if default else "public"
    found = {zone.name: zone for zone in _zones(files, "/usr/lib", name) if zone.is_default}
    found.update((zone.name, zone) for zone in _zones(files, "/etc", name))
    return tuple(sorted(found.values()))


def _zones(files: Mapping[str, str], folder: str, default: str) -> Iterator[FirewallZone]:
    for path, text in files.items():
        match = _ZONE.match(path)
        if match and match["folder"] == folder and "<zone" in text:
            yield _zone(match["name"], text, is_default=match["name"] == default)


def _zone(name: str, text: str, *, is_default: bool) -> FirewallZone:
    held: dict[str, list[str]] = {}
    for kind, attributes in _ELEMENT.findall(_RICH.sub("", text)):
        said = dict(_ATTRIBUTE.findall(attributes))
        port = f"{said.get('port', '')}/{said.get('protocol', '')}"
        held.setdefault(kind, []).append(
            port if kind == "port" else said.get("name") or next(iter(said.values()), "")
        )
    return FirewallZone(
        name=name,
        is_default=is_default,
        interfaces=tuple(held.get("interface", ())),
        sources=tuple(held.get("source", ())),
        services=tuple(held.get("service", ())),
        ports=tuple(held.get("port", ())),
    )
