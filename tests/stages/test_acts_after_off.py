"""An act of a migration service comes after the old server was switched off, and rests on all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from migrate.model.action import Aftermath
from migrate.stages import decommission, plan
from tests.stages.test_flow import attempt, prove, why
from tests.stages.test_journal import PLAYBOOK, Lever
from tests.stages.workbenches import Scene, scene

_MORE = """\
  - {name: power-off, help: off, needs: [test, approve, quiet, first], action: power-off-ssh}
  - {name: last, help: last, needs: [test, approve, quiet, power-off], action: last}
"""


@dataclass
class Leaving:
    """A scene of three acts: one on the old server, switching it off, and one elsewhere."""

    made: Scene
    first: Lever
    last: Lever

    def act(self) -> decommission.Departure:
        """Do the next act, with the levers as they are now."""
        last = self.last.plugin()
        actions = {
            "first": self.first.plugin(),
            "power-off-ssh": self.made.switch.action(),
            "last": replace(last, value=replace(last.value, moves=True)),
        }
        bench = self.made.bench
        self.made.bench = replace(bench, shelf=replace(bench.shelf, actions=actions))
        return attempt(self.made)


@pytest.fixture
def leaving(tmp_path: Path) -> Iterator[Leaving]:
    """Give a scene in which all is permitted, and the old server was switched off."""
    with scene(tmp_path) as made:
        found = Leaving(made, Lever("first"), Lever("last"))
        text = "\n".join(line for line in PLAYBOOK.splitlines() if "name: second" not in line)
        (tmp_path / "playbooks" / "rehost.yaml").write_text(f"{text}\n{_MORE}")
        shelf = replace(
            made.bench.shelf,
            actions={
                "first": found.first.plugin(),
                "power-off-ssh": made.switch.action(),
                "last": found.last.plugin(),
            },
        )
        made.bench = replace(made.bench, shelf=shelf)
        plan.run(made.bench)
        prove(made)
        for _ in range(2):
            done = found.act()
            assert done.effect is not None
            assert done.effect.aftermath is Aftermath.DONE
        made.sources["web-1"].unlink()
        yield found


def test_what_was_done_to_it_before_stands_with_its_being_off(leaving: Leaving) -> None:
    """Its services cannot be looked at any more, and that is as it was left."""
    leaving.first.sees = Aftermath.UNKNOWN
    done = leaving.act()
    assert done.effect is not None, why(done)
    assert done.effect.aftermath is Aftermath.DONE
    assert leaving.last.pulled == ["apply"]


def test_what_is_seen_not_to_stand_refuses_all_the_same(leaving: Leaving) -> None:
    """Something that can be seen to be undone is undone."""
    leaving.first.sees = Aftermath.NOT_DONE
    assert "last/still first" in why(leaving.act())
    assert leaving.last.pulled == []


def test_a_server_that_is_not_seen_to_be_off_is_not_taken_for_off(leaving: Leaving) -> None:
    """That it is silent is not enough."""
    leaving.first.sees = Aftermath.UNKNOWN
    leaving.made.switch.blind = True
    refused = why(leaving.act())
    assert "last/still first" in refused
    assert "last/still power-off" in refused
    assert leaving.last.pulled == []


def test_after_it_the_old_server_is_still_known_to_be_off(leaving: Leaving) -> None:
    """The newest act is not the one that switched it off, and changed nothing of that."""
    leaving.act()
    assert leaving.act().decision is None
