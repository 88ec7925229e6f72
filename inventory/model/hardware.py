"""What a server's hardware is, real or virtual: firmware, processors, memory, what is plugged in.

The keys that rules shared from the beginning are in :mod:`inventory.model.facts`. A field that is
None was not told by the source; it never means zero or "no".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from inventory.model.fact import FactKey
from inventory.model.ordered import Ordered


@dataclass(frozen=True, kw_only=True)
class Mitigation(Ordered):
    """What the kernel does about one of the processor's vulnerabilities."""

    name: str
    """As the kernel calls the vulnerability: ``meltdown``, ``spectre_v2`` …"""
    state: str
    """In the kernel's words: ``Not affected``, ``Vulnerable``, ``Mitigation: PTI`` …"""


@dataclass(frozen=True, kw_only=True)
class NumaNode(Ordered):
    """Processors and memory that lie close to each other."""

    number: int
    processors: str
    """Logical processors as the kernel lists them: ``0-15,32-47``."""
    memory_bytes: int | None = None


@dataclass(frozen=True, kw_only=True)
class MemoryModule(Ordered):
    """A module in a slot for memory, or the empty slot."""

    slot: str
    """As the board labels it: ``DIMM A1``."""
    size_bytes: int
    """0 when the firmware says that the slot is empty."""
    type: str | None = None
    """``DDR4`` …"""
    speed_mts: int | None = None
    """Million transfers a second."""
    manufacturer: str | None = None
    part_number: str | None = None
    serial: str | None = None


@dataclass(frozen=True, kw_only=True)
class PciDevice(Ordered):
    """A controller on the PCI bus. Bridges and the chipset's own parts are left out."""

    slot: str
    """``0000:3b:00.0``."""
    kind: str
    """What its class means: ``RAID controller``, ``Fibre Channel``, ``display`` …"""
    vendor_id: str
    """Four hexadecimal digits, lower case, as in https://pci-ids.ucw.cz."""
    device_id: str
    subsystem_id: str | None = None
    """Vendor and device of the board that the chip is on: ``1028:1f35``."""
    driver: str | None = None


@dataclass(frozen=True, kw_only=True)
class UsbDevice(Ordered):
    """What is plugged into USB. Hubs are left out."""

    port: str
    """Bus and port: ``1-1.4``."""
    vendor_id: str
    """Four hexadecimal digits, lower case."""
    product_id: str
    product: str | None = None
    manufacturer: str | None = None
    serial: str | None = None
    kinds: tuple[str, ...] = ()
    """What the classes of its interfaces mean: ``smart card``, ``printer``, ``storage`` …"""
    drivers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SerialPort(Ordered):
    """A serial port that is really there."""

    name: str
    """``ttyS0``, ``ttyUSB0`` …"""
    type: str | None = None
    """The chip: ``16550A``; ``usb`` for an adapter."""
    sent_bytes: int | None = None
    """Since the boot."""
    received_bytes: int | None = None
    """Since the boot."""
    in_use: bool | None = None
    """Whether a program has it open, as its raised line DTR shows."""
    connected: bool | None = None
    """Whether the other end raises a line (CTS, DSR or CD), so that something is plugged in."""


@dataclass(frozen=True, kw_only=True)
class Guest(Ordered):
    """A virtual machine or system container that the server runs or holds."""

    name: str
    manager: str
    """``libvirt``, ``proxmox``, ``xen``, ``lxc``, ``lxd``, ``incus``, ``nspawn``, ``virtuozzo``."""
    container: bool
    running: bool | None = None


FIRMWARE_VENDOR: Final = FactKey[str](
    name="hardware.firmware_vendor", kind=str, help="Who made the firmware (BIOS or UEFI)"
)
FIRMWARE_VERSION: Final = FactKey[str](
    name="hardware.firmware_version", kind=str, help="Version of the firmware"
)
FIRMWARE_DATE: Final = FactKey[date](
    name="hardware.firmware_date", kind=date, help="Date of the firmware"
)
PRODUCT_VERSION: Final = FactKey[str](
    name="hardware.product_version", kind=str, help="Version of the product, as the firmware says"
)
PRODUCT_FAMILY: Final = FactKey[str](
    name="hardware.product_family", kind=str, help="Product family, as the firmware says"
)
SKU: Final = FactKey[str](
    name="hardware.sku", kind=str, help="The maker's order number of the product"
)
CHASSIS: Final = FactKey[str](
    name="hardware.chassis", kind=str, help="Form of the chassis: rack mount, blade, tower …"
)
CHASSIS_SERIAL: Final = FactKey[str](
    name="hardware.chassis_serial", kind=str, help="Serial number of the chassis or enclosure"
)
BOARD: Final = FactKey[str](name="hardware.board", kind=str, help="Main board: maker and product")
BOARD_SERIAL: Final = FactKey[str](
    name="hardware.board_serial", kind=str, help="Serial number of the main board"
)
ASSET_TAG: Final = FactKey[str](
    name="hardware.asset_tag", kind=str, help="Asset tag that the owner wrote into the firmware"
)
CLOUD: Final = FactKey[str](
    name="hardware.cloud",
    kind=str,
    help="Cloud that it runs in: aws, azure, gcp, oci, openstack …; none when the firmware is of "
    "no cloud",
)
CLOUD_INSTANCE: Final = FactKey[str](
    name="hardware.cloud_instance", kind=str, help="The cloud's identifier of the instance"
)
CLOUD_TYPE: Final = FactKey[str](
    name="hardware.cloud_type", kind=str, help="The cloud's name for the instance's size"
)
HYPERVISOR: Final = FactKey[tuple[str, ...]](
    name="hardware.hosts_guests_with",
    kind=tuple[str, ...],
    help="What it runs guests of its own with: libvirt, proxmox, xen, lxd …",
)
GUESTS: Final = FactKey[tuple[Guest, ...]](
    name="hardware.guests", kind=tuple[Guest, ...], help="Guests that the server runs or holds"
)
PCI_DEVICES: Final = FactKey[tuple[PciDevice, ...]](
    name="hardware.pci_devices", kind=tuple[PciDevice, ...], help="Controllers on the PCI bus"
)
USB_DEVICES: Final = FactKey[tuple[UsbDevice, ...]](
    name="hardware.usb_devices", kind=tuple[UsbDevice, ...], help="What is plugged into USB"
)
SERIAL_PORTS: Final = FactKey[tuple[SerialPort, ...]](
    name="hardware.serial_ports",
    kind=tuple[SerialPort, ...],
    help="Serial ports that are really there",
)

COMMAND_LINE: Final = FactKey[str](
    name="boot.command_line", kind=str, help="Kernel command line, without what may be secret"
)
TPM: Final = FactKey[str](
    name="boot.tpm",
    kind=str,
    help="Version of the trusted platform module; none when there is none",
)
CRASH_KERNEL: Final = FactKey[bool](
    name="boot.crash_kernel", kind=bool, help="Whether a kernel for crash dumps (kdump) is loaded"
)

CPU_VENDOR: Final = FactKey[str](
    name="cpu.vendor", kind=str, help="Who made the processor, as it says: GenuineIntel …"
)
CPU_SOCKETS: Final = FactKey[int](
    name="cpu.sockets", kind=int, help="Processor packages; virtual ones on a virtual machine"
)
CPU_MHZ: Final = FactKey[int](
    name="cpu.speed_mhz", kind=int, help="Speed at the moment of asking, in megahertz"
)
CPU_MAX_MHZ: Final = FactKey[int](
    name="cpu.max_speed_mhz", kind=int, help="Highest speed, in megahertz"
)
CPU_CACHE: Final = FactKey[int](
    name="cpu.cache_bytes", kind=int, help="Last cache of a package, in bytes"
)
CPU_FLAGS: Final = FactKey[tuple[str, ...]](
    name="cpu.flags", kind=tuple[str, ...], help="Features, as the kernel names them"
)
CPU_LEVEL: Final = FactKey[str](
    name="cpu.level",
    kind=str,
    help="x86-64 microarchitecture level that its features reach: x86-64, x86-64-v2, -v3, -v4",
)
CPU_MICROCODE: Final = FactKey[str](
    name="cpu.microcode", kind=str, help="Revision of the microcode that is loaded"
)
CPU_MITIGATIONS: Final = FactKey[tuple[Mitigation, ...]](
    name="cpu.mitigations",
    kind=tuple[Mitigation, ...],
    help="Known vulnerabilities of processors, and what the kernel does about each",
)
CPU_VIRTUALISATION: Final = FactKey[bool](
    name="cpu.virtualisation",
    kind=bool,
    help="Whether the processor can run virtual machines (VT-x, AMD-V)",
)
NUMA_NODES: Final = FactKey[tuple[NumaNode, ...]](
    name="memory.numa_nodes", kind=tuple[NumaNode, ...], help="NUMA nodes"
)
MEMORY_MODULES: Final = FactKey[tuple[MemoryModule, ...]](
    name="memory.modules", kind=tuple[MemoryModule, ...], help="Memory modules and empty slots"
)
MEMORY_MAXIMUM: Final = FactKey[int](
    name="memory.maximum_bytes", kind=int, help="Memory that the board can hold, in bytes"
)
HUGE_PAGES: Final = FactKey[int](
    name="memory.huge_pages_bytes", kind=int, help="Memory set aside as huge pages, in bytes"
)
SHARED_MEMORY: Final = FactKey[int](
    name="memory.shared_bytes", kind=int, help="Shared memory and tmpfs in use, in bytes"
)
COMMITTED_MEMORY: Final = FactKey[int](
    name="memory.committed_bytes", kind=int, help="Memory promised to processes, in bytes"
)
