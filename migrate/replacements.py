"""Which servers of the inventory are themselves new: what old ones are replaced by.

They were found like any other, but they have arrived: nothing is to be judged or moved of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from inventory.errors import UsageError
from inventory.model.server import Server
from inventory.model.target import Target
from migrate.model.plan import Move, Plan


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
