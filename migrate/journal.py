"""The journal of acts: an intent before, a result after, and the truth about one left open."""

from __future__ import annotations

import getpass
import os
import socket

from inventory.errors import RefusedError
from migrate.gate import Case, relied_on
from migrate.ledger.book import enter, read_ledger
from migrate.model.act import Intent, Refusal, Result
from migrate.model.action import Action, Aftermath, Effect
from migrate.model.plan import Move
from migrate.model.playbook import Stage
from migrate.workbench import Workbench


def perform(bench: Workbench, move: Move, case: Case, stage: Stage, action: Action) -> Effect:
    """Do an act between its two entries. Only for what the gate has just allowed."""
    now = bench.clock()
    approvals = (each.id for each in case.approvals if each.server_id == move.server_id)
    intent = Intent(
        id="",
        server_id=move.server_id,
        playbook=case.playbook.name,
        stage=stage.name,
        action=str(stage.action),
        what=action.describe(move),
        relied_on=(*(each.id for each in relied_on(case, stage)), *approvals),
        holder=holder(),
        at=now,
    )
    entered = enter(bench.store, intent, at=now)
    effect = action.apply(move, bench.access, bench.limits)
    _enter_result(bench, entered, effect, effect.detail)
    return effect


def already_done(bench: Workbench, move: Move, action: Action, *, enter_it: bool) -> Effect | None:
    """Say what is seen of an act that an earlier run did or left open; None when it is not done.

    An act that was left open is looked into before anything else may be done; with ``enter_it``
    what is seen is entered. An act that took effect, but whose server answers again, is not done.

    Raises:
        RefusedError: the ledger is not whole, or what became of an open act cannot be told.

    """
    ledger = read_ledger(bench.store)
    if ledger.verification.fault:
        raise RefusedError(
            f"the ledger is not whole: {ledger.verification.fault}",
            hint="restore it from a copy; until then nothing is switched off",
        )
    intent = ledger.unresolved(move.server_id)
    last = ledger.last_result(move.server_id)
    if intent is None and (last is None or last.aftermath is not Aftermath.DONE):
        return None
    effect = action.look(move, bench.access, bench.limits)
    if intent is not None:
        if enter_it:
            _enter_result(bench, intent, effect, f"found by a later run: {effect.detail}")
        if effect.aftermath is Aftermath.UNKNOWN:
            raise RefusedError(
                f"an earlier run began this and could not see it done: {intent.what}; "
                f"what became of it cannot be told: {effect.detail}",
                hint="look at the server yourself, then run this again: it will look once more",
            )
    return effect if effect.aftermath is Aftermath.DONE else None


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
    enter(bench.store, refusal, at=case.now)


def holder() -> str:
    """Say who is at work: user, machine and process."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()} (process {os.getpid()})"


def _enter_result(bench: Workbench, intent: Intent, effect: Effect, detail: str) -> None:
    now = bench.clock()
    result = Result(
        id="",
        server_id=intent.server_id,
        intent=intent.id,
        aftermath=effect.aftermath,
        detail=detail,
        at=now,
    )
    enter(bench.store, result, at=now)
