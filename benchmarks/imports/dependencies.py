"""How long Azure Migrate's dependencies take to import, beside merely reading the rows."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from benchmarks.imports.measure import measure, table

TITLES: Final = (
    "Time slot,Source server name,Source IP,Source application,Source process,"
    "Destination server name,Destination IP,Destination application,Destination process,"
    "Destination port"
)
"""As the portal writes them."""
_FIRST: Final = datetime(2026, 10, 1, tzinfo=UTC)
_SLOTS: Final = 120
"""Six hours each: the thirty days that are kept."""
_USED_BY_ONE: Final = 40
"""Services that each server uses: they are seen again in each slot."""
_PORTS: Final = (53, 88, 123, 389, 443, 445, 1433, 3306, 5432, 8080)


def write(path: Path, rows: int) -> None:
    """Write so many rows: what a few thousand servers use, again and again."""
    servers = max(1, rows // (_SLOTS * _USED_BY_ONE))
    left = rows
    with path.open("w", encoding="utf-8-sig", newline="") as text:
        text.write(f"{TITLES}\r\n")
        for slot in range(_SLOTS):
            begin = _FIRST + timedelta(hours=6 * slot)
            end = begin + timedelta(hours=6)
            times = f"{begin.month}/{begin.day}/{begin.year} {begin:%H}:00-{end.hour or 24}:00"
            for server in range(servers):
                chunk = "".join(_rows(times, server, servers, min(left, _USED_BY_ONE)))
                text.write(chunk)
                left -= min(left, _USED_BY_ONE)
        while left:
            chunk = "".join(_rows(times, left % servers, servers, min(left, _USED_BY_ONE)))
            text.write(chunk)
            left -= min(left, _USED_BY_ONE)


def _rows(times: str, server: int, servers: int, count: int) -> Iterator[str]:
    for use in range(count):
        other = (server * 7 + use * 131) % servers
        name = f"srv-{other:05d}" if use % 3 else ""
        yield (
            f"{times},srv-{server:05d},{_address(server)},Application {server % 30},java,"
            f"{name},{_address(other)},PostgreSQL 14,postgres,"
            f"{_PORTS[use % len(_PORTS)]}\r\n"
        )


def _address(server: int) -> str:
    return f"10.{server >> 16 & 255}.{server >> 8 & 255}.{server & 255}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Generate the file, measure, and print; 1 when an aim is missed that was asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks.imports.dependencies", description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures there, too")
    parser.add_argument("--at-most", type=float, help="ratio above which to fail")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "dependencies.csv")
        write(path, chosen.rows)
        size = path.stat().st_size
        figures = measure(("csv.reader", "decant"), path, rounds=chosen.rounds)
    print(f"{chosen.rows:,} rows, {size / 1e6:.0f} MB")
    print(table(figures))
    if chosen.json:
        chosen.json.write_text(json.dumps({way: asdict(each) for way, each in figures.items()}))
    ratio = figures["decant"].seconds / figures["csv.reader"].seconds
    return int(chosen.at_most is not None and ratio > chosen.at_most)


if __name__ == "__main__":
    sys.exit(main())
