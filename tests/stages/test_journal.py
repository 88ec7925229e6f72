"""Between the gate and the act nothing slips through, and whatever was cut off is told truly."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from inventory.errors import RefusedError, UsageError
from inventory.registry import Plugin
from inventory.store.lock import writer_lock
from migrate import coming_back
from migrate.cli._interruption import ending_as_interruption
from migrate.cli._leaving_told import cut_off, events
from migrate.model.action import Action, Aftermath, Effect, Prepared, Task
from migrate.model.event import Happening
from migrate.model.plan import Move
from migrate.stages import approve, decommission, plan
from migrate.workbench import Workbench
from tests.stages.test_flow import attempt, entered, move, prove, why
from tests.stages.workbenches import KEYS, RUNNING, Scene, own_key, scene

PLAYBOOK = """\
title: two acts
stages:
  - name: test
    help: the new server does the old one's work
    valid_for: 14d
    checks: [{check: ec2-instance}]
  - name: approve
    help: both agree
    needs: [test]
    valid_for: 14d
    approval: {partners: 2}
  - name: quiet
    help: nobody uses it
    needs: [approve]
    valid_for: 1d
    checks: [{check: no-inbound-connections}]
  - {name: first, help: first, needs: [test, approve, quiet], action: first}
  - {name: second, help: second, needs: [test, approve, quiet, first], action: second}
"""


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Scene]:
    """Give a scene in which web-1 is discovered and planned, and everything is permitted."""
    with scene(tmp_path) as made:
        plan.run(made.bench)
        prove(made)
        yield made


@dataclass
class Lever:
    """An act that notes what is done with it, and what it is given."""

    name: str
    down: bool = False
    pulled: list[str] = field(default_factory=list)
    sees: Aftermath | None = None
    """What a look says whatever is so; None says what is so."""
    breaks: bool = False
    prepared: Prepared = field(default_factory=lambda: Prepared(particulars=("nginx runs",)))
    settles_seconds: float = 0
    changes: tuple[str, ...] = ()
    pulls: Callable[[bool], object] = lambda _down: None
    """What else happens when it is pulled down, or up again."""
    given: tuple[str, ...] = ()

    def plugin(self) -> Plugin[Action]:
        """Return the action that pulls it."""
        action = Action(
            describe=lambda task: f"{self.name} {task.move.server}",
            prepare=lambda _task: self.prepared,
            apply=lambda task: self._pull(task, "apply", down=True),
            look=self._look,
            restore=lambda task: self._pull(task, "restore", down=False),
            settles_seconds=self.settles_seconds,
            changes=self.changes,
        )
        return Plugin(name=self.name, help=self.name, value=action, path=Path(self.name))

    def _pull(self, task: Task, how: str, *, down: bool) -> Effect:
        self.pulled.append(how)
        self.down, self.given = down, task.particulars
        self.pulls(down)
        if self.breaks:
            raise KeyboardInterrupt
        return self._look(task)

    def _look(self, _task: Task) -> Effect:
        so = Aftermath.DONE if self.down else Aftermath.NOT_DONE
        return Effect(aftermath=self.sees or so, detail="seen")


@dataclass
class Levers:
    """A scene with two acts."""

    made: Scene
    first: Lever
    second: Lever

    def again(self) -> None:
        """Take what a lever was changed to over."""
        actions = {each.name: each.plugin() for each in (self.first, self.second)}
        shelf = replace(self.made.bench.shelf, actions=actions)
        self.made.bench = replace(self.made.bench, shelf=shelf)


@pytest.fixture
def levers(tmp_path: Path) -> Iterator[Levers]:
    """Give a scene with two acts, all of which is permitted."""
    with scene(tmp_path) as made:
        (tmp_path / "playbooks" / "rehost.yaml").write_text(PLAYBOOK)
        found = Levers(made, Lever("first"), Lever("second"))
        found.again()
        plan.run(made.bench)
        prove(made)
        yield found


def undo(made: Scene) -> decommission.Departure:
    """Take the last act back in earnest."""
    return decommission.undo(made.bench, move(made), apply=True)


@dataclass
class Meddling:
    """A cloud in which something happens while it is asked."""

    then: Callable[[], object]

    def resource(self, move: Move) -> Any:
        """Let it happen once, and describe the resource."""
        del move
        happens, self.then = self.then, lambda: None
        happens()
        return RUNNING


def withdraw(made: Scene) -> None:
    """Let Ann take her approval back."""
    approve.run(made.bench, move(made), person="Ann", sign=own_key, withdraw=True)


def meddled(made: Scene, then: Callable[[], object]) -> Workbench:
    """Return a bench at which something happens while the servers are looked at."""
    return replace(made.bench, clouds=Meddling(then))


def test_an_approval_that_is_withdrawn_during_the_look_counts_no_more(web: Scene) -> None:
    """The gate judges the ledger as it is after the look, not before."""
    bench = meddled(web, lambda: withdraw(web))
    departure = decommission.run(bench, move(web), apply=True)

    assert "1 of 2 partners agreed" in why(departure)
    assert web.switch.pressed == 0


def test_an_approval_that_is_withdrawn_while_the_intent_is_signed_counts_no_more(
    web: Scene,
) -> None:
    """The intent stands directly behind what the gate has read, or the gate is asked again."""
    opened = iter([None, lambda: withdraw(web)])

    def signer() -> Any:
        # First it is only seen to be there; the second time the intent is about to be signed.
        (next(opened, None) or (lambda: None))()
        return KEYS["tests"].signer

    departure = decommission.run(replace(web.bench, signer=signer), move(web), apply=True)

    assert "1 of 2 partners agreed" in why(departure)
    assert web.switch.pressed == 0
    assert entered(web).acts == ()


def test_a_look_that_took_too_long_permits_nothing(web: Scene) -> None:
    """What was seen a quarter of an hour ago is not what is there now."""

    def long() -> None:
        web.clock.now += decommission.LOOK_COUNTS_FOR + timedelta(seconds=1)

    departure = decommission.run(meddled(web, long), move(web), apply=True)

    assert "were not looked at just now" in why(departure)
    assert web.switch.pressed == 0


def test_a_clock_that_goes_back_during_the_look_permits_nothing(web: Scene) -> None:
    """A look of the future is none."""

    def back() -> None:
        web.clock.now -= timedelta(minutes=1)

    departure = decommission.run(meddled(web, back), move(web), apply=True)

    assert "were not looked at just now" in why(departure)


def test_a_clock_that_was_put_back_revives_nothing(web: Scene) -> None:
    """What had expired by the ledger's own dates does not count again; the right time helps."""
    proved_at = web.clock.now
    web.clock.now += timedelta(days=15)
    assert "it expired" in why(attempt(web))
    web.clock.now = proved_at
    first = why(attempt(web))

    assert first.startswith("power-off/clock: it is 2026-11-23")
    assert web.switch.pressed == 0


def test_an_entry_of_the_future_blocks_only_until_that_is_done_again(web: Scene) -> None:
    """One that a wrong clock left is overcome by another of its kind, with the right date."""
    proved_at = web.clock.now
    web.clock.now += timedelta(days=400)
    attempt(web)
    web.clock.now = proved_at
    assert "power-off/clock" in why(attempt(web))
    done = attempt(web)

    assert done.effect is not None
    assert done.effect.aftermath is Aftermath.DONE


def test_a_plan_that_changes_meanwhile_is_not_acted_on(web: Scene) -> None:
    """What was planned when the run began is what it is about, or it ends."""
    moves = (replace(web.bench.estate.moves[0], resource="i-2"),)
    other = replace(web.bench, estate=replace(web.bench.estate, moves=moves))
    with pytest.raises(RefusedError, match="the plan for web-1 was changed"):
        decommission.run(meddled(web, lambda: plan.run(other)), move(web), apply=True)

    assert web.switch.pressed == 0


def test_a_second_run_is_told_who_is_at_work(web: Scene) -> None:
    """It does nothing, and names the holder; it waits only as long as it is told to."""
    with (
        writer_lock(web.bench.store, "jane@ops-1 (process 7)"),
        pytest.raises(RefusedError, match=r"jane@ops-1 \(process 7\)") as refused,
    ):
        decommission.run(web.bench, move(web), apply=True, wait_seconds=0.3)

    assert "--wait" in str(refused.value.hint)
    assert web.switch.pressed == 0
    assert entered(web).acts == ()


def test_to_what_exactly_it_is_done_is_entered_before_it(levers: Levers) -> None:
    """What was found before the act stands in its intent, and is what it and its undoing get."""
    attempt(levers.made)
    (act,) = entered(levers.made).acts
    assert act.intent.particulars == levers.first.given == ("nginx runs",)
    levers.first.given = ()
    undo(levers.made)

    assert levers.first.given == ("nginx runs",)


def test_what_cannot_be_prepared_is_refused(levers: Levers) -> None:
    """An act whose object cannot be told is not permitted, and that is entered."""
    remedy = "parameters = {STAGE = {services = []}}"
    levers.first.prepared = Prepared(refusal="nothing runs there", remedy=remedy)
    refused = attempt(levers.made)
    assert "first/preparation: nothing runs there" in why(refused)
    assert refused.decision is not None
    assert refused.decision.refusals[-1].remedy == "parameters = {first = {services = []}}"

    assert levers.first.pulled == []
    assert entered(levers.made).refusals[-1].why == ("first/preparation: nothing runs there",)


def test_an_earlier_act_has_to_stand_still(levers: Levers) -> None:
    """What was done and fell since (a firewall's rules, at a new start) is to be done again."""
    attempt(levers.made)
    levers.first.down = False
    assert "second/still first: first was done, and is not seen" in why(attempt(levers.made))
    assert levers.second.pulled == []
    undo(levers.made)
    assert [attempt(levers.made).stage for _ in range(2)] == ["first", "second"]


def test_an_act_that_may_still_be_at_work_is_not_called_undone(levers: Levers) -> None:
    """Just after a crash "not done" may mean "not yet"; later it means what it says."""
    levers.first.breaks, levers.first.settles_seconds = True, 600
    levers.again()
    with pytest.raises(KeyboardInterrupt):
        attempt(levers.made)
    levers.first.breaks, levers.first.down = False, False
    with pytest.raises(RefusedError, match="may still be at work there: look again after"):
        attempt(levers.made)
    levers.made.clock.now += timedelta(minutes=11)
    after = attempt(levers.made)

    assert after.found is not None
    assert after.found.effect.aftermath is Aftermath.NOT_DONE
    assert "an earlier run was cut off: first web-1; found: not done" in after.found.words
    assert levers.first.pulled == ["apply", "apply"]


def test_what_cannot_be_told_can_be_taken_back(levers: Levers) -> None:
    """An act that took effect in part holds all up, until it is taken back."""
    levers.first.sees = Aftermath.UNKNOWN
    attempt(levers.made)
    with pytest.raises(RefusedError, match="cannot be told"):
        attempt(levers.made)
    assert undo(levers.made).effect is not None
    levers.first.sees = None
    again = undo(levers.made)

    assert levers.first.pulled == ["apply", "restore"]
    assert again.effect is not None
    assert again.effect.aftermath is Aftermath.NOT_DONE


def slow_to_listen(levers: Levers, monkeypatch: pytest.MonkeyPatch, looks: float) -> list[float]:
    """Let web-1 stop listening by the first act, and listen again only so many looks after it.

    Return the list to which each pause is added.
    """
    made, pauses = levers.made, list[float]()
    whole = made.sources["web-1"].read_bytes()
    deaf = whole.replace(b"0.0.0.0:80 ", b"0.0.0.0:81 ")
    assert deaf != whole

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        made.say("web-1", lambda _: whole if len(pauses) >= looks else deaf)

    monkeypatch.setattr(coming_back, "sleep", pause)
    levers.first.changes = ("listeners", "configuration")
    levers.first.pulls = lambda down: made.say("web-1", lambda said: deaf if down else said)
    levers.again()
    return pauses


def test_a_service_that_listens_late_voids_no_evidence(
    levers: Levers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was taken back is looked at until it is as it was, and the same act is permitted."""
    pauses = slow_to_listen(levers, monkeypatch, looks=2)
    attempt(levers.made)
    taken = undo(levers.made)

    assert taken.effect is not None
    assert taken.effect.detail == "seen; as before after 3 s"
    assert pauses == [1, 2]
    result = entered(levers.made).acts[-1].result
    assert result is not None
    assert result.detail == taken.effect.detail
    again = decommission.run(levers.made.bench, move(levers.made), apply=False)
    assert again.decision is not None
    assert again.decision.allowed


def test_a_server_that_stays_otherwise_is_not_waited_for_for_ever(
    levers: Levers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said after a minute, and what was proved before does not count: so it is."""
    pauses = slow_to_listen(levers, monkeypatch, looks=99)
    attempt(levers.made)
    taken = undo(levers.made)

    assert taken.effect is not None
    assert "looked at for 60 s: it is not as before: listeners" in taken.effect.detail
    assert sum(pauses) == 60
    levers.made.say("web-1", lambda said: said.replace(b"0.0.0.0:81 ", b"0.0.0.0:80 "))
    assert "the old server changed since: listeners" in why(attempt(levers.made))


def test_a_server_that_cannot_be_seen_yet_is_looked_at_again(
    levers: Levers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that does not answer at first may answer a moment later."""
    pauses = slow_to_listen(levers, monkeypatch, looks=1)
    attempt(levers.made)
    levers.first.pulls = lambda _down: levers.made.say("web-1", lambda _said: b"")
    levers.again()
    taken = undo(levers.made)

    assert taken.effect is not None
    assert taken.effect.detail == "seen; as before after 1 s"
    assert pauses == [1]


def test_a_later_run_too_looks_until_a_server_is_as_it_was(
    levers: Levers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an undoing that was cut off; it says so once, in the entry and to the operator."""
    slow_to_listen(levers, monkeypatch, looks=1)
    attempt(levers.made)
    levers.first.breaks = True
    with pytest.raises(KeyboardInterrupt):
        undo(levers.made)
    levers.first.breaks = False
    found = undo(levers.made).found

    assert found is not None
    assert found.state == "it was taken back: seen; as before after 1 s"
    result = entered(levers.made).acts[-1].result
    assert result is not None
    assert result.detail == "found by a later run: seen; as before after 1 s"


def test_an_undoing_that_was_cut_off_does_not_undo_the_act_before_it(levers: Levers) -> None:
    """Asked again, the run finds that it had been taken back, says so, and stops there."""
    attempt(levers.made)
    attempt(levers.made)
    levers.second.breaks = True
    with pytest.raises(KeyboardInterrupt):
        undo(levers.made)
    levers.second.breaks = False
    found = undo(levers.made)

    assert found.found is not None
    assert found.what == "take back: second web-1"
    assert found.effect is not None
    assert found.effect.aftermath is Aftermath.NOT_DONE
    assert levers.first.pulled == ["apply"]


def test_acts_are_taken_back_the_last_one_first(levers: Levers) -> None:
    """Whatever the clock says, what was entered last is taken back first; then there is nothing."""
    levers.made.clock.now += timedelta(hours=1)
    attempt(levers.made)
    levers.made.clock.now -= timedelta(minutes=2)
    attempt(levers.made)
    assert [undo(levers.made).stage for _ in range(2)] == ["second", "first"]
    with pytest.raises(UsageError, match="nothing was done to web-1"):
        undo(levers.made)


def test_being_told_to_end_is_an_interruption() -> None:
    """The signal TERM is taken for Ctrl-C meanwhile, and for itself again afterwards."""
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        _told_to_end()

    assert signal.getsignal(signal.SIGTERM) is before


def _told_to_end() -> None:
    with ending_as_interruption():
        os.kill(os.getpid(), signal.SIGTERM)
        signal.pause()


def test_an_interrupted_act_stays_open_and_is_told_of(levers: Levers) -> None:
    """The journal says that it was begun; the next run tells what became of it, and everyone."""
    levers.first.breaks = True
    with pytest.raises(KeyboardInterrupt) as interrupted:
        attempt(levers.made)
    open_act = entered(levers.made).unresolved(move(levers.made).server_id)
    assert open_act is not None
    assert open_act.intent.stage == "first"
    at = levers.made.clock.now
    (event,) = cut_off(at, move(levers.made), interrupted.value)
    assert event.happening is Happening.INTERRUPTED
    levers.first.breaks = False
    departure = attempt(levers.made)

    told = events(at, move(levers.made), departure, undo=False)
    assert [each.happening for each in told] == [Happening.INTERRUPTED]
    assert told[0].words == "an earlier run was cut off: first web-1; found: done: seen"
    assert levers.first.pulled == ["apply"]


def test_what_happened_is_told_as_what_it_was(levers: Levers) -> None:
    """Done, refused and undone each have a word of their own; so has what cannot be told."""
    made, at = levers.made, levers.made.clock.now

    def happenings(departure: decommission.Departure, *, is_undo: bool = False) -> list[Happening]:
        return [each.happening for each in events(at, move(made), departure, undo=is_undo)]

    assert happenings(attempt(made)) == [Happening.DONE]
    assert happenings(undo(made), is_undo=True) == [Happening.UNDONE]
    levers.first.sees = Aftermath.UNKNOWN
    assert happenings(attempt(made)) == [Happening.INTERRUPTED]
    levers.first.sees = None
    undo(made)
    withdraw(made)
    refused = attempt(made)
    assert happenings(refused) == [Happening.REFUSED]
    assert events(at, move(made), refused, undo=False)[0].details
