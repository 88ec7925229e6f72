"""Peers' facts beside ours: which of ours covers each of theirs, or why none does. Pure.

``coverage.csv`` is the judgement, a row for each of a peer's paths or for a pattern of them: the
first row that fits counts. ``ours`` names the facts that cover it, ``fact`` or ``fact:field`` of
its entries; without any, ``reason`` says why Decant does not tell it. Nothing is taken on trust: a
path without a row is an error, and so is a row whose fact the server itself did not tell.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

from benchmarks.discovery.asked import Paths
from inventory.errors import BadInputError, Place

_NOTHING: Final = re.compile(r"(?:n/?a|unknown|none|\(none\)|not specified)?\Z", re.IGNORECASE)
"""What peers say when they do not know."""
_NONE: Final[tuple[str, ...]] = ()
_EMPTY: Final[tuple[object, ...]] = (None, "", [])


@dataclass(frozen=True, kw_only=True)
class Row:
    """One judgement."""

    peer: str
    pattern: str
    """Of paths; ``*`` stands for anything."""
    ours: tuple[str, ...]
    """Facts that cover it, all of them; ``a|b`` where one of two is enough."""
    reason: str
    """Why no fact of ours is the same; with facts, what is to be known about them."""


class Cover(Enum):
    """What became of a peer's path on one server."""

    COVERED = "covered"
    """Ours was told there too."""
    SAID_NOTHING = "covered, nothing to tell there"
    """Ours exists; on this server neither says anything."""
    ABSENT = "not told, for a reason"
    UNPROVED = "claimed, but unknown there"
    """An error: the peer knew it and we did not."""
    UNJUDGED = "in no row"
    """An error: nobody has judged it."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One of a peer's paths on one server."""

    server: str
    peer: str
    path: str
    values: int
    """How many values the peer gave under this path."""
    cover: Cover
    ours: tuple[str, ...] = ()
    reason: str = ""


def read_rows(file: Path) -> list[Row]:
    """Read the judgements.

    Raises:
        BadInputError: a row says neither which fact covers it nor why none does.

    """
    rows = []
    with file.open(encoding="utf-8", newline="") as lines:
        for number, line in enumerate(csv.DictReader(lines), start=2):
            row = Row(
                peer=line["peer"],
                pattern=line["path"],
                ours=tuple(line["ours"].split()),
                reason=line["reason"],
            )
            if not row.ours and not row.reason:
                raise BadInputError(
                    f"{row.pattern}: neither a fact of ours nor a reason",
                    place=Place(file=file, line=number),
                )
            rows.append(row)
    return rows


def judge(
    rows: Sequence[Row], server: str, peer: str, theirs: Paths, ours: Mapping[str, Any]
) -> list[Judged]:
    """Judge every path that a peer told of a server; ``ours`` is Decant's document of it."""
    mine = [row for row in rows if row.peer == peer]
    return [_judge(mine, server, peer, path, theirs[path], ours["facts"]) for path in theirs]


def _judge(
    rows: Iterable[Row],
    server: str,
    peer: str,
    path: str,
    values: Sequence[str],
    facts: Mapping[str, Any],
) -> Judged:
    row = next((each for each in rows if fnmatchcase(path, each.pattern)), None)
    if row is None:
        cover, ours, reason = Cover.UNJUDGED, _NONE, "no row of coverage.csv fits"
    elif not row.ours:
        cover, ours, reason = Cover.ABSENT, _NONE, row.reason
    else:
        cover, ours, reason = _proved(row, values, facts)
    return Judged(
        server=server,
        peer=peer,
        path=path,
        values=len(values),
        cover=cover,
        ours=ours,
        reason=reason,
    )


def _proved(
    row: Row, values: Sequence[str], facts: Mapping[str, Any]
) -> tuple[Cover, tuple[str, ...], str]:
    """Look whether what a row claims was told on this server."""
    missing = [claim for claim in row.ours if not _is_known(claim, facts)]
    if not missing:
        return Cover.COVERED, row.ours, row.reason
    said = any(not _NOTHING.match(value) for value in values)
    if said or not all(name in facts for claim in missing for name in _names(claim)):
        why = f"unknown: {', '.join(missing)}; theirs: {list(values[:2])}"
        return Cover.UNPROVED, row.ours, why
    return Cover.SAID_NOTHING, row.ours, row.reason


def _is_known(claim: str, facts: Mapping[str, Any]) -> bool:
    """Tell whether one of a claim's facts is known, and has the field when one is named."""
    return any(_has(each, facts) for each in claim.split("|"))


def _has(claim: str, facts: Mapping[str, Any]) -> bool:
    name, _, field = claim.partition(":")
    value = facts.get(name, {}).get("value")
    if value is None or not field:
        return value is not None
    entries = value if isinstance(value, list) else [value]
    return any(isinstance(each, Mapping) and each.get(field) not in _EMPTY for each in entries)


def _names(claim: str) -> list[str]:
    """Return the names of a claim's facts, without their fields."""
    return [each.partition(":")[0] for each in claim.split("|")]


def unclaimed(rows: Iterable[Row], documents: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return our facts that were known on a server and are behind no row: peers lack them."""
    claimed = {name for row in rows for claim in row.ours for name in _names(claim)}
    known = {
        name
        for document in documents
        for name, fact in document["facts"].items()
        if fact.get("value") is not None
    }
    return sorted(known - claimed)


def table(judged: Sequence[Judged]) -> str:
    """Return, for each server and peer, how many paths came to what, as Markdown."""
    head = ("server", "peer", "values", "paths", *(each.value for each in Cover))
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    for server, peer in dict.fromkeys((each.server, each.peer) for each in judged):
        mine = [each for each in judged if (each.server, each.peer) == (server, peer)]
        counts = [sum(each.cover is cover for each in mine) for cover in Cover]
        values = sum(each.values for each in mine)
        lines.append(f"| {' | '.join(map(str, (server, peer, values, len(mine), *counts)))} |")
    return "\n".join(lines)


def reasons(judged: Sequence[Judged]) -> str:
    """Return why paths are not told, and how many of each peer, as Markdown; a path counts once."""
    absent = {(each.peer, each.path): each.reason for each in judged if each.cover is Cover.ABSENT}
    counts = Counter((peer, reason) for (peer, _), reason in absent.items())
    lines = ["| peer | why not told | paths |", "| --- | --- | --- |"]
    lines += [f"| {peer} | {reason} | {count} |" for (peer, reason), count in counts.most_common()]
    return "\n".join(lines)


def write_listing(file: Path, judged: Iterable[Judged]) -> None:
    """Write every path with its cover, as CSV."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(("server", "peer", "path", "cover", "ours", "reason"))
        for each in judged:
            ours = " ".join(each.ours)
            writer.writerow(
                (each.server, each.peer, each.path, each.cover.value, ours, each.reason)
            )
