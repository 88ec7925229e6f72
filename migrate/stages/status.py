"""Where every server stands: what is passed, what blocks it, what comes next. From the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inventory.model.server import Server
from inventory.store.servers import servers
from migrate.casefile import case_of
from migrate.gate import satisfied
from migrate.ledger.book import Ledger, read_ledger
from migrate.model.case import Case
from migrate.model.plan import Move, Plan
from migrate.model.playbook import Playbook, Stage
from migrate.records import load_plan, load_verdicts
from migrate.workbench import Workbench


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one server stands."""

    server: str
    wave: int | None
    to: str
    state: str
    """The furthest step entered: ``discovered``, ``classified``, ``planned``, ``test`` …"""
    blocks: str
    """What stands in the way of the next step; empty when nothing does."""
    next: str
    """The command that comes next; empty when there is none."""


def run(bench: Workbench) -> tuple[Standing, ...]:
    """Say where every server of the inventory stands, planned ones first, by wave and name.

    Looks at no server: whether anything changed since the tests is seen when something is done.
    """
    plan = load_plan(bench.store) or Plan(moves=(), unplanned=(), warnings=(), at=bench.clock())
    ledger = read_ledger(bench.store, bench.trust, signatures=False)
    classified = {each.server_id for each in load_verdicts(bench.store)}
    moves = {each.server_id: each for each in plan.moves}
    replacements = {each.replacement: each.server for each in plan.moves if each.replacement}
    standings = []
    for server in servers(bench.store):
        move = moves.get(server.id)
        if move is not None:
            standings.append(_planned(bench, move, ledger))
        else:
            standings.append(_unplanned(server, classified, replacements))
    return tuple(sorted(standings, key=lambda each: (each.wave is None, each.wave, each.server)))


def _unplanned(server: Server, classified: set[str], replacements: dict[str, str]) -> Standing:
    replaces = replacements.get(server.target)
    if replaces:
        return _standing(server.name, "", f"replaces {replaces}")
    blocks = f"did not answer: {server.unreachable}" if server.unreachable else ""
    if server.id in classified:
        return _standing(server.name, "", "classified", blocks or "no move given", "decant plan")
    return _standing(server.name, "", "discovered", blocks, "decant classify")


def _standing(server: str, to: str, state: str, blocks: str = "", then: str = "") -> Standing:
    return Standing(server=server, wave=None, to=to, state=state, blocks=blocks, next=then)


def _planned(bench: Workbench, move: Move, ledger: Ledger) -> Standing:
    playbook = bench.shelf.read(move.playbook)
    case = case_of(bench, move, playbook, ledger=ledger)
    state, blocks, then = _progress(case, move, playbook, ledger)
    return Standing(
        server=move.server, wave=move.wave, to=move.to.value, state=state, blocks=blocks, next=then
    )


def _progress(case: Case, move: Move, playbook: Playbook, ledger: Ledger) -> tuple[str, str, str]:
    if ledger.unresolved(move.server_id):
        return "interrupted", "an act was begun", f"decant decommission {move.server} --apply"
    reached = "planned"
    for stage in playbook.stages:
        if not satisfied(case, stage).allowed:
            return reached, _blocks(case, stage), _next(move, stage)
        reached = stage.reaches.value if stage.reaches else stage.name
    return reached, "", ""


def _blocks(case: Case, stage: Stage) -> str:
    refusals: Sequence[str] = [
        f"{each.stage}/{each.name} {each.why}" for each in satisfied(case, stage).refusals
    ]
    more = f" (and {len(refusals) - 1} more)" if len(refusals) > 1 else ""
    return f"{refusals[0]}{more}" if refusals else ""


def _next(move: Move, stage: Stage) -> str:
    if stage.action:
        return f"decant decommission {move.server}"
    if stage.approval:
        return f"decant approve {move.server} --stage {stage.name} --as PERSON"
    return f"decant test {move.server} --stage {stage.name}"
