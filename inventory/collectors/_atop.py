"""What ``atop -P CPU,MEM,DSK,NET`` says of its records: a line for each thing in each interval."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Final

from inventory.collectors._rates import SECTOR_BYTES, Measures, is_outward, whole_disks

_HEAD: Final = 6
"""Label, server, seconds since 1970, date, time, seconds of the interval."""


def read_atop(text: str) -> tuple[list[datetime], Measures]:
    """Return when each interval ended, and what was measured; what cannot be read is left out.

    The first interval of a file goes back to when the server was started, and is left out.
    """
    measures = Measures()
    times: list[datetime] = []
    since_start = False
    interval: list[list[str]] = []
    for line in text.splitlines():
        if line == "RESET":
            since_start = True
        elif line == "SEP":
            if not since_start:
                _add(interval, measures, times)
            since_start, interval = False, []
        else:
            interval.append(line.split())
    return times, measures


def _add(rows: list[list[str]], measures: Measures, times: list[datetime]) -> None:
    try:
        seconds = int(rows[0][5])
        moment = datetime.fromtimestamp(int(rows[0][2]), UTC)
        told: dict[str, list[list[str]]] = defaultdict(list)
        for row in rows:
            told[row[0]].append(row[_HEAD:])
        if seconds > 0:
            _measure(told, seconds, measures)
            times.append(moment)
    except (ValueError, IndexError, OverflowError, OSError):
        return


def _measure(told: dict[str, list[list[str]]], seconds: int, measures: Measures) -> None:
    for words in told["CPU"]:
        # Ticks a second, processors; then system, user, nice, idle, wait, irq, softirq, steal.
        times = [int(each) for each in words[2:10]]
        if sum(times) > 0:
            measures.cpu_percent.append(100 * (1 - (times[3] + times[4]) / sum(times)))
    for words in told["MEM"]:
        _, total, free, cache, buffers = (int(each) for each in words[:5])
        if total:
            measures.memory_percent.append(100 * max(0, total - free - cache - buffers) / total)
    disks = whole_disks(words[0] for words in told["DSK"])
    found = [[int(each) for each in words[2:6]] for words in told["DSK"] if words[0] in disks]
    if found:
        reads, read, writes, written = (sum(column) for column in zip(*found, strict=True))
        measures.disk_operations.append((reads + writes) / seconds)
        measures.disk_read.append(read * SECTOR_BYTES / seconds)
        measures.disk_write.append(written * SECTOR_BYTES / seconds)
    outward = [words for words in told["NET"] if words[0] != "upper" and is_outward(words[0])]
    if outward:
        measures.received.append(sum(int(words[2]) for words in outward) / seconds)
        measures.sent.append(sum(int(words[4]) for words in outward) / seconds)
