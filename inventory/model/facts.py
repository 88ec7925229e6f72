"""The keys that sources, rules and reports share, with the type and unit of each.

Whatever the route by which a fact comes (SSH, an export, a hypervisor), it comes under the same
key, so that the same facts give the same verdict.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from inventory.model.fact import FactKey
from inventory.model.parts import (
    BootType,
    Connection,
    Disk,
    Filesystem,
    Interface,
    Listener,
    Package,
    Process,
    Service,
)

HOSTNAME: Final = FactKey[str](name="identity.hostname", kind=str, help="Short host name")
FQDN: Final = FactKey[str](name="identity.fqdn", kind=str, help="Fully qualified domain name")
SMBIOS_UUID: Final = FactKey[str](
    name="identity.smbios_uuid", kind=str, help="UUID that the firmware gives, lower case"
)
SERIAL: Final = FactKey[str](name="identity.serial", kind=str, help="Serial number of the chassis")
MACHINE_ID: Final = FactKey[str](
    name="identity.machine_id", kind=str, help="Identifier of the installation (/etc/machine-id)"
)
MANUFACTURER: Final = FactKey[str](
    name="hardware.manufacturer", kind=str, help="Who made the server, as the firmware says"
)
PRODUCT: Final = FactKey[str](
    name="hardware.product", kind=str, help="Product name, as the firmware says"
)
VIRTUALISATION: Final = FactKey[str](
    name="hardware.virtualisation",
    kind=str,
    help="Hypervisor or container: kvm, vmware, hyperv, xen, lxc …; none when physical",
)
BOOT_TYPE: Final = FactKey[BootType](name="boot.type", kind=BootType, help="BIOS or UEFI")
SECURE_BOOT: Final = FactKey[bool](
    name="boot.secure_boot", kind=bool, help="Whether Secure Boot is on"
)
BOOTED_AT: Final = FactKey[datetime](name="boot.at", kind=datetime, help="Time of the last boot")

OS_FAMILY: Final = FactKey[str](
    name="os.family", kind=str, help="Kernel family: linux, windows, freebsd …"
)
OS_ID: Final = FactKey[str](
    name="os.id", kind=str, help="Distribution, as os-release names it: debian, rhel, ubuntu …"
)
OS_VERSION: Final = FactKey[str](name="os.version", kind=str, help="Release: 12, 9.4, 22.04 …")
OS_NAME: Final = FactKey[str](name="os.name", kind=str, help="Name for people")
KERNEL: Final = FactKey[str](name="os.kernel", kind=str, help="Kernel release")
ARCHITECTURE: Final = FactKey[str](
    name="os.architecture", kind=str, help="Architecture of the kernel: x86_64, aarch64, i686 …"
)

CPU_THREADS: Final = FactKey[int](
    name="cpu.threads", kind=int, help="Logical processors that are online"
)
CPU_CORES: Final = FactKey[int](name="cpu.cores", kind=int, help="Physical cores")
CPU_MODEL: Final = FactKey[str](name="cpu.model", kind=str, help="Processor model")
MEMORY_TOTAL: Final = FactKey[int](
    name="memory.total_bytes", kind=int, help="Memory that the kernel manages, in bytes"
)
MEMORY_AVAILABLE: Final = FactKey[int](
    name="memory.available_bytes", kind=int, help="Memory free for new work, in bytes"
)

DISKS: Final = FactKey[tuple[Disk, ...]](
    name="storage.disks", kind=tuple[Disk, ...], help="Whole disks"
)
FILESYSTEMS: Final = FactKey[tuple[Filesystem, ...]](
    name="storage.filesystems", kind=tuple[Filesystem, ...], help="Mounted filesystems"
)
INTERFACES: Final = FactKey[tuple[Interface, ...]](
    name="network.interfaces", kind=tuple[Interface, ...], help="Interfaces and addresses"
)
LISTENERS: Final = FactKey[tuple[Listener, ...]](
    name="network.listeners", kind=tuple[Listener, ...], help="Sockets that wait for others"
)
CONNECTIONS: Final = FactKey[tuple[Connection, ...]](
    name="network.connections", kind=tuple[Connection, ...], help="Established connections"
)
SERVICES: Final = FactKey[tuple[Service, ...]](
    name="software.services", kind=tuple[Service, ...], help="Services of the service manager"
)
PROCESSES: Final = FactKey[tuple[Process, ...]](
    name="software.processes", kind=tuple[Process, ...], help="Running processes"
)
PACKAGES: Final = FactKey[tuple[Package, ...]](
    name="software.packages", kind=tuple[Package, ...], help="Installed packages"
)
PYTHON_VERSIONS: Final = FactKey[tuple[str, ...]](
    name="software.python", kind=tuple[str, ...], help="Python interpreters, by version"
)
SUDO: Final = FactKey[bool](
    name="access.privileged", kind=bool, help="Whether the account that asked had privileges"
)
