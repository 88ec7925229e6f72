"""Take an old server out of service: only through the gate, journalled, one act at a time."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.errors import UsageError
from inventory.store.lock import writer_lock
from migrate.casefile import case_of
from migrate.gate import Decision, decide, last_act
from migrate.journal import holder, note_refusal, perform, settle, take_back
from migrate.ledger.book import Ledger, read_ledger
from migrate.looking import look
from migrate.model.action import Action, Aftermath, Effect
from migrate.model.case import Case
from migrate.model.plan import Move
from migrate.model.playbook import Playbook, Stage
from migrate.workbench import Workbench


@dataclass(frozen=True, kw_only=True)
class Departure:
    """What came of it."""

    stage: str
    """The stage whose act it is."""
    what: str
    """What the act is, one sentence."""
    decision: Decision | None
    """What the gate said; None when an earlier run had already done it, or it is taken back."""
    effect: Effect | None
    """What was seen afterwards; None when nothing was done."""

    @property
    def refused(self) -> bool:
        """Whether the gate refused."""
        return self.decision is not None and not self.decision.allowed


def run(bench: Workbench, move: Move, *, apply: bool) -> Departure:
    """Look afresh, ask the gate about the next act, and with ``apply`` and its permission do it.

    Without ``apply`` no server is changed and nothing is entered. An act that an earlier run left
    open is first looked into: nothing is ever repeated blindly.

    Raises:
        UsageError: the playbook has no stage that acts.
        RefusedError: what became of an earlier act cannot be told, the ledger is not whole, or the
            old server's address now answers as another server.
        BadInputError: there is no key to sign with.

    """
    playbook = bench.shelf.read(move.playbook)
    if not apply:
        return _run(bench, move, playbook, apply=False)
    bench.signer()  # without it nothing could be entered, so nothing may be done
    with writer_lock(bench.store, holder()):
        return _run(bench, move, playbook, apply=True)


def undo(bench: Workbench, move: Move, *, apply: bool) -> Departure:
    """Take the last act that was done back, and look; it needs nobody's leave.

    Raises:
        UsageError: nothing was done, or it cannot be taken back from here.
        RefusedError: the ledger is not whole.

    """
    if not apply:
        return _undo(bench, move, apply=False)
    bench.signer()
    with writer_lock(bench.store, holder()):
        return _undo(bench, move, apply=True)


def _run(bench: Workbench, move: Move, playbook: Playbook, *, apply: bool) -> Departure:
    ledger = read_ledger(bench.store, bench.trust)
    left = ledger.unresolved(move.server_id)
    found = settle(bench, move, ledger, enter_it=apply)
    if left is not None and found is not None and found.aftermath is Aftermath.DONE:
        name, what = left.intent.stage, left.intent.what
        return Departure(stage=name, what=what, decision=None, effect=found)
    ledger = read_ledger(bench.store, bench.trust)
    case = case_of(bench, move, playbook, ledger=ledger)
    stage, action, standing = _next(bench, move, playbook, case)
    what = action.describe(move)
    if standing is not None:
        return Departure(stage=stage.name, what=what, decision=None, effect=standing)
    decision, case = _decide(bench, move, playbook, stage, ledger)
    if not apply:
        return Departure(stage=stage.name, what=what, decision=decision, effect=None)
    if not decision.allowed:
        why = tuple(f"{each.stage}/{each.name}: {each.why}" for each in decision.refusals)
        note_refusal(bench, case, stage, why)
        return Departure(stage=stage.name, what=what, decision=decision, effect=None)
    effect = perform(bench, move, case, stage, action)
    return Departure(stage=stage.name, what=what, decision=decision, effect=effect)


def _decide(
    bench: Workbench, move: Move, playbook: Playbook, stage: Stage, ledger: Ledger
) -> tuple[Decision, Case]:
    seen = look(bench, move, playbook, ledger, command=f"decommission {move.server}")
    case = case_of(bench, move, playbook, ledger=ledger, fingerprints=seen.fingerprints)
    return decide(case, stage), case


def _next(
    bench: Workbench, move: Move, playbook: Playbook, case: Case
) -> tuple[Stage, Action, Effect | None]:
    """Return the first act that does not stand; or the last, with how it is seen to stand."""
    acts = playbook.acts()
    if not acts:
        raise UsageError(f"playbook {playbook.name} has no stage that acts")
    for stage in acts:
        action = bench.shelf.actions[str(stage.action)].value
        act = last_act(case, stage)
        if act is None or not act.done:
            return stage, action, None
    effect = action.look(move, bench.access, bench.limits)
    # A server that answers again was switched on again: its act goes through the gate once more.
    return stage, action, effect if effect.aftermath is Aftermath.DONE else None


def _undo(bench: Workbench, move: Move, *, apply: bool) -> Departure:
    ledger = read_ledger(bench.store, bench.trust)
    settle(bench, move, ledger, enter_it=apply)
    ledger = read_ledger(bench.store, bench.trust)
    acts = {each.intent.stage: each for each in ledger.of(move.server_id).acts}
    standing = [each for each in acts.values() if each.done or each.open]
    if not standing:
        raise UsageError(f"nothing was done to {move.server} that could be taken back")
    last = max(standing, key=lambda each: each.intent.at)
    plugin = bench.shelf.actions.get(last.intent.action)
    restore = plugin.value.restore if plugin else None
    if plugin is None or restore is None:
        stage = bench.shelf.read(move.playbook).stage(last.intent.stage)
        raise UsageError(
            f"this cannot be taken back from here: {last.intent.what}",
            hint=stage.rollback if stage and stage.rollback else "take it back by hand",
        )
    what = f"take back: {last.intent.what}"
    if not apply:
        return Departure(stage=last.intent.stage, what=what, decision=None, effect=None)
    effect = take_back(bench, move, last, plugin.value, restore)
    return Departure(stage=last.intent.stage, what=what, decision=None, effect=effect)
