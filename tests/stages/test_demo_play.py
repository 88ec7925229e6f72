"""The demo's player types commands, passes on what they say, and stops at what must not be."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from inventory.estate_file import read_estate
from migrate.demo.estate_file import estate_file
from migrate.demo.fleet_keys import make_key
from migrate.demo.fleet_plan import SERVERS
from migrate.demo.play import NotAsItMustBeError, Player
from migrate.demo.script import script
from migrate.demo.steps import Happen, Look, Step, Type
from migrate.demo.telling import Telling
from migrate.demo.world import APPROVERS, SIGNERS, Clouds, SigningKey, World

PROGRAM = """#!/bin/sh
echo "asked for $*, in $AWS_DEFAULT_REGION"
exit "$1"
"""


def make_world() -> World:
    """Make a world in which nothing is behind the words."""
    clouds = Clouds(
        environment={"AWS_DEFAULT_REGION": "eu-west-2"},
        instance="i-0123456789abcdef0",
        vm="/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v",
        subscription="s",
    )
    return World(
        about="words",
        targets={server.name: server.target for server in SERVERS},
        clouds=clouds,
        key=Path("key"),
        known_hosts=Path("known_hosts"),
        signers={name: SigningKey(path=Path(name), public=make_key().public) for name in SIGNERS},
        command=list,
        visitors_leave=lambda: None,
        application_moves_cache=lambda: None,
        somebody_changes=lambda: None,
        is_off=lambda _: False,
        parameters={"web-1": {"tcp": {"ports": [8080]}}},
    )


def play(tmp_path: Path, *parts: Type | Happen | Look) -> str:
    """Play one step, and return what the reader saw."""
    program, out = tmp_path / "decant", io.StringIO()
    program.write_text(PROGRAM)
    program.chmod(0o755)
    player = Player(world=make_world(), estate=tmp_path, telling=Telling(out=out), program=program)
    player.play([Step(title="A step", why="Because.", parts=parts)])
    return out.getvalue()


def test_a_step_is_told(tmp_path: Path) -> None:
    """A reader sees the step, the command as a user types it, its output and its exit code."""
    told = play(tmp_path, Type(line=("4", "web 1"), ends_with=4, says=("web 1",)))

    assert "1 of 1 · A step" in told
    assert "Because." in told
    assert "$ decant 4 'web 1'\nasked for 4 web 1, in eu-west-2\n(exit code 4" in told
    assert "\x1b" not in told


def test_another_exit_code_stops_the_demo(tmp_path: Path) -> None:
    """A command that is permitted where it must be refused is an error that names the step."""
    with pytest.raises(NotAsItMustBeError, match=r"step 1 .*'A step'.* 0, and must end with 4"):
        play(tmp_path, Type(line=("0",), ends_with=4))


def test_missing_words_stop_the_demo(tmp_path: Path) -> None:
    """A refusal that does not say why is an error."""
    with pytest.raises(NotAsItMustBeError, match="does not say: listeners"):
        play(tmp_path, Type(line=("4",), ends_with=4, says=("listeners",)))


def test_what_is_not_so_stops_the_demo(tmp_path: Path) -> None:
    """A server that Decant calls off, and that is on, is an error."""
    with pytest.raises(NotAsItMustBeError, match="this is not so: It is off"):
        play(tmp_path, Look(what="It is off.", is_so=lambda: False))


def test_what_people_do_is_done(tmp_path: Path) -> None:
    """What happens is told, and happens."""
    done: list[str] = []
    told = play(tmp_path, Happen(what="They leave.", act=lambda: done.append("left")))

    assert done == ["left"]
    assert "They leave." in told


def test_the_estate_is_one_that_decant_reads(tmp_path: Path) -> None:
    """The ``decant.toml`` that the demo writes holds its partners, moves and parameters."""
    (tmp_path / "decant.toml").write_text(estate_file(make_world()))

    estate = read_estate(tmp_path, {})

    assert {each.partner: each.name for each in estate.people} == APPROVERS
    assert [each.server for each in estate.moves] == [
        *("web-1", "cache-1", "app-1", "db-1", "10.77.0.15")
    ]
    assert estate.moves[0].parameters == {"tcp": {"ports": [8080]}}


def test_the_script_refuses_before_it_permits() -> None:
    """The first attempt to switch off comes before any test, and must be refused."""
    typed = [
        part
        for step in script(make_world(), lambda: None)
        for part in step.parts
        if isinstance(part, Type)
    ]
    applied = [
        part.ends_with
        for part in typed
        if part.line[0] == "decommission" and "--apply" in part.line
    ]
    first_test = next(index for index, part in enumerate(typed) if part.line[0] == "test")
    refused = [index for index, part in enumerate(typed) if part.ends_with == 4]

    assert applied == [4, 0, 4]
    assert refused[0] < first_test
