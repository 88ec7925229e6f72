"""What an agent's inventory says of its server → statements."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

from inventory.importers._agent_inventory import Inventory, Row
from inventory.importers._agent_networks import disks_of, filesystems_of, interfaces_of
from inventory.importers._agent_software import (
    guests_of,
    modules_of,
    packages_of,
    processes_of,
)
from inventory.importers._os_name import os_observations, read_os_name
from inventory.model.fact import FactKey, Observation, Reason
from inventory.model.facts import (
    ARCHITECTURE,
    BOOTED_AT,
    CPU_CORES,
    CPU_MODEL,
    CPU_THREADS,
    DISKS,
    FILESYSTEMS,
    FQDN,
    HOSTNAME,
    INTERFACES,
    KERNEL,
    MANUFACTURER,
    MEMORY_TOTAL,
    PACKAGES,
    PROCESSES,
    PRODUCT,
    SECURE_BOOT,
    SERIAL,
    SMBIOS_UUID,
    VIRTUALISATION,
)
from inventory.model.hardware import (
    ASSET_TAG,
    BOARD,
    BOARD_SERIAL,
    CHASSIS,
    CHASSIS_SERIAL,
    CPU_SOCKETS,
    FIRMWARE_DATE,
    FIRMWARE_VENDOR,
    FIRMWARE_VERSION,
    GUESTS,
    MEMORY_MODULES,
    SKU,
)
from inventory.model.imported import Stated, Unread
from inventory.model.network import DNS_SERVERS, DOMAIN, GATEWAYS
from inventory.model.placement import TAGS, Tag
from inventory.reading import values

_MIB: Final = 1 << 20
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HOST_NAME: Final = re.compile(r"[A-Za-z0-9_](?:[\w-]*\w)?(?:\.[\w-]+)*\.?", re.ASCII)
_OFFSET: Final = re.compile(r"[+-]\d\d:?\d\d")
_ARCHITECTURES: Final = re.compile(
    r"x86_64|aarch64|i[3-6]86|ppc64(le)?|s390x|sparc\w*|armv\w+|ia64"
)
_HYPERVISORS: Final = {
    "vmware": "vmware",
    "qemu": "kvm",
    "kvm": "kvm",
    "hyper-v": "hyperv",
    "microsoft": "hyperv",
    "xen": "xen",
    "virtualbox": "virtualbox",
    "parallels": "parallels",
    "docker": "docker",
    "lxc": "lxc",
    "solariszone": "zone",
    "virtual machine": None,
}
"""What agents call them (``VMSYSTEM``) → what we do; None where it tells no more."""
_VIRTUAL_MAKERS: Final = re.compile(
    r"vmware|qemu|xen|innotek|bochs|red hat|ovirt|nutanix|openstack|amazon ec2|google|parallels",
    re.IGNORECASE,
)
_TEXTS: Final[tuple[tuple[str, str, FactKey[str]], ...]] = (
    ("bios", "smanufacturer", MANUFACTURER),
    ("bios", "smodel", PRODUCT),
    ("bios", "ssn", SERIAL),
    ("bios", "msn", BOARD_SERIAL),
    ("bios", "assettag", ASSET_TAG),
    ("bios", "skunumber", SKU),
    ("bios", "enclosureserial", CHASSIS_SERIAL),
    ("bios", "bmanufacturer", FIRMWARE_VENDOR),
    ("bios", "bversion", FIRMWARE_VERSION),
    ("operatingsystem", "dns_domain", DOMAIN),
    ("operatingsystem", "kernel_version", KERNEL),
)
T = TypeVar("T")
State = Callable[[], Iterator[Observation]]


def stated_of(inventory: Inventory) -> Iterator[Stated | Unread]:
    """Yield each statement; what cannot be understood is told, and the rest stated."""
    for column, state in _all(inventory):
        try:
            for each in state():
                yield Stated(column=column, observation=each)
        except ValueError as error:
            yield Unread(why=f"{column}: {error}", where=inventory.where)


def known_at(inventory: Inventory) -> datetime | None:
    """Return when the agent looked, where it says so; in UTC where it names no zone."""
    said = inventory.one("accesslog").word("logdate")
    try:
        return values.moment(f"{said}{_offset(inventory)}" if said else None)
    except ValueError:
        return None


def _all(inventory: Inventory) -> Iterator[tuple[str, State]]:
    hardware, system = inventory.one("hardware"), inventory.one("operatingsystem")
    bios, rows = inventory.one("bios"), inventory.rows
    yield "hardware: name", lambda: _name(hardware, system)
    yield "hardware: uuid", lambda: _uuid(hardware)
    yield "hardware: vmsystem", lambda: _virtualisation(hardware, bios)
    yield "hardware: memory", lambda: _memory(hardware)
    yield "hardware: chassis_type", lambda: _lower(hardware, "chassis_type", CHASSIS)
    yield "hardware: defaultgateway", lambda: _several(hardware, "defaultgateway", GATEWAYS)
    yield "hardware: dns", lambda: _several(hardware, "dns", DNS_SERVERS)
    for section, field, key in _TEXTS:
        row = inventory.one(section)
        yield f"{section}: {field}", partial(_text, row, field, key)
    yield "bios: mmodel", lambda: _board(bios)
    yield "bios: bdate", lambda: _firmware_date(bios)
    yield "bios: secure_boot", lambda: _secure_boot(bios)
    yield "operatingsystem: full_name", lambda: _system(hardware, system)
    yield "operatingsystem: arch", lambda: _architecture(inventory)
    yield "operatingsystem: boot_time", lambda: _boot_time(inventory, system)
    yield "cpus", lambda: _processors(inventory)
    yield "memories", lambda: _parts(MEMORY_MODULES, modules_of(rows("memories")))
    yield "networks", lambda: _parts(INTERFACES, interfaces_of(rows("networks")))
    yield "storages", lambda: _parts(DISKS, disks_of(rows("storages")))
    yield "drives", lambda: _parts(FILESYSTEMS, filesystems_of(rows("drives")))
    yield "softwares", lambda: _parts(PACKAGES, packages_of(rows("softwares")))
    processes = rows("processes") or rows("running_processes")
    yield "processes", lambda: _parts(PROCESSES, processes_of(processes))
    yield "virtualmachines", lambda: _parts(GUESTS, guests_of(rows("virtualmachines")))
    if inventory.tag:
        tags = (Tag(name="TAG", value=inventory.tag),)
        yield "tag", lambda: iter((TAGS.known(tags),))


def _text(row: Row, field: str, key: FactKey[str]) -> Iterator[Observation]:
    if said := row.text(field):
        yield key.known(said)


def _lower(row: Row, field: str, key: FactKey[str]) -> Iterator[Observation]:
    if said := row.text(field):
        yield key.known(said.lower())


def _several(row: Row, field: str, key: FactKey[tuple[str, ...]]) -> Iterator[Observation]:
    if parts := values.listed(row.text(field), "/,;"):
        yield key.known(parts)


def _parts(key: FactKey[tuple[T, ...]], found: tuple[T, ...]) -> Iterator[Observation]:
    if found:
        yield key.known(found)


def _name(hardware: Row, system: Row) -> Iterator[Observation]:
    name = hardware.text("name") or ""
    if _HOST_NAME.fullmatch(name):
        yield HOSTNAME.known(name.split(".", maxsplit=1)[0])
    full = system.text("fqdn") or name
    if "." in full and _HOST_NAME.fullmatch(full):
        yield FQDN.known(full.lower().rstrip("."))


def _uuid(hardware: Row) -> Iterator[Observation]:
    said = (hardware.text("uuid") or "").lower()
    if _UUID.fullmatch(said):
        yield SMBIOS_UUID.known(said)


def _virtualisation(hardware: Row, bios: Row) -> Iterator[Observation]:
    """State the hypervisor. ``Physical`` is also what agents write where they found nothing."""
    said = (hardware.text("vmsystem") or "").lower()
    maker = f"{bios.text('smanufacturer') or ''} {bios.text('smodel') or ''}".strip()
    if said == "physical" and maker and not _VIRTUAL_MAKERS.search(maker):
        yield VIRTUALISATION.known("none")
    elif said == "physical":
        why = "the agent says Physical, which is also what it says where it could not look"
        yield VIRTUALISATION.unknown(Reason.NOT_TOLD, why)
    elif said:
        name = _HYPERVISORS.get(said, said)
        yield VIRTUALISATION.known_or(name, Reason.NOT_TOLD, f"the agent says {said}")


def _memory(hardware: Row) -> Iterator[Observation]:
    if size := hardware.whole("memory"):
        yield MEMORY_TOTAL.known(size * _MIB)


def _board(bios: Row) -> Iterator[Observation]:
    told = [each for each in (bios.text("mmanufacturer"), bios.text("mmodel")) if each]
    if told:
        yield BOARD.known(" ".join(told))


def _firmware_date(bios: Row) -> Iterator[Observation]:
    """State the date, which firmware writes with the month first."""
    if told := values.moment(bios.text("bdate"), day_first=False):
        yield FIRMWARE_DATE.known(told.date())


def _secure_boot(bios: Row) -> Iterator[Observation]:
    said = bios.text("secure_boot")
    if said in {"enabled", "disabled"}:
        yield SECURE_BOOT.known(said == "enabled")


def _system(hardware: Row, system: Row) -> Iterator[Observation]:
    name = system.text("full_name") or hardware.text("osname") or system.text("name")
    if name:
        version = system.text("version") or ""
        short = re.match(r"[\d.]+", version)
        lacks = read_os_name(name).version is None and read_os_name(name).family == "linux"
        yield from os_observations(name, short[0].rstrip(".") if short and lacks else None)


def _architecture(inventory: Inventory) -> Iterator[Observation]:
    """State it; OCS tells it of the processors."""
    system, processors = inventory.one("operatingsystem"), inventory.one("cpus")
    said = system.text("arch") or processors.text("cpuarch") or ""
    if _ARCHITECTURES.fullmatch(said):
        yield ARCHITECTURE.known(said)


def _boot_time(inventory: Inventory, system: Row) -> Iterator[Observation]:
    """State it only where the zone is told: it is in the server's own time."""
    said, offset = system.text("boot_time"), _offset(inventory)
    if said and offset and (told := values.moment(f"{said}{offset}")):
        yield BOOTED_AT.known(told)


def _offset(inventory: Inventory) -> str:
    said = inventory.one("operatingsystem").word("timezone.offset") or ""
    return said if _OFFSET.fullmatch(said) else ""


def _processors(inventory: Inventory) -> Iterator[Observation]:
    """State what the sockets have together; a sum only where each of them tells."""
    rows = inventory.rows("cpus")
    model = next((each for row in rows if (each := row.text("name", "type"))), None)
    if model := model or inventory.one("hardware").text("processort"):
        yield CPU_MODEL.known(model)
    if rows:
        yield CPU_SOCKETS.known(len(rows))
    for key, fields in ((CPU_CORES, ("core", "cores")), (CPU_THREADS, ("thread", "logical_cpus"))):
        counts = [row.whole(*fields) for row in rows]
        told = [each for each in counts if each]
        if rows and len(told) == len(counts):
            yield key.known(sum(told))
