"""Ways of reading an export, each timed in a process of its own, which tells its peak of memory."""

from __future__ import annotations

import csv
import gc
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Final

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one reading of an export cost."""

    seconds: float
    """Of processor time, from opening the file to its last cell or item, child processes too."""
    wall_seconds: float
    """The same by the clock; another load of the machine is part of it."""
    peak_bytes: int
    """Most resident memory of the process, Python and libraries included."""
    count: int
    """Cells, rows or items: the same in every run, or it was not the same work."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What several readings in one way cost: medians, and the highest peak of memory."""

    seconds: float
    lowest: float
    highest: float
    wall_seconds: float
    peak_bytes: int
    count: int


def measure(ways: Sequence[str], path: Path, *, rounds: int) -> dict[str, Figures]:
    """Read a file in each of these ways, in turn, every other round backwards.

    Raises:
        RuntimeError: a way failed, or did not count the same each time.

    """
    readings: dict[str, list[Reading]] = {way: [] for way in ways}
    for number in range(rounds):
        for way in ways if number % 2 == 0 else reversed(ways):
            readings[way].append(_apart(way, path))
    return {way: _figures(way, each) for way, each in readings.items()}


def table(figures: Mapping[str, Figures]) -> str:
    """Return the figures as lines for people; ratios are to the first way."""
    base = next(iter(figures.values())).seconds
    lines = [f"{'':12}{'processor s':>22}{'ratio':>8}{'clock s':>9}{'peak MiB':>10}{'counted':>14}"]
    for way, each in figures.items():
        spread = f"{each.seconds:.2f} ({each.lowest:.2f}-{each.highest:.2f})"
        lines.append(
            f"{way:12}{spread:>22}{each.seconds / base:>8.2f}{each.wall_seconds:>9.2f}"
            f"{each.peak_bytes / (1 << 20):>10.0f}{each.count:>14,}"
        )
    return "\n".join(lines)


def _figures(way: str, readings: Sequence[Reading]) -> Figures:
    counts = {each.count for each in readings}
    if len(counts) != 1:
        raise RuntimeError(f"{way} counted {sorted(counts)}")
    seconds = [each.seconds for each in readings]
    return Figures(
        seconds=median(seconds),
        lowest=min(seconds),
        highest=max(seconds),
        wall_seconds=median(each.wall_seconds for each in readings),
        peak_bytes=max(each.peak_bytes for each in readings),
        count=counts.pop(),
    )


def _apart(way: str, path: Path) -> Reading:
    done = subprocess.run(
        [sys.executable, "-m", __name__, way, str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{way} failed: {done.stderr[-500:]}")
    return Reading(**json.loads(done.stdout))


def _calamine(path: Path) -> Callable[[], int]:
    """Read every cell of every sheet with the fastest reader, and do nothing with it."""
    from python_calamine import CalamineWorkbook  # not part of what is timed

    def read() -> int:
        workbook = CalamineWorkbook.from_path(path)
        return sum(
            len(row)
            for name in workbook.sheet_names
            for row in workbook.get_sheet_by_name(name).iter_rows()
        )

    return read


def _csv(path: Path) -> Callable[[], int]:
    """Read every row with Python's own reader, and do nothing with it."""

    def read() -> int:
        with path.open(newline="", encoding="utf-8-sig") as text:
            return sum(1 for _ in csv.reader(text))

    return read


def _import(path: Path) -> Callable[[], int]:
    """Recognise the export and read its items, as importing it does before storing them."""
    from inventory.intake.opened import importers, opened

    known = importers()
    return lambda: sum(1 for _ in opened([path], known).items())


WAYS: Final[Mapping[str, Callable[[Path], Callable[[], int]]]] = {
    "calamine": _calamine,
    "csv.reader": _csv,
    "decant": _import,
}


def main() -> None:
    """Read one file in one way and tell what it cost."""
    way, path = sys.argv[1], Path(sys.argv[2])
    read = WAYS[way](path)
    gc.collect()
    begin, begin_busy = time.perf_counter(), _busy_seconds()
    count = read()
    reading = Reading(
        seconds=_busy_seconds() - begin_busy,
        wall_seconds=time.perf_counter() - begin,
        peak_bytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        count=count,
    )
    print(json.dumps(asdict(reading)))


def _busy_seconds() -> float:
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, both))


if __name__ == "__main__":
    main()
