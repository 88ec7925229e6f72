"""Take an old server out of service: only through the gate, journalled, one act at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from inventory.errors import RefusedError, UsageError
from inventory.store.lock import writer_lock
from migrate.beneath import last_act
from migrate.casefile import case_of
from migrate.gate import Decision, decide
from migrate.journal import Found, holder, note_refusal, perform, settle, take_back
from migrate.launched import launched, sure_of
from migrate.ledger.book import Ledger, read_ledger
from migrate.looking import Look, look, task_for, task_of
from migrate.model.act import Act
from migrate.model.action import Action, Aftermath, Effect, Prepared
from migrate.model.case import Case, Condition, met, unmet
from migrate.model.plan import Move
from migrate.model.playbook import Playbook, Stage
from migrate.records import load_plan
from migrate.workbench import Workbench

LOOK_COUNTS_FOR: Final = timedelta(minutes=15)
"""How old a look may be when an act that rests on it begins."""
CLOCKS_DIFFER_BY: Final = timedelta(minutes=5)
"""How far the clocks of those who enter something into one ledger may be apart."""
_TRIES: Final = 5


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
    found: Found | None = None
    """What became of an act that an earlier run had left open; None when there was none."""

    @property
    def refused(self) -> bool:
        """Whether the gate refused."""
        return self.decision is not None and not self.decision.allowed


def run(
    bench: Workbench,
    move: Move,
    *,
    apply: bool,
    wait_seconds: float = 0,
    migrating: bool | None = None,
) -> Departure:
    """Look afresh, ask the gate about the next act, and with ``apply`` and its permission do it.

    Without ``apply`` no server is changed and nothing is entered. An act that an earlier run left
    open is first looked into: nothing is ever repeated blindly. Another run that is at work is
    waited for as long as is given. ``migrating`` says whether the next act has to be one of a
    migration service, or must not be; None lets it be either.

    Raises:
        UsageError: the playbook has no stage that acts, or its next act is of the other kind.
        RefusedError: another run is at work, what became of an earlier act cannot be told, the
            ledger is not whole, the plan was changed meanwhile, or the old server's address now
            answers as another server.
        BadInputError: there is no key to sign with.
        StoreError: the lock was lost before anything was done.

    """
    if not apply:
        return _run(bench, move, apply=False, migrating=migrating)
    bench.signer()  # without it nothing could be entered, so nothing may be done
    planned = _planned(bench, move)
    with writer_lock(bench.store, holder(), wait_seconds=wait_seconds) as still_alone:
        _same_plan(bench, move, planned)
        return _run(bench, move, apply=True, migrating=migrating, still_alone=still_alone)


def undo(
    bench: Workbench,
    move: Move,
    *,
    apply: bool,
    wait_seconds: float = 0,
    migrating: bool | None = None,
) -> Departure:
    """Take the last act that was done back, and look; it needs nobody's leave.

    So it is with an act of which it cannot be told what became of it.

    Raises:
        UsageError: nothing was done, it cannot be taken back from here, or it is of the other
            kind, see :func:`run`.
        RefusedError: another run is at work, or the ledger is not whole.

    """
    if not apply:
        return _undo(bench, move, apply=False, migrating=migrating)
    bench.signer()
    with writer_lock(bench.store, holder(), wait_seconds=wait_seconds):
        return _undo(bench, move, apply=True, migrating=migrating)


def _run(
    bench: Workbench,
    move: Move,
    *,
    apply: bool,
    migrating: bool | None,
    still_alone: Callable[[], None] = lambda: None,
) -> Departure:
    playbook = bench.shelf.read(move.playbook)
    found = settle(bench, move, read_ledger(bench.store, bench.trust), enter_it=apply)
    if found is not None:
        _told(found)
        if found.effect.aftermath is not Aftermath.NOT_DONE:
            return _already(found)
    ledger = read_ledger(bench.store, bench.trust)
    case = case_of(bench, move, playbook, ledger=ledger)
    move = sure_of(move, launched(case.acts, playbook))
    stage, action, standing = _next(bench, move, playbook, case)
    if standing is not None:
        act, effect = standing
        return Departure(stage=stage.name, what=act.intent.what, decision=None, effect=effect)
    _of_this_kind(move, stage.name, action, migrating=migrating)
    whole = (bench, move, playbook, stage, action)
    done = _through_the_gate(*whole, apply=apply, still_alone=still_alone)
    return replace(done, found=found)


def _through_the_gate(
    bench: Workbench,
    move: Move,
    playbook: Playbook,
    stage: Stage,
    action: Action,
    *,
    apply: bool,
    still_alone: Callable[[], None],
) -> Departure:
    planned = _planned(bench, move)
    ledger = read_ledger(bench.store, bench.trust)
    seen = look(bench, move, playbook, ledger, command=f"decommission {move.server}")
    task = replace(task_for(bench, move, stage.name), facts=seen.sight.old)
    prepared = action.prepare(task)
    task = replace(task, particulars=prepared.particulars)
    more = (
        *_fallen(bench, move, playbook, stage, ledger),
        *_which(move, stage, ledger, playbook),
        *_prepared(stage, prepared),
    )
    for _ in range(_TRIES):
        # What was entered while the servers were looked at counts, too: somebody may have
        # withdrawn an approval, or a check may have failed.
        ledger = read_ledger(bench.store, bench.trust)
        _same_plan(bench, move, planned)
        case = _case(bench, move, playbook, ledger, seen)
        decision = _decide(case, stage, ledger, more)
        departure = Departure(
            stage=stage.name, what=action.describe(task), decision=decision, effect=None
        )
        if not apply:
            return departure
        if not decision.allowed:
            why = tuple(f"{each.stage}/{each.name}: {each.why}" for each in decision.refusals)
            note_refusal(bench, case, stage, why)
            return departure
        still_alone()
        effect = perform(bench, task, case, stage, action, ledger)
        if effect is not None:
            return replace(departure, effect=effect)
    raise RefusedError(
        "others enter so much into the ledger that the gate cannot keep up", hint="run it again"
    )


def _case(bench: Workbench, move: Move, playbook: Playbook, ledger: Ledger, seen: Look) -> Case:
    """Return the case; without what was seen when that was too long ago, or the clock went back."""
    case = case_of(bench, move, playbook, ledger=ledger, fingerprints=seen.fingerprints)
    fresh = timedelta(0) <= case.now - seen.sight.now <= LOOK_COUNTS_FOR
    return case if fresh else replace(case, fingerprints=None)


def _decide(case: Case, stage: Stage, ledger: Ledger, more: tuple[Condition, ...]) -> Decision:
    """Ask the gate, and add what it does not look at: only ever more to refuse by."""
    conditions = (*decide(case, stage).conditions, *_clock(case, stage, ledger), *more)
    return Decision(conditions=conditions)


def _clock(case: Case, stage: Stage, ledger: Ledger) -> Iterator[Condition]:
    """Refuse when this clock is behind what was entered last: it may bring back what had expired.

    Of each kind the newest entry is looked at, so that a date of the future that a wrong clock left
    is overcome by doing that again.
    """
    newest: list[datetime] = [
        entries[-1].at
        for entries in (ledger.evidence, ledger.approvals, ledger.refusals)
        if entries
    ]
    last = max(newest, default=case.now)
    if last > case.now + CLOCKS_DIFFER_BY:
        yield unmet(
            stage.name,
            "clock",
            f"it is {case.now:%Y-%m-%d %H:%M} UTC here, and the ledger's newest entry is of "
            f"{last:%Y-%m-%d %H:%M}",
            "put this clock right; if it is, the other one was wrong: do that again",
        )


def _fallen(
    bench: Workbench, move: Move, playbook: Playbook, stage: Stage, ledger: Ledger
) -> Iterator[Condition]:
    """Refuse when an earlier act is not seen to stand any more, such as a firewall's rules.

    On a server that is seen to be off by our own act nothing can be looked at: what was done to it
    before stands with that.
    """
    seen = tuple(_seen_again(bench, move, playbook, stage, ledger))
    done = Aftermath.DONE
    is_off = any(action.leaves_off and found.aftermath is done for _, action, found in seen)
    for each, action, found in seen:
        on_it = not action.moves and not action.leaves_off
        if found.aftermath is done or (is_off and on_it and found.aftermath is Aftermath.UNKNOWN):
            yield from _another(move, stage, each, found, ledger)
            continue
        why = f"{each.name} was done, and is not seen to stand any more: {found.detail}"
        remedy = f"decant {each.command} {move.server} --undo --apply, then do it again"
        yield unmet(stage.name, f"still {each.name}", why, remedy)


def _another(
    move: Move, stage: Stage, under: Stage, found: Effect, ledger: Ledger
) -> Iterator[Condition]:
    """Refuse when a service has launched another one since than the act that was done."""
    where = (move.playbook, under.name)
    mine = ledger.of(move.server_id).acts
    acts = (each for each in mine if (each.intent.playbook, each.intent.stage) == where)
    told = [each.result.launched for each in acts if each.done and each.result]
    if not found.launched or not told or not told[-1] or told[-1] == found.launched:
        return
    why = f"{under.name} launched {told[-1][0]}, and since then {found.launched[0]} was launched"
    remedy = f"decant {under.command} {move.server} --undo --apply, then let it launch one again"
    yield unmet(stage.name, f"still {under.name}", why, remedy)


def _seen_again(
    bench: Workbench, move: Move, playbook: Playbook, stage: Stage, ledger: Ledger
) -> Iterator[tuple[Stage, Action, Effect]]:
    """Look at each earlier act that was done; that one was not done is the gate's to say."""
    earlier = playbook.stages[: playbook.stages.index(stage)]
    for each in (one for one in earlier if one.action):
        acts = ledger.of(move.server_id).acts
        where = (playbook.name, each.name)
        mine = [act for act in acts if (act.intent.playbook, act.intent.stage) == where]
        if mine and mine[-1].done:
            action = bench.shelf.actions[str(each.action)].value
            yield each, action, action.look(task_of(bench, move, mine[-1].intent))


def _which(move: Move, stage: Stage, ledger: Ledger, playbook: Playbook) -> Iterator[Condition]:
    """Say which the new server is, and who says so, where a migration service launched it."""
    found = launched(ledger.of(move.server_id).acts, playbook)
    if found is not None:
        yield met(stage.name, "which server", f"it is {found}")


def _prepared(stage: Stage, prepared: Prepared) -> Iterator[Condition]:
    if prepared.refusal:
        remedy = prepared.remedy.replace("STAGE", stage.name)
        yield unmet(stage.name, "preparation", prepared.refusal, remedy)


def _next(
    bench: Workbench, move: Move, playbook: Playbook, case: Case
) -> tuple[Stage, Action, tuple[Act, Effect] | None]:
    """Return the first act that does not stand; or the last, with how it is seen to stand."""
    acts = playbook.acts()
    if not acts:
        raise UsageError(f"playbook {playbook.name} has no stage that acts")
    last = [(each, last_act(case, each)) for each in acts]
    stage, act = next((each for each in last if each[1] is None or not each[1].done), last[-1])
    action = bench.shelf.actions[str(stage.action)].value
    if act is None or not act.done:
        return stage, action, None
    effect = action.look(task_of(bench, move, act.intent))
    # A server that answers again was switched on again: its act goes through the gate once more.
    return stage, action, (act, effect) if effect.aftermath is Aftermath.DONE else None


def _told(found: Found) -> None:
    """Refuse when what became of an earlier act cannot be told, unless a service is at work."""
    if found.effect.aftermath is Aftermath.UNKNOWN and not found.effect.job:
        where = "the service's console" if found.moves else "the server"
        raise RefusedError(
            f"an earlier run began this and could not see it done: {found.act.intent.what}; "
            f"what became of it cannot be told: {found.effect.detail}",
            hint=f"look at {where} yourself, then run this again: it will look once more; or "
            "take it back by --undo",
        )


def _already(found: Found) -> Departure:
    intent = found.act.intent
    return Departure(
        stage=intent.stage, what=intent.what, decision=None, effect=found.effect, found=found
    )


def _undo(bench: Workbench, move: Move, *, apply: bool, migrating: bool | None) -> Departure:
    ledger = read_ledger(bench.store, bench.trust)
    found = settle(bench, move, ledger, enter_it=apply)
    if found is not None and found.act.intent.undo and _came_back(found):
        return _already(found)
    last = _standing(read_ledger(bench.store, bench.trust), move)
    if last is None:
        raise UsageError(f"nothing was done to {move.server} that could be taken back")
    plugin = bench.shelf.actions.get(last.intent.action)
    if plugin is not None:
        _of_this_kind(move, last.intent.stage, plugin.value, migrating=migrating)
    restore = plugin.value.restore if plugin else None
    if plugin is None or restore is None:
        raise UsageError(
            f"this cannot be taken back from here: {last.intent.what}",
            hint=_by_hand(bench, last),
        )
    what = f"take back: {last.intent.what.removeprefix('take back: ')}"
    effect = take_back(bench, move, last, plugin.value, restore) if apply else None
    return Departure(stage=last.intent.stage, what=what, decision=None, effect=effect, found=found)


def _of_this_kind(move: Move, stage: str, action: Action, *, migrating: bool | None) -> None:
    """Refuse an act that whoever typed the command may not have meant."""
    if migrating is None or action.moves is migrating:
        return
    whose = "of a migration service" if action.moves else "on the old server"
    command = "migrate" if action.moves else "decommission"
    raise UsageError(
        f"the act that it is about is {stage}, one {whose}", hint=f"decant {command} {move.server}"
    )


def _came_back(found: Found) -> bool:
    return found.effect.aftermath is Aftermath.NOT_DONE


def _standing(ledger: Ledger, move: Move) -> Act | None:
    """Return the newest act that was done, or may have been; None when none stands.

    Newest is what was entered last: clocks may have gone back.
    """
    acts = {
        (each.intent.playbook, each.intent.stage): each for each in ledger.of(move.server_id).acts
    }
    order = {each.intent.id: index for index, each in enumerate(ledger.of(move.server_id).acts)}
    begun: dict[tuple[str, str], int] = {}
    for each in ledger.of(move.server_id).acts:
        if not each.intent.undo:
            begun[each.intent.playbook, each.intent.stage] = order[each.intent.id]
    standing = [key for key, each in acts.items() if each.done or each.open]
    return acts[max(standing, key=lambda key: begun.get(key, -1))] if standing else None


def _by_hand(bench: Workbench, act: Act) -> str:
    otherwise = "take it back by hand"
    if act.intent.playbook not in bench.shelf.names():
        return otherwise
    stage = bench.shelf.read(act.intent.playbook).stage(act.intent.stage)
    return stage.rollback if stage and stage.rollback else otherwise


def _planned(bench: Workbench, move: Move) -> Move | None:
    """Return the move as the plan has it now."""
    plan = load_plan(bench.store)
    moves = plan.moves if plan else ()
    return next((each for each in moves if each.server_id == move.server_id), None)


def _same_plan(bench: Workbench, move: Move, planned: Move | None) -> None:
    if _planned(bench, move) != planned:
        raise RefusedError(
            f"the plan for {move.server} was changed while this was at work",
            hint="run it again",
        )
