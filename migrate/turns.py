"""Where one server stands, and whose turn it is: by its case alone, and by nothing else. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from inventory.model.server import Server
from migrate.beneath import rests_on
from migrate.gate import Decision, agreed_by, steps
from migrate.model.act import Act, Refusal
from migrate.model.case import Case
from migrate.model.life import Step
from migrate.model.plan import Move
from migrate.model.playbook import Playbook, Stage
from migrate.model.standing import Standing, Turn
from migrate.moment import shut
from migrate.refused import lasting
from migrate.reliance import since


def unplanned(server: Server, judged: frozenset[str], replacements: Mapping[str, str]) -> Standing:
    """Say where a server stands that has no move.

    ``judged`` are the ids of those that were classified; ``replacements`` gives by address which
    server one replaces.
    """
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


def stands(case: Case, move: Move, refusals: Sequence[Refusal] = ()) -> Standing:
    """Say where a server stands that has a move.

    ``refusals`` are those that were entered about it: what was seen then, and not put right since,
    is no turn of the operator's.
    """
    planned = Standing(
        server=move.server,
        wave=move.wave,
        to=move.to.value,
        state=Step.PLANNED.value,
        turn=Turn.NOBODY,
    )
    left = [each for each in case.acts if each.open]
    if left:
        return _left_open(case, planned, left)
    return _reached(case, move, planned, refusals)


def _left_open(case: Case, planned: Standing, left: Sequence[Act]) -> Standing:
    """Say what is at work, where a migration service is; else that nobody knows what became of it.

    That a service is at work is what was seen last: it may have come to its end since.
    """
    following = f"decant {_command(case)} {planned.server} --apply"
    act = left[0]
    if all(each.at_work for each in left):
        since = f"since {act.intent.at:%Y-%m-%d %H:%M} UTC, as {act.at_work}"
        why = f"{act.intent.stage}: the service is at work {since}; nothing need be done meanwhile"
        return replace(
            planned,
            state=f"{act.intent.stage}: at work",
            turn=Turn.SERVICE,
            since=act.intent.at,
            blocks=why,
            next=following,
        )
    why = f"{act.intent.stage}: it was begun, and what became of it is not known"
    return replace(planned, state="interrupted", turn=Turn.LOOK, blocks=why, next=following)


def _command(case: Case) -> str:
    """Return the command by which the act that was left open is looked into."""
    left = next((each for each in case.acts if each.open), None)
    stage = case.playbook.stage(left.intent.stage) if left else None
    return stage.command if stage else "decommission"


def _reached(case: Case, move: Move, planned: Standing, refusals: Sequence[Refusal]) -> Standing:
    found = tuple(steps(case))
    state, settled = planned.state, _settled(case.playbook, found)
    for stage, decision in found:
        if not decision.allowed and stage.name not in settled:
            turn, who, until = _turn(case, stage)
            late = lasting(case, stage, refusals) if turn is Turn.ACT else None
            if late:
                again = f"decant {stage.command} {move.server} --explain"
                return replace(planned, state=state, turn=Turn.LOOK, blocks=late.words, next=again)
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


def _settled(playbook: Playbook, found: Sequence[tuple[Stage, Decision]]) -> set[str]:
    """Return the stages that lie behind the last act that was done, and that nothing asks again.

    Their evidence may run out: the act rested on it, and what is still to come does not.
    """
    stages = playbook.stages
    done = [at for at, (each, said) in enumerate(found) if each.action and said.allowed]
    behind = max(done, default=-1)
    asked = {name for each in stages[behind + 1 :] for name in rests_on(playbook, each)}
    return {each.name for each in stages[: max(behind, 0)]} - asked


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
    refusals = [f"{each.stage}/{each.name}: {each.why}" for each in decision.refusals]
    more = f" (and {len(refusals) - 1} more)" if len(refusals) > 1 else ""
    return f"{refusals[0]}{more}" if refusals else ""


def _next(move: Move, stage: Stage, turn: Turn) -> str:
    if turn is Turn.LOOK:
        return "decant ledger verify"
    if stage.action:
        return f"decant {stage.command} {move.server}"
    if stage.approval:
        return f"decant approve {move.server} --stage {stage.name} --as PERSON"
    return f"decant test {move.server} --stage {stage.name}"
