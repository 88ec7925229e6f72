"""Where every server stands, and whose turn it is: from the record, looking at no server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum

from inventory.model.server import Server
from inventory.store.servers import roster
from migrate.casefile import case_of
from migrate.gate import Decision, agreed_by, since, steps
from migrate.ledger.book import Ledger, read_ledger
from migrate.model.case import Case
from migrate.model.life import Step
from migrate.model.plan import Move, Plan
from migrate.model.playbook import Playbook, Stage
from migrate.moment import shut
from migrate.records import classified, load_plan
from migrate.workbench import Workbench


class Turn(Enum):
    """Who has to do something next. The order of the members is the order in which they are told.

    What stands still because of a fault comes first.
    """

    LOOK = "look into it"
    """An act was begun, and what became of it is not known; or the ledger is not whole."""
    ACT = "switch off"
    """The operator: everything that the record can tell is in place."""
    APPROVE = "approve"
    TEST = "test"
    WAIT = "wait"
    PLAN = "plan"
    """It has no move yet."""
    NOBODY = "nobody"
    """All of its playbook is done, or it is itself a replacement."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one server stands."""

    server: str
    wave: int | None
    to: str
    state: str
    """The furthest step of the life that its playbook says was reached, or the stage's name."""
    turn: Turn
    who: tuple[str, ...] = ()
    """The partners whose word is lacking, where somebody has to approve."""
    until: datetime | None = None
    """Until when has to be waited, as far as the record tells; None where nothing is waited for."""
    blocks: str = ""
    """What stands in the way of the next step; empty when nothing does."""
    next: str = ""
    """The command that comes next; empty when there is none."""


def run(bench: Workbench) -> tuple[Standing, ...]:
    """Say where every server of the inventory stands, planned ones first, by wave and name.

    Looks at no server: whether anything changed since the tests is seen when something is done.
    Signatures are believed; what acts verifies them.

    Raises:
        StoreError: something stored cannot be read.
        BadInputError: a playbook of the plan is not there, or is wrong.

    """
    plan = load_plan(bench.store) or Plan(moves=(), unplanned=(), warnings=(), at=bench.clock())
    ledger = read_ledger(bench.store, bench.trust, signatures=False)
    judged = classified(bench.store)
    moves = {each.server_id: each for each in plan.moves}
    playbooks = {name: bench.shelf.read(name) for name in {each.playbook for each in plan.moves}}
    replacements = {each.replacement: each.server for each in plan.moves if each.replacement}
    standings = [
        _planned(bench, moves[each.id], ledger, playbooks)
        if each.id in moves
        else _unplanned(each, judged, replacements)
        for each in roster(bench.store)
    ]
    return tuple(sorted(standings, key=lambda each: (each.wave is None, each.wave, each.server)))


def _unplanned(server: Server, judged: frozenset[str], replacements: Mapping[str, str]) -> Standing:
    replaces = replacements.get(server.target)
    if replaces:
        return _standing(server.name, f"replaces {replaces}", Turn.NOBODY)
    blocks = f"did not answer: {server.unreachable}" if server.unreachable else ""
    if server.id in judged:
        said = blocks or "no move given"
        return _standing(server.name, Step.CLASSIFIED.value, Turn.PLAN, said, "decant plan")
    return _standing(server.name, Step.DISCOVERED.value, Turn.PLAN, blocks, "decant classify")


def _standing(server: str, state: str, turn: Turn, blocks: str = "", then: str = "") -> Standing:
    return Standing(
        server=server, wave=None, to="", state=state, turn=turn, blocks=blocks, next=then
    )


def _planned(
    bench: Workbench, move: Move, ledger: Ledger, playbooks: Mapping[str, Playbook]
) -> Standing:
    case = case_of(bench, move, playbooks[move.playbook], ledger=ledger)
    planned = Standing(
        server=move.server,
        wave=move.wave,
        to=move.to.value,
        state=Step.PLANNED.value,
        turn=Turn.NOBODY,
    )
    if any(each.open for each in case.acts):
        return replace(
            planned,
            state="interrupted",
            turn=Turn.LOOK,
            blocks="an act was begun, and what became of it is not known",
            next=f"decant decommission {move.server} --apply",
        )
    return _reached(case, move, planned)


def _reached(case: Case, move: Move, planned: Standing) -> Standing:
    state = planned.state
    for stage, decision in steps(case):
        if not decision.allowed:
            turn, who, until = _turn(case, stage)
            return replace(
                planned,
                state=state,
                turn=turn,
                who=who,
                until=until,
                blocks=_blocks(decision),
                next=_next(move, stage, turn),
            )
        state = stage.reaches.value if stage.reaches else stage.name
    return replace(planned, state=state)


def _turn(case: Case, stage: Stage) -> tuple[Turn, tuple[str, ...], datetime | None]:
    if case.ledger_fault:
        return Turn.LOOK, (), None
    base = since(case, stage) if stage.wait else None
    if base is not None and case.now < base + stage.wait:
        return Turn.WAIT, (), base + stage.wait
    if stage.approval:
        given = {each.partner for each in agreed_by(case, stage, stage.approval).approvals}
        lacking = tuple(each for each in case.owners if each not in given)
        return Turn.APPROVE, lacking or case.owners, None
    if stage.action:
        closed = shut(stage.windows, case.freezes, case.now)
        return (Turn.WAIT if closed else Turn.ACT), (), None
    return Turn.TEST, (), None


def _blocks(decision: Decision) -> str:
    refusals = [f"{each.stage}/{each.name} {each.why}" for each in decision.refusals]
    more = f" (and {len(refusals) - 1} more)" if len(refusals) > 1 else ""
    return f"{refusals[0]}{more}" if refusals else ""


def _next(move: Move, stage: Stage, turn: Turn) -> str:
    if turn is Turn.LOOK:
        return "decant ledger verify"
    if stage.action:
        return f"decant decommission {move.server}"
    if stage.approval:
        return f"decant approve {move.server} --stage {stage.name} --as PERSON"
    return f"decant test {move.server} --stage {stage.name}"
