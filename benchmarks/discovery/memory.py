"""How much memory ``decant discover`` takes for a thousand servers, 64 at once.

As root, from the top of the checkout::

    .venv/bin/python -m benchmarks.discovery.memory
    .venv/bin/python -m benchmarks.discovery.memory --servers 100 --at-once 16

Two hundred real OpenSSH servers answer at five addresses each; Decant knows nothing of that. The
peak is the kernel's own record of the process (``ru_maxrss``): the libraries' shared pages count.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import click

from benchmarks.discovery.contenders import CONTENDERS, Bout
from benchmarks.discovery.servers import raise_servers
from benchmarks.discovery.world import World, run

MODULE: Final = "benchmarks.discovery.memory"
_PROCESSES: Final = 200
"""How many sshd processes there are at most."""
_MEBIBYTE: Final = 1024 * 1024


@click.command(help=__doc__)
@click.option("--servers", default=1000, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--at-once", default=64, show_default=True, type=click.IntRange(1, 1000))
def main(*, servers: int, at_once: int) -> None:
    """Measure one run in a world of the benchmark's own."""
    if servers > _PROCESSES and servers % _PROCESSES:
        raise click.UsageError(f"more than {_PROCESSES} servers must be a multiple of {_PROCESSES}")
    sys.exit(run(MODULE, lambda world: _measure(world, servers, at_once)))


def _measure(world: World, servers: int, at_once: int) -> int:
    processes = min(servers, _PROCESSES)
    raised = raise_servers(world, processes, addresses_each=servers // processes)
    decant = next(each for each in CONTENDERS if each.name == "decant")
    folder = world.folder / "run"
    folder.mkdir()
    script = world.folder / "unused"
    bout = Bout(folder=folder, servers=raised, script=script, answer=script, reference=None)
    command = [*decant.prepare(bout), "--at-once", str(at_once)]
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    answered = _answered(folder)
    click.echo(
        f"{answered} of {servers} servers answered, {at_once} at once, in {seconds:.1f} s "
        f"({servers / seconds:.1f} servers/s): peak memory {used.ru_maxrss * 1024 / _MEBIBYTE:.1f} "
        f"MB (aim: under 100), {(used.ru_utime + used.ru_stime) * 1000 / servers:.1f} ms of "
        "processor time a server"
    )
    return int(answered < servers or status != 0)


def _answered(folder: Path) -> int:
    """Return how many visits of the run were answered."""
    from inventory.estate_file import read_estate
    from inventory.store.opening import open_store
    from inventory.store.runs import runs

    with open_store(read_estate(folder / "estate", os.environ).database) as store:
        return runs(store)[-1].answered or 0


if __name__ == "__main__":
    main()
