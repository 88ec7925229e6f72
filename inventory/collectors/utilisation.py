"""How busy the server is while it is watched: processors, memory, disks, network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from inventory.collectors._rates import (
    SECTOR_BYTES,
    Measures,
    is_outward,
    per_second,
    whole_disks,
)
from inventory.collectors._text import by_file
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.utilisation import SAMPLED, Spread, Utilisation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.fact import Observation

_SAMPLE = """
grep -HasE -e '^(cpu |btime |(MemTotal|MemFree|MemAvailable|Buffers|Cached):)' \\
  -e '^ *[0-9]' -e ': *[0-9]+ +[0-9]+ ' \\
  /proc/uptime /proc/stat /proc/meminfo /proc/diskstats /proc/net/dev
:
"""
_IDLE: Final = (3, 4)
"""Idle, and waiting for disks, among the processors' times in /proc/stat."""
_TIMES: Final = 8
"""User, nice, system, idle, waiting, interrupts, soft interrupts, stolen. Guests are in the first
two already."""


@dataclass(frozen=True, kw_only=True)
class _Look:
    """The kernel's counters at one moment."""

    at: datetime
    seconds: float
    """Since the server was started."""
    busy: float
    total: float
    memory_percent: float | None
    disks: Mapping[str, tuple[int, int, int]]
    """Operations, sectors read, sectors written."""
    interfaces: Mapping[str, tuple[int, int]]
    """Bytes received and sent."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    if not answer.samples:
        return (SAMPLED.unknown(Reason.NOT_ASKED, "discover --sample watches for a while"),)
    looks = [look for look in map(_look, answer.samples) if look]
    measures = Measures()
    for before, after in pairwise(looks):
        _compare(before, after, measures)
    told = measures.utilisation("sample", [each.at for each in looks])
    return (SAMPLED.known_or(told, Reason.NOT_TOLD, "there is no /proc that counts"),)


def _look(said: str) -> _Look | None:
    try:
        return _look_at(by_file(said))
    except (ValueError, IndexError, KeyError, OverflowError, OSError):
        return None


def _look_at(files: Mapping[str, list[str]]) -> _Look:
    seconds = float(files["/proc/uptime"][0].split()[0])
    stat = {line.split()[0]: line.split()[1:] for line in files["/proc/stat"] if line.split()}
    times = [float(each) for each in stat["cpu"][:_TIMES]]
    idle = sum(times[each] for each in _IDLE)
    started = datetime.fromtimestamp(int(stat["btime"][0]), UTC)
    return _Look(
        at=started + timedelta(seconds=seconds),
        seconds=seconds,
        busy=sum(times) - idle,
        total=sum(times),
        memory_percent=_memory(files.get("/proc/meminfo", [])),
        disks=_disks(files.get("/proc/diskstats", [])),
        interfaces=_interfaces(files.get("/proc/net/dev", [])),
    )


def _memory(lines: list[str]) -> float | None:
    told = {line.partition(":")[0]: int(line.split()[1]) for line in lines}
    total = told.get("MemTotal", 0)
    if not total:
        return None
    plain = told.get("MemFree", 0) + told.get("Buffers", 0) + told.get("Cached", 0)
    return 100 * (total - told.get("MemAvailable", plain)) / total


def _disks(lines: list[str]) -> dict[str, tuple[int, int, int]]:
    found = {}
    for line in lines:
        words = line.split()
        if len(words) > 9:  # noqa: PLR2004 - partitions of kernels before 2.6.25 say less
            numbers = [int(each) for each in words[3:10]]
            found[words[2]] = (numbers[0] + numbers[4], numbers[2], numbers[6])
    disks = whole_disks(found)
    return {name: counted for name, counted in found.items() if name in disks}


def _interfaces(lines: list[str]) -> dict[str, tuple[int, int]]:
    found = {}
    for line in lines:
        name, colon, numbers = line.rpartition(":")
        words = numbers.split()
        if colon and len(words) > 8 and is_outward(name.strip()):  # noqa: PLR2004 - eight are received
            found[name.strip()] = (int(words[0]), int(words[8]))
    return found


def _compare(before: _Look, after: _Look, measures: Measures) -> None:
    seconds = after.seconds - before.seconds
    if seconds <= 0:
        return
    if after.total > before.total and after.busy >= before.busy:
        measures.cpu_percent.append(100 * (after.busy - before.busy) / (after.total - before.total))
    if after.memory_percent is not None:
        measures.memory_percent.append(after.memory_percent)
    _add(measures.disk_operations, before.disks, after.disks, 0, seconds)
    _add(measures.disk_read, before.disks, after.disks, 1, seconds / SECTOR_BYTES)
    _add(measures.disk_write, before.disks, after.disks, 2, seconds / SECTOR_BYTES)
    _add(measures.received, before.interfaces, after.interfaces, 0, seconds)
    _add(measures.sent, before.interfaces, after.interfaces, 1, seconds)


def _add(
    rates: list[float],
    before: Mapping[str, tuple[int, ...]],
    after: Mapping[str, tuple[int, ...]],
    which: int,
    seconds: float,
) -> None:
    """Add what all of them did together; nothing when there is none to tell."""
    found = [
        per_second(before[name][which], counted[which], seconds)
        for name, counted in after.items()
        if name in before
    ]
    told = [rate for rate in found if rate is not None]
    if told:
        rates.append(sum(told))


_FIRST = """\
/proc/uptime:13588.37 19511.04
/proc/stat:cpu  1000 0 500 8000 500 0 0 0 0 0
/proc/stat:btime 1763800000
/proc/meminfo:MemTotal:       1000000 kB
/proc/meminfo:MemFree:         200000 kB
/proc/meminfo:MemAvailable:    750000 kB
/proc/diskstats: 254       0 vda 100 0 2000 50 300 0 4000 90 0 40 140
/proc/diskstats: 254       1 vda1 100 0 2000 50 300 0 4000 90 0 40 140
/proc/net/dev:    lo: 2784161913  732206    0    0    0     0          0         0 2784161913  732206    0
/proc/net/dev:  eth0: 5000  10    0    0    0     0          0         0 7000  20    0    0    0     0   0 0
"""  # noqa: E501 - as it was said
_SECOND = """\
/proc/uptime:13598.37 19521.04
/proc/stat:cpu  1150 0 550 8750 550 0 0 0 0 0
/proc/stat:btime 1763800000
/proc/meminfo:MemTotal:       1000000 kB
/proc/meminfo:MemFree:         200000 kB
/proc/meminfo:MemAvailable:    600000 kB
/proc/diskstats: 254       0 vda 200 0 2200 50 400 0 6000 90 0 40 140
/proc/diskstats: 254       1 vda1 200 0 2200 50 400 0 6000 90 0 40 140
/proc/net/dev:    lo: 2784169999  732206    0    0    0     0          0         0 2784169999  732206    0
/proc/net/dev:  eth0: 25000  10    0    0    0     0          0         0 8000  20    0    0    0     0   0 0
"""  # noqa: E501 - as it was said


def _even(value: float) -> Spread:
    return Spread(mean=value, p50=value, p90=value, p95=value, p99=value, maximum=value)


COLLECTOR = Collector(
    tidy=True,
    sample=_SAMPLE,
    tells=(SAMPLED,),
    read=_read,
    examples=(
        Example(
            system="debian 12, its numbers made round",
            samples=(_FIRST, _SECOND),
            expected=(
                SAMPLED.known(
                    Utilisation(
                        source="sample",
                        since=datetime(2025, 11, 22, 12, 13, 8, 370000, tzinfo=UTC),
                        until=datetime(2025, 11, 22, 12, 13, 18, 370000, tzinfo=UTC),
                        samples=1,
                        cpu_percent=_even(20.0),
                        memory_percent=_even(40.0),
                        disk_read_bytes_per_second=_even(10240.0),
                        disk_write_bytes_per_second=_even(102400.0),
                        disk_operations_per_second=_even(20.0),
                        network_received_bytes_per_second=_even(2000.0),
                        network_sent_bytes_per_second=_even(100.0),
                    )
                ),
            ),
        ),
        Example(
            system="a server that was not watched",
            expected=(SAMPLED.unknown(Reason.NOT_ASKED, "discover --sample watches for a while"),),
        ),
        Example(
            system="freebsd 13, which has no /proc",
            samples=("", ""),
            expected=(SAMPLED.unknown(Reason.NOT_TOLD, "there is no /proc that counts"),),
        ),
    ),
)
