"""A whole decommission, killed at any point: three acts, and a ledger that has to tell the truth.

Every run is a process of its own. It is killed by SIGKILL just before or just after a commit of the
store, a signature, or an act: each of these is a *point*, counted from 1. The hooks are the tests'
own listeners and wrappers; the product knows of none.

As a program it kills at every point; then again, and the next run at every third point, too, for
an hour at the most::

    .venv/bin/python -m tests.real.crashes sqlite 3 3600
    .venv/bin/python -m tests.real.crashes postgresql 3 3600
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from sqlalchemy import event

from inventory.model.asking import Access, Limits
from inventory.model.collector import Collector
from inventory.model.target import Target
from inventory.registry import Plugin, Registry
from inventory.store.chain import rows
from inventory.store.opening import open_store
from inventory.store.store import Store
from migrate.ledger.book import read_ledger
from migrate.ledger.trust import trust_of
from migrate.model.action import Action, Aftermath, Effect, Task
from migrate.model.evidence import Outcome
from migrate.model.playbook import Playbook
from migrate.playbooks import Shelf
from migrate.selection import one_move
from migrate.stages import approve, decommission, plan, test
from migrate.workbench import CHECKS, Workbench
from tests.real.store import postgresql
from tests.real.store.postgresql import PostgreSql
from tests.stages.workbenches import KEYS, RUNNING, Clock, OneCloud, own_key, prepare_estate

ACTS = ("stop", "block", "off")
PLAYBOOK = """\
title: three acts
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
  - {name: stop, help: stopped, needs: [test, approve], action: stop}
  - {name: block, help: blocked, needs: [test, approve, stop], action: block}
  - {name: off, help: "off", needs: [test, approve, block], action: off}
"""
_TOLD_EVERY = 500
"""After how many trials it is told how far they are: whoever ends it early knows what was tried."""
BEGAN = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RUNS_APART = timedelta(minutes=10)
QUESTIONS = ("identity", "os", "kernel", "packages", "sockets", "interfaces", "configuration")
"""What a fingerprint rests on; the rest is not asked, so that a run is short."""


@dataclass
class Points:
    """Counts the points that a run passes, and kills it at one of them."""

    kill_at: int = 0
    """0 kills nowhere."""
    passed: int = 0

    def pass_by(self) -> None:
        """Pass one more point, or end there."""
        self.passed += 1
        if self.passed == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class World:
    """What the acts change: files that outlive every run."""

    folder: Path

    @property
    def effects(self) -> tuple[str, ...]:
        """What was done, in order, each time it was done."""
        path = self.folder / "effects"
        return tuple(path.read_text().split()) if path.exists() else ()

    def do(self, act: str) -> None:
        """Do it: doing it twice would show."""
        with (self.folder / "effects").open("a") as file:
            file.write(f"{act}\n")
        if act == "stop":
            self._replace("web-1.txt", b":80 ", b":81 ")
        if act == "off":
            (self.folder / "web-1.txt").write_bytes(b"")

    def _replace(self, name: str, old: bytes, new: bytes) -> None:
        path = self.folder / name
        said = path.read_bytes()
        assert old in said
        path.write_bytes(said.replace(old, new))


def actions(world: World, points: Points) -> dict[str, Plugin[Action]]:
    """Return the three acts, on a world that they really change."""
    return {act: _plugin(act, world, points) for act in ACTS}


def _plugin(act: str, world: World, points: Points) -> Plugin[Action]:
    def look(_task: Task) -> Effect:
        done = act in world.effects
        return Effect(aftermath=Aftermath.DONE if done else Aftermath.NOT_DONE, detail="seen")

    def apply(task: Task) -> Effect:
        points.pass_by()
        world.do(act)
        points.pass_by()
        return look(task)

    action = Action(
        describe=lambda task: f"{act} {task.move.server}",
        apply=apply,
        look=look,
        changes=("listeners",) if act == "stop" else (),
        leaves_off=act == "off",
    )
    return Plugin(name=act, help=act, value=action, path=Path(act))


@dataclass
class Signing:
    """The tests' key, each use of which is a point."""

    points: Points

    @property
    def public_key(self) -> Any:
        """Return its public key."""
        return KEYS["tests"].signer.public_key

    def sign(self, payload: bytes) -> Any:
        """Sign."""
        self.points.pass_by()
        return KEYS["tests"].signer.sign(payload)


def watched(store: Store, points: Points) -> None:
    """Let each commit of a store be two points: just before, and just after."""
    event.listen(store.engine, "commit", lambda _connection: points.pass_by())
    event.listen(store.engine, "checkin", lambda _dbapi, _record: points.pass_by())


@dataclass(frozen=True, kw_only=True)
class OwnShelf(Shelf):
    """A shelf whose playbooks are read once, and not in each run: reading one has no points."""

    known: dict[str, Playbook] = field(default_factory=dict)

    def read(self, name: str) -> Playbook:
        """Return a playbook."""
        if name not in self.known:
            self.known[name] = super().read(name)
        return self.known[name]


class Database:
    """Where the ledger is; snapshots of it are taken and put back."""

    def __init__(self, folder: Path, server: PostgreSql | None) -> None:
        self._file, self._server, self._count = folder / "decant.db", server, 0
        self.url = f"sqlite:///{self._file}" if server is None else server.database("crash")

    def keep(self, snapshot: Path) -> None:
        """Take a snapshot; nobody may be connected."""
        if self._server is None:
            for each in self._file.parent.glob("decant.db*"):
                shutil.copy(each, snapshot / each.name)
        else:
            self._psql(f"CREATE DATABASE {snapshot.name} TEMPLATE crash")

    def put_back(self, snapshot: Path) -> None:
        """Put a snapshot back, whatever came since."""
        if self._server is None:
            for each in self._file.parent.glob("decant.db*"):
                each.unlink()
            for each in snapshot.glob("decant.db*"):
                shutil.copy(each, self._file.parent / each.name)
        else:
            self._psql("DROP DATABASE crash WITH (FORCE)")
            self._psql(f"CREATE DATABASE crash TEMPLATE {snapshot.name}")

    def _psql(self, statement: str) -> None:
        assert self._server is not None
        command = [
            *(self._server.programs / "psql", f"--host={self._server.folder}"),
            *(f"--username={self._server.user}", "--dbname=postgres", "--quiet"),
            f"--command={statement}",
        ]
        subprocess.run(command, check=True)


@dataclass
class Ground:
    """A decommission that is permitted; every trial starts from one of its snapshots.

    ``after_0`` is before the first act, ``after_1`` after it, and so on.
    """

    folder: Path
    database: Database
    world: World = field(init=False)
    bench: Workbench = field(init=False)
    _told: dict[int, Told] = field(default_factory=dict)
    """What the ledger of each snapshot says: it is the same whenever it is put back."""

    def __post_init__(self) -> None:
        """Prepare it, up to where the first act is permitted."""
        self.world = World(self.folder)
        self.bench = in_parent(self.folder)
        self.bench.shelf.read("rehost")
        self._prepare()
        self.keep(0)
        self._run(0, Points())  # so that what it imports is there before the first fork
        self.put_back(0)

    def keep(self, acts: int) -> None:
        """Take the snapshot that follows so many acts."""
        snapshot = self.folder.with_name(f"after_{acts}")
        snapshot.mkdir()
        self.database.keep(snapshot)
        for each in (*self.folder.glob("*.txt"), *self.folder.glob("effects")):
            shutil.copy(each, snapshot / each.name)

    def put_back(self, acts: int) -> None:
        """Go back to a snapshot."""
        snapshot = self.folder.with_name(f"after_{acts}")
        (self.folder / "effects").unlink(missing_ok=True)
        for each in (*snapshot.glob("*.txt"), *snapshot.glob("effects")):
            shutil.copy(each, self.folder / each.name)
        self.database.put_back(snapshot)

    def run(self, number: int, kill_at: int = 0) -> dict[str, Any] | None:
        """Do one run in a process of its own; return what it said, or None when it was killed."""
        return in_child(lambda: self._run(number, Points(kill_at=kill_at)))

    def put_back_and_read(self, acts: int) -> Told:
        """Go back to a snapshot, and return what its ledger says."""
        self.put_back(acts)
        if acts not in self._told:
            self._told[acts] = self.ledger()
        return self._told[acts]

    def ledger(self) -> Told:
        """Return what the ledger says."""
        found = in_child(self._ledger)
        assert found is not None
        return Told(**found)

    def _prepare(self) -> dict[str, Any]:
        with open_store(self.database.url) as store:
            bench = replace(self.bench, store=store, clock=Clock(BEGAN))
            sources = [self.folder / name for name in ("web-1.txt", "web-1-new.txt")]
            bench.ask([Target.parse(f"recorded://{each}") for each in sources], command="discover")
            plan.run(bench)
            move = one_move(store, "web-1")
            assert test.run(bench, move, "test").outcome is Outcome.PASSED
            for person in ("Ann", "Ben"):
                approve.run(bench, move, person=person, sign=own_key)
        return {}

    def _run(self, number: int, points: Points) -> dict[str, Any]:
        with open_store(self.database.url) as store:
            watched(store, points)
            signing = Signing(points)
            bench = replace(
                self.bench,
                store=store,
                clock=Clock(BEGAN + (number + 1) * RUNS_APART),
                signer=lambda: signing,  # type: ignore[arg-type,return-value]
                shelf=replace(self.bench.shelf, actions=actions(self.world, points)),
            )
            done = decommission.run(bench, one_move(store, "web-1"), apply=True)
        return {
            "points": points.passed,
            "stage": done.stage,
            "refused": [each.why for each in done.decision.refusals] if done.decision else [],
            "effect": done.effect.aftermath.value if done.effect else None,
            "found": done.found.effect.aftermath.value if done.found else None,
        }

    def _ledger(self) -> dict[str, Any]:
        with open_store(self.database.url) as store:
            ledger = read_ledger(store, self.bench.trust)
            digests = [each.digest for each in rows(store)]
        acts = [(each.intent.stage, each.done, each.open) for each in ledger.acts]
        return {"digests": digests, "fault": ledger.verification.fault, "acts": acts}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the ledger says."""

    digests: list[str]
    fault: str | None
    acts: list[list[Any]]
    """Stage, whether it is done, whether it is open: each act, oldest first."""


def in_parent(folder: Path) -> Workbench:
    """Return a workbench without a store, which each process opens for itself."""
    estate = prepare_estate(folder, PLAYBOOK)
    known = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector).all()
    points, world = Points(), World(folder)
    return Workbench(
        estate=estate,
        store=cast("Store", None),
        shelf=OwnShelf(
            checks=CHECKS.all(), actions=actions(world, points), own=folder / "playbooks"
        ),
        collectors={name: known[name] for name in QUESTIONS},
        access=Access(),
        limits=Limits(),
        clouds=OneCloud(RUNNING),
        clock=Clock(BEGAN),
        trust=trust_of(estate),
        signer=lambda: KEYS["tests"].signer,
    )


def in_child(does: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """Do something in a process of its own; return what it returned, None when it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            said = json.dumps(does()).encode()
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(said)
            code = 0
        except BaseException:  # noqa: BLE001 - whatever it is, the child ends here
            traceback.print_exc()
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        heard = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return None
    assert os.waitstatus_to_exitcode(status) == 0, "a run failed"
    said = json.loads(heard)
    assert isinstance(said, dict)
    return said


@dataclass
class Count:
    """How much was tried."""

    trials: int = 0
    kills: int = 0
    open: int = 0
    """After how many kills an act was left open in the ledger."""
    effective: int = 0
    """In how many of those it had taken effect."""


def length(ground: Ground, acts: int) -> int:
    """Return how many points the run of an act has; take the snapshot that follows it."""
    ground.put_back(acts)
    done = ground.run(acts)
    assert done is not None
    assert (done["stage"], done["effect"]) == (ACTS[acts], "done"), done
    ground.keep(acts + 1)
    return int(done["points"])


def trial(ground: Ground, acts: int, kills: Sequence[int], count: Count) -> int:
    """Start after so many acts; kill run after run at the given points, then let one end.

    Whatever happened: nothing is done twice, nothing is lost, and what is said is true. Return how
    many runs were killed: one that has fewer points than that ends by itself.
    """
    act, before, killed = ACTS[acts], ground.put_back_and_read(acts), 0
    last = None
    for kill_at in kills:
        last = ground.run(acts + killed, kill_at)
        if last is not None:
            break
        killed += 1
        before = _holds(ground, act, before, count)
    _true(ground, act, before, last or ground.run(acts + killed))
    count.trials += 1
    count.kills += killed
    return killed


def _holds(ground: Ground, act: str, before: Told, count: Count) -> Told:
    """Look at what a kill left: nothing is lost, and nothing was done that was not announced."""
    after = ground.ledger()
    assert after.fault is None
    assert after.digests[: len(before.digests)] == before.digests
    effects = ground.world.effects
    assert len(effects) == len(set(effects))
    mine = [each for each in after.acts if each[0] == act]
    if act in effects:
        assert any(done or is_open for _, done, is_open in mine)
    if any(is_open for _, _, is_open in mine):
        count.open += 1
        count.effective += act in effects
    return after


def _true(ground: Ground, act: str, before: Told, last: dict[str, Any] | None) -> None:
    """See to it that the run after a kill said what was so, and left the ledger whole."""
    assert last is not None
    assert last["refused"] == [], last
    was_open = any(is_open for _, _, is_open in before.acts)
    was_done = any(stage == act and done for stage, done, _ in before.acts)
    assert (last["found"] is not None) == was_open
    # When the act's result was entered before the kill, this run went on to the next act.
    now = ACTS[min(ACTS.index(act) + was_done, len(ACTS) - 1)]
    assert (last["stage"], last["effect"]) == (now, "done")
    assert ground.world.effects == ACTS[: ACTS.index(now) + 1]
    after = ground.ledger()
    assert after.fault is None
    assert after.digests[: len(before.digests)] == before.digests
    assert not any(is_open for _, _, is_open in after.acts)
    assert tuple(stage for stage, done, _ in after.acts if done) == ground.world.effects


def single(ground: Ground, count: Count, every: int = 1) -> tuple[int, ...]:
    """Kill each act's run once at each of its points; return how many each has.

    With ``every``, only at each so-many-th.
    """
    lengths = tuple(length(ground, acts) for acts in range(len(ACTS)))
    for acts, points in enumerate(lengths):
        for kill_at in range(1 + acts % every, points + 1, every):
            trial(ground, acts, (kill_at,), count)
    return lengths


def double(
    ground: Ground, lengths: Sequence[int], count: Count, every: int, seconds: float
) -> bool:
    """Kill each act's run at each point, and the next run at each of its points, too.

    With ``every``, the next run only at each so-many-th. Stop when the time is over; return whether
    all was tried.
    """
    deadline = time.monotonic() + seconds
    for acts, points in enumerate(lengths):
        for first in range(1, points + 1):
            for second in range(1 + first % every, points + 1, every):
                if trial(ground, acts, (first, second), count) < 2:
                    break
                if count.trials % _TOLD_EVERY == 0:
                    _say(f"{count}")
                if time.monotonic() > deadline:
                    return False
    return True


@contextmanager
def prepared(engine: str, folder: Path) -> Iterator[Ground]:
    """Give a ground on one of the two engines."""
    programs = postgresql.programs() if engine == "postgresql" else None
    server = postgresql.start(programs) if programs else None
    try:
        world = folder / "world"
        world.mkdir()
        yield Ground(world, Database(world, server))
    finally:
        if server is not None:
            server.stop()


def main(engine: str, every: int, seconds: float) -> None:
    """Try it on one engine, and say how much that was."""
    count, began = Count(), time.monotonic()
    with TemporaryDirectory() as folder, prepared(engine, Path(folder)) as ground:
        lengths = single(ground, count)
        _say(f"{engine}: points of each act's run: {lengths}; all of them: {count}")
        whole = double(ground, lengths, count, every, seconds)
    took = f"{time.monotonic() - began:.0f} s"
    _say(f"{engine}: {count}; {'all pairs' if whole else 'not all pairs'}, {took}")


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], every=int(sys.argv[2]), seconds=float(sys.argv[3]))
