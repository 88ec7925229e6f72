"""The columns of Decant's own plain list of servers: what each means, and the facts it gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_interface
from typing import Final

from inventory.collectors._secrets import without_secrets
from inventory.importers._os_name import os_observations
from inventory.model.fact import FactKey, Observation
from inventory.model.facts import (
    ARCHITECTURE,
    CPU_CORES,
    DISKS,
    FQDN,
    INTERFACES,
    MANUFACTURER,
    PRODUCT,
    SERIAL,
    SMBIOS_UUID,
    VIRTUALISATION,
)
from inventory.model.parts import Disk, Interface
from inventory.model.placement import (
    ANNOTATION,
    CLUSTER,
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    DATACENTRE,
    ENVIRONMENT,
    LOCATION,
    NAMED_APPLICATIONS,
    NAMED_STRATEGY,
    NAMED_WAVE,
    OWNER,
    POWER,
    ROLE,
    STATUS,
    TAGS,
    Power,
    Tag,
)
from inventory.reading import values
from inventory.reading.table import Cell

GB: Final = 1 << 30
_MAC: Final = re.compile(r"[0-9a-f]{12}")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_POWERS: Final = {
    **dict.fromkeys(("on", "poweredon", "running", "yes", "true", "up"), Power.ON),
    **dict.fromkeys(("off", "poweredoff", "stopped", "no", "false", "down"), Power.OFF),
    "suspended": Power.SUSPENDED,
}


@dataclass(frozen=True, kw_only=True)
class Given:
    """What one server's row says in one column."""

    cells: tuple[Cell, ...]
    """One, or each of several."""
    row: Callable[[str], tuple[Cell, ...]]
    """What it says in another column."""
    decimal_comma: bool

    @property
    def text(self) -> str | None:
        """Return the text of a column that holds one value."""
        texts = [each for each in map(values.text, self.cells) if each]
        if len(texts) > 1:
            raise ValueError(f"holds several values: {', '.join(texts)}")
        return texts[0] if texts else None


Stating = Callable[[Given], Iterator[Observation]]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of the list, and one field of its JSON form."""

    name: str
    help: str
    example: str
    several: bool = False
    """Whether it holds several values, parted by semicolons."""
    also: tuple[str, ...] = ()
    """Other titles that people give it."""
    state: Stating | None = None
    """None for what is no fact by itself: the name, what it depends on."""


def _texts(key: FactKey[str], change: Callable[[str], str] = str) -> Stating:
    def state(given: Given) -> Iterator[Observation]:
        if given.text:
            yield key.known(change(given.text))

    return state


def _counts(key: FactKey[int]) -> Stating:
    def state(given: Given) -> Iterator[Observation]:
        for cell in given.cells:
            count = values.whole(cell, decimal_comma=given.decimal_comma)
            if count is not None:
                yield key.known(count)

    return state


def _memory(given: Given) -> Iterator[Observation]:
    for cell in given.cells:
        size = values.size(cell, GB, decimal_comma=given.decimal_comma)
        if size is not None:
            yield CONFIGURED_MEMORY.known(size)


def _system(given: Given) -> Iterator[Observation]:
    if given.text:
        (version,) = given.row("os_version") or (None,)
        yield from os_observations(given.text, values.text(version))


def _uuid(text: str) -> str:
    lowered = text.strip("{}").lower()
    if not _UUID.fullmatch(lowered):
        raise ValueError(f"is {text!r}, not a UUID")
    return lowered


def _power(given: Given) -> Iterator[Observation]:
    if given.text:
        power = _POWERS.get(re.sub(r"[\W_]", "", given.text.lower()))
        if power is None:
            raise ValueError(f"is {given.text!r}, none of on, off, suspended")
        yield POWER.known(power)


def _interfaces(given: Given) -> Iterator[Observation]:
    """State the interfaces: as many addresses as MAC addresses belong together one by one."""
    addresses = [_address(each) for each in _parts(given.row("addresses"))]
    macs = [_mac(each) for each in _parts(given.row("mac"))]
    if len(macs) == len(addresses):
        pairs = [(mac, (address,)) for mac, address in zip(macs, addresses, strict=True)]
        told = [_interface(number, mac, held) for number, (mac, held) in enumerate(pairs, 1)]
    else:
        told = [_interface(number, mac, ()) for number, mac in enumerate(macs, 1)]
        told += [_interface(len(macs) + 1, None, tuple(addresses))] if addresses else []
    if told:
        yield INTERFACES.known(tuple(told))


def _interfaces_by_mac(given: Given) -> Iterator[Observation]:
    if not _parts(given.row("addresses")):
        yield from _interfaces(given)


def _interface(number: int, mac: str | None, addresses: tuple[str, ...]) -> Interface:
    return Interface(name=f"interface {number}", mac=mac, addresses=addresses)


def _address(text: str) -> str:
    try:
        ip_interface(text)
    except ValueError as error:
        raise ValueError(f"holds {text!r}, which is no address") from error
    return text


def _mac(text: str) -> str:
    digits = re.sub(r"[:.\-\s]", "", text.lower())
    if not _MAC.fullmatch(digits):
        raise ValueError(f"holds {text!r}, which is no MAC address")
    return ":".join(digits[place : place + 2] for place in range(0, 12, 2))


def _disks(given: Given) -> Iterator[Observation]:
    """State the disks: ``100``, or each with its name: ``sda=100; sdb=500``."""
    disks = []
    for number, part in enumerate(_parts(given.cells), 1):
        name, found, size_text = part.rpartition("=")
        size = values.size(size_text, GB, decimal_comma=given.decimal_comma)
        if size is None:
            raise ValueError(f"holds {part!r}, which tells no size")
        disks.append(Disk(name=name.strip() if found else f"disk {number}", size_bytes=size))
    if disks:
        yield DISKS.known(tuple(disks))


def _several(key: FactKey[tuple[str, ...]]) -> Stating:
    def state(given: Given) -> Iterator[Observation]:
        if parts := _parts(given.cells):
            yield key.known(parts)

    return state


def _tags(given: Given) -> Iterator[Observation]:
    tags = []
    for part in _parts(given.cells):
        name, *_ = part.partition("=")
        tags.append(Tag(name=name.strip(), value=without_secrets(part)[len(name) + 1 :].strip()))
    if tags:
        yield TAGS.known(tuple(tags))


def _parts(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    return tuple(text for text in map(values.text, cells) if text)


COLUMNS: Final = (
    Column(
        name="name",
        help="host name, or what you call the server; the same in each of your lists",
        example="web-1",
        also=("server", "server name", "hostname", "host name"),
    ),
    Column(
        name="id",
        help="number by which your list knows it, where it may be renamed",
        example="A-1042",
    ),
    Column(
        name="fqdn", help="fully qualified name", example="web-1.example.org", state=_texts(FQDN)
    ),
    Column(
        name="addresses",
        help="IP addresses, with or without their prefix length",
        example="192.0.2.10/24; 2001:db8::10",
        several=True,
        also=("address", "ip", "ip address", "ip addresses", "ips"),
        state=_interfaces,
    ),
    Column(
        name="mac",
        help="MAC addresses, in the order of the addresses where there are as many",
        example="00:50:56:aa:bb:01",
        several=True,
        also=("mac address", "mac addresses", "macs"),
        state=_interfaces_by_mac,
    ),
    Column(
        name="os",
        help="operating system",
        example="Red Hat Enterprise Linux",
        also=("operating system", "os name"),
        state=_system,
    ),
    Column(
        name="os_version",
        help="its release, where the name does not hold it",
        example="8.10",
        also=("operating system version",),
    ),
    Column(
        name="architecture", help="x86_64, aarch64 …", example="x86_64", state=_texts(ARCHITECTURE)
    ),
    Column(
        name="cpus",
        help="logical processors that it is given",
        example="4",
        also=("cpu", "vcpu", "vcpus"),
        state=_counts(CONFIGURED_CPUS),
    ),
    Column(
        name="cores",
        help="physical cores, of a physical server",
        example="",
        state=_counts(CPU_CORES),
    ),
    Column(
        name="memory_gb",
        help="memory; 1 GB is 1024 MB; another unit may be written beside the number",
        example="16",
        also=("memory", "ram", "ram gb"),
        state=_memory,
    ),
    Column(
        name="disks_gb",
        help="size of each disk, with its name where there is one",
        example="sda=60; sdb=500",
        several=True,
        also=("disks", "disk gb"),
        state=_disks,
    ),
    Column(
        name="serial",
        help="serial number of the chassis",
        example="",
        also=("serial number",),
        state=_texts(SERIAL),
    ),
    Column(
        name="uuid",
        help="UUID of the firmware (SMBIOS); of a virtual machine its BIOS UUID",
        example="564d1a2b-0c3d-4e5f-8a9b-0c1d2e3f4a5b",
        state=_texts(SMBIOS_UUID, _uuid),
    ),
    Column(
        name="manufacturer",
        help="who made it",
        example="VMware, Inc.",
        also=("vendor",),
        state=_texts(MANUFACTURER),
    ),
    Column(
        name="model",
        help="what it is called by who made it",
        example="VMware7,1",
        also=("product",),
        state=_texts(PRODUCT),
    ),
    Column(
        name="virtualisation",
        help="vmware, hyperv, kvm, xen …; none when it is physical",
        example="vmware",
        also=("virtualization", "hypervisor"),
        state=_texts(VIRTUALISATION, str.lower),
    ),
    Column(
        name="power", help="on, off or suspended", example="on", also=("power state",), state=_power
    ),
    Column(
        name="status", help="active, planned, retired …", example="active", state=_texts(STATUS)
    ),
    Column(
        name="environment",
        help="production, test …",
        example="production",
        also=("env",),
        state=_texts(ENVIRONMENT),
    ),
    Column(name="role", help="what it is for", example="web server", state=_texts(ROLE)),
    Column(name="owner", help="who answers for it", example="Web team", state=_texts(OWNER)),
    Column(
        name="location",
        help="site, room, rack",
        example="Hall 2, rack 14",
        also=("site",),
        state=_texts(LOCATION),
    ),
    Column(
        name="datacentre",
        help="datacentre",
        example="North",
        also=("datacenter",),
        state=_texts(DATACENTRE),
    ),
    Column(name="cluster", help="cluster of hypervisors", example="", state=_texts(CLUSTER)),
    Column(
        name="applications",
        help="what it serves",
        example="Payroll; Intranet",
        several=True,
        also=("application",),
        state=_several(NAMED_APPLICATIONS),
    ),
    Column(
        name="depends_on",
        help="services that it uses: a name of this list, or an address, with the port",
        example="db-1:5432; 192.0.2.53:53/udp",
        several=True,
        also=("dependencies",),
    ),
    Column(
        name="wave", help="wave in which it is to be moved", example="", state=_texts(NAMED_WAVE)
    ),
    Column(name="strategy", help="Rehost, Retire …", example="", state=_texts(NAMED_STRATEGY)),
    Column(
        name="tags",
        help="name=value, or a name alone",
        example="cost centre=4711; backup",
        several=True,
        state=_tags,
    ),
    Column(
        name="notes",
        help="what else is to be known; never a password",
        example="",
        also=("note", "comment", "comments", "description"),
        state=_texts(ANNOTATION, without_secrets),
    ),
)
