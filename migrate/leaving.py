"""Which servers of the inventory are still to leave.

Those that replace an old one have arrived, and those that were switched off through the gate are
gone: nothing is to be judged or moved of either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from inventory.errors import UsageError
from inventory.model.server import Server
from inventory.model.target import Target
from migrate.model.plan import Move, Plan
from migrate.model.report import Material


def leaving(material: Material) -> tuple[Server, ...]:
    """Return the servers that are still to leave, by name."""
    done = {*replacements(material.servers, material.plan), *material.gone}
    servers = (server for server in material.servers if server.id not in done)
    return tuple(sorted(servers, key=lambda each: (each.name, each.id)))


def replacements(servers: Iterable[Server], plan: Plan | None) -> Mapping[str, Move]:
    """Return, by server id, the servers that stand where a planned move has its replacement."""
    if plan is None:
        return {}
    moves = {_place(move.replacement): move for move in plan.moves if move.replacement}
    places = ((server.id, _place(server.target)) for server in servers)
    return {server_id: moves[place] for server_id, place in places if place in moves}


def _place(text: str) -> str:
    try:
        return str(Target.parse(text))
    except UsageError:
        return text
