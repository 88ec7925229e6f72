"""The journal of acts: an intent before, a result after, and the truth about one left open."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from inventory.errors import RefusedError
from migrate.coming_back import wait_for
from migrate.ledger.book import Ledger, enter, enter_next
from migrate.looking import source_now, switched_off, task_of
from migrate.model.act import Act, Intent, Refusal, Result
from migrate.model.action import Action, Aftermath, Effect, Task
from migrate.model.case import Case
from migrate.model.evidence import Fingerprint
from migrate.model.plan import Move
from migrate.model.playbook import Stage
from migrate.reliance import relied_on
from migrate.workbench import Workbench

_Does = Callable[[Task], Effect]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a later run found of an act that an earlier one left open."""

    act: Act
    """As it stood in the ledger."""
    effect: Effect
    moves: bool = False
    """Whether it is an act of a migration service."""

    @property
    def words(self) -> str:
        """Say it in one sentence."""
        if self.effect.job:
            since = f"{self.act.intent.at:%Y-%m-%d %H:%M} UTC"
            return f"at work since {since}, as {self.effect.job}: {self.act.intent.what}"
        if self.act.at_work:
            return f"{self.act.intent.what}: {self.state}"
        return f"an earlier run was cut off: {self.act.intent.what}; found: {self.state}"

    @property
    def state(self) -> str:
        """Say how the act stands, whichever way it was being done."""
        words = {Aftermath.DONE: "it still stands", Aftermath.NOT_DONE: "it was taken back"}
        seen = self.effect.aftermath
        how = words.get(seen, seen.value) if self.act.intent.undo else seen.value
        return f"{how}: {self.effect.detail}"


def perform(
    bench: Workbench, task: Task, case: Case, stage: Stage, action: Action, seen: Ledger
) -> Effect | None:
    """Do an act between its two entries. Only for what the gate has just allowed.

    ``seen`` is the ledger by which it was allowed. None says that something was entered since (an
    approval may have been withdrawn): nothing was done, and the gate has to be asked again.
    """
    intent = _intent(bench, task, case, stage, action)
    entered = enter_next(
        bench.store, intent, after=seen.verification, at=intent.at, signer=bench.signer()
    )
    if entered is None:
        return None
    return _carried_out(bench, task, entered, action, action.apply)


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
        what=f"take back: {act.intent.what.removeprefix('take back: ')}",
        particulars=act.intent.particulars,
        relied_on=(),
        before=act.intent.before,
        changes=_changes(action),
        holder=holder(),
        at=now,
    )
    entered = enter(bench.store, intent, at=intent.at, signer=bench.signer())
    return _carried_out(bench, task_of(bench, move, entered), entered, action, restore)


def settle(bench: Workbench, move: Move, ledger: Ledger, *, enter_it: bool) -> Found | None:
    """Look what became of what earlier runs left open; None when nothing is open.

    With ``enter_it`` what is seen is entered. What cannot be told stays open. Of several it is the
    newest that comes back, unless one cannot be told.

    Raises:
        RefusedError: the ledger is not whole, or an act's action is not here, or nobody whom the
            estate trusts signed that it was begun.

    """
    if ledger.verification.fault:
        raise RefusedError(
            f"the ledger is not whole: {ledger.verification.fault}",
            hint="restore it from a copy; until then nothing is switched off",
        )
    left = [each for each in ledger.of(move.server_id).acts if each.open]
    for each in left:
        if not each.intent.signer:
            # What it says was begun, and by which particulars, is anybody's word: nothing is even
            # looked at by it, let alone taken back.
            raise RefusedError(
                f"an entry says that this was begun, and no key that the estate trusts signed it: "
                f"{each.intent.what}",
                hint="decant ledger verify names it; restore the ledger from a copy, or put the "
                "key back into [signing] trusted if it was yours",
            )
    found = [_found(bench, move, each, enter_it=enter_it) for each in left]
    untold = (each for each in found if each.effect.aftermath is Aftermath.UNKNOWN)
    return next(untold, found[-1] if found else None)


def _found(bench: Workbench, move: Move, act: Act, *, enter_it: bool) -> Found:
    plugin = bench.shelf.actions.get(act.intent.action)
    if plugin is None:
        raise RefusedError(
            f"an earlier run began this, and its action is not here: {act.intent.what}",
            hint=f"put the action {act.intent.action} back, then run this again",
        )
    effect = _settled(bench, act, plugin.value, plugin.value.look(task_of(bench, move, act.intent)))
    # That it cannot be told is entered once, and not by each run that looks again.
    if enter_it and not _told_before(act, effect):
        found = replace(effect, detail=f"found by a later run: {effect.detail}")
        entered = _enter_result(bench, move, act.intent, plugin.value, found)
        effect = replace(effect, detail=effect.detail + entered.detail.removeprefix(found.detail))
    return Found(act=act, effect=effect, moves=plugin.value.moves)


def _told_before(act: Act, effect: Effect) -> bool:
    """Tell whether the journal says just that: it cannot be told, or the same job is at work."""
    unknown = effect.aftermath is Aftermath.UNKNOWN
    return unknown and act.result is not None and act.result.job == effect.job


def _settled(bench: Workbench, act: Act, action: Action, effect: Effect) -> Effect:
    """Say that it cannot be told yet, when the act may still be about to take effect.

    Not where the service gave up the very job by which it was seen to be at work.
    """
    if effect.gave_up and effect.gave_up == act.at_work:
        return effect
    still = Aftermath.DONE if act.intent.undo else Aftermath.NOT_DONE
    until = act.intent.at + timedelta(seconds=action.settles_seconds)
    if effect.aftermath is not still or bench.clock() >= until:
        return effect
    why = f"it may still be at work there: look again after {until:%Y-%m-%d %H:%M:%S} UTC"
    return replace(effect, aftermath=Aftermath.UNKNOWN, detail=f"{effect.detail}; {why}")


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
    user = str(os.getuid())
    with suppress(KeyError, OSError):
        user = getpass.getuser()
    return f"{user}@{socket.gethostname()} (process {os.getpid()})"


def _intent(bench: Workbench, task: Task, case: Case, stage: Stage, action: Action) -> Intent:
    approvals = (each.id for each in case.approvals)
    return Intent(
        id="",
        server_id=task.move.server_id,
        playbook=case.playbook.name,
        stage=stage.name,
        action=str(stage.action),
        what=action.describe(task),
        particulars=task.particulars,
        relied_on=(*(each.id for each in relied_on(case, stage)), *approvals),
        before=case.fingerprints.source if case.fingerprints else Fingerprint(parts={}),
        changes=_changes(action),
        holder=holder(),
        at=bench.clock(),
    )


def _changes(action: Action) -> tuple[str, ...]:
    return (*action.changes, *(("power",) if action.leaves_off else ()))


def _carried_out(
    bench: Workbench, task: Task, intent: Intent, action: Action, act: _Does
) -> Effect:
    bench.store.flush()  # an intent that a power cut loses would be an act that nobody knows of
    return _enter_result(bench, task.move, intent, action, act(task))


def _enter_result(
    bench: Workbench, move: Move, intent: Intent, action: Action, effect: Effect
) -> Effect:
    """Look what the act left behind, enter it, and return the effect with what is to be said."""
    after, words = _after(bench, move, intent, action, effect)
    effect = replace(effect, detail=f"{effect.detail}; {words}") if words else effect
    now = bench.clock()
    result = Result(
        id="",
        server_id=intent.server_id,
        intent=intent.id,
        aftermath=effect.aftermath,
        detail=effect.detail,
        after=after,
        job=effect.job if effect.aftermath is Aftermath.UNKNOWN else "",
        launched=effect.launched if effect.aftermath is Aftermath.DONE else None,
        at=now,
    )
    enter(bench.store, result, at=now, signer=bench.signer())
    bench.store.flush()
    return effect


def _after(
    bench: Workbench, move: Move, intent: Intent, action: Action, effect: Effect
) -> tuple[Fingerprint | None, str]:
    """Look what the act left behind, where it changed anything that can be looked at.

    A server that was given back what it had is looked at until it has it.
    """
    if effect.aftermath is Aftermath.UNKNOWN or (effect.aftermath is Aftermath.DONE) == intent.undo:
        return None, ""
    if action.moves:
        return None, ""  # the old server goes on as it was, or is off already
    if action.leaves_off and not intent.undo:
        return switched_off(intent.before), ""
    look = partial(source_now, bench, move, command=f"after {intent.stage} of {move.server}")
    if not intent.undo:
        return look(), ""
    back = wait_for(look, intent.before, intent.changes)
    return back.seen, back.words
