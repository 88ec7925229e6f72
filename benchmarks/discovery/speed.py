"""Discovery's speed and cost beside its peers', on real OpenSSH servers on loopback, in one run.

As root, from the top of the checkout::

    .venv/bin/python -m benchmarks.discovery.speed --reference-script collect_fast.sh
    .venv/bin/python -m benchmarks.discovery.speed --servers 20 --rounds 1 --only decant,ssh-tuned

It installs Ansible and pyinfra once, into an environment of their own beside other caches. Every
contender's result is counted: one that did not get facts from every server is said to have failed.
The table is Markdown on standard output; ``--json FILE`` keeps every figure.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from benchmarks.discovery.composed import composed_script, questions
from benchmarks.discovery.contenders import CONTENDERS, Bout, Contender
from benchmarks.discovery.figures import document, ratios, row, table
from benchmarks.discovery.peers import install_peers, peers_wanted
from benchmarks.discovery.rounds import Measurement, in_folder, measure, rounds, weigh
from benchmarks.discovery.servers import raise_servers
from benchmarks.discovery.world import World, run

MODULE: Final = "benchmarks.discovery.speed"
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command(help=__doc__)
@click.option("--servers", default=200, show_default=True, type=click.IntRange(1, 2000))
@click.option("--rounds", "count", default=5, show_default=True, type=click.IntRange(1, 100))
@click.option("--only", default="", help="Contenders, parted by commas; all unless given.")
@click.option("--reference-script", type=_FILE, help="A script to compare Decant's with.")
@click.option("--json", "into", type=click.Path(path_type=Path), help="Where to keep every figure.")
def main(
    *, servers: int, count: int, only: str, reference_script: Path | None, into: Path | None
) -> None:
    """Check what was asked for, then measure in a world of the benchmark's own."""
    chosen = _chosen(only, has_reference=reference_script is not None)
    if into and not into.absolute().parent.is_dir():
        raise click.UsageError(f"there is no folder for {into}")

    def inside(world: World) -> int:
        return _measure(world, chosen, (servers, count), reference_script, into)

    def before() -> None:
        if any(each.peers for each in chosen):
            install_peers()

    sys.exit(run(MODULE, inside, before=before))


def _chosen(only: str, *, has_reference: bool) -> list[Contender]:
    """Return the contenders that were named, or all that can be measured."""
    able = [each for each in CONTENDERS if has_reference or not each.reference]
    names = [name.strip() for name in only.split(",") if name.strip()]
    unknown = set(names) - {each.name for each in able}
    if unknown & {each.name for each in CONTENDERS}:
        raise click.UsageError(f"{', '.join(sorted(unknown))} needs --reference-script")
    if unknown:
        named = ", ".join(each.name for each in CONTENDERS)
        raise click.UsageError(
            f"no such contender: {', '.join(sorted(unknown))}; there are {named}"
        )
    return [each for each in able if not names or each.name in names]


def _measure(
    world: World,
    contenders: list[Contender],
    size: tuple[int, int],
    reference: Path | None,
    into: Path | None,
) -> int:
    """Raise the servers, run everybody, print the table; 1 when a contender failed."""
    servers, count = size
    _say(f"raising {servers} OpenSSH servers")
    bout = _bout(world, servers, reference)
    runs: dict[str, list[Measurement]] = {each.name: [] for each in contenders}

    def once(contender: Contender) -> Measurement:
        folder = world.folder / contender.name / str(len(runs[contender.name]))
        return measure(world, contender, in_folder(bout, folder))

    for number, contender, each in rounds(contenders, count, once):
        runs[contender.name].append(each)
        _say(f"round {number + 1} of {count}: {_in_words(contender, each)}")
    rows = []
    for contender in contenders:
        held = weigh(world, contender, in_folder(bout, world.folder / contender.name / "held"))
        rows.append(row(contender, runs[contender.name], held, servers))
    made = ratios({each.name: each for each in rows}, os.cpu_count() or 1)
    facts = _circumstances(servers, count)
    click.echo(f"{facts['words']}\n\n{table(rows)}\n\n" + "\n".join(map(str, made)))
    if into:
        into.write_text(json.dumps(document(rows, made, facts), indent=2) + "\n")
    return 1 if any(each.failed for each in rows) else 0


def _bout(world: World, servers: int, reference: Path | None) -> Bout:
    script, answer = world.folder / "script", world.folder / "answer"
    script.write_text(composed_script(questions()))
    raised = raise_servers(world, servers)
    with script.open("rb") as asked, answer.open("wb") as said:
        subprocess.run(["sh", "-s"], stdin=asked, stdout=said, check=True)
    return Bout(
        folder=world.folder,
        servers=raised,
        script=script,
        answer=answer,
        # Contenders run in folders of their own.
        reference=reference.absolute() if reference else None,
    )


def _in_words(contender: Contender, each: Measurement) -> str:
    return (
        f"{contender.name} {each.wall_seconds:.1f} s, client {each.client_seconds:.2f} s, "
        f"servers {each.server_seconds:.2f} s, {each.tally.answered} answered"
    )


def _circumstances(servers: int, count: int) -> dict[str, Any]:
    openssh = subprocess.run(["ssh", "-V"], capture_output=True, text=True, check=True).stderr
    words = (
        f"{servers} servers ({openssh.split(',')[0]}), {count} alternating rounds, median "
        f"(lowest-highest), {os.cpu_count()} processors shared by clients and servers, Python "
        f"{platform.python_version()}, {datetime.now(UTC):%Y-%m-%d}. Processor time by control "
        "group; memory as proportional set size, sampled in one further run that was not timed."
    )
    return {"servers": servers, "rounds": count, "words": words, "versions": _versions()}


def _versions() -> list[str]:
    return [*peers_wanted(), f"python {platform.python_version()}"]


def _say(words: str) -> None:
    click.echo(words, err=True)


if __name__ == "__main__":
    main()
