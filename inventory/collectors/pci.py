"""Which controllers are on the PCI bus: storage, network, Fibre Channel, graphics, serial cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from inventory.collectors._sysfs import uevent
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.hardware import PCI_DEVICES, PciDevice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

_DEVICES: Final = "/sys/bus/pci/devices"
_BUS: Final = "/proc/bus/pci/devices"
"""There, and maybe empty, wherever the kernel knows PCI."""
_KINDS: Final = {
    "0100": "SCSI controller", "0101": "IDE controller", "0104": "RAID controller",
    "0106": "SATA controller", "0107": "SAS controller", "0108": "NVMe controller",
    "01": "storage controller",
    "0200": "Ethernet controller", "0207": "InfiniBand controller", "02": "network controller",
    "0300": "display", "0302": "3D controller", "03": "display",
    "0403": "audio", "04": "multimedia",
    "0700": "serial controller", "0701": "parallel controller", "0702": "multiport serial",
    "0703": "modem", "07": "communication controller",
    "09": "input controller", "0b40": "co-processor",
    "0c03": "USB controller", "0c04": "Fibre Channel", "0c06": "InfiniBand controller",
    "0c07": "IPMI interface", "0d": "wireless controller", "0f": "satellite controller",
    "10": "encryption controller", "12": "accelerator", "ff": "unclassified",
}  # fmt: skip
"""By the class's first four digits, or else two: https://pci-ids.ucw.cz/read/PD. What is not here
belongs to the chipset: bridges, memory, timers, processors, counters."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    found = tuple(sorted(_devices(answer.files), key=lambda device: device.slot))
    if found or _BUS in answer.files:
        return (PCI_DEVICES.known(found),)
    return (PCI_DEVICES.unknown(Reason.NOT_TOLD, f"there is no {_BUS}"),)


def _devices(files: Mapping[str, str]) -> Iterator[PciDevice]:
    for path, text in files.items():
        if path.startswith(_DEVICES) and path.endswith("/uevent"):
            device = _device(uevent(text), path.split("/")[-2])
            if device:
                yield device


def _device(said: Mapping[str, str], slot: str) -> PciDevice | None:
    code = said.get("PCI_CLASS", "").lower().zfill(6)
    kind = _KINDS.get(code[:4]) or _KINDS.get(code[:2])
    vendor, _, device = said.get("PCI_ID", "").lower().partition(":")
    if kind is None or not vendor or not device:
        return None
    board = said.get("PCI_SUBSYS_ID", "").lower()
    return PciDevice(
        slot=said.get("PCI_SLOT_NAME") or slot,
        kind=kind,
        vendor_id=vendor,
        device_id=device,
        subsystem_id=None if board in {"", "0000:0000"} else board,
        driver=said.get("DRIVER") or None,
    )


COLLECTOR = Collector(
    files=(_BUS, f"{_DEVICES}/*/uevent"),
    tells=(PCI_DEVICES,),
    read=_read,
    examples=(
        Example(
            system="debian 12 in a microvm",
            files={
                _BUS: "0008\t1af41045\t9\t0\nvirtio-pci\n",
                f"{_DEVICES}/0000:00:00.0/uevent": "PCI_CLASS=60000\nPCI_ID=8086:0D57\n"
                "PCI_SUBSYS_ID=0000:0000\nPCI_SLOT_NAME=0000:00:00.0\n",
                f"{_DEVICES}/0000:00:01.0/uevent": "DRIVER=virtio-pci\nPCI_CLASS=FFFF00\n"
                "PCI_ID=1AF4:1045\nPCI_SUBSYS_ID=1AF4:1045\nPCI_SLOT_NAME=0000:00:01.0\n",
            },
            expected=(
                PCI_DEVICES.known(
                    (
                        PciDevice(
                            slot="0000:00:01.0",
                            kind="unclassified",
                            vendor_id="1af4",
                            device_id="1045",
                            subsystem_id="1af4:1045",
                            driver="virtio-pci",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="rhel 8 on a rack server (format as documented)",
            files={
                f"{_DEVICES}/0000:18:00.0/uevent": "DRIVER=megaraid_sas\nPCI_CLASS=10400\n"
                "PCI_ID=1000:005D\nPCI_SUBSYS_ID=1028:1F4D\nPCI_SLOT_NAME=0000:18:00.0\n"
                "MODALIAS=pci:v00001000d0000005Dsv00001028sd00001F4Dbc01sc04i00\n",
                f"{_DEVICES}/0000:3b:00.0/uevent": "DRIVER=qla2xxx\nPCI_CLASS=C0400\n"
                "PCI_ID=1077:2261\nPCI_SUBSYS_ID=1077:029B\nPCI_SLOT_NAME=0000:3b:00.0\n",
                f"{_DEVICES}/0000:00:05.0/uevent": "PCI_CLASS=88000\nPCI_ID=8086:2024\n",
            },
            expected=(
                PCI_DEVICES.known(
                    (
                        PciDevice(
                            slot="0000:18:00.0",
                            kind="RAID controller",
                            vendor_id="1000",
                            device_id="005d",
                            subsystem_id="1028:1f4d",
                            driver="megaraid_sas",
                        ),
                        PciDevice(
                            slot="0000:3b:00.0",
                            kind="Fibre Channel",
                            vendor_id="1077",
                            device_id="2261",
                            subsystem_id="1077:029b",
                            driver="qla2xxx",
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="amazon linux 2 in a microvm without PCI",
            files={_BUS: ""},
            expected=(PCI_DEVICES.known(()),),
        ),
        Example(
            system="debian 12 in a container that hides /proc/bus (format as documented)",
            expected=(PCI_DEVICES.unknown(Reason.NOT_TOLD, "there is no /proc/bus/pci/devices"),),
        ),
    ),
)
