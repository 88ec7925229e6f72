"""How many processors the server has, of which model, with which features and weaknesses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._sysfs import value
from inventory.collectors._text import number
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import CPU_CORES, CPU_MODEL, CPU_THREADS
from inventory.model.hardware import (
    CPU_CACHE,
    CPU_FLAGS,
    CPU_LEVEL,
    CPU_MAX_MHZ,
    CPU_MHZ,
    CPU_MICROCODE,
    CPU_MITIGATIONS,
    CPU_SOCKETS,
    CPU_VENDOR,
    CPU_VIRTUALISATION,
    Mitigation,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from inventory.model.fact import FactKey, Observation

_INFO: Final = "/proc/cpuinfo"
_CPU: Final = "/sys/devices/system/cpu"
_ONLINE: Final = f"{_CPU}/online"
_SIBLINGS: Final = f"{_CPU}/cpu0/topology/thread_siblings_list"
_PACKAGE: Final = f"{_CPU}/cpu0/topology/core_siblings_list"
_MAX_KHZ: Final = f"{_CPU}/cpu0/cpufreq/cpuinfo_max_freq"
_WEAKNESSES: Final = f"{_CPU}/vulnerabilities"
_NUMBERED: Final = re.compile(r"processor\s*\d*\s*:")
_MODELS: Final = ("model name", "cpu model", "cpu", "Processor", "uarch")
"""x86 and ARM; MIPS; POWER; old ARM; RISC-V."""
_ARM_PARTS: Final = {
    ("0x41", "0xd03"): "ARM Cortex-A53",
    ("0x41", "0xd08"): "ARM Cortex-A72",
    ("0x41", "0xd0b"): "ARM Cortex-A76",
    ("0x41", "0xd0c"): "ARM Neoverse-N1",
    ("0x41", "0xd40"): "ARM Neoverse-V1",
    ("0x41", "0xd49"): "ARM Neoverse-N2",
    ("0x41", "0xd4f"): "ARM Neoverse-V2",
    ("0xc0", "0xac3"): "Ampere-1",
}
_LEVELS: Final = (
    ("x86-64", frozenset({"lm", "cmov", "cx8", "fpu", "fxsr", "mmx", "syscall", "sse", "sse2"})),
    ("x86-64-v2", frozenset({"cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"})),
    (
        "x86-64-v3",
        frozenset({"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"}),
    ),
    ("x86-64-v4", frozenset({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"})),
)
"""x86-64 psABI, section 3.1.1, in the kernel's names (``abm`` stands for LZCNT). SSE3, ``pni``,
is implied by SSSE3; OSXSAVE by the kernel's showing AVX."""
_KIBIBYTE: Final = 1024


def _read(answer: Answer) -> tuple[Observation, ...]:
    files = answer.files
    listed = files.get(_INFO, "").split("\n\n")
    first = next((each for each in map(_entry, listed) if len(each) > 1), {})
    threads = _threads(files)
    flags = (first.get("flags") or first.get("Features") or first.get("features") or "").split()
    return (
        CPU_THREADS.known_or(threads, Reason.NOT_TOLD, "the kernel lists no processor"),
        CPU_CORES.known_or(
            _cores(files, listed, threads),
            Reason.NOT_TOLD,
            "the kernel does not show which threads share a core",
        ),
        CPU_SOCKETS.known_or(
            _sockets(files, listed, threads),
            Reason.NOT_TOLD,
            "the kernel does not show which processors share a package",
        ),
        CPU_MODEL.known_or(
            _model(first, files), Reason.NOT_TOLD, "the kernel does not name the processor"
        ),
        _said(CPU_VENDOR, first.get("vendor_id")),
        _said(CPU_MICROCODE, first.get("microcode")),
        CPU_MHZ.known_or(_mhz(first), Reason.NOT_TOLD, "the kernel does not say it"),
        CPU_MAX_MHZ.known_or(_max_mhz(files), Reason.NOT_TOLD, f"there is no {_MAX_KHZ}"),
        CPU_CACHE.known_or(_cache(first), Reason.NOT_TOLD, "the kernel does not say it"),
        CPU_FLAGS.known_or(
            tuple(sorted(set(flags))) or None, Reason.NOT_TOLD, "the kernel does not say it"
        ),
        _level(first, frozenset(flags)),
        _virtualisation(first, flags),
        _mitigations(files),
    )


def _entry(text: str) -> dict[str, str]:
    """Take one processor's ``name : value`` lines apart."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, colon, said = line.partition(":")
        if colon:
            found.setdefault(name.strip(), said.strip())
    return found


def _field(entry: str, name: str) -> str | None:
    """Return one value of a processor; None when it has none of this name.

    Servers list hundreds of processors, of which all but the first tell nothing else that is new.
    """
    _, found, rest = f"\n{entry}".partition(f"\n{name}")
    blanks, colon, said = rest.partition("\n")[0].partition(":")
    return said.strip() if found and colon and not blanks.strip() else None


def _said(key: FactKey[str], text: str | None) -> Observation:
    return key.known_or(text or None, Reason.NOT_TOLD, "the kernel does not say it")


def _threads(files: Mapping[str, str]) -> int | None:
    return _count(value(files, _ONLINE) or "") or (
        sum(map(bool, map(_NUMBERED.match, files.get(_INFO, "").splitlines()))) or None
    )


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


def _cores(files: Mapping[str, str], listed: Sequence[str], threads: int | None) -> int | None:
    """Count the cores that the kernel lists; where it lists none, take all for like the first."""
    listed_cores = {(_field(each, "physical id"), _field(each, "core id")) for each in listed}
    named = {each for each in listed_cores if None not in each}
    shared = _count(value(files, _SIBLINGS) or "")
    alike = max(1, threads // shared) if threads and shared else None
    return len(named) or alike


def _sockets(files: Mapping[str, str], listed: Sequence[str], threads: int | None) -> int | None:
    named = {_field(each, "physical id") for each in listed} - {None}
    shared = _count(value(files, _PACKAGE) or "")
    alike = max(1, threads // shared) if threads and shared else None
    return len(named) or alike


def _model(first: Mapping[str, str], files: Mapping[str, str]) -> str | None:
    for name in _MODELS:
        if first.get(name):
            return " ".join(first[name].split())
    implementer, part = first.get("CPU implementer"), first.get("CPU part")
    if implementer and part:
        unnamed = f"ARM implementer {implementer} part {part}"
        return _ARM_PARTS.get((implementer, part), unnamed)
    for line in files.get(_INFO, "").splitlines():
        # POWER writes a common model after all processors; old ARM kernels before them.
        name, _, said = line.partition(":")
        if name.strip() in {"cpu", "Processor"} and said.strip():
            return " ".join(said.split())
    return None


def _mhz(first: Mapping[str, str]) -> int | None:
    """POWER writes ``3425.000000MHz`` under another name."""
    for said in (first.get("cpu MHz", ""), first.get("clock", "").removesuffix("MHz")):
        whole = number(said.partition(".")[0])
        if whole:
            return whole
    return None


def _max_mhz(files: Mapping[str, str]) -> int | None:
    khz = number(value(files, _MAX_KHZ))
    return khz // 1000 if khz else None


def _cache(first: Mapping[str, str]) -> int | None:
    kib = number(first.get("cache size", "").removesuffix("KB"))
    return kib * _KIBIBYTE if kib else None


def _level(first: Mapping[str, str], flags: frozenset[str]) -> Observation:
    reached = None
    for name, needed in _LEVELS:
        if not needed <= flags:
            break
        reached = name
    if "vendor_id" not in first or not first.get("flags"):
        return CPU_LEVEL.unknown(Reason.NOT_TOLD, "it is no x86, or its features were not told")
    return CPU_LEVEL.known_or(reached, Reason.NOT_TOLD, "it is no 64-bit processor")


def _virtualisation(first: Mapping[str, str], flags: list[str]) -> Observation:
    if first.get("flags"):
        return CPU_VIRTUALISATION.known("vmx" in flags or "svm" in flags)
    return CPU_VIRTUALISATION.unknown(Reason.NOT_TOLD, "only x86 says it among its features")


def _mitigations(files: Mapping[str, str]) -> Observation:
    found = tuple(
        Mitigation(name=path.removeprefix(f"{_WEAKNESSES}/"), state=said)
        for path in sorted(files)
        if path.startswith(_WEAKNESSES) and (said := value(files, path))
    )
    return CPU_MITIGATIONS.known_or(
        found or None, Reason.NOT_TOLD, f"there is no {_WEAKNESSES} (Linux < 4.15)"
    )


_XEON: Final = """\
processor	: {number}
vendor_id	: GenuineIntel
cpu family	: 6
model		: 79
model name	: Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz
stepping	: 1
microcode	: 0xb000040
cpu MHz		: 2394.454
cache size	: 35840 KB
physical id	: {package}
siblings	: 2
core id		: {core}
cpu cores	: 1
flags		: fpu vme cx8 cmov mmx fxsr sse sse2 syscall nx lm pni ssse3 fma cx16 sse4_1 sse4_2 \
movbe popcnt xsave avx f16c lahf_lm abm bmi1 avx2 bmi2 vmx
"""
_EPYC: Final = """\
processor	: {number}
vendor_id	: AuthenticAMD
cpu family	: 25
model		: 1
model name	: AMD EPYC
cpu MHz		: 2450.000
cache size	: 512 KB
physical id	: 0
siblings	: 2
core id		: {number}
cpu cores	: 2
flags		: fpu cx8 cmov mmx fxsr sse sse2 syscall lm ssse3 cx16 sse4_1 sse4_2 popcnt lahf_lm \
hypervisor
"""

COLLECTOR = Collector(
    files=(_INFO, _ONLINE, _SIBLINGS, _PACKAGE, _MAX_KHZ, f"{_WEAKNESSES}/*"),
    tells=(
        *(CPU_THREADS, CPU_CORES, CPU_SOCKETS, CPU_MODEL, CPU_VENDOR, CPU_MICROCODE, CPU_MHZ),
        *(CPU_MAX_MHZ, CPU_CACHE, CPU_FLAGS, CPU_LEVEL, CPU_VIRTUALISATION, CPU_MITIGATIONS),
    ),
    read=_read,
    examples=(
        Example(
            system="debian 12",
            files={
                _INFO: "\n".join(_EPYC.format(number=each) for each in range(2)) + "\n",
                _ONLINE: "0-1\n",
                _SIBLINGS: "0\n",
                _PACKAGE: "0-1\n",
                f"{_WEAKNESSES}/meltdown": "Not affected\n",
                f"{_WEAKNESSES}/spectre_v1": (
                    "Mitigation: usercopy/swapgs barriers and __user pointer sanitization\n"
                ),
            },
            expected=(
                CPU_THREADS.known(2),
                CPU_CORES.known(2),
                CPU_SOCKETS.known(1),
                CPU_MODEL.known("AMD EPYC"),
                CPU_VENDOR.known("AuthenticAMD"),
                CPU_MHZ.known(2450),
                CPU_CACHE.known(524_288),
                CPU_LEVEL.known("x86-64-v2"),
                CPU_VIRTUALISATION.known(value=False),
                CPU_MITIGATIONS.known(
                    (
                        Mitigation(name="meltdown", state="Not affected"),
                        Mitigation(
                            name="spectre_v1",
                            state="Mitigation: usercopy/swapgs barriers and __user pointer "
                            "sanitization",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 7 with hyper-threading and two packages (format as documented)",
            files={
                _INFO: "\n".join(
                    _XEON.format(number=each, package=each % 2, core=0) for each in range(4)
                ),
                _ONLINE: "0-3\n",
                _SIBLINGS: "0,2\n",
                _PACKAGE: "0,2\n",
                _MAX_KHZ: "3300000\n",
            },
            expected=(
                CPU_THREADS.known(4),
                CPU_CORES.known(2),
                CPU_SOCKETS.known(2),
                CPU_MODEL.known("Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz"),
                CPU_MICROCODE.known("0xb000040"),
                CPU_MAX_MHZ.known(3300),
                CPU_LEVEL.known("x86-64-v3"),
                CPU_VIRTUALISATION.known(value=True),
                CPU_MITIGATIONS.unknown(
                    Reason.NOT_TOLD,
                    "there is no /sys/devices/system/cpu/vulnerabilities (Linux < 4.15)",
                ),
            ),
        ),
        Example(
            system="alpine 3.19 on arm (busybox; format as documented)",
            files={
                _INFO: "processor\t: 0\nBogoMIPS\t: 243.75\nFeatures\t: fp asimd aes\n"
                "CPU implementer\t: 0x41\nCPU architecture: 8\nCPU part\t: 0xd0c\n",
                _ONLINE: "0\n",
                _SIBLINGS: "0\n",
                _PACKAGE: "0\n",
            },
            expected=(
                CPU_THREADS.known(1),
                CPU_CORES.known(1),
                CPU_SOCKETS.known(1),
                CPU_MODEL.known("ARM Neoverse-N1"),
                CPU_FLAGS.known(("aes", "asimd", "fp")),
                CPU_LEVEL.unknown(Reason.NOT_TOLD, "it is no x86, or its features were not told"),
            ),
        ),
        Example(
            system="sles 15 on s390x (format as in Ohai's tests)",
            files={
                _INFO: "vendor_id       : IBM/S390\n# processors    : 2\n"
                "features\t: esan3 zarch stfle\n"
                "processor 0: version = FF,  identification = 0133E8,  machine = 2964\n"
                "processor 1: version = FF,  identification = 0133E8,  machine = 2964\n",
            },
            expected=(
                CPU_THREADS.known(2),
                CPU_VENDOR.known("IBM/S390"),
                CPU_CORES.unknown(
                    Reason.NOT_TOLD, "the kernel does not show which threads share a core"
                ),
                CPU_MODEL.unknown(Reason.NOT_TOLD, "the kernel does not name the processor"),
            ),
        ),
        Example(
            system="rhel 8 on power (format as documented)",
            files={
                _INFO: "processor\t: 0\ncpu\t\t: POWER9 (architected), altivec supported\n"
                "clock\t\t: 3425.000000MHz\nrevision\t: 2.2 (pvr 004e 0202)\n\n"
                "timebase\t: 512000000\nplatform\t: pSeries\n",
                _ONLINE: "0-7\n",
                _SIBLINGS: "0-7\n",
            },
            expected=(
                CPU_THREADS.known(8),
                CPU_CORES.known(1),
                CPU_MODEL.known("POWER9 (architected), altivec supported"),
                CPU_MHZ.known(3425),
            ),
        ),
        Example(
            system="freebsd 13, which has no such files",
            expected=(
                CPU_THREADS.unknown(Reason.NOT_TOLD, "the kernel lists no processor"),
                CPU_MODEL.unknown(Reason.NOT_TOLD, "the kernel does not name the processor"),
            ),
        ),
    ),
)
