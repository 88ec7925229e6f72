"""Where every server stands, and whose turn it is: from the record, looking at no server."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from inventory.model.codec import encode
from inventory.model.server import Server
from inventory.store.chain import last_of_each
from inventory.store.servers import roster
from migrate.casefile import case_of, freezes
from migrate.fingerprint import digest
from migrate.gate import Decision, agreed_by, rests_on, since, steps
from migrate.ledger.book import believed_of, read_ledger
from migrate.model.case import Case
from migrate.model.life import Step
from migrate.model.plan import Move, Plan
from migrate.model.playbook import Playbook, Stage
from migrate.model.standing import Standing, Turn
from migrate.moment import shut
from migrate.records import classified, load_plan
from migrate.standings import Remembered, Standings, changes_at, judges
from migrate.workbench import Workbench

_FEW = 200
"""Up to how many servers are read one by one; for more, the whole ledger is read at once."""


def run(bench: Workbench, remembered: Standings | None = None) -> tuple[Standing, ...]:
    """Say where every server of the inventory stands, planned ones first, by wave and name.

    Looks at no server: whether anything changed since the tests is seen when something is done.
    Signatures are believed; what acts verifies them. With ``remembered``, only those servers are
    judged of which something changed since, and then the chain is not walked either.

    Raises:
        StoreError: something stored cannot be read.
        BadInputError: a playbook of the plan is not there, or is wrong.

    """
    plan = load_plan(bench.store) or Plan(moves=(), unplanned=(), warnings=(), at=bench.clock())
    known = roster(bench.store)
    planned = _planned(bench, plan.moves, known, remembered)
    judged = classified(bench.store)
    replacements = {each.replacement: each.server for each in plan.moves if each.replacement}
    standings = [planned.get(each.id) or _unplanned(each, judged, replacements) for each in known]
    return tuple(sorted(standings, key=lambda each: (each.wave is None, each.wave, each.server)))


def _planned(
    bench: Workbench,
    moves: Sequence[Move],
    known: Sequence[Server],
    remembered: Standings | None,
) -> dict[str, Standing]:
    playbooks = {name: bench.shelf.read(name) for name in {each.playbook for each in moves}}
    if remembered is None:
        ledger = read_ledger(bench.store, bench.trust, signatures=False)
        cases = (case_of(bench, each, playbooks[each.playbook], ledger=ledger) for each in moves)
        return {
            case.server_id: _stands(case, each) for case, each in zip(cases, moves, strict=True)
        }
    records = {each.id: (each.id, *each.also) for each in known}
    keys = _keys(bench, moves, records, playbooks)
    now = bench.clock()
    found = {
        each.server_id: remembered.of(each.server_id, keys[each.server_id], now) for each in moves
    }
    stale = [each for each in moves if found[each.server_id] is None]
    whole = read_ledger(bench.store, bench.trust, signatures=False) if len(stale) > _FEW else None
    kept = {
        each.server_id: remembered.servers[each.server_id]
        for each in moves
        if found[each.server_id] is not None
    }
    for each in stale:
        mine = records.get(each.server_id, (each.server_id,))
        ledger = whole or believed_of(bench.store, bench.trust, each.server_id, mine)
        case = case_of(bench, each, playbooks[each.playbook], ledger=ledger)
        standing = _stands(case, each)
        found[each.server_id] = standing
        if not case.ledger_fault:
            kept[each.server_id] = Remembered(
                key=keys[each.server_id], until=changes_at(case, standing), standing=standing
            )
    remembered.keep(kept)
    return {server_id: each for server_id, each in found.items() if each is not None}


def _keys(
    bench: Workbench,
    moves: Sequence[Move],
    records: Mapping[str, Sequence[str]],
    playbooks: Mapping[str, Playbook],
) -> dict[str, str]:
    """Return, by server, the digest of everything that its standing is judged by, but the time."""
    estate = bench.estate
    common = [judges(), bench.trust.digest, [each.name for each in estate.partners]]
    begin = digest([*common, [str(each) for each in freezes(estate)]]).encode()
    last = last_of_each(bench.store)
    found = {}
    for each in moves:
        heads = [last.get(record) for record in records.get(each.server_id, (each.server_id,))]
        said = b"%b%b%b" % (encode(each), encode(heads), playbooks[each.playbook].digest.encode())
        found[each.server_id] = hashlib.sha256(begin + said).hexdigest()
    return found


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


def _stands(case: Case, move: Move) -> Standing:
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
    state, settled = planned.state, _settled(case)
    for stage, decision in steps(case):
        if not decision.allowed and stage.name not in settled:
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


def _settled(case: Case) -> set[str]:
    """Return the stages that lie behind the last act that was done, and that nothing asks again.

    Their evidence may run out: the act rested on it, and what is still to come does not.
    """
    stages = case.playbook.stages
    done = [at for at, (each, found) in enumerate(steps(case)) if each.action and found.allowed]
    behind = max(done, default=-1)
    asked = {name for each in stages[behind + 1 :] for name in rests_on(case.playbook, each)}
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
        return f"decant decommission {move.server}"
    if stage.approval:
        return f"decant approve {move.server} --stage {stage.name} --as PERSON"
    return f"decant test {move.server} --stage {stage.name}"
