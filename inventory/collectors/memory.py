"""How much memory the server has, and how much of it is free for new work."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import MEMORY_AVAILABLE, MEMORY_TOTAL

if TYPE_CHECKING:
    from inventory.model.fact import Observation

_SCRIPT = """
grep -E '^Mem(Total|Available):' /proc/meminfo || sysctl hw.physmem
:
"""

_KIBIBYTE: Final = 1024
_LINE: Final = re.compile(r"^(MemTotal|MemAvailable):[ \t]+(\d{1,18}) kB$", re.MULTILINE)
_BSD: Final = re.compile(r"^hw\.physmem: (\d{1,18})$", re.MULTILINE)


def _read(answer: Answer) -> tuple[Observation, ...]:
    told = {name: int(size) * _KIBIBYTE for name, size in _LINE.findall(answer.text)}
    bsd = _BSD.search(answer.text)
    total = told.get("MemTotal", int(bsd[1]) if bsd else None)
    return (
        MEMORY_TOTAL.known_or(total, Reason.NOT_TOLD, "the kernel does not say it"),
        MEMORY_AVAILABLE.known_or(
            told.get("MemAvailable"), Reason.NOT_TOLD, "the kernel does not say it (Linux < 3.14)"
        ),
    )


COLLECTOR = Collector(
    script=_SCRIPT,
    tells=(MEMORY_TOTAL, MEMORY_AVAILABLE),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text="MemTotal:       24684084 kB\nMemAvailable:   24191340 kB\n",
            expected=(
                MEMORY_TOTAL.known(25_276_502_016),
                MEMORY_AVAILABLE.known(24_771_932_160),
            ),
        ),
        Example(
            system="centos 6 (format as documented)",
            text="MemTotal:        1030684 kB\n",
            expected=(
                MEMORY_TOTAL.known(1_055_420_416),
                MEMORY_AVAILABLE.unknown(
                    Reason.NOT_TOLD, "the kernel does not say it (Linux < 3.14)"
                ),
            ),
        ),
        Example(
            system="freebsd 13 (format as documented)",
            text="hw.physmem: 8542584832\n",
            expected=(MEMORY_TOTAL.known(8_542_584_832),),
        ),
    ),
)
