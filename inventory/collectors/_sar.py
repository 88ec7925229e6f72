"""What ``sadf -d`` says of a day that sar recorded: tables parted by semicolons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from math import isfinite
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
        idle = _figure(row["%idle"]) + _figure(row.get("%iowait", "0"))
        measures.cpu_percent.append(max(0.0, 100 - idle))
    elif "kbmemfree" in row:
        _add_memory(row, measures)
    elif "bread/s" in row:
        measures.disk_operations.append(_figure(row["tps"]))
        measures.disk_read.append(_figure(row["bread/s"]) * SECTOR_BYTES)
        measures.disk_write.append(_figure(row["bwrtn/s"]) * SECTOR_BYTES)
    elif "rxpck/s" in row and is_outward(row["IFACE"]):
        received, sent = network.get(row["timestamp"], (0.0, 0.0))
        # Sysstat 7 (Red Hat 5) counts bytes.
        unit, size = ("kB/s", _KIBIBYTE) if "rxkB/s" in row else ("byt/s", 1)
        network[row["timestamp"]] = (
            received + _figure(row[f"rx{unit}"]) * size,
            sent + _figure(row[f"tx{unit}"]) * size,
        )


def _add_memory(row: Mapping[str, str], measures: Measures) -> None:
    """Count what is not to be freed at once; releases before 11.5 count caches as used."""
    free, used = _figure(row["kbmemfree"]), _figure(row["kbmemused"])
    share = _figure(row.get("%memused", "0"))
    if "kbavail" in row and share > 0 and (total := used / share * 100) > 0:
        measures.memory_percent.append(max(0.0, 100 - 100 * _figure(row["kbavail"]) / total))
    elif free + used > 0:
        kept = used - _figure(row["kbbuffers"]) - _figure(row["kbcached"])
        measures.memory_percent.append(max(0.0, 100 * kept / (free + used)))


def _figure(text: str) -> float:
    """Read a figure; what is none, ``inf`` and ``nan`` among them, raises ValueError."""
    found = float(text)
    if not isfinite(found):
        raise ValueError(text)
    return found
