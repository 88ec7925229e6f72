"""How many processors the server has, and of which model."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import by_file, number, parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import CPU_CORES, CPU_MODEL, CPU_THREADS

if TYPE_CHECKING:
    from inventory.model.fact import Observation

_SCRIPT = """
echo '@@ processors'
grep -E '^([Pp]rocessor|model name|cpu|cpu model|CPU implementer|CPU part)[ 0-9[:blank:]]*:' \\
  /proc/cpuinfo || sysctl hw.ncpu hw.model
echo '@@ siblings'
grep -Has '' /sys/devices/system/cpu/online \\
  /sys/devices/system/cpu/cpu[0-9]*/topology/thread_siblings_list
:
"""

_NUMBERED: Final = re.compile(r"^processor\s*(?:\d+\s*)?:", re.MULTILINE)
_MODEL: Final = re.compile(
    r"^(?:model name|cpu model|cpu|Processor|hw\.model)[ \t]*:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE
)
_ARM: Final = re.compile(r"^CPU (?:implementer|part)\s*:\s*(0x[0-9a-f]+)$", re.MULTILINE)
_ARM_PARTS: Final = {
    ("0x41", "0xd08"): "ARM Cortex-A72",
    ("0x41", "0xd0c"): "ARM Neoverse-N1",
    ("0x41", "0xd40"): "ARM Neoverse-V1",
    ("0x41", "0xd49"): "ARM Neoverse-N2",
    ("0x41", "0xd4f"): "ARM Neoverse-V2",
    ("0xc0", "0xac3"): "Ampere-1",
}
_BSD_COUNT: Final = re.compile(r"^hw\.ncpu: (\d+)$", re.MULTILINE)


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    processors = said.get("processors", "")
    topology = by_file(said.get("siblings", ""))
    return (
        CPU_THREADS.known_or(
            _threads(processors, topology), Reason.NOT_TOLD, "the kernel lists no processor"
        ),
        CPU_CORES.known_or(
            _cores(topology), Reason.NOT_TOLD, "the kernel does not show which threads share a core"
        ),
        CPU_MODEL.known_or(
            _model(processors), Reason.NOT_TOLD, "the kernel does not name the processor"
        ),
    )


def _threads(processors: str, topology: dict[str, list[str]]) -> int | None:
    listed = len(_NUMBERED.findall(processors))
    if listed:
        return listed
    bsd = _BSD_COUNT.search(processors)
    if bsd:
        return int(bsd[1])
    return _count(topology.get("/sys/devices/system/cpu/online", [""])[0])


def _count(ranges: str) -> int | None:
    """Count what a list such as ``0-3,8`` names."""
    total = 0
    for each in ranges.split(","):
        first, dash, last = each.partition("-")
        low, high = number(first), number(last if dash else first)
        if low is None or high is None or high < low:
            return None
        total += high - low + 1
    return total


def _cores(topology: dict[str, list[str]]) -> int | None:
    """Count the sets of threads that share a core."""
    shared = {
        lines[0] for path, lines in topology.items() if path.endswith("/thread_siblings_list")
    }
    return len(shared) or None


def _model(processors: str) -> str | None:
    match = _MODEL.search(processors)
    if match:
        return " ".join(match[1].split())
    arm = tuple(_ARM.findall(processors)[:2])
    if not arm:
        return None
    return _ARM_PARTS.get((arm[0], arm[-1]), f"ARM implementer {arm[0]} part {arm[-1]}")


COLLECTOR = Collector(
    script=_SCRIPT,
    tells=(CPU_THREADS, CPU_CORES, CPU_MODEL),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            text="""\
@@ processors
processor	: 0
model name	: AMD EPYC
processor	: 1
model name	: AMD EPYC
@@ siblings
/sys/devices/system/cpu/online:0-1
/sys/devices/system/cpu/cpu0/topology/thread_siblings_list:0
/sys/devices/system/cpu/cpu1/topology/thread_siblings_list:1
""",
            expected=(CPU_THREADS.known(2), CPU_CORES.known(2), CPU_MODEL.known("AMD EPYC")),
        ),
        Example(
            system="rhel 7 with hyper-threading (format as documented)",
            text="""\
@@ processors
processor	: 0
model name	: Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz
processor	: 1
model name	: Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz
processor	: 2
model name	: Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz
processor	: 3
model name	: Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz
@@ siblings
/sys/devices/system/cpu/online:0-3
/sys/devices/system/cpu/cpu0/topology/thread_siblings_list:0,2
/sys/devices/system/cpu/cpu1/topology/thread_siblings_list:1,3
/sys/devices/system/cpu/cpu2/topology/thread_siblings_list:0,2
/sys/devices/system/cpu/cpu3/topology/thread_siblings_list:1,3
""",
            expected=(
                CPU_THREADS.known(4),
                CPU_CORES.known(2),
                CPU_MODEL.known("Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz"),
            ),
        ),
        Example(
            system="alpine 3.19 on arm (busybox; format as documented)",
            text="""\
@@ processors
processor	: 0
CPU implementer	: 0x41
CPU part	: 0xd0c
@@ siblings
/sys/devices/system/cpu/online:0
/sys/devices/system/cpu/cpu0/topology/thread_siblings_list:0
""",
            expected=(CPU_THREADS.known(1), CPU_MODEL.known("ARM Neoverse-N1")),
        ),
        Example(
            system="sles 15 on s390x (format as documented)",
            text="""\
@@ processors
processor 0: version = FF,  identification = 0133E8,  machine = 2964
processor 1: version = FF,  identification = 0133E8,  machine = 2964
@@ siblings
""",
            expected=(
                CPU_THREADS.known(2),
                CPU_CORES.unknown(
                    Reason.NOT_TOLD, "the kernel does not show which threads share a core"
                ),
                CPU_MODEL.unknown(Reason.NOT_TOLD, "the kernel does not name the processor"),
            ),
        ),
        Example(
            system="freebsd 13 (format as documented)",
            text="@@ processors\nhw.ncpu: 8\nhw.model: Intel(R) Xeon(R) Silver 4210\n@@ siblings\n",
            expected=(
                CPU_THREADS.known(8),
                CPU_MODEL.known("Intel(R) Xeon(R) Silver 4210"),
            ),
        ),
    ),
)
