"""Which moves of the plan a command is about: by server name, by wave, or all of them."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from inventory.errors import UsageError
from inventory.store.identities import server_ids
from inventory.store.store import Store
from migrate.model.plan import Move
from migrate.records import load_plan


def chosen_moves(
    store: Store, names: Sequence[str], *, wave: int | None = None, everything: bool = False
) -> tuple[Move, ...]:
    """Return the moves that were asked for, in the plan's order.

    Raises:
        UsageError: nothing was planned, nothing was asked for, or a server has no move.

    """
    plan = load_plan(store)
    if plan is None or not plan.moves:
        raise UsageError(
            "nothing is planned yet",
            hint="give each server that leaves a [[moves]] in decant.toml, then run decant plan",
        )
    if everything:
        return plan.moves
    if wave is not None:
        return _of_wave(plan.moves, wave)
    if not names:
        raise UsageError("no server was named", hint="name servers, or give --wave N or --all")
    known_as = server_ids(store)
    found = (_named(plan.moves, known_as.get(name, name)) for name in names)
    return tuple({each.server_id: each for each in found}.values())


def one_move(store: Store, name: str) -> Move:
    """Return the move of one server. Raises UsageError when it has none."""
    return chosen_moves(store, (name,))[0]


def _of_wave(moves: Sequence[Move], wave: int) -> tuple[Move, ...]:
    found = tuple(each for each in moves if each.wave == wave)
    if not found:
        waves = ", ".join(str(each) for each in sorted({move.wave for move in moves}))
        raise UsageError(f"there is no wave {wave}", hint=f"waves are: {waves}")
    return found


def _named(moves: Sequence[Move], name: str) -> Move:
    found = [each for each in moves if name in {each.server, each.server_id}]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(each.server_id for each in found)
        raise UsageError(f"{len(found)} servers are named {name!r}", hint=f"give an id: {ids}")
    near = difflib.get_close_matches(name, [each.server for each in moves])
    meant = f"did you mean {' or '.join(near)}? " if near else ""
    raise UsageError(
        f"no move is planned for {name!r}",
        hint=f"{meant}decant plan lists the moves; moves are given in decant.toml",
    )
