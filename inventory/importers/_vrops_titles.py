"""The titles of Aria Operations' columns: ``VM|CPU|Usage (%)|Avg`` → what is measured, and how."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from inventory.reading.table import plain


class How(Enum):
    """What a column says of a window of time, by its transformation."""

    MEAN = "average"
    MAXIMUM = "maximum"
    POINT = "point"
    """It does not say: what was so at the row's time, or when the view was exported."""


class Subject(Enum):
    """What the objects of a view are."""

    VM = "virtual machine"
    HYPERVISOR = "hypervisor"
    CLUSTER = "cluster of hypervisors"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One column of numbers."""

    measure: str
    """The field of :class:`inventory.model.utilisation.ToldUtilisation`."""
    how: How
    factor: float | None
    """By which to multiply its numbers, where they have no unit of their own; None where the title
    tells none either: views of one metric come in KB and in MB."""


NAMES: Final = ("Name", "VM Name", "Virtual Machine", "Object Name", "VM")
TIMES: Final = ("Interval Breakdown", "Interval Start", "Timestamp", "Time")
IDS: Final = ("Object ID", "Resource ID", "VM ID", "MOID")
_HOWS: Final = {
    **dict.fromkeys(("avg", "average", "mean", "durchschnitt"), How.MEAN),
    **dict.fromkeys(("max", "maximum", "peak"), How.MAXIMUM),
    **dict.fromkeys(("last", "current", "latest"), How.POINT),
}
_OTHER_HOWS: Final = re.compile(
    r"(?:min|minimum|sum|count|first|stddev|standarddeviation|forecast|\d+(?:st|nd|rd|th)percentile)\Z"
)
"""Transformations that are neither an average nor a peak."""
_SUBJECTS: Final = {
    **dict.fromkeys(("vm", "virtualmachine"), Subject.VM),
    **dict.fromkeys(("host", "hostsystem", "esxihost"), Subject.HYPERVISOR),
    **dict.fromkeys(("cluster", "clustercomputeresource"), Subject.CLUSTER),
}
_KB: Final = 1 << 10
_UNITS: Final[Mapping[str, int]] = {"b": 1, "kb": _KB, "mb": _KB**2, "gb": _KB**3, "tb": _KB**4}
"""KB are KiB, as VMware counts."""
_DISKS: Final = ("disk", "virtualdisk", "physicaldisk", "datastore")
_READ: Final = ("readthroughput", "readrate", "diskreadrate", "readdatarate")
_WRITTEN: Final = ("writethroughput", "writerate", "diskwriterate", "writedatarate")
_MEASURES: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("cpu", "usage"): ("cpu_percent", "%"),
    ("memory", "usage"): ("memory_percent", "%"),
    ("mem", "usage"): ("memory_percent", "%"),
    ("memory", "utilization"): ("memory_used_bytes", "size"),
    ("mem", "utilization"): ("memory_used_bytes", "size"),
    ("network", "datareceiverate"): ("network_received_bytes_per_second", "size"),
    ("network", "datatransmitrate"): ("network_sent_bytes_per_second", "size"),
    ("net", "datareceiverate"): ("network_received_bytes_per_second", "size"),
    ("net", "datatransmitrate"): ("network_sent_bytes_per_second", "size"),
    **{(disk, each): ("disk_read_bytes_per_second", "size") for disk in _DISKS for each in _READ},
    **{
        (disk, each): ("disk_write_bytes_per_second", "size")
        for disk in _DISKS
        for each in _WRITTEN
    },
    **{
        (disk, each): ("disk_reads_per_second", "")
        for disk in _DISKS
        for each in ("readspersecond", "readiops")
    },
    **{
        (disk, each): ("disk_writes_per_second", "")
        for disk in _DISKS
        for each in ("writespersecond", "writeiops")
    },
}
"""Group and metric → the measure, and what it comes in: per cent, sizes, or plain numbers."""
_UNIT: Final = re.compile(r"\s*\(([^)]*)\)\s*\Z")


@dataclass(frozen=True, kw_only=True)
class Title:
    """A title in its parts."""

    subject: Subject | None
    parts: tuple[str, ...]
    """Groups and metric, plain: ``("cpu", "usage")``; of an instance the group without it."""
    unit: str
    how: How | None
    """None where it is neither an average nor a peak nor a point."""


def read_title(title: str) -> Title:
    """Part a title; see the module."""
    parts = [part.strip() for part in title.split("|")]
    how: How | None = How.POINT
    if len(parts) > 1 and (plain(parts[-1]) in _HOWS or _OTHER_HOWS.match(plain(parts[-1]))):
        how = _HOWS.get(plain(parts.pop()))
    subject = _SUBJECTS.get(plain(parts[0])) if len(parts) > 1 else None
    if subject:
        del parts[0]
    found = _UNIT.search(parts[-1])
    unit = plain(found[1]) if found and "%" not in found[1] else "%" if found else ""
    bare = [plain(_UNIT.sub("", part).partition(":")[0]) for part in parts]
    return Title(subject=subject, parts=tuple(bare), unit=unit, how=how)


def metric_of(title: Title) -> Metric | None:
    """Return what a column of numbers measures; None when it is nothing that is kept."""
    if len(title.parts) < 2 or title.how is None:  # noqa: PLR2004  # a group and a metric
        return None
    measure, kept_in = _MEASURES.get((title.parts[0], title.parts[-1]), ("", ""))
    unit = title.unit.removesuffix("ps").removesuffix("persecond")
    if not measure or (kept_in == "%") != (unit == "%"):
        return None
    factor = 1 if kept_in in {"%", ""} else _UNITS.get(unit)
    return Metric(measure=measure, how=title.how, factor=factor)
