"""The columns of Decant's own plain list of servers: what each means, and the facts it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from inventory.collectors._secrets import without_secrets
from inventory.importers._plain_facts import (
    Stating,
    counts,
    disks,
    interfaces,
    interfaces_by_mac,
    memory,
    power,
    several,
    system,
    tags,
    texts,
    uuid,
)
from inventory.model.facts import (
    ARCHITECTURE,
    CPU_CORES,
    FQDN,
    MANUFACTURER,
    PRODUCT,
    SERIAL,
    SMBIOS_UUID,
    VIRTUALISATION,
)
from inventory.model.placement import (
    ANNOTATION,
    CLUSTER,
    CONFIGURED_CPUS,
    DATACENTRE,
    ENVIRONMENT,
    LOCATION,
    NAMED_APPLICATIONS,
    NAMED_STRATEGY,
    NAMED_WAVE,
    OWNER,
    ROLE,
    STATUS,
)


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of the list, and one field of its JSON form."""

    name: str
    help: str
    example: str
    several: bool = False
    """Whether it holds several values."""
    separators: str = ";\n"
    """What parts them."""
    also: tuple[str, ...] = ()
    """Other titles that people give it."""
    state: Stating | None = None
    """None for what is no fact by itself: the name, what it depends on."""


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
        name="fqdn", help="fully qualified name", example="web-1.example.org", state=texts(FQDN)
    ),
    Column(
        name="addresses",
        help="IP addresses, with or without their prefix length",
        example="192.0.2.10/24; 2001:db8::10",
        several=True,
        separators=",;\n",
        also=("address", "ip", "ip address", "ip addresses", "ips"),
        state=interfaces,
    ),
    Column(
        name="mac",
        help="MAC addresses, in the order of the addresses where there are as many",
        example="00:50:56:aa:bb:01",
        several=True,
        separators=",;\n",
        also=("mac address", "mac addresses", "macs"),
        state=interfaces_by_mac,
    ),
    Column(
        name="os",
        help="operating system",
        example="Red Hat Enterprise Linux",
        also=("operating system", "os name"),
        state=system,
    ),
    Column(
        name="os_version",
        help="its release, where the name does not hold it",
        example="8.10",
        also=("operating system version",),
    ),
    Column(
        name="architecture",
        help="x86_64, aarch64 ...",
        example="x86_64",
        state=texts(ARCHITECTURE),
    ),
    Column(
        name="cpus",
        help="logical processors that it is given",
        example="4",
        also=("cpu", "vcpu", "vcpus"),
        state=counts(CONFIGURED_CPUS),
    ),
    Column(
        name="cores",
        help="physical cores, of a physical server",
        example="",
        state=counts(CPU_CORES),
    ),
    Column(
        name="memory_gb",
        help="memory; 1 GB is 1024 MB; another unit may be written beside the number",
        example="16",
        also=("memory", "ram", "ram gb"),
        state=memory,
    ),
    Column(
        name="disks_gb",
        help="size of each disk, with its name where there is one",
        example="sda=60; sdb=500",
        several=True,
        also=("disks", "disk gb"),
        state=disks,
    ),
    Column(
        name="serial",
        help="serial number of the chassis",
        example="",
        also=("serial number",),
        state=texts(SERIAL),
    ),
    Column(
        name="uuid",
        help="UUID of the firmware (SMBIOS); of a virtual machine its BIOS UUID",
        example="564d1a2b-0c3d-4e5f-8a9b-0c1d2e3f4a5b",
        state=texts(SMBIOS_UUID, uuid),
    ),
    Column(
        name="manufacturer",
        help="who made it",
        example="VMware, Inc.",
        also=("vendor",),
        state=texts(MANUFACTURER),
    ),
    Column(
        name="model",
        help="what it is called by who made it",
        example="VMware7,1",
        also=("product",),
        state=texts(PRODUCT),
    ),
    Column(
        name="virtualisation",
        help="vmware, hyperv, kvm, xen and such; none when it is physical",
        example="vmware",
        also=("virtualization", "hypervisor"),
        state=texts(VIRTUALISATION, str.lower),
    ),
    Column(
        name="power", help="on, off or suspended", example="on", also=("power state",), state=power
    ),
    Column(
        name="status",
        help="active, planned, retired ...",
        example="active",
        state=texts(STATUS),
    ),
    Column(
        name="environment",
        help="production, test ...",
        example="production",
        also=("env",),
        state=texts(ENVIRONMENT),
    ),
    Column(name="role", help="what it is for", example="web server", state=texts(ROLE)),
    Column(name="owner", help="who answers for it", example="Web team", state=texts(OWNER)),
    Column(
        name="location",
        help="site, room, rack",
        example="Hall 2, rack 14",
        also=("site",),
        state=texts(LOCATION),
    ),
    Column(
        name="datacentre",
        help="datacentre",
        example="North",
        also=("datacenter",),
        state=texts(DATACENTRE),
    ),
    Column(name="cluster", help="cluster of hypervisors", example="", state=texts(CLUSTER)),
    Column(
        name="applications",
        help="what it serves",
        example="Payroll; Intranet",
        several=True,
        also=("application",),
        state=several(NAMED_APPLICATIONS),
    ),
    Column(
        name="depends_on",
        help="services that it uses: a name of this list, or an address, with the port",
        example="db-1:5432; 192.0.2.53:53/udp",
        several=True,
        separators=",;\n",
        also=("dependencies",),
    ),
    Column(
        name="wave", help="wave in which it is to be moved", example="", state=texts(NAMED_WAVE)
    ),
    Column(name="strategy", help="Rehost, Retire ...", example="", state=texts(NAMED_STRATEGY)),
    Column(
        name="tags",
        help="name=value, or a name alone",
        example="cost centre=4711; backup",
        several=True,
        state=tags,
    ),
    Column(
        name="notes",
        help="what else is to be known; never a password",
        example="",
        also=("note", "comment", "comments", "description"),
        state=texts(ANNOTATION, without_secrets),
    ),
)
