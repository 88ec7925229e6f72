"""What breaks, and must not: each fault laid on a real server, beside healthy ones, and asked.

As root, from the top of the checkout::

    .venv/bin/python -m benchmarks.discovery.failures
    .venv/bin/python -m benchmarks.discovery.failures --only sockets

All faults are met in one ``decant discover``, the few that need other options in one more each. The
table tells the time to a verdict, the words, and whether every healthy server came through beside
it. Exit code 1 when something is not as it must be.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from benchmarks.discovery.verdicts import Verdict, judge, table
from benchmarks.discovery.world import World, run
from inventory.errors import FINE, PARTLY_UNKNOWN, BadInputError, UsageError

if TYPE_CHECKING:
    from benchmarks.discovery.faults import Fault, Run
    from benchmarks.discovery.grounds import Grounds
    from inventory.model.run import Visit
    from inventory.model.target import Target

MODULE: Final = "benchmarks.discovery.failures"
_DECANT: Final = Path(sys.executable).with_name("decant")
_SHARED: Final = str(Path(__file__).parents[2] / "tests" / "real")
"""The folder of the servers that the tests use, too."""
_TOOLS: Final = {"bash": "bash", "nsenter": "util-linux", "ssh-agent": "openssh-client"}


@click.command(help=__doc__)
@click.option("--only", default="", help="The faults whose names hold this.")
@click.option("--healthy", default=10, show_default=True, type=click.IntRange(1, 100))
@click.option(
    "--timeout", default=60, show_default=True, type=click.IntRange(45), help="As for discover."
)
def main(*, only: str, healthy: int, timeout: int) -> None:
    """Lay every fault in a world of the benchmark's own."""
    sys.path.append(_SHARED)
    sys.exit(run(MODULE, lambda world: _lay_all(world, only, healthy, timeout), tools=_TOOLS))


def _lay_all(world: World, only: str, healthy: int, timeout: int) -> int:
    """Meet every fault, print the table; 1 when a verdict is not as it must be."""
    from benchmarks.discovery.faults import FAULTS, Run
    from benchmarks.discovery.grounds import add_accounts

    chosen = [each for each in FAULTS if only in each.name]
    if not chosen:
        raise UsageError(f"no fault's name holds {only!r}", hint="leave out --only to see them all")
    world.folder.chmod(0o755)
    add_accounts(world.folder)
    able = [each for each in chosen if each.needs is None or each.needs.exists()]
    verdicts: list[Verdict] = []
    for kind in Run:
        faults = [each for each in able if each.run is kind]
        if faults:
            click.echo(f"{len(faults)} faults {kind.value}, {healthy} healthy servers", err=True)
            verdicts += _one_run(world, kind, faults, healthy, timeout)
    ordered = sorted(verdicts, key=lambda each: [fault.name for fault in chosen].index(each.fault))
    click.echo(table(ordered, timeout))
    for fault in chosen:
        if fault not in able:
            click.echo(f"\nnot to be had on this machine: {fault.name} (there is no {fault.needs})")
    return int(not all(each.is_right for each in verdicts))


def _one_run(
    world: World, kind: Run, faults: Sequence[Fault], healthy: int, timeout: int
) -> list[Verdict]:
    import openssh

    from benchmarks.discovery.grounds import Grounds

    folder = world.folder / kind.name
    folder.mkdir()
    grounds = Grounds(folder=folder, key=openssh.make_key(folder / "key"))
    well = [grounds.at("MaxAuthTries 20") for _ in range(healthy)]
    laid = {each.name: each.lay(grounds) for each in faults}
    visits = _discover(grounds, kind, [*laid.values(), *well], timeout)
    grounds.stack.close()
    beside = [visits[str(target)] for target in well]
    return [judge(each, visits.get(str(laid[each.name])), beside, timeout) for each in faults]


def _discover(
    grounds: Grounds, kind: Run, targets: Sequence[Target], timeout: int
) -> dict[str, Visit]:
    """Ask all targets in one run; return what was stored of each."""
    from benchmarks.discovery.faults import Run
    from benchmarks.discovery.grounds import full_agent

    estate, known_hosts = grounds.folder / "estate", grounds.folder / "known_hosts"
    known_hosts.write_text("".join(grounds.known))
    environment, options = dict(os.environ), ["--identity", str(grounds.key)]
    if kind is Run.AGENT:
        environment["SSH_AUTH_SOCK"], options = full_agent(grounds.folder, grounds.key), []
    if kind is Run.SUDO:
        options.append("--sudo")
    subprocess.run([_DECANT, "--quiet", "init", str(estate)], check=True, stdout=subprocess.DEVNULL)
    asked = subprocess.run(
        [
            *(str(_DECANT), "--estate", str(estate), "--quiet", "discover", *options),
            *("--known-hosts", str(known_hosts), "--timeout", str(timeout), "--at-once", "64"),
            *map(str, targets),
        ],
        check=False,
        env=environment,
    )
    if asked.returncode not in {FINE, PARTLY_UNKNOWN}:
        raise BadInputError(
            f"decant discover ended with status {asked.returncode}", hint="its words are above"
        )
    return _stored(estate)


def _stored(estate: Path) -> dict[str, Visit]:
    from inventory.estate_file import read_estate
    from inventory.store.opening import open_store
    from inventory.store.servers import servers
    from inventory.store.visits import visits

    with open_store(read_estate(estate, os.environ).database) as store:
        return {
            visit.target: visit for server in servers(store) for visit in visits(store, server.id)
        }


if __name__ == "__main__":
    main()
