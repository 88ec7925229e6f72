"""Classifies made estates of growing size, each in a process of its own, and tells what it cost.

``judging`` is rules, recognition, sizes and costs alone, over servers that are made as they are
judged: the seconds of making them are taken off. ``differing`` is the same over servers of whom no
two are alike in anything that can differ, the worst that there can be. ``whole`` is what
``decant classify --jobs 1`` does: it reads the servers from an SQLite store, judges them for both
clouds and keeps the verdicts there. ``shared`` is the same by a process for each processor, of
which the clock tells more than the processors' time.

    python -m benchmarks.classify.measure --servers 1000 10000 100000 --json figures.json
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Final

from benchmarks.classify.estate import AT, each_server
from inventory.estate import Estate
from inventory.model.run import Visit
from inventory.model.server import Server
from inventory.store.entering import enter, prepare
from inventory.store.opening import open_store
from inventory.store.runs import begin_run
from inventory.store.store import Store
from migrate.judging.derived import Estatewide
from migrate.model.verdict import Cloud, Verdict
from migrate.stages.classify import Classifier, classifier, run_telling
from migrate.streaming import processors
from migrate.verdicts import seldom_collected

ROOT: Final = Path(__file__).parents[2]
NOW: Final = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
_AT_ONCE: Final = 200
_MEBIBYTE: Final = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What one classification cost."""

    what: str
    servers: int
    verdicts: int
    rules: int
    seconds: float
    """Of processor time, of all processes together."""
    wall_seconds: float
    """By the clock; another load is part of it."""
    peak_bytes: int
    """Most resident memory of the process, Python and libraries included; of several, what they
    would have together if all had their most at once and shared nothing."""
    load: float
    """Of the machine when it began: how many processes wanted a processor in the last minute."""

    @property
    def servers_a_second(self) -> float:
        """Servers judged in a second of processor time."""
        return self.servers / self.seconds if self.seconds else 0.0


class _Untimed:
    """Servers as they are made, and how much processor time their making took."""

    def __init__(self, servers: Iterable[Server]) -> None:
        self._servers = iter(servers)
        self.seconds = 0.0

    def __iter__(self) -> Iterator[Server]:
        while True:
            begin = time.process_time()
            some = list(islice(self._servers, _AT_ONCE))
            self.seconds += time.process_time() - begin
            if not some:
                return
            yield from some


def judging(count: int, folder: Path) -> Figures:
    """Judge made servers of whom none is held."""
    return _judging("judging", count, folder, alike=True)


def differing(count: int, folder: Path) -> Figures:
    """Judge made servers of whom no two are alike."""
    return _judging("differing", count, folder, alike=False)


def _judging(what: str, count: int, folder: Path, *, alike: bool) -> Figures:
    made = classifier_of(folder)
    first, again = (_Untimed(each_server(count, alike=alike)) for _ in range(2))
    load, begin, wall = os.getloadavg()[0], time.process_time(), time.perf_counter()
    with seldom_collected():
        among = Estatewide.of(first)
        verdicts = sum(1 for _ in made.classify(again, among=among))
    spent = time.process_time() - begin - first.seconds - again.seconds
    elapsed = time.perf_counter() - wall - first.seconds - again.seconds
    return _figures(what, count, verdicts, len(made.rules), spent, elapsed, load)


def classifier_of(folder: Path) -> Classifier:
    """Return what judges for both clouds in the made estate of a folder."""
    return classifier(_estate(folder), clouds=tuple(Cloud), at=NOW)


def whole(count: int, folder: Path) -> Figures:
    """Classify a store that was filled before, in one process."""
    return _whole("whole", count, folder, jobs=1)


def shared(count: int, folder: Path) -> Figures:
    """Classify a store that was filled before, in a process for each processor."""
    return _whole("shared", count, folder, jobs=processors())


def _whole(what: str, count: int, folder: Path, *, jobs: int) -> Figures:
    estate, rules = _estate(folder), len(classifier_of(folder).rules)
    load, begin, wall = os.getloadavg()[0], _spent(), time.perf_counter()
    verdicts = 0

    def tell(_verdict: Verdict) -> None:
        nonlocal verdicts
        verdicts += 1

    with open_store(estate.database) as store:
        run_telling(store, estate, tell, at=NOW, jobs=jobs)
    spent, elapsed = _spent() - begin, time.perf_counter() - wall
    others = jobs * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    return _figures(what, count, verdicts, rules, spent, elapsed, load, others=others)


def _spent() -> float:
    """Return the processor time of this process and of those that it began and that ended."""
    return sum(os.times()[:4])


def fill(count: int, folder: Path) -> None:
    """Fill the store of a folder with made servers."""
    with open_store(_estate(folder).database) as store:
        keep_servers(store, each_server(count))


def keep_servers(store: Store, servers: Iterable[Server]) -> None:
    """Keep servers in a store, as if each had been asked."""
    begun = begin_run(store, command="made", at=AT)
    left = iter(servers)
    while some := list(islice(left, _AT_ONCE)):
        enter(store, [prepare(store, begun.id, _visit(each)) for each in some])


def _visit(server: Server) -> Visit:
    told = tuple(server.facts.values())
    target = server.target or f"ssh://root@{server.name}"
    return Visit(
        target=target,
        at=AT,
        observations=told,
        unreachable=None if told else server.unreachable,
    )


def _estate(folder: Path) -> Estate:
    return Estate(
        folder=folder,
        name="Made",
        database=f"sqlite:///{folder / 'decant.db'}",
        usd_to_gbp=Decimal("0.78"),
        usd_to_gbp_date=date(2026, 11, 1),
    )


def _figures(
    what: str,
    count: int,
    verdicts: int,
    rules: int,
    spent: float,
    elapsed: float,
    load: float,
    others: int = 0,
) -> Figures:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 + others
    return Figures(
        what=what,
        servers=count,
        verdicts=verdicts,
        rules=rules,
        seconds=round(spent, 3),
        wall_seconds=round(elapsed, 3),
        peak_bytes=peak,
        load=load,
    )


def measure(sizes: Sequence[int], *, only_judging: bool = False) -> list[Figures]:
    """Measure each size in a process of its own, which tells its peak of memory.

    Raises:
        RuntimeError: one of them failed.

    """
    found = []
    for count in sizes:
        with tempfile.TemporaryDirectory(prefix="decant-classify-") as folder:
            found.append(Figures(**json.loads(_apart("judging", count, folder))))
            if not only_judging:
                found.append(Figures(**json.loads(_apart("differing", count, folder))))
                for what in ("whole", "shared"):
                    Path(folder, "decant.db").unlink(missing_ok=True)
                    _apart("fill", count, folder)
                    found.append(Figures(**json.loads(_apart(what, count, folder))))
    return found


def _apart(what: str, count: int, folder: str) -> str:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "benchmarks.classify.measure",
            "--apart",
            what,
            folder,
            "--servers",
            str(count),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{what} failed: {done.stderr[-800:]}")
    return done.stdout


def table(figures: Sequence[Figures]) -> str:
    """Return the figures as lines for people; growth is to the size before, 1.00 being linear."""
    heading = (
        f"{'':10}{'servers':>9}{'rules':>7}{'processor s':>13}{'clock s':>9}"
        f"{'servers/s':>11}{'peak MiB':>10}{'growth':>8}{'load':>6}"
    )
    lines = [heading]
    before: dict[str, Figures] = {}
    for each in figures:
        smaller = before.get(each.what)
        growth = (
            f"{each.seconds / smaller.seconds / (each.servers / smaller.servers):.2f}"
            if smaller
            else ""
        )
        lines.append(
            f"{each.what:10}{each.servers:>9,}{each.rules:>7}{each.seconds:>13.2f}"
            f"{each.wall_seconds:>9.2f}{each.servers_a_second:>11,.0f}"
            f"{each.peak_bytes / _MEBIBYTE:>10,.0f}{growth:>8}{each.load:>6.1f}"
        )
        before[each.what] = each
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 1 when an aim that was given is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--servers", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--json", type=Path, help="Write the figures there, too.")
    parser.add_argument("--only-judging", action="store_true", help="Leave the others out.")
    parser.add_argument("--at-most", type=float, help="Seconds that the last may take.")
    parser.add_argument("--apart", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.apart:
        what, folder = given.apart
        told = _WAYS[what](given.servers[0], Path(folder))
        if told:
            sys.stdout.write(json.dumps(asdict(told)))
        return 0
    figures = measure(given.servers, only_judging=given.only_judging)
    sys.stdout.write(table(figures) + "\n")
    if given.json:
        given.json.write_text(json.dumps([asdict(each) for each in figures], indent=2) + "\n")
    return int(given.at_most is not None and figures[-1].seconds > given.at_most)


_WAYS: Final = {
    "judging": judging,
    "differing": differing,
    "whole": whole,
    "shared": shared,
    "fill": fill,
}


if __name__ == "__main__":
    sys.exit(main())
