"""What ``pmdumplog`` says of an archive of Performance Co-Pilot: counters, metric by metric."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from inventory.collectors._rates import Measures, is_outward, per_second

_COMMENCING: Final = re.compile(r"\s*commencing \w{3} (\w{3}) +(\d+) [\d:.]+ (\d{4})")
_TIME: Final = re.compile(r"(\d{2}):(\d{2}):(\d{2}\.\d+)\s+\d+ metric")
_METRIC: Final = re.compile(r"\s+[\d.]+ \(([\w.]+)\):(?: value (-?\d+))?")
_INSTANCE: Final = re.compile(r'\s+inst \[\d+ or "([^"]+)"\] value (-?\d+)')
_CPU: Final = "kernel.all.cpu."
_IDLE: Final = (f"{_CPU}idle", f"{_CPU}wait.total")
_KIBIBYTE: Final = 1024

_Values = dict[datetime, float]


def read_pcp(text: str) -> tuple[list[datetime], Measures]:
    """Return the times of the samples, and what was measured; what cannot be read is left out."""
    found = _counters(text)
    measures = Measures()
    _processors(found, measures)
    total = max(found["mem.physmem"].values(), default=0.0)
    for available in found["mem.util.available"].values() if total else ():
        measures.memory_percent.append(100 * max(0.0, total - available) / total)
    measures.disk_operations.extend(_rates(found["disk.all.total"]))
    measures.disk_read.extend(each * _KIBIBYTE for each in _rates(found["disk.all.read_bytes"]))
    measures.disk_write.extend(each * _KIBIBYTE for each in _rates(found["disk.all.write_bytes"]))
    measures.received.extend(_rates(found["network.interface.in.bytes"]))
    measures.sent.extend(_rates(found["network.interface.out.bytes"]))
    return sorted({at for values in found.values() for at in values}), measures


def _counters(text: str) -> dict[str, _Values]:
    """Return each metric's values by time; those of several interfaces added up."""
    found: dict[str, _Values] = defaultdict(dict)
    day, at, metric = None, None, ""
    for line in text.splitlines():
        started, time = _COMMENCING.match(line), _TIME.match(line)
        told, instance = _METRIC.match(line), _INSTANCE.match(line)
        if started:
            day, at = _day(*started.groups()), None
        elif time and day:
            at = _after(at, day, *time.groups())
        elif told:
            metric = told[1]
            if told[2] and at:
                found[metric][at] = float(told[2])
        elif instance and at and is_outward(instance[1]):
            found[metric][at] = found[metric].get(at, 0.0) + float(instance[2])
    return found


def _day(month: str, day: str, year: str) -> datetime | None:
    try:
        return datetime.strptime(f"{day} {month} {year}", "%d %b %Y").replace(tzinfo=UTC)
    except ValueError:
        return None


def _after(last: datetime | None, day: datetime, hour: str, minute: str, second: str) -> datetime:
    """Return a time of day as a moment: on the next day when the clock has gone round."""
    seconds = timedelta(hours=int(hour), minutes=int(minute), seconds=float(second))
    moment = day + seconds
    while last and last - moment > timedelta(hours=12):
        moment += timedelta(days=1)
    return moment


def _processors(found: Mapping[str, _Values], measures: Measures) -> None:
    times = {name: values for name, values in found.items() if name.startswith(_CPU)}
    if not all(name in times for name in _IDLE):
        return
    for before, after in pairwise(sorted(times[_IDLE[0]])):
        spent = {
            name: values[after] - values[before]
            for name, values in times.items()
            if before in values and after in values
        }
        total = sum(spent.values())
        if total > 0 and min(spent.values()) >= 0:
            idle = sum(spent.get(name, 0.0) for name in _IDLE)
            measures.cpu_percent.append(100 * (1 - idle / total))


def _rates(values: _Values) -> list[float]:
    found = [
        per_second(values[before], values[after], (after - before).total_seconds())
        for before, after in pairwise(sorted(values))
    ]
    return [rate for rate in found if rate is not None]
