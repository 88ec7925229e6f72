"""Switch an old server off: only through the gate, journalled before and after, one at a time."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.errors import UsageError
from inventory.store.lock import writer_lock
from migrate.casefile import case_of
from migrate.gate import Case, Decision, decide
from migrate.journal import already_done, holder, note_refusal, perform
from migrate.looking import look
from migrate.model.action import Action, Effect
from migrate.model.plan import Move
from migrate.model.playbook import Playbook, Stage
from migrate.workbench import Workbench


@dataclass(frozen=True, kw_only=True)
class Departure:
    """What came of it."""

    what: str
    """What the act is, one sentence."""
    decision: Decision | None
    """What the gate said; None when an earlier run had already done it."""
    effect: Effect | None
    """What was seen afterwards; None when nothing was done."""

    @property
    def refused(self) -> bool:
        """Whether the gate refused."""
        return self.decision is not None and not self.decision.allowed


def run(bench: Workbench, move: Move, *, apply: bool) -> Departure:
    """Look afresh, ask the gate, and with ``apply`` and its permission do the act.

    Without ``apply`` no server is changed and nothing is entered. An act that an earlier run left
    open is first looked into: nothing is ever repeated blindly.

    Raises:
        UsageError: the playbook has no stage that acts.
        RefusedError: what became of an earlier act cannot be told, the ledger is not whole, or the
            old server's address now answers as another server.

    """
    playbook = bench.shelf.read(move.playbook)
    stage, action = _act(bench, playbook)
    if not apply:
        return _run(bench, move, playbook, stage, action, apply=False)
    with writer_lock(bench.store, holder()):
        return _run(bench, move, playbook, stage, action, apply=True)


def _run(
    bench: Workbench,
    move: Move,
    playbook: Playbook,
    stage: Stage,
    action: Action,
    *,
    apply: bool,
) -> Departure:
    what = action.describe(move)
    done = already_done(bench, move, action, enter_it=apply)
    if done is not None:
        return Departure(what=what, decision=None, effect=done)
    case = _case(bench, move, playbook)
    decision = decide(case, stage)
    if not apply:
        return Departure(what=what, decision=decision, effect=None)
    if not decision.allowed:
        why = tuple(f"{each.stage}/{each.name}: {each.why}" for each in decision.refusals)
        note_refusal(bench, case, stage, why)
        return Departure(what=what, decision=decision, effect=None)
    effect = perform(bench, move, case, stage, action)
    return Departure(what=what, decision=decision, effect=effect)


def _act(bench: Workbench, playbook: Playbook) -> tuple[Stage, Action]:
    stage = playbook.action_stage()
    if stage is None or stage.action is None:
        raise UsageError(f"playbook {playbook.name} has no stage that acts")
    return stage, bench.shelf.actions[stage.action].value


def _case(bench: Workbench, move: Move, playbook: Playbook) -> Case:
    seen = look(bench, move, playbook, command=f"decommission {move.server}")
    return case_of(bench, move, playbook, fingerprints=seen.fingerprints)
