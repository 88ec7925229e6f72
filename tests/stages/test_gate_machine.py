"""A larger playbook over the real stages and a real ledger, under whatever order of events.

Hypothesis draws the events; two switches note when they are pressed. What may be pressed is worked
out from the diary of what was really done and seen: it never reads the ledger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import text

from inventory.errors import DecantError
from inventory.model.fact import Reason, Unknown
from inventory.registry import Plugin
from migrate.ledger.book import enter, read_ledger
from migrate.model.action import Action
from migrate.model.evidence import Outcome
from migrate.selection import one_move
from migrate.stages import approve, attest, decommission, plan, revoke, test
from tests.stages.workbenches import KEYS, RUNNING, Scene, Switch, own_key, scene

PLAYBOOK = """\
title: two acts
stages:
  - name: test
    help: the new server does the old one's work
    valid_for: 14d
    checks: [{check: ec2-instance}, {check: listeners-parity}]
  - name: approve
    help: both agree
    needs: [test]
    valid_for: 7d
    approval: {partners: 2, roles: [service owner]}
  - name: stop
    help: it is stopped
    needs: [test, approve]
    action: pause
  - name: watch
    help: nobody misses it
    needs: [stop]
    wait: 2h
    valid_for: 3h
    checks: [{check: no-inbound-connections}]
  - name: told
    help: the supplier was told
    needs: [test]
    valid_for: 14d
    checks: [{check: attested, with: {about: supplier-told}}]
  - name: power-off
    help: it is switched off
    needs: [test, approve, told, stop, watch]
    action: power-off-ssh
"""
VALID = {
    "test": timedelta(days=14),
    "approve": timedelta(days=7),
    "watch": timedelta(hours=3),
    "told": timedelta(days=14),
}
WAIT = timedelta(hours=2)
CHECKS_OF = ("test", "watch", "told")
PRESSED: Counter[str] = Counter()
"""Over all runs: without any the rest would prove nothing."""


@dataclass(frozen=True)
class Noted:
    """One thing that was done, in the diary."""

    what: str
    """A stage that was tested or approved."""
    who: str
    at: datetime
    world: tuple[int, ...]
    good: bool
    test: int
    """How often ``test`` had been run by then."""


def pausing(switch: Switch) -> Plugin[Action]:
    """Return the first act: a switch that changes nothing that is looked at."""
    plugin = switch.action()
    return replace(plugin, name="pause", value=replace(plugin.value, leaves_off=False))


class Migration(RuleBasedStateMachine):
    """One server's move, with everything that may come between."""

    def __init__(self) -> None:
        """Discover and plan."""
        super().__init__()
        self.stack = ExitStack()
        folder = Path(mkdtemp(prefix="decant-machine-"))
        self.made: Scene = self.stack.enter_context(scene(folder))
        self.pause = Switch()
        (folder / "playbooks" / "rehost.yaml").write_text(PLAYBOOK)
        actions = {"pause": pausing(self.pause), "power-off-ssh": self.made.switch.action()}
        bench = self.made.bench
        self.made.bench = replace(bench, shelf=replace(bench.shelf, actions=actions))
        plan.run(self.made.bench)
        self.world = [0, 0, 0, 0]
        self.diary: list[Noted] = []
        self.stopped_at: datetime | None = None
        self.told = False
        self.altered = False
        self.held = {"pause": 0, "off": 0}

    def teardown(self) -> None:
        """Close the store."""
        self.stack.close()

    @property
    def move(self) -> Any:
        """Return the move as it is planned now."""
        return one_move(self.made.bench.store, "web-1")

    def note(self, what: str, who: str = "", *, good: bool = True) -> None:
        """Write down what was done."""
        tests = sum(each.what == "test" for each in self.diary)
        world = tuple(self.world)
        self.diary.append(Noted(what, who, self.made.clock.now, world, good, tests))

    @initialize(far=st.sampled_from(["nothing", "tested", "agreed", "stopped", "watched"]))
    def begin(self, far: str) -> None:
        """Begin somewhere on the way, so that each of its ends is met."""
        steps: list[Callable[[], None]] = [
            *(lambda: self.test("test"), self.attest, lambda: self.test("told")),
            *(lambda: self.agree("Ann"), lambda: self.agree("Ben")),
            lambda: self.attempt("nothing"),
            *(lambda: self.wait(130), lambda: self.test("watch")),
        ]
        for step in steps[: {"nothing": 0, "tested": 3, "agreed": 5, "stopped": 6}.get(far, 8)]:
            step()

    @rule(minutes=st.sampled_from([1, 50, 130, 60 * 24 * 6, 60 * 24 * 9]))
    def wait(self, minutes: int) -> None:
        """Let time pass."""
        self.made.clock.now += timedelta(minutes=minutes)

    @rule(stage=st.sampled_from(CHECKS_OF))
    def test(self, stage: str) -> None:
        """Run a stage's checks."""
        good = False
        with suppress(DecantError):
            good = test.run(self.made.bench, self.move, stage).outcome is Outcome.PASSED
        self.note(stage, good=good)

    @rule(person=st.sampled_from(["Ann", "Ben"]))
    def agree(self, person: str) -> None:
        """Let somebody agree; it may be refused."""
        with suppress(DecantError):
            approve.run(self.made.bench, self.move, person=person, sign=own_key)
            self.note("approve", person)

    @rule(person=st.sampled_from(["Ann", "Ben"]))
    def take_back(self, person: str) -> None:
        """Let somebody take their agreement back."""
        with suppress(DecantError):
            approve.run(self.made.bench, self.move, person=person, sign=own_key, withdraw=True)
            self.note("approve", person, good=False)

    @rule(person=st.sampled_from(["Ann", "Ben"]))
    def forge(self, person: str) -> None:
        """Let Eve repeat somebody's last agreement, signed by her own key."""
        ledger = read_ledger(self.made.bench.store, self.made.bench.trust)
        mine = [each for each in ledger.approvals if each.person == person]
        if mine:
            now = self.made.clock()
            again = replace(mine[-1], withdrawn=False, at=now, expires=now + timedelta(days=99))
            enter(self.made.bench.store, again, at=now, signer=KEYS["Eve"].signer)
            self.note("approve", person, good=False)

    @rule()
    def forge_evidence(self) -> None:
        """Let Eve repeat the last evidence as passed, signed by her own key."""
        ledger = read_ledger(self.made.bench.store, self.made.bench.trust)
        if ledger.evidence:
            last, now = ledger.evidence[-1], self.made.clock()
            passed = replace(last.result, outcome=Outcome.PASSED)
            again = replace(last, result=passed, at=now, expires=now + timedelta(days=99))
            enter(self.made.bench.store, again, at=now, signer=KEYS["Eve"].signer)
            self.note(last.stage, good=False)

    @rule()
    def attest(self) -> None:
        """Declare what the playbook asks for."""
        with suppress(DecantError):
            attest.run(
                self.made.bench,
                self.move,
                "supplier-told",
                person="Ann",
                sign=own_key,
                statement="told on the telephone",
            )

    @rule()
    def revoke(self) -> None:
        """Revoke the newest evidence."""
        ledger = read_ledger(self.made.bench.store, self.made.bench.trust)
        if ledger.evidence:
            last = ledger.evidence[-1]
            with suppress(DecantError):
                revoke.run(self.made.bench, last.id, person="Ben", sign=own_key, reason="wrong")
                self.note(last.stage, good=False)

    @rule(server=st.sampled_from(["web-1", "web-1-new"]))
    def drift(self, server: str) -> None:
        """Change a package on either server."""
        self.world[0 if server == "web-1" else 1] += 1
        name = f"Package: bash{'x' * sum(self.world)}\n".encode()
        self.made.say(server, lambda said: _renamed(said, name))

    @rule(says=st.sampled_from(["running", "another image", "silent"]))
    def cloud(self, says: str) -> None:
        """Let the cloud say something else of the new server."""
        self.world[2] += 1
        self.made.cloud.says = {
            "running": RUNNING,
            "another image": replace(RUNNING, image=f"ami-{self.world[2]}"),
            "silent": Unknown(reason=Reason.UNREACHABLE, detail="throttled"),
        }[says]

    @rule()
    def edit(self) -> None:
        """Edit the playbook."""
        self.world[3] += 1
        path = self.made.folder / "playbooks" / "rehost.yaml"
        path.write_text(f"{PLAYBOOK}# edited {self.world[3]} times\n")

    @precondition(lambda self: not self.altered)
    @rule(crash=st.sampled_from(["nothing", "nothing", "before", "after", "blind"]))
    def attempt(self, crash: str) -> None:
        """Try in earnest to do the next act, perhaps to be cut off at either side of it."""
        could = {"stop": self.may_stop(), "power-off": self.may_switch_off()}
        before = (self.pause.pressed, self.made.switch.pressed)
        for switch in (self.pause, self.made.switch):
            switch.breaks_before = crash == "before"
            switch.breaks_after = crash == "after"
            switch.blind = crash == "blind"
        with suppress(DecantError, KeyboardInterrupt):
            decommission.run(self.made.bench, self.move, apply=True)
        for switch in (self.pause, self.made.switch):
            switch.breaks_before = switch.breaks_after = switch.blind = False
        if self.pause.pressed > before[0]:
            assert could["stop"], self.diary
            assert self.pause.pressed == before[0] + 1
            self.stopped_at = self.made.clock.now
            PRESSED["stop"] += 1
        if self.made.switch.pressed > before[1]:
            assert could["power-off"], self.diary
            assert self.made.switch.pressed == before[1] + 1
            PRESSED["power-off"] += 1

    @rule()
    def rehearse(self) -> None:
        """Look what would be done: nothing is."""
        before = (self.pause.pressed, self.made.switch.pressed)
        with suppress(DecantError):
            decommission.run(self.made.bench, self.move, apply=False)
        assert (self.pause.pressed, self.made.switch.pressed) == before

    @precondition(lambda self: not self.altered)
    @rule()
    def undo(self) -> None:
        """Take the last act back; it needs nobody's leave."""
        with suppress(DecantError):
            decommission.undo(self.made.bench, self.move, apply=True)
        if self.pause.on:
            self.stopped_at = None

    @rule(which=st.sampled_from(["pause", "off"]))
    def by_hand(self, which: str) -> None:
        """Let somebody switch it on again by hand."""
        if which == "pause":
            self.pause.on, self.stopped_at = True, None
        else:
            self.made.switch.on = True

    @precondition(lambda self: bool(self.diary) and not self.altered)
    @rule()
    def alter(self) -> None:
        """Alter an entry behind the database's back: from then on nothing is pressed at all."""
        with self.made.bench.store.engine.begin() as connection:
            names = connection.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            )
            for (name,) in names.all():
                connection.execute(text(f'DROP TRIGGER "{name}"'))
            changed = connection.execute(
                text("UPDATE chain SET subject = subject || 'x' WHERE seq = 1")
            )
        self.altered = changed.rowcount > 0
        if self.altered:
            self.held = {"pause": self.pause.pressed, "off": self.made.switch.pressed}

    @precondition(lambda self: self.altered)
    @rule()
    def attempt_anyway(self) -> None:
        """Try in earnest on a ledger that is not whole."""
        with suppress(DecantError):
            decommission.run(self.made.bench, self.move, apply=True)
        assert self.held == {"pause": self.pause.pressed, "off": self.made.switch.pressed}

    @invariant()
    def the_ledger_tells_whether_it_is_whole(self) -> None:
        """See that it is, unless it was altered; then nothing in it is relied on."""
        ledger = read_ledger(self.made.bench.store, self.made.bench.trust)
        assert bool(ledger.verification.fault) is self.altered
        assert not (self.altered and (ledger.evidence or ledger.approvals))

    def may_stop(self) -> bool:
        """Say whether the first act may be done, by the diary."""
        return self._passed("test") and all(self._agreed(each) for each in ("Ann", "Ben"))

    def may_switch_off(self) -> bool:
        """Say whether the last act may be done, by the diary."""
        watched = self._last("watch")
        return (
            self.may_stop()
            and self._passed("told")
            and self.stopped_at is not None
            and self._passed("watch")
            and watched is not None
            and watched.at >= self.stopped_at + WAIT
        )

    def _last(self, what: str, who: str = "") -> Noted | None:
        mine = [each for each in self.diary if (each.what, each.who) == (what, who)]
        return mine[-1] if mine else None

    def _passed(self, stage: str) -> bool:
        return self._counts(self._last(stage), stage)

    def _agreed(self, person: str) -> bool:
        word = self._last("approve", person)
        tests = sum(each.what == "test" for each in self.diary)
        return self._counts(word, "approve") and word is not None and word.test == tests

    def _counts(self, noted: Noted | None, stage: str) -> bool:
        if noted is None or not noted.good or noted.world != tuple(self.world):
            return False
        return self.made.clock.now < noted.at + VALID[stage]


def _renamed(said: bytes, name: bytes) -> bytes:
    start = said.index(b"Package: bash")
    end = said.index(b"\n", start) + 1
    return said[:start] + name + said[end:]


Migration.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=14,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class TestMigration(Migration.TestCase):  # type: ignore[misc,name-defined]
    """No order of events presses a switch of which the diary does not say that it may be."""

    def runTest(self) -> None:  # noqa: N802 - unittest's name
        """Run it, and see that a switch was pressed in some of the runs."""
        super().runTest()
        assert PRESSED["stop"] + PRESSED["power-off"]


def test_the_whole_way_presses_both_switches_once() -> None:
    """Without this the runs above would prove nothing: these steps lead to the end."""
    migration = Migration()
    try:
        migration.begin("watched")
        assert (migration.pause.pressed, migration.made.switch.pressed) == (1, 0)
        migration.attempt("nothing")
        migration.attempt("nothing")
        assert (migration.pause.pressed, migration.made.switch.pressed) == (1, 1)
    finally:
        migration.teardown()
