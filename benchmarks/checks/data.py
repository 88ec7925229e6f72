"""Checksums two databases of PostgreSQL by the check of data, beside what is typed by hand.

Both sides hold the same made rows, but for one that is wrong. ``copy`` is what an engineer types
first: ``COPY (SELECT * … ORDER BY key) TO STDOUT`` into sha256sum, on both sides at once.
``string_agg`` is the next: ``SELECT md5(string_agg(t::text, '' ORDER BY key))``, which needs the
whole table in memory and cannot do more than 1 GB of text. ``sum`` is the fastest that is known:
``SELECT sum(hashtextextended(t::text, 0))``, the same sum as the check's, in one statement, without
buckets, parts or pauses. They say that something differs; the check names the row and the column.

    python -m benchmarks.checks.data --rows 10000000 --json figures.json
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from inventory.registry import Registry
from migrate.model.check import Check
from tests.real.store import postgresql
from tests.sights import sight

_MAKE = """
create table orders as
select g::bigint as id, md5(g::text) as who, (g * 1.5)::numeric(14,2) as amount,
       timestamptz '2026-01-01' + g * interval '1 second' as at, g % 7 = 0 as paid,
       repeat('x', g % 50) as note
  from generate_series(1, {rows}) g;
alter table orders add primary key (id);
vacuum analyze orders;
"""
_WRONG = "update orders set note = 'wrong' where id = {row};"
_COPY = "copy (select * from orders order by id) to stdout"
_AGGREGATE = "select md5(string_agg(t::text, '' order by id)) from orders t"
_SUM = "select count(*), sum(hashtextextended(t::text, 0)) from orders t"
_ALONE = "set max_parallel_workers_per_gather = 0; set jit = off;"


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What one contender needed for both sides together."""

    contender: str
    rows: int
    seconds: float
    """By the clock."""
    processor_seconds: float
    """Of the server, the contender and its children."""
    said: str
    load: float
    """Of the machine when it began."""


def main() -> int:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    programs = postgresql.programs()
    if programs is None:
        sys.exit("PostgreSQL is not installed")
    server = postgresql.start(programs)
    try:
        figures = _measured(server, given.rows, given.rounds)
    finally:
        server.stop()
    for each in figures:
        print(
            f"{each.contender:<11} {each.seconds:8.1f} s  {each.processor_seconds:8.1f} s of "
            f"processor  load {each.load:.1f}  {each.said[:120]}"
        )
    if given.json:
        given.json.write_text(json.dumps([asdict(each) for each in figures], indent=2))
    return 0


def _measured(server: postgresql.PostgreSql, rows: int, rounds: int) -> list[Figures]:
    urls = (server.database("old"), server.database("new"))
    for url in urls:
        for statement in filter(str.strip, _MAKE.format(rows=rows).split(";")):
            _psql(url, statement)
    _psql(urls[1], _WRONG.format(row=rows * 3 // 4))
    _psql(urls[1], "vacuum orders")
    contenders: dict[str, Callable[[], str]] = {
        "decant": lambda: _check(*urls),
        "copy": lambda: _both(urls, lambda url: _hashed(url, _COPY)),
        "string_agg": lambda: _both(urls, lambda url: _psql(url, _AGGREGATE)),
        "sum": lambda: _both(urls, lambda url: _psql(url, _SUM)),
    }
    best: dict[str, Figures] = {}
    for _ in range(rounds):
        for name, run in contenders.items():
            found = _timed(server, name, rows, run)
            if name not in best or found.processor_seconds < best[name].processor_seconds:
                best[name] = found
    return list(best.values())


def _timed(server: postgresql.PostgreSql, name: str, rows: int, run: Callable[[], str]) -> Figures:
    load, before, begun = os.getloadavg()[0], _processor(server), time.monotonic()
    said = run()
    seconds = time.monotonic() - begun
    time.sleep(0.5)  # until the server has reaped its processes, whose time it then knows
    return Figures(
        contender=name,
        rows=rows,
        seconds=seconds,
        processor_seconds=_processor(server) - before,
        said=said,
        load=load,
    )


def _processor(server: postgresql.PostgreSql) -> float:
    """Return the seconds of processor that the server's ended processes and we have used."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    reaped = (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return reaped + sum(each.ru_utime + each.ru_stime for each in used)


def _check(old: str, new: str) -> str:
    check = Registry(package="migrate.checks", attribute="CHECK", kind=Check)
    given = {"old": {"url": old}, "new": {"url": new}, "resume": False}
    return check.one("postgresql-data").value.run(sight(), given).detail


def _both(urls: tuple[str, str], run: Callable[[str], str]) -> str:
    with ThreadPoolExecutor(2) as pool:
        old, new = pool.map(run, urls)
    if "ERROR" in old:
        return old
    return "the same" if old == new else "something differs"


def _psql(url: str, sql: str) -> str:
    done = subprocess.run(
        ["psql", "--quiet", "--tuples-only", url, "-c", _ALONE if "select" in sql else sql]
        + (["-c", sql] if "select" in sql else []),
        check=False,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip() or done.stderr.strip()


def _hashed(url: str, sql: str) -> str:
    with subprocess.Popen(["psql", "--quiet", url, "-c", sql], stdout=subprocess.PIPE) as copying:
        done = subprocess.run(
            ["sha256sum"], stdin=copying.stdout, check=True, capture_output=True, text=True
        )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
