"""The journal of acts: an intent before, a result after, and the truth about one left open."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Callable

from inventory.errors import RefusedError
from inventory.model.asking import Access, Limits
from migrate.gate import relied_on
from migrate.ledger.book import Ledger, enter
from migrate.looking import source_now, switched_off
from migrate.model.act import Act, Intent, Refusal, Result
from migrate.model.action import Action, Aftermath, Effect
from migrate.model.case import Case
from migrate.model.evidence import Fingerprint
from migrate.model.plan import Move
from migrate.model.playbook import Stage
from migrate.workbench import Workbench

_Does = Callable[[Move, Access, Limits], Effect]


def perform(bench: Workbench, move: Move, case: Case, stage: Stage, action: Action) -> Effect:
    """Do an act between its two entries. Only for what the gate has just allowed."""
    intent = _intent(bench, move, case, stage, action)
    return _journalled(bench, move, intent, action, action.apply)


def take_back(bench: Workbench, move: Move, act: Act, action: Action, restore: _Does) -> Effect:
    """Take an act back between its two entries. It needs nobody's leave."""
    now = bench.clock()
    intent = Intent(
        id="",
        server_id=move.server_id,
        playbook=act.intent.playbook,
        stage=act.intent.stage,
        action=act.intent.action,
        undo=True,
        what=f"take back: {act.intent.what}",
        relied_on=(),
        before=act.intent.before,
        changes=(*action.changes, *(("power",) if action.leaves_off else ())),
        holder=holder(),
        at=now,
    )
    return _journalled(bench, move, intent, action, restore)


def settle(bench: Workbench, move: Move, ledger: Ledger, *, enter_it: bool) -> Effect | None:
    """Look what became of an act that an earlier run left open; None when none is open.

    With ``enter_it`` what is seen is entered.

    Raises:
        RefusedError: the ledger is not whole, or what became of the act cannot be told.

    """
    if ledger.verification.fault:
        raise RefusedError(
            f"the ledger is not whole: {ledger.verification.fault}",
            hint="restore it from a copy; until then nothing is switched off",
        )
    act = ledger.unresolved(move.server_id)
    if act is None:
        return None
    plugin = bench.shelf.actions.get(act.intent.action)
    if plugin is None:
        raise RefusedError(
            f"an earlier run began this, and its action is not here: {act.intent.what}",
            hint=f"put the action {act.intent.action} back, then run this again",
        )
    effect = plugin.value.look(move, bench.access, bench.limits)
    if enter_it:
        found = Effect(aftermath=effect.aftermath, detail=f"found by a later run: {effect.detail}")
        _enter_result(bench, move, act.intent, plugin.value, found)
    if effect.aftermath is Aftermath.UNKNOWN:
        raise RefusedError(
            f"an earlier run began this and could not see it done: {act.intent.what}; "
            f"what became of it cannot be told: {effect.detail}",
            hint="look at the server yourself, then run this again: it will look once more",
        )
    return effect


def note_refusal(bench: Workbench, case: Case, stage: Stage, why: tuple[str, ...]) -> None:
    """Enter that an act was asked for and refused."""
    refusal = Refusal(
        id="",
        server_id=case.server_id,
        playbook=case.playbook.name,
        stage=stage.name,
        why=why,
        at=case.now,
    )
    enter(bench.store, refusal, at=case.now, signer=bench.signer())


def holder() -> str:
    """Say who is at work: user, machine and process."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()} (process {os.getpid()})"


def _intent(bench: Workbench, move: Move, case: Case, stage: Stage, action: Action) -> Intent:
    approvals = (each.id for each in case.approvals)
    return Intent(
        id="",
        server_id=move.server_id,
        playbook=case.playbook.name,
        stage=stage.name,
        action=str(stage.action),
        what=action.describe(move),
        relied_on=(*(each.id for each in relied_on(case, stage)), *approvals),
        before=case.fingerprints.source if case.fingerprints else Fingerprint(parts={}),
        changes=(*action.changes, *(("power",) if action.leaves_off else ())),
        holder=holder(),
        at=bench.clock(),
    )


def _journalled(bench: Workbench, move: Move, intent: Intent, action: Action, act: _Does) -> Effect:
    entered = enter(bench.store, intent, at=intent.at, signer=bench.signer())
    effect = act(move, bench.access, bench.limits)
    _enter_result(bench, move, entered, action, effect)
    return effect


def _enter_result(
    bench: Workbench, move: Move, intent: Intent, action: Action, effect: Effect
) -> None:
    after = _after(bench, move, intent, action, effect)
    now = bench.clock()
    result = Result(
        id="",
        server_id=intent.server_id,
        intent=intent.id,
        aftermath=effect.aftermath,
        detail=effect.detail,
        after=after,
        at=now,
    )
    enter(bench.store, result, at=now, signer=bench.signer())


def _after(
    bench: Workbench, move: Move, intent: Intent, action: Action, effect: Effect
) -> Fingerprint | None:
    """Look what the act left behind, where it changed anything that can be looked at."""
    if effect.aftermath is Aftermath.UNKNOWN or (effect.aftermath is Aftermath.DONE) == intent.undo:
        return None
    if action.leaves_off and not intent.undo:
        return switched_off(intent.before)
    return source_now(bench, move, command=f"after {intent.stage} of {move.server}")
