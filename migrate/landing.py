"""What the servers that are to land in a zone need: sizes, disks, addresses, licences."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Final

from inventory.estate_zones import LandingZone
from inventory.model.fact import Facts
from inventory.model.facts import INTERFACES, OS_FAMILY
from migrate.judging.network import adapters
from migrate.model.landing import Need, ServerNeed
from migrate.model.plan import Move
from migrate.model.verdict import CostLine, Verdict

_DISK: Final = re.compile(r"disk .* (\d+) GiB (\w+)")
"""A line of a verdict's costs for one disk, as :mod:`migrate.sizing.cost` writes it."""
_DISKS_UNKNOWN: Final = "disks: "


def lands(zone: LandingZone, move: Move, wave: int | None = None) -> bool:
    """Tell whether a move ends in a zone; with ``wave``, and is of that wave."""
    return (
        move.to.value == zone.cloud
        and wave in {None, move.wave}
        and (not zone.waves or move.wave in zone.waves)
        and (not zone.servers or any(fnmatchcase(move.server, each) for each in zone.servers))
    )


def need_of(
    moves: Iterable[Move], verdicts: Collection[Verdict], known: Mapping[str, Facts]
) -> Need:
    """Return what moves need where they land, by the size that classification found for each.

    ``known`` are the old servers' facts, by the server's id. Pure.
    """
    by_key = {(each.server_id, each.cloud.value): each for each in verdicts}
    servers: list[ServerNeed] = []
    unsized: list[str] = []
    for move in moves:
        found = _server(move, by_key.get((move.server_id, move.to.value)), known)
        if isinstance(found, str):
            unsized.append(found)
        else:
            servers.append(found)
    return Need(servers=tuple(servers), unsized=tuple(unsized))


def _server(move: Move, verdict: Verdict | None, known: Mapping[str, Facts]) -> ServerNeed | str:
    if verdict is None:
        return f"{move.server} (never classified for {move.to.value})"
    size = verdict.size
    if size is None:
        return f"{move.server} ({verdict.no_size})"
    facts = known.get(move.server_id, Facts())
    family = facts.value(OS_FAMILY)
    interfaces = facts.value(INTERFACES)
    unknown = any(each.startswith(_DISKS_UNKNOWN) for each in size.incomplete)
    return ServerNeed(
        server=move.server,
        size=size.name,
        vcpus=size.vcpus,
        disks=None if unknown else disks_of(size.lines),
        addresses=max(1, adapters(interfaces)[1]) if interfaces else 1,
        windows=None if family is None else family == "windows",
    )


def disks_of(lines: Iterable[CostLine]) -> tuple[tuple[str, int], ...] | None:
    """Return kind and GiB of each disk in the lines of a cost; None when one has no volume."""
    disks = [each.what for each in lines if each.what.startswith("disk ")]
    read = [_DISK.match(each) for each in disks]
    found = tuple((each[2], int(each[1])) for each in read if each)
    return found if len(found) == len(disks) else None
