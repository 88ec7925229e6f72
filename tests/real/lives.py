"""A server on its way through a migration service, behind the real gate and ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from clouds import BRIEF

from inventory.clouds.configured import aws_settings, azure_settings
from inventory.estate import CloudTables, Estate
from inventory.registry import Plugin
from migrate.clouds.look import CloudLook, open_clouds
from migrate.model.action import Action, Aftermath, Effect, Task
from migrate.model.plan import Move
from migrate.playbooks import Shelf
from migrate.records import load_plan
from migrate.selection import one_move
from migrate.stages import approve, decommission, plan, test
from migrate.workbench import ACTIONS, CHECKS, Workbench
from tests.stages.workbenches import Clock, own_key, scene

_MACHINE_IDS = (b"a065d2a6e1825b1bf3f8e9feb40f7f05", b"b165d2a6e1825b1bf3f8e9feb40f7f05")


@dataclass
class Life:
    """The server web-1, and everything about its way that a test may change."""

    bench: Workbench
    clouds: CloudLook
    clock: Clock
    folder: Path
    first: Estate

    @property
    def move(self) -> Move:
        """The move, as planned."""
        return one_move(self.bench.store, "web-1")

    def attempt(self) -> decommission.Departure:
        """Try the next act in earnest; what was told of the clouds before is told anew."""
        self.clouds.forget()
        return decommission.run(self.bench, self.move, apply=True)

    def prove(self, stage: str) -> test.Tested:
        """Run a stage's checks."""
        self.clouds.forget()
        return test.run(self.bench, self.move, stage)

    def agree(self, stage: str) -> None:
        """Let both partners agree."""
        for person in ("Ann", "Ben"):
            approve.run(self.bench, self.move, person=person, sign=own_key, stage_name=stage)

    def name(self, resource: str | None, recording: str | None) -> None:
        """Let the plan name what stands in the old server's place, or nothing."""
        target = f"recorded://{self.folder / recording}" if recording else None
        changed = replace(self.first.moves[0], replacement=target, resource=resource)
        self.bench = replace(self.bench, estate=replace(self.first, moves=(changed,)))
        plan.run(self.bench)

    def later(self, **length: float) -> None:
        """Let time pass."""
        self.clock.now += timedelta(**length)


@contextmanager
def a_life(folder: Path, playbook: str, tables: CloudTables, to: str) -> Iterator[Life]:
    """Give a server that nothing was launched of; ``web-1-test.txt`` and ``web-1-new.txt`` answer.

    They are two installations, and do the same.
    """
    with scene(folder) as made:
        (folder / "playbooks" / "rehost.yaml").write_text(playbook)
        said = (folder / "web-1-new.txt").read_bytes()
        assert _MACHINE_IDS[0] in said
        (folder / "web-1-test.txt").write_bytes(said)
        (folder / "web-1-new.txt").write_bytes(said.replace(*_MACHINE_IDS))
        shelf = Shelf(checks=CHECKS.all(), actions=ACTIONS.all(), own=folder / "playbooks")
        acts = [each.name for each in shelf.read("rehost").acts()]
        settings = replace(
            made.bench.estate.moves[0],
            to=to,
            parameters={each: {"wait_seconds": 0} for each in acts},
        )
        estate = replace(made.bench.estate, clouds=tables, moves=(settings,))
        clouds = open_clouds(
            replace(aws_settings(estate), patience=BRIEF),
            replace(azure_settings(estate), patience=BRIEF),
        )
        bench = replace(made.bench, estate=estate, clouds=clouds, shelf=shelf)
        life = Life(bench=bench, clouds=clouds, clock=made.clock, folder=folder, first=estate)
        life.name(None, None)
        yield life
        clouds.close()


def effect(departure: decommission.Departure) -> Aftermath:
    """Return what became of an act that was not refused."""
    assert not departure.refused, why(departure)
    assert departure.effect is not None
    return departure.effect.aftermath


def found_words(departure: decommission.Departure) -> str:
    """Return what was found of an act that an earlier run began."""
    assert departure.found is not None
    return departure.found.words


def warnings(life: Life) -> tuple[str, ...]:
    """Return what the plan warns of."""
    made = load_plan(life.bench.store)
    assert made is not None
    return made.warnings


def why(departure: decommission.Departure) -> str:
    """Return every reason of a refusal."""
    assert departure.decision is not None
    return " | ".join(
        f"{each.stage}/{each.name}: {each.why}" for each in departure.decision.refusals
    )


def killing(plugin: Plugin[Action], *, sent: bool) -> Plugin[Action]:
    """Return an action during which the run is cut off, after or before its request was sent."""

    def apply(task: Task) -> Effect:
        if sent:
            plugin.value.apply(task)
        raise KeyboardInterrupt

    return replace(plugin, value=replace(plugin.value, apply=apply))
