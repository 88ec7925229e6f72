"""What Ansible, Facter and FusionInventory know of a server, and what of it Decant knows.

As root, from the top of the checkout::

    .venv/bin/python -m benchmarks.discovery.coverage --listing coverage-listing.csv

One server of each of four releases is raised from the release's own packages (the roots are built
once, some minutes) and asked by all four, each as root through SSH: Ansible from a package index,
Facter and FusionInventory as each release ships them. Every fact path that a peer tells is judged
by ``benchmarks/discovery/coverage.csv``; exit code 1 when a path is in no row, or when a fact that
a row claims was not known on that server.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from benchmarks.discovery.asked import PEERS, Way, decant, paths
from benchmarks.discovery.compare import (
    Cover,
    Judged,
    judge,
    read_rows,
    reasons,
    table,
    unclaimed,
    write_listing,
)
from benchmarks.discovery.peers import install_peers
from benchmarks.discovery.world import World, run

MODULE: Final = "benchmarks.discovery.coverage"
_ROWS: Final = Path(__file__).with_name("coverage.csv")
_SHARED: Final = str(Path(__file__).parents[2] / "tests" / "real")
_TOOLS: Final = {"mmdebstrap": "mmdebstrap"}
_ERRORS: Final = (Cover.UNPROVED, Cover.UNJUDGED)


@click.command(help=__doc__)
@click.option("--listing", type=click.Path(path_type=Path), help="Where to list every path.")
def main(*, listing: Path | None) -> None:
    """Check the rows, then ask in a world of the benchmark's own."""
    if listing and not listing.absolute().parent.is_dir():
        raise click.UsageError(f"there is no folder for {listing}")
    sys.path.append(_SHARED)
    sys.exit(run(MODULE, lambda world: _compare(world, listing), before=_prepare, tools=_TOOLS))


def _prepare() -> None:
    from benchmarks.discovery.releases import build_roots

    read_rows(_ROWS)
    install_peers()
    build_roots()


def _compare(world: World, listing: Path | None) -> int:
    """Ask every server by everybody, print the tables; 1 when something is claimed in vain."""
    from benchmarks.discovery.releases import start_releases

    rows, judged, documents = read_rows(_ROWS), [], {}
    key, known_hosts = world.folder / "key", world.folder / "known_hosts"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    for server in start_releases(world, key, known_hosts):
        way = Way(address=server.address, key=key, known_hosts=known_hosts)
        way.log_in_once()
        ours = decant(way, world.folder / f"estate-{server.name}")
        documents[server.name] = ours
        for name, ask in PEERS.items():
            click.echo(f"{server.name}: {name}", err=True)
            theirs = ask(way, world.folder / f"{server.name}-{name}")
            judged += judge(rows, server.name, name, theirs, ours)
    if listing:
        write_listing(listing, judged)
    _tell(judged, unclaimed(rows, documents.values()), documents)
    return int(any(each.cover in _ERRORS for each in judged))


def _tell(
    judged: Sequence[Judged], more: Sequence[str], documents: Mapping[str, Mapping[str, Any]]
) -> None:
    click.echo(f"{table(judged)}\n\n{reasons(judged)}")
    click.echo("\nDecant itself, its values counted as paths in the same way:\n")
    click.echo("| server | values | paths | facts known | facts unknown, with a reason |")
    click.echo("|" + " --- |" * 5)
    for server, each in documents.items():
        known = {name: fact["value"] for name, fact in each["facts"].items() if "value" in fact}
        unknown, told = len(each["facts"]) - len(known), paths(known)
        values = sum(map(len, told.values()))
        click.echo(f"| {server} | {values} | {len(told)} | {len(known)} | {unknown} |")
    click.echo(f"\nKnown there, and behind none of the peers' facts: {', '.join(more)}.")
    for path in judged:
        if path.cover in _ERRORS:
            click.echo(f"{path.server} {path.peer} {path.path}: {path.reason}", err=True)


if __name__ == "__main__":
    main()
