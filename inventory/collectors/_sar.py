"""What ``sadf -d`` says of a day that sar recorded: tables parted by semicolons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from inventory.collectors._rates import SECTOR_BYTES, Measures, is_outward

_KIBIBYTE: Final = 1024
_ALL: Final = ("-1", "all")
"""How the sum over all processors is called, by release."""


def read_sar(text: str) -> tuple[list[datetime], Measures]:
    """Return when each interval ended, and what was measured; what cannot be read is left out."""
    measures = Measures()
    times: dict[str, datetime] = {}
    network: dict[str, tuple[float, float]] = {}
    heading: list[str] = []
    for line in text.splitlines():
        if line.startswith("# "):
            heading = line[2:].split(";")
            continue
        row = dict(zip(heading, line.split(";"), strict=False))
        if len(row) < len(heading):
            continue
        try:
            _add(row, measures, network)
            _note(row["timestamp"], times)
        except (ValueError, KeyError):
            continue
    measures.received.extend(received for received, _ in network.values())
    measures.sent.extend(sent for _, sent in network.values())
    return list(times.values()), measures


def _note(text: str, times: dict[str, datetime]) -> None:
    if text not in times:
        times[text] = datetime.fromisoformat(text.removesuffix(" UTC")).replace(tzinfo=UTC)


def _add(
    row: Mapping[str, str], measures: Measures, network: dict[str, tuple[float, float]]
) -> None:
    if "%idle" in row and row["CPU"] in _ALL:
        idle = float(row["%idle"]) + float(row.get("%iowait", 0))
        measures.cpu_percent.append(max(0.0, 100 - idle))
    elif "kbmemfree" in row:
        _add_memory(row, measures)
    elif "bread/s" in row:
        measures.disk_operations.append(float(row["tps"]))
        measures.disk_read.append(float(row["bread/s"]) * SECTOR_BYTES)
        measures.disk_write.append(float(row["bwrtn/s"]) * SECTOR_BYTES)
    elif "rxkB/s" in row and is_outward(row["IFACE"]):
        received, sent = network.get(row["timestamp"], (0.0, 0.0))
        network[row["timestamp"]] = (
            received + float(row["rxkB/s"]) * _KIBIBYTE,
            sent + float(row["txkB/s"]) * _KIBIBYTE,
        )


def _add_memory(row: Mapping[str, str], measures: Measures) -> None:
    """Count what is not to be freed at once; releases before 11.5 count caches as used."""
    free, used = float(row["kbmemfree"]), float(row["kbmemused"])
    if "kbavail" in row and float(row["%memused"]) > 0:
        total = used / float(row["%memused"]) * 100
        measures.memory_percent.append(max(0.0, 100 - 100 * float(row["kbavail"]) / total))
    elif free + used > 0:
        kept = used - float(row["kbbuffers"]) - float(row["kbcached"])
        measures.memory_percent.append(max(0.0, 100 * kept / (free + used)))
