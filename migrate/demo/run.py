"""The whole demo: a world, the script, and the end of both whatever happens."""

from __future__ import annotations

import shutil
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from inventory.errors import UsageError
from migrate.demo.estate_file import estate_file
from migrate.demo.fleet_needs import why_not
from migrate.demo.play import Player, decant
from migrate.demo.script import next_steps, script
from migrate.demo.telling import Telling
from migrate.demo.world import World


def run_demo(folder: Path | None, *, embedded: bool, telling: Telling) -> Path:
    """Play the demo and return its estate folder, which is kept.

    ``folder`` takes the estate; a new temporary one unless given. Servers, clouds and their keys
    are gone when this returns or raises.

    Raises:
        UsageError: the folder holds something already.
        BadInputError: Decant is not installed as a program.
        NotAsItMustBeError: a step did not end as it must.

    """
    began = time.monotonic()
    program = decant()
    estate = _estate_folder(folder)
    telling.say("Decant's demo: a small data centre, emptied safely, in about a minute.")
    with (
        _ended_politely(),
        tempfile.TemporaryDirectory(prefix="decant-lab-") as lab,
        _world(Path(lab), embedded=embedded, telling=telling) as world,
    ):
        telling.paragraph(f"Its servers are {world.about}")
        telling.say(f"\n$ cd {estate}")
        steps = script(world, lambda: _fill_in(estate, world))
        Player(world=world, estate=estate, telling=telling, program=program).play(steps)
    telling.say(f"\nEvery step ended as it must, in {time.monotonic() - began:.0f} seconds.\n")
    telling.say(next_steps(estate))
    return estate


def _estate_folder(folder: Path | None) -> Path:
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="decant-demo-"))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} is there and not an empty folder", hint="give --folder a new one"
        )
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


def _world(folder: Path, *, embedded: bool, telling: Telling) -> AbstractContextManager[World]:
    # Each world is imported where it is chosen: the other one's needs are not paid for.
    reason = "you asked for them" if embedded else why_not()
    if reason is None:
        from migrate.demo.world_fleet import fleet_world

        return fleet_world(folder)
    from migrate.demo.world_embedded import embedded_world

    telling.say(f"Embedded servers are used, because {reason}.")
    return embedded_world(folder)


def _fill_in(estate: Path, world: World) -> None:
    (estate / "decant.toml").write_text(estate_file(world), encoding="utf-8")
    own = estate / "playbooks"
    own.mkdir(exist_ok=True)
    for path in Path(__file__).with_name("playbooks").glob("*.yaml"):
        shutil.copy(path, own)


@contextmanager
def _ended_politely() -> Iterator[None]:
    """Let the signals that end a program end the demo by way of its cleaning up."""
    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, signal.default_int_handler) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
