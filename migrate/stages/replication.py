"""How far migration services have come with each server that moves to their cloud. Only looks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from inventory.model.fact import Reason, Unknown
from inventory.model.identity import Identity
from inventory.model.server import Server
from inventory.store.servers import servers
from migrate.matching import match, named
from migrate.model.plan import Destination, Move
from migrate.model.replication import Replication, Replications
from migrate.records import load_plan
from migrate.workbench import Workbench

_CLOUDS = (Destination.AWS, Destination.AZURE)
_NAMED_IN = "replicated_as"


@dataclass(frozen=True, kw_only=True)
class Replicated:
    """One server that moves to a cloud, as its service replicates it."""

    move: Move
    found: Replication | Unknown
    """Unknown where it is not surely one of those that are replicated."""


def run(bench: Workbench) -> tuple[Replicated, ...]:
    """Return every move to a cloud with its replication, by wave and name.

    Each place is asked once for all of them.
    """
    plan = load_plan(bench.store)
    moves = [each for each in plan.moves if each.to in _CLOUDS] if plan else []
    known = {each.id: each for each in servers(bench.store)}
    told = {to: bench.clouds.listed(to, Replications) for to in {each.to for each in moves}}
    found = (
        Replicated(move=each, found=_found(each, known.get(each.server_id), told[each.to].values()))
        for each in moves
    )
    return tuple(sorted(found, key=lambda each: (each.move.wave, each.move.server)))


def _found(
    move: Move, server: Server | None, told: Iterable[Replications | Unknown]
) -> Replication | Unknown:
    places = tuple(told)
    known = [each for each in places if isinstance(each, Replications)]
    if not known:
        silent = "; ".join(str(each) for each in places)
        return Unknown(reason=Reason.NOT_TOLD, detail=silent)
    wanted = _named(move)
    if wanted:
        return named(wanted, known)
    identity = Identity.of(server.facts) if server else Identity()
    return match(move.server, identity if identity.pairs() else None, move.resource, known)


def _named(move: Move) -> str:
    """Return what the move calls it for any of its stages or checks."""
    given = (each.get(_NAMED_IN) for each in move.parameters.values() if isinstance(each, dict))
    return str(next(filter(None, given), ""))
