"""Where every server stands, and whose turn it is: from the record, looking at no server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inventory.store.servers import roster
from migrate.model.plan import Plan
from migrate.model.standing import Standing, Turn
from migrate.overview import overview
from migrate.records import classified, load_plan
from migrate.standings import Standings
from migrate.turns import unplanned
from migrate.workbench import Workbench


def run(
    bench: Workbench,
    remembered: Standings | None = None,
    *,
    wave: int | None = None,
    few: int | None = None,
) -> tuple[Standing, ...]:
    """Say where every server of the inventory stands, planned ones first, by wave and name.

    Looks at no server: whether anything changed since the tests is seen when something is done. The
    signatures of all that a standing rests on are verified; with ``few``, those of the first so
    many servers of each turn, and the others are believed. With ``remembered``, only those servers
    are judged of which something changed since, and only what is new of the chain is walked. With
    ``wave``, only the servers of that wave come back.

    Raises:
        StoreError: something stored cannot be read.
        BadInputError: a playbook of the plan is not there, or is wrong.

    """
    plan = load_plan(bench.store) or Plan(moves=(), unplanned=(), warnings=(), at=bench.clock())
    known = roster(bench.store)
    memory = remembered or Standings()
    view = overview(bench, plan.moves, known, memory.memory, signatures=few is None)
    judged = classified(bench.store)
    replacements = {each.replacement: each.server for each in plan.moves if each.replacement}
    others = [
        (each.id, unplanned(each, judged, replacements))
        for each in known
        if each.id not in view.found
    ]
    while True:
        planned = ((server, each.standing) for server, each in view.found.items())
        found = sorted(
            (each for each in (*planned, *others) if wave in {None, each[1].wave}),
            key=lambda each: (each[1].wave is None, each[1].wave, each[1].server),
        )
        shown = (server for server in _shown(found, few) if server in view.found)
        unsure = [server for server in shown if not view.found[server].verified]
        if not unsure:
            break
        view.verify(unsure)
    if not view.walked.fault:
        memory.keep(view.memory())
    return tuple(standing for _, standing in found)


def _shown(found: Iterable[tuple[str, Standing]], few: int | None) -> Iterator[str]:
    """Yield the ids of the first servers of each turn."""
    seen = dict.fromkeys(Turn, 0)
    for server, each in found:
        seen[each.turn] += 1
        if few is None or seen[each.turn] <= few:
            yield server
