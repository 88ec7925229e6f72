"""Where every server stands, and whose turn it is: from the record, looking at no server."""

from __future__ import annotations

from inventory.store.servers import roster
from migrate.model.plan import Plan
from migrate.model.standing import Standing
from migrate.overview import overview
from migrate.records import classified, load_plan
from migrate.standings import Standings
from migrate.still import Still, shown
from migrate.turns import unplanned
from migrate.workbench import Workbench


def run(
    bench: Workbench,
    remembered: Standings | None = None,
    *,
    still: Still | None = None,
    wave: int | None = None,
    few: int | None = None,
) -> tuple[Standing, ...]:
    """Say where every server of the inventory stands, planned ones first, by wave and name.

    Looks at no server: whether anything changed since the tests is seen when something is done. The
    signatures of all that a standing rests on are verified; with ``few``, those of the first so
    many servers of each turn, and the others are believed. With ``remembered``, only those servers
    are judged of which something changed since, and only what is new of the chain is walked. With
    ``wave``, only the servers of that wave come back. ``still`` keeps what is told, so that it can
    be told again while nothing changes.

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
        every = sorted(
            (*planned, *others),
            key=lambda each: (each[1].wave is None, each[1].wave, each[1].server),
        )
        found = [each for each in every if wave in {None, each[1].wave}]
        mine = [server for server, _ in found]
        numbers = shown((standing for _, standing in found), few)
        unsure = [
            mine[at]
            for at in numbers
            if mine[at] in view.found and not view.found[mine[at]].verified
        ]
        if not unsure:
            break
        view.verify(unsure)
    if not view.walked.fault:
        memory.keep(view.memory())
        if still and all(each.key for each in view.found.values()):
            still.keep((standing, view.found.get(server)) for server, standing in every)
    return tuple(standing for _, standing in found)
