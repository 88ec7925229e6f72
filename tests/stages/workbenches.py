"""A workbench over recorded servers, a made-up cloud, and a switch that notes being pressed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.signer import CryptoSigner

from inventory.estate import Estate, MoveSettings, Partner, Person, SigningSettings
from inventory.estate_file import make_estate, read_estate
from inventory.model.asking import Access, Limits
from inventory.model.collector import Collector
from inventory.model.fact import Unknown
from inventory.model.target import Target
from inventory.registry import Plugin, Registry
from inventory.store.opening import open_store
from migrate.ledger.keys import public_key
from migrate.ledger.trust import trust_of
from migrate.model.action import Action, Aftermath, Effect, Task
from migrate.model.check import CloudResource
from migrate.model.plan import Move
from migrate.playbooks import Shelf
from migrate.workbench import CHECKS, Workbench

PLAYBOOK = """\
title: rehost, with checks that need no network
stages:
  - name: test
    help: the new server does the old one's work
    valid_for: 14d
    checks:
      - check: ec2-instance
      - check: listeners-parity
  - name: approve
    help: both agree
    needs: [test]
    valid_for: 14d
    approval: {partners: 2}
  - name: quiet
    help: nobody uses the old server
    needs: [approve]
    valid_for: 1h
    checks:
      - check: no-inbound-connections
  - name: power-off
    help: it is switched off
    needs: [test, approve, quiet]
    action: power-off-ssh
    reaches: powered off
"""


@dataclass(frozen=True)
class KeyPair:
    """A key that was made for the tests."""

    signer: CryptoSigner
    line: str
    """Its public half, as ssh-keygen writes it."""


def key_pair() -> KeyPair:
    """Make an ed25519 key."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key()
    line = public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    return KeyPair(CryptoSigner(private, public_key(line)), line)


KEYS = {name: key_pair() for name in ("tests", "Ann", "Ben", "Eve")}
"""Whose keys they are; Eve is nobody's approver."""


def own_key(person: Person) -> CryptoSigner:
    """Return a person's own key, as ``approve`` is given it."""
    return KEYS[person.name].signer


@dataclass
class Clock:
    """A clock that moves a second at each look, and by hand."""

    now: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        """Return the time."""
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class OneCloud:
    """A cloud that says of every resource what it was told to say."""

    says: CloudResource | Unknown

    def expect(self, moves: Iterable[Move]) -> None:
        """Need not know."""

    def resource(self, move: Move) -> CloudResource | Unknown:
        """Describe the resource."""
        del move
        return self.says


@dataclass
class Switch:
    """A power switch that notes what it is asked, and can be cut off in the middle."""

    on: bool = True
    pressed: int = 0
    looked: int = 0
    breaks_before: bool = False
    breaks_after: bool = False
    blind: bool = False

    def action(self) -> Plugin[Action]:
        """Return the action that presses it."""
        action = Action(
            describe=lambda task: f"power off {task.move.server}",
            apply=self._apply,
            look=self._look,
            restore=self._restore,
            leaves_off=True,
        )
        return Plugin(name="power-off-ssh", help="press", value=action, path=Path("switch"))

    def _apply(self, task: Task) -> Effect:
        if self.breaks_before:
            raise KeyboardInterrupt
        self.pressed += 1
        self.on = False
        if self.breaks_after:
            raise KeyboardInterrupt
        return self._look(task)

    def _restore(self, task: Task) -> Effect:
        self.on = True
        return self._look(task)

    def _look(self, task: Task) -> Effect:
        del task
        self.looked += 1
        if self.blind:
            return Effect(aftermath=Aftermath.UNKNOWN, detail="it cannot be told")
        aftermath = Aftermath.NOT_DONE if self.on else Aftermath.DONE
        return Effect(aftermath=aftermath, detail="seen by the switch")


@dataclass
class Scene:
    """A workbench, and everything about it that a test may change."""

    bench: Workbench
    clock: Clock
    cloud: OneCloud
    switch: Switch
    folder: Path
    sources: dict[str, Path] = field(default_factory=dict)

    def say(self, server: str, change: Callable[[bytes], bytes]) -> None:
        """Let a server answer otherwise from now on."""
        path = self.sources[server]
        path.write_bytes(change(path.read_bytes()))


RUNNING = CloudResource(
    id="i-1", exists=True, power_state="running", healthy=True, size="t3.small", image="ami-1"
)


@contextmanager
def scene(folder: Path) -> Iterator[Scene]:
    """Give a scene in which web-1 is to be replaced by web-1-new; nothing is discovered yet."""
    estate = prepare_estate(folder, PLAYBOOK)
    sources = {name: folder / f"{name}.txt" for name in ("web-1", "web-1-new")}
    clock, cloud, switch = Clock(), OneCloud(RUNNING), Switch()
    registry = Registry(package="inventory.collectors", attribute="COLLECTOR", kind=Collector)
    with open_store(f"sqlite:///{folder}/decant.db") as store:
        bench = Workbench(
            estate=estate,
            store=store,
            shelf=Shelf(
                checks=CHECKS.all(),
                actions={"power-off-ssh": switch.action()},
                own=folder / "playbooks",
            ),
            collectors=registry.all(),
            access=Access(),
            limits=Limits(),
            clouds=cloud,
            clock=clock,
            trust=trust_of(estate),
            signer=lambda: KEYS["tests"].signer,
        )
        made = Scene(
            bench=bench, clock=clock, cloud=cloud, switch=switch, folder=folder, sources=sources
        )
        targets = [Target.parse(f"recorded://{path}") for path in sources.values()]
        bench.ask(targets, command="discover")
        yield made


def prepare_estate(folder: Path, playbook: str) -> Estate:
    """Write an estate's folder, with recordings of both servers, and return the estate."""
    make_estate(folder, "made")
    (folder / "playbooks").mkdir()
    (folder / "playbooks" / "rehost.yaml").write_text(playbook)
    sources = {name: folder / f"{name}.txt" for name in ("web-1", "web-1-new")}
    recordings = Path(str(files("migrate.demo.recordings")))
    shutil.copy(recordings / "web-1.quiet.txt", sources["web-1"])
    shutil.copy(recordings / "web-1-new.txt", sources["web-1-new"])
    return _estate(folder, sources)


def _estate(folder: Path, sources: dict[str, Path]) -> Estate:
    read = read_estate(folder, {})
    return Estate(
        folder=read.folder,
        name=read.name,
        database=read.database,
        partners=(
            Partner(name="SBC", share=50),
            Partner(name="EHDC", share=50),
        ),
        people=(
            Person(name="Ann", partner="SBC", key=KEYS["Ann"].line, roles=("service owner",)),
            Person(name="Ben", partner="EHDC", key=KEYS["Ben"].line),
        ),
        signing=SigningSettings(trusted=(KEYS["tests"].line,)),
        moves=(
            MoveSettings(
                server="web-1",
                to="aws",
                replacement=f"recorded://{sources['web-1-new']}",
                resource="i-1",
                playbook="rehost",
            ),
        ),
    )
