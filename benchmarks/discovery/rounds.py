"""Every contender in turn, forwards and backwards, each run measured from outside."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.discovery.contenders import Bout, Contender, Tally
from benchmarks.discovery.resident import watched
from benchmarks.discovery.world import World

_LONGEST_SECONDS: Final = 900
_SETTLE_SECONDS: Final = 0.5
"""For sessions that are just ending on the servers."""


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """What one run of one contender took."""

    wall_seconds: float
    client_seconds: float
    """Processor time of the client and of all that it started."""
    server_seconds: float
    """Processor time of the servers and of all that they started."""
    wire_bytes: int
    """Both ways, with all headers, as the loopback counted them."""
    tally: Tally
    exit_status: int
    """As the contender ended; -1 when it was stopped."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What one contender held in memory, in a run that was not timed."""

    peak_bytes: int


def measure(world: World, contender: Contender, bout: Bout) -> Measurement:
    """Prepare a contender, run it, and count what it left."""
    command = contender.prepare(bout)
    client, servers, wire = world.clients.seconds(), world.servers.seconds(), _wire_bytes()
    began = time.perf_counter()
    status = _run(world, contender, command, bout.folder)
    wall = time.perf_counter() - began
    time.sleep(_SETTLE_SECONDS)
    return Measurement(
        wall_seconds=wall,
        client_seconds=world.clients.seconds() - client,
        server_seconds=world.servers.seconds() - servers,
        wire_bytes=_wire_bytes() - wire,
        tally=_counted(contender, bout),
        exit_status=status,
    )


def weigh(world: World, contender: Contender, bout: Bout) -> Held:
    """Run a contender once more and return the most memory that its processes held."""
    command = contender.prepare(bout)
    with watched(world.servers if contender.alone else world.clients) as peak:
        _run(world, contender, command, bout.folder)
    return Held(peak_bytes=peak.bytes)


def rounds(
    contenders: Sequence[Contender], count: int, once: Callable[[Contender], Measurement]
) -> Iterator[tuple[int, Contender, Measurement]]:
    """Yield each measurement as it is made; every other round goes backwards."""
    for number in range(count):
        for contender in contenders if number % 2 == 0 else reversed(contenders):
            yield number, contender, once(contender)


def in_folder(bout: Bout, folder: Path) -> Bout:
    """Return the bout in a new, empty folder."""
    folder.mkdir(parents=True)
    return replace(bout, folder=folder)


def _run(world: World, contender: Contender, command: Sequence[str], folder: Path) -> int:
    group = world.servers if contender.alone else world.clients
    with (folder / "stdout").open("wb") as said, (folder / "stderr").open("wb") as complained:
        process = subprocess.Popen(
            group.entering(command),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=complained,
        )
        try:
            return process.wait(_LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            group.end()
            process.wait()
            return -1


def _counted(contender: Contender, bout: Bout) -> Tally:
    """Count what a contender left; one that left nothing readable got nothing."""
    try:
        return contender.tally(bout)
    except (OSError, ValueError, KeyError, AttributeError):
        return Tally(answered=0, answer_bytes=0)


def _wire_bytes() -> int:
    """Return how many bytes went over loopback so far; each is sent and received once."""
    for line in Path("/proc/net/dev").read_text().splitlines():
        name, _, counts = line.partition(":")
        if name.strip() == "lo":
            return int(counts.split()[0])
    return 0
