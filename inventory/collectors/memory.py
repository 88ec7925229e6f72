"""How much memory the server has, what of it is free, and in which modules and nodes it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._sysfs import filled, uevent, value
from inventory.collectors._text import number
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import MEMORY_AVAILABLE, MEMORY_TOTAL
from inventory.model.hardware import (
    COMMITTED_MEMORY,
    HUGE_PAGES,
    MEMORY_MAXIMUM,
    MEMORY_MODULES,
    NUMA_NODES,
    SHARED_MEMORY,
    MemoryModule,
    NumaNode,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

_KIBIBYTE: Final = 1024
_WANTED: Final = (
    "MemTotal", "MemAvailable", "Shmem", "Committed_AS", "HugePages_Total", "Hugepagesize",
)  # fmt: skip
"""Of a kernel's more than fifty figures."""
_MEBIBYTE: Final = 1024 * 1024
_INFO: Final = "/proc/meminfo"
_UDEV: Final = "/run/udev/data/+dmi:id"
"""What udev noted of the firmware's table of memory (systemd 248 and later), for anybody."""
_NODES: Final = "/sys/devices/system/node"
_NODE: Final = re.compile(rf"{_NODES}/node(\d+)/cpulist")
_EDAC: Final = "/sys/devices/system/edac/mc"
_EDAC_SIZE: Final = re.compile(rf"({_EDAC}/mc\d+/dimm\d+)/size")
_INDEX: Final = re.compile(r"MEMORY_DEVICE_(\d{1,4})_")
_EMPTY: Final = frozenset({"", "Unknown", "None", "NO DIMM", "Not Specified"})


def _read(answer: Answer) -> tuple[Observation, ...]:
    told = _kibibytes(answer.files.get(_INFO, ""))
    noted = uevent(answer.files.get(_UDEV, "").replace("E:", ""))
    maximum = number(noted.get("MEMORY_ARRAY_MAX_CAPACITY"))
    pages, page = told.get("HugePages_Total"), told.get("Hugepagesize")
    without = "the kernel does not say it"
    return (
        MEMORY_TOTAL.known_or(told.get("MemTotal"), Reason.NOT_TOLD, without),
        MEMORY_AVAILABLE.known_or(
            told.get("MemAvailable"), Reason.NOT_TOLD, "the kernel does not say it (Linux < 3.14)"
        ),
        SHARED_MEMORY.known_or(told.get("Shmem"), Reason.NOT_TOLD, without),
        COMMITTED_MEMORY.known_or(told.get("Committed_AS"), Reason.NOT_TOLD, without),
        HUGE_PAGES.known_or(
            None if pages is None or page is None else pages * page, Reason.NOT_TOLD, without
        ),
        _nodes(answer.files),
        _modules(noted, answer.files),
        MEMORY_MAXIMUM.known_or(maximum, Reason.NOT_TOLD, "udev noted nothing of the firmware's"),
    )


def _kibibytes(text: str) -> dict[str, int]:
    """Return what ``MemTotal:  24684084 kB`` says, in bytes; counts have no unit."""
    found: dict[str, int] = {}
    for line in text.splitlines():
        name, _, said = line.partition(":")
        if not name.endswith(_WANTED):
            continue
        amount, _, unit = said.strip().partition(" ")
        whole = number(amount)
        if whole is not None:
            found[name] = whole * _KIBIBYTE if unit == "kB" else whole
    return found


def _nodes(files: Mapping[str, str]) -> Observation:
    found = []
    for path in files:
        match = _NODE.fullmatch(path)
        if match:
            told = _kibibytes(files.get(f"{_NODES}/node{match[1]}/meminfo", "").replace("Node", ""))
            size = next((size for name, size in told.items() if name.endswith("MemTotal")), None)
            found.append(
                NumaNode(
                    number=int(match[1]), processors=value(files, path) or "", memory_bytes=size
                )
            )
    return NUMA_NODES.known_or(
        tuple(sorted(found, key=lambda node: node.number)) or None,
        Reason.NOT_TOLD,
        f"there is no {_NODES}",
    )


def _modules(noted: Mapping[str, str], files: Mapping[str, str]) -> Observation:
    found = sorted(_of_firmware(noted), key=lambda each: each.slot) or sorted(
        _of_edac(files), key=lambda each: each.slot
    )
    return MEMORY_MODULES.known_or(
        tuple(found) or None,
        Reason.NOT_TOLD,
        "neither udev noted the firmware's table, nor does the kernel watch the modules",
    )


def _of_firmware(noted: Mapping[str, str]) -> Iterator[MemoryModule]:
    devices: dict[str, dict[str, str]] = {}
    for name, said in noted.items():
        match = _INDEX.match(name)
        if match:
            devices.setdefault(match[1], {})[name[match.end() :]] = said
    for index, told in devices.items():
        size = 0 if told.get("PRESENT") == "0" else number(told.get("SIZE"))
        if size is not None:
            yield MemoryModule(
                slot=_text(told, "LOCATOR") or index,
                size_bytes=size,
                type=_text(told, "TYPE") if size else None,
                speed_mts=number(told.get("CONFIGURED_SPEED_MTS") or told.get("SPEED_MTS")),
                manufacturer=_text(told, "MANUFACTURER") if size else None,
                part_number=_text(told, "PART_NUMBER") if size else None,
                serial=_text(told, "SERIAL_NUMBER") if size else None,
            )


def _text(told: Mapping[str, str], name: str) -> str | None:
    said = filled({name: told.get(name, "")}, name)
    return None if said in _EMPTY else said


def _of_edac(files: Mapping[str, str]) -> Iterator[MemoryModule]:
    for path in files:
        match = _EDAC_SIZE.fullmatch(path)
        size = number(value(files, path))
        if match and size is not None:
            folder = match[1]
            yield MemoryModule(
                slot=value(files, f"{folder}/dimm_label") or folder.removeprefix(f"{_EDAC}/"),
                size_bytes=size * _MEBIBYTE,
                type=value(files, f"{folder}/dimm_mem_type"),
            )


COLLECTOR = Collector(
    files=(
        *(_INFO, _UDEV, f"{_NODES}/node*/cpulist", f"{_NODES}/node*/meminfo"),
        *(f"{_EDAC}/mc*/dimm*/{name}" for name in ("size", "dimm_label", "dimm_mem_type")),
    ),
    tells=(
        *(MEMORY_TOTAL, MEMORY_AVAILABLE, SHARED_MEMORY, COMMITTED_MEMORY, HUGE_PAGES),
        *(NUMA_NODES, MEMORY_MODULES, MEMORY_MAXIMUM),
    ),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            files={
                _INFO: "MemTotal:       24684084 kB\nMemFree:        20000000 kB\n"
                "MemAvailable:   24191340 kB\nShmem:               412 kB\n"
                "Committed_AS:     812340 kB\nHugePages_Total:       0\n"
                "Hugepagesize:       2048 kB\n",
                f"{_NODES}/node0/cpulist": "0-1\n",
                f"{_NODES}/node0/meminfo": "Node 0 MemTotal:       24684084 kB\n",
            },
            expected=(
                MEMORY_TOTAL.known(25_276_502_016),
                MEMORY_AVAILABLE.known(24_771_932_160),
                SHARED_MEMORY.known(421_888),
                COMMITTED_MEMORY.known(831_836_160),
                HUGE_PAGES.known(0),
                NUMA_NODES.known(
                    (NumaNode(number=0, processors="0-1", memory_bytes=25_276_502_016),)
                ),
            ),
        ),
        Example(
            system="ubuntu 24.04 on a physical server (format as documented)",
            files={
                _INFO: "MemTotal:       32768000 kB\nHugePages_Total:    1024\n"
                "Hugepagesize:       2048 kB\n",
                _UDEV: """\
I:1234567
E:ID_VENDOR=HPE
E:MEMORY_ARRAY_LOCATION=System Board Or Motherboard
E:MEMORY_ARRAY_MAX_CAPACITY=137438953472
E:MEMORY_DEVICE_0_SIZE=17179869184
E:MEMORY_DEVICE_0_LOCATOR=PROC 1 DIMM 1
E:MEMORY_DEVICE_0_TYPE=DDR4
E:MEMORY_DEVICE_0_SPEED_MTS=3200
E:MEMORY_DEVICE_0_MANUFACTURER=Hynix
E:MEMORY_DEVICE_0_SERIAL_NUMBER=8A1B2C3D
E:MEMORY_DEVICE_0_PART_NUMBER=HMA82GR7DJR8N-XN
E:MEMORY_DEVICE_0_CONFIGURED_SPEED_MTS=2933
E:MEMORY_DEVICE_1_PRESENT=0
E:MEMORY_DEVICE_1_LOCATOR=PROC 1 DIMM 2
E:MEMORY_DEVICE_1_TYPE=DDR4
E:MEMORY_ARRAY_NUM_DEVICES=2
""",
            },
            expected=(
                HUGE_PAGES.known(2_147_483_648),
                MEMORY_MAXIMUM.known(137_438_953_472),
                MEMORY_MODULES.known(
                    (
                        MemoryModule(
                            slot="PROC 1 DIMM 1",
                            size_bytes=17_179_869_184,
                            type="DDR4",
                            speed_mts=2933,
                            manufacturer="Hynix",
                            part_number="HMA82GR7DJR8N-XN",
                            serial="8A1B2C3D",
                        ),
                        MemoryModule(slot="PROC 1 DIMM 2", size_bytes=0),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 7 on a physical server whose memory the kernel watches "
            "(format as documented)",
            files={
                _INFO: "MemTotal:       16000000 kB\n",
                f"{_EDAC}/mc0/dimm0/size": "16384\n",
                f"{_EDAC}/mc0/dimm0/dimm_label": "CPU_SrcID#0_Ha#0_Chan#0_DIMM#0\n",
                f"{_EDAC}/mc0/dimm0/dimm_mem_type": "Registered-DDR4\n",
            },
            expected=(
                MEMORY_MODULES.known(
                    (
                        MemoryModule(
                            slot="CPU_SrcID#0_Ha#0_Chan#0_DIMM#0",
                            size_bytes=17_179_869_184,
                            type="Registered-DDR4",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="centos 6 (format as in Facter's fixtures)",
            files={_INFO: "MemTotal:        1030684 kB\n"},
            expected=(
                MEMORY_TOTAL.known(1_055_420_416),
                MEMORY_AVAILABLE.unknown(
                    Reason.NOT_TOLD, "the kernel does not say it (Linux < 3.14)"
                ),
                HUGE_PAGES.unknown(Reason.NOT_TOLD, "the kernel does not say it"),
            ),
        ),
        Example(
            system="freebsd 13, which has no such files",
            expected=(MEMORY_TOTAL.unknown(Reason.NOT_TOLD, "the kernel does not say it"),),
        ),
    ),
)
