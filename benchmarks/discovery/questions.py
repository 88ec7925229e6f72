"""What each question costs: processor time and processes on the server, the time to read it.

    .venv/bin/python -m benchmarks.discovery.questions
    .venv/bin/python -m benchmarks.discovery.questions --times 50 --only packages,sockets

Each question is asked of this machine alone, by a script of its own, and the cost of one that asks
nothing is taken away. So the sum tells what the questions cost one by one; together they share what
several of them read. Run it as root: only root can count processes, and is told all.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from benchmarks.discovery.composed import composed_script, questions
from inventory.discovery.memory import Readers
from inventory.discovery.read import visit_of
from inventory.model.asking import Ending, Reply
from inventory.model.collector import Collector
from inventory.model.target import Target
from inventory.registry import Plugin

Questions = Mapping[str, Plugin[Collector]]

_COUNTING: Final = 2
"""The shell that counts, and the one that it looks with."""
_NONE: Final = "a question of nothing"
_ALL: Final = "all together"


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one question costs, as the median of several times."""

    name: str
    server_ms: float
    """Processor time of the shell and of all that it started."""
    processes: int | None
    """How many were started; None when that cannot be counted."""
    answer_bytes: int
    read_ms: float
    """Processor time of the client to make facts of an answer that it did not meet before."""


@click.command(help=__doc__)
@click.option("--times", default=15, show_default=True, type=click.IntRange(1, 1000))
@click.option("--only", default="", help="Questions, parted by commas; all unless given.")
def main(*, times: int, only: str) -> None:
    """Measure every question, and print the dearest first."""
    asked = questions()
    names = [name.strip() for name in only.split(",") if name.strip()]
    if unknown := set(names) - set(asked):
        raise click.UsageError(f"no such question: {', '.join(sorted(unknown))}")
    plans = {
        _NONE: _nothing(),
        _ALL: asked,
        **{name: {name: asked[name]} for name in names or asked},
    }
    costs = _costs(plans, times)
    click.echo("| question | server ms | processes | answer kB | read ms |\n|" + " --- |" * 5)
    click.echo(_line(costs[_NONE]))
    click.echo(_line(costs[_ALL]))
    each = [costs[name] for name in names or asked]
    for cost in sorted(each, key=lambda cost: cost.server_ms, reverse=True):
        click.echo(_line(cost, costs[_NONE]))


def _nothing() -> Questions:
    value = Collector(script=":\n", tells=(), read=lambda _answer: (), examples=())
    return {"nothing": Plugin(name="nothing", help="", value=value, path=Path(__file__))}


def _line(cost: Cost, base: Cost | None = None) -> str:
    server, size, processes = cost.server_ms, cost.answer_bytes, cost.processes
    if base:
        server, size = server - base.server_ms, size - base.answer_bytes
        processes = None if processes is None else processes - (base.processes or 0)
    counted = "-" if processes is None else processes
    return f"| {cost.name} | {server:.1f} | {counted} | {size / 1000:.1f} | {cost.read_ms:.2f} |"


def _costs(plans: Mapping[str, Questions], times: int) -> dict[str, Cost]:
    """Measure every plan in turn, again and again, so that what drifts falls on all alike."""
    scripts = {name: composed_script(asked) for name, asked in plans.items()}
    runs: dict[str, list[tuple[float, float, int]]] = {name: [] for name in plans}
    for _ in range(times):
        for name, asked in plans.items():
            milliseconds, said = _run(scripts[name])
            runs[name].append((milliseconds, _read(said, asked), len(said)))
    return {
        name: Cost(
            name=name,
            server_ms=statistics.median(server for server, _, _ in each),
            read_ms=statistics.median(read for _, read, _ in each),
            answer_bytes=each[-1][2],
            processes=_processes(scripts[name]),
        )
        for name, each in runs.items()
    }


def _run(script: str) -> tuple[float, bytes]:
    """Run a script; return its processor time in milliseconds and what it said."""
    with tempfile.TemporaryDirectory(prefix="decant-questions-") as folder:
        asked, said = Path(folder) / "script", Path(folder) / "answer"
        asked.write_text(script)
        with asked.open("rb") as given, said.open("wb") as taken:
            shell = subprocess.Popen(["sh", "-s"], stdin=given, stdout=taken)
        _, _, used = os.wait4(shell.pid, 0)
        shell.returncode = 0
        return (used.ru_utime + used.ru_stime) * 1000, said.read_bytes()


def _processes(script: str) -> int | None:
    """Return how many processes a script starts: the numbers given away in a namespace of its own.

    Another process that begins there meanwhile would count; nothing else is in it.
    """
    counted = "sh -s >/dev/null 2>&1; cat /proc/sys/kernel/ns_last_pid"
    own = ("unshare", "--pid", "--fork", "--mount-proc", "sh", "-c", counted)
    done = subprocess.run(own, input=script, capture_output=True, text=True, check=False)
    return int(done.stdout) - _COUNTING if done.stdout.strip().isdigit() else None


def _read(said: bytes, asked: Questions) -> float:
    """Measure the second reading, by readers that remember nothing of the first.

    The first finds out who wants which file, once for a run's questions, however many servers.
    """
    _visit(said, asked)
    began = time.process_time()
    _visit(said, asked)
    return (time.process_time() - began) * 1000


def _visit(said: bytes, asked: Questions) -> None:
    visit_of(
        Reply(stdout=said, stderr=b"", exit_status=0, ending=Ending.FINISHED, seconds=0),
        target=Target(transport="local", host="local"),
        collectors=asked,
        at=datetime.now(UTC),
        run="benchmark",
        readers=Readers(),
    )


if __name__ == "__main__":
    main()
