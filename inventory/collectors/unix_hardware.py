"""What FreeBSD, its kin, Solaris and AIX say of their hardware, which Linux says in files."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from inventory.collectors._text import number, parts
from inventory.model.collector import Answer, Collector, Example
from inventory.model.facts import (
    BOOT_TYPE,
    BOOTED_AT,
    CPU_CORES,
    CPU_MODEL,
    CPU_THREADS,
    HOSTNAME,
    MANUFACTURER,
    MEMORY_TOTAL,
    PRODUCT,
    SECURE_BOOT,
    SERIAL,
    SMBIOS_UUID,
)
from inventory.model.hardware import CPU_SOCKETS
from inventory.model.parts import BootType
from inventory.model.placeholders import is_unfilled, uuid_or_none

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from inventory.model.fact import FactKey, Observation

# The loader's environment (kenv) may hold passwords: only what SMBIOS said is picked out of it.
_SCRIPT = """
if [ -e /proc/sys/kernel/osrelease ]; then return; fi
echo '@@ name'
uname -n
case $(uname) in
  *BSD|DragonFly)
    echo '@@ bsd'
    # OpenBSD tells the seconds only so; with its name, it writes a date in words.
    printf 'kern.boottime='
    sysctl -n kern.boottime || echo
    sysctl hw.ncpu hw.model hw.physmem hw.physmem64 machdep.bootmethod \\
      kern.smp.cores hw.vendor hw.product hw.serialno hw.uuid
    kenv | grep '^smbios[.]'
    ;;
  SunOS)
    echo '@@ solaris'
    kstat -p cpu_info:::chip_id cpu_info:::core_id cpu_info:::brand \\
      unix:0:system_misc:boot_time
    prtconf | grep '^Memory size'
    smbios -t SMB_TYPE_SYSTEM
    ;;
  AIX)
    echo '@@ aix'
    lsattr -El sys0 -a modelname -a systemid -a realmem
    lsattr -El proc0 -a type
    echo '@@ processors'
    lsdev -Cc processor
    bindprocessor -q
    ;;
esac
:
"""

_KIBIBYTE: Final = 1024
_MEBIBYTE: Final = 1024 * 1024
_SERIAL_PLACES: Final = 7
_BSD: Final = re.compile(r'(?P<name>[\w.]+)(?:: |=)"?(?P<value>[^"]*)"?')
_SECONDS: Final = re.compile(r"(?:.*\bsec = )?(\d{1,11})\b")
_KSTAT: Final = re.compile(r"\w+:(?P<instance>\d+):\w+:(?P<name>\w+)\s+(?P<value>.*)")
_SMBIOS: Final = re.compile(r"\s+(?P<name>Manufacturer|Product|Serial Number|UUID): (?P<value>.*)")
_AIX: Final = re.compile(r"(?P<name>modelname|systemid|realmem|type)\s+(?P<value>\S+)")
_BINDABLE: Final = "The available processors are:"


def _read(answer: Answer) -> tuple[Observation, ...]:
    said = parts(answer.text)
    name = said.get("name", "").strip().partition(".")[0]
    found: dict[FactKey[Any], Any] = {HOSTNAME: name or None}
    if "bsd" in said:
        found |= _bsd(said["bsd"])
    elif "solaris" in said:
        found |= _solaris(said["solaris"])
    elif "aix" in said:
        found |= _aix(said["aix"], said.get("processors", ""))
    return tuple(key.known(value) for key, value in found.items() if value is not None)


def _bsd(text: str) -> dict[FactKey[Any], Any]:
    told = {
        match["name"]: match["value"].strip()
        for match in map(_BSD.fullmatch, text.splitlines())
        if match
    }
    method = told.get("machdep.bootmethod")
    return {
        CPU_THREADS: number(told.get("hw.ncpu")) or None,
        CPU_CORES: number(told.get("kern.smp.cores")) or None,
        CPU_MODEL: told.get("hw.model") or None,
        # OpenBSD's and NetBSD's first number is cut at 2 GiB or 4 GiB where there is a second.
        MEMORY_TOTAL: number(told.get("hw.physmem64")) or number(told.get("hw.physmem")),
        BOOTED_AT: _moment(told.get("kern.boottime", "")),
        BOOT_TYPE: {"UEFI": BootType.UEFI, "BIOS": BootType.BIOS}.get(method or ""),
        SECURE_BOOT: False if method == "BIOS" else None,
        MANUFACTURER: _filled(told, "smbios.system.maker", "hw.vendor"),
        PRODUCT: _filled(told, "smbios.system.product", "hw.product"),
        SERIAL: _filled(told, "smbios.system.serial", "hw.serialno"),
        SMBIOS_UUID: uuid_or_none(told.get("smbios.system.uuid") or told.get("hw.uuid") or ""),
    }


def _solaris(text: str) -> dict[FactKey[Any], Any]:
    stats: dict[str, dict[str, str]] = {}
    told: dict[str, str] = {}
    for line in text.splitlines():
        stat, system = _KSTAT.fullmatch(line), _SMBIOS.fullmatch(line)
        if stat:
            stats.setdefault(stat["name"], {})[stat["instance"]] = stat["value"].strip()
        elif system:
            told[system["name"]] = system["value"].strip()
        elif line.startswith("Memory size:"):
            told["memory"] = line.removeprefix("Memory size:").strip()
    chips, cores = stats.get("chip_id", {}), stats.get("core_id", {})
    megabytes = number(told.get("memory", "").partition(" ")[0])
    booted = next(iter(stats.get("boot_time", {}).values()), "")
    return {
        CPU_THREADS: len(chips) or None,
        CPU_CORES: len({(chips[each], cores[each]) for each in chips.keys() & cores.keys()})
        or None,
        CPU_SOCKETS: len(set(chips.values())) or None,
        CPU_MODEL: next(iter(stats.get("brand", {}).values()), None),
        MEMORY_TOTAL: None if megabytes is None else megabytes * _MEBIBYTE,
        BOOTED_AT: _moment(booted),
        MANUFACTURER: _filled(told, "Manufacturer"),
        PRODUCT: _filled(told, "Product"),
        SERIAL: _filled(told, "Serial Number"),
        SMBIOS_UUID: uuid_or_none(told.get("UUID", "")),
    }


def _aix(text: str, processors: str) -> dict[FactKey[Any], Any]:
    told = {match["name"]: match["value"] for match in map(_AIX.match, text.splitlines()) if match}
    maker, _, product = told.get("modelname", "").partition(",")
    kibibytes = number(told.get("realmem"))
    cores = sum("Available" in line.split() for line in processors.splitlines())
    listed = processors.partition(_BINDABLE)[2].split()
    return {
        CPU_THREADS: len(listed) or None,
        CPU_CORES: cores or None,
        CPU_MODEL: told.get("type"),
        MEMORY_TOTAL: None if kibibytes is None else kibibytes * _KIBIBYTE,
        MANUFACTURER: maker or None,
        PRODUCT: product or None,
        SERIAL: _aix_serial(told.get("systemid", "")),
    }


def _aix_serial(identifier: str) -> str | None:
    """Return the seven places that follow the maker and the two of its plant: ``IBM,0212ABCDE``."""
    maker, comma, rest = identifier.partition(",")
    if not comma:
        return maker or None
    return (rest[2:] if len(rest) > _SERIAL_PLACES else rest) or None


def _moment(text: str) -> datetime | None:
    match = _SECONDS.match(text)
    return datetime.fromtimestamp(int(match[1]), UTC) if match else None


def _filled(told: Mapping[str, str], *names: str) -> str | None:
    for name in names:
        if not is_unfilled(told.get(name, "")):
            return " ".join(told[name].split())
    return None


COLLECTOR = Collector(
    script=_SCRIPT,
    tidy=True,
    tells=(
        *(HOSTNAME, CPU_THREADS, CPU_CORES, CPU_SOCKETS, CPU_MODEL, MEMORY_TOTAL, BOOTED_AT),
        *(BOOT_TYPE, SECURE_BOOT, MANUFACTURER, PRODUCT, SERIAL, SMBIOS_UUID),
    ),
    read=_read,
    examples=(
        Example(system="debian 12, which says it in files", expected=()),
        Example(
            system="freebsd 13 on vmware (sysctl as freebsd 12 said it to jc; kenv as in kenv(1))",
            text="""\
@@ name
db-1.example.org
@@ bsd
kern.boottime={ sec = 1763800000, usec = 339062 } Sat Nov 22 08:26:40 2025
hw.ncpu: 8
hw.model: Intel(R) Xeon(R) Silver 4210 CPU @ 2.20GHz
hw.physmem: 8542584832
machdep.bootmethod: UEFI
kern.smp.cores: 4
smbios.system.maker="VMware, Inc."
smbios.system.product="VMware7,1"
smbios.system.serial="VMware-42 13 7e 0d 93 c2 5c 58-2b 5a 7a 1d 5a 3c 0f 11"
smbios.system.uuid="0d7e1342-c293-585c-2b5a-7a1d5a3c0f11"
""",
            expected=(
                HOSTNAME.known("db-1"),
                CPU_THREADS.known(8),
                CPU_CORES.known(4),
                CPU_MODEL.known("Intel(R) Xeon(R) Silver 4210 CPU @ 2.20GHz"),
                MEMORY_TOTAL.known(8_542_584_832),
                BOOTED_AT.known(datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC)),
                BOOT_TYPE.known(BootType.UEFI),
                MANUFACTURER.known("VMware, Inc."),
                SMBIOS_UUID.known("0d7e1342-c293-585c-2b5a-7a1d5a3c0f11"),
            ),
        ),
        Example(
            system="openbsd 7.4 (format as in OpenBSD's sysctl.c)",
            text="""\
@@ name
gate
@@ bsd
kern.boottime=1763800000
hw.ncpu=2
hw.model=Intel(R) Xeon(R) CPU E3-1220 v5 @ 3.00GHz
hw.physmem=8566374400
hw.vendor=Dell Inc.
hw.product=PowerEdge R230
hw.serialno=7ABCD12
""",
            expected=(
                HOSTNAME.known("gate"),
                CPU_THREADS.known(2),
                BOOTED_AT.known(datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC)),
                PRODUCT.known("PowerEdge R230"),
                SERIAL.known("7ABCD12"),
            ),
        ),
        Example(
            system="solaris 11 on x86 (format as in the fixtures of Facter and GLPI's agent)",
            text="""\
@@ name
ledger
@@ solaris
cpu_info:0:cpu_info0:brand	Intel(r) Xeon(r) CPU E5-2680 v4 @ 2.40GHz
cpu_info:0:cpu_info0:chip_id	0
cpu_info:0:cpu_info0:core_id	0
cpu_info:1:cpu_info1:brand	Intel(r) Xeon(r) CPU E5-2680 v4 @ 2.40GHz
cpu_info:1:cpu_info1:chip_id	0
cpu_info:1:cpu_info1:core_id	0
unix:0:system_misc:boot_time	1763800000
Memory size: 16384 Megabytes
ID    SIZE TYPE
1     89   SMB_TYPE_SYSTEM (type 1) (system information)

  Manufacturer: Oracle Corporation
  Product: SUN SERVER X4-2
  Serial Number: 1447NML0AB

  UUID: 080020ff-ffff-ffff-ffff-001b21a1b2c3
""",
            expected=(
                CPU_THREADS.known(2),
                CPU_CORES.known(1),
                CPU_SOCKETS.known(1),
                CPU_MODEL.known("Intel(r) Xeon(r) CPU E5-2680 v4 @ 2.40GHz"),
                MEMORY_TOTAL.known(17_179_869_184),
                BOOTED_AT.known(datetime(2025, 11, 22, 8, 26, 40, tzinfo=UTC)),
                PRODUCT.known("SUN SERVER X4-2"),
                SERIAL.known("1447NML0AB"),
            ),
        ),
        Example(
            system="aix 7.2 (format as Facter, Ohai and OSHI read it)",
            text="""\
@@ name
erp
@@ aix
modelname IBM,8286-42A   Machine name                            False
systemid  IBM,0221A1B2C  Hardware system identifier              False
realmem   33554432       Amount of usable physical memory in Kbytes False
type      PowerPC_POWER8 Processor type                          False
@@ processors
proc0 Available 00-00 Processor
proc8 Available 00-08 Processor
The available processors are:  0 1 2 3 4 5 6 7
""",
            expected=(
                CPU_THREADS.known(8),
                CPU_CORES.known(2),
                CPU_MODEL.known("PowerPC_POWER8"),
                MEMORY_TOTAL.known(34_359_738_368),
                PRODUCT.known("8286-42A"),
                SERIAL.known("21A1B2C"),
            ),
        ),
    ),
)
