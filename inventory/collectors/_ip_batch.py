"""What one ``ip -batch`` says: interfaces, routes, rules, neighbours, told apart by their form."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from inventory.collectors._ip import after
from inventory.model.network import Neighbour

COMMANDS: Final = "addr show\\nroute show table all\\nrule show\\nneigh show\\n"
"""What is asked, as ``printf`` takes it."""
_INTERFACE: Final = re.compile(r"\d+: \S+: <")
_RULE: Final = re.compile(r"(\d+):\s+((?:not )?from .*)")
_USUAL: Final = re.compile(r"from all lookup (local|main|default|255|254|253)\b")
_STATES: Final = frozenset({
    "PERMANENT", "NOARP", "REACHABLE", "STALE", "NONE", "INCOMPLETE", "DELAY", "PROBE", "FAILED",
})  # fmt: skip
"""Of the kernel's neighbour table; one of them ends each of its lines."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """The lines of each kind."""

    interfaces: list[str] = field(default_factory=list)
    routes: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    neighbours: list[str] = field(default_factory=list)


def read_batch(text: str) -> Batch:
    """Tell the lines apart; a line that is indented belongs to the one before."""
    batch = Batch()
    to = batch.interfaces
    for line in text.splitlines():
        if not line[:1].isspace():
            to = _where(line, batch)
        to.append(line)
    return batch


def _where(line: str, batch: Batch) -> list[str]:
    if line[:1].isdigit():
        if _INTERFACE.match(line):
            return batch.interfaces
        if _RULE.match(line):
            return batch.rules
    words = line.split()
    if " dev " in line and words and words[-1] in _STATES:
        return batch.neighbours
    return batch.routes


def read_rules(lines: list[str]) -> tuple[str, ...]:
    """Return the rules that a system does not have by itself, as ``PRIORITY: RULE``."""
    found = (_RULE.match(line) for line in lines)
    return tuple(
        f"{match[1]}: {match[2].partition(' proto ')[0].strip()}"
        for match in found
        if match and not _USUAL.match(match[2])
    )


def read_neighbours(lines: list[str]) -> tuple[Neighbour, ...]:
    """Return those whose hardware address is known."""
    found = set()
    for line in lines:
        words = line.split()
        mac, interface = after(words, "lladdr"), after(words, "dev")
        if mac and interface and not mac.startswith("00:00:00:00:00:00"):
            found.add(Neighbour(address=words[0], interface=interface, mac=mac.lower()))
    return tuple(sorted(found))


def read_arp(text: str) -> tuple[Neighbour, ...]:
    """Return those of ``/proc/net/arp``: address, type, flags, hardware address, mask, device."""
    rows = [line.split() for line in text.splitlines()[1:]]
    found = {
        Neighbour(address=row[0], interface=row[5], mac=row[3].lower())
        for row in rows
        if len(row) > 5 and row[3] != "00:00:00:00:00:00"  # noqa: PLR2004 - the columns above
    }
    return tuple(sorted(found))
