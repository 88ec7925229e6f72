"""What devices on USB and PCI are for, by their makers: licence keys, modems, cameras and such.

Makers' numbers are those of usb.ids 2025.07.26 (linux-usb.org) and pci.ids 2025.06.09
(pci-ids.ucw.cz). A device that nobody here knows is nothing special.
"""

from __future__ import annotations

from typing import Final

from inventory.model.hardware import PciDevice, UsbDevice

LICENCE_KEYS: Final = {
    "04b9": "Rainbow (Sentinel)", "0529": "Aladdin (HASP, Sentinel)", "064f": "WIBU (CodeMeter)",
    "096e": "Feitian (Rockey)", "0d7a": "MARX (CrypToken)", "1bc0": "Senselock",
}  # fmt: skip
"""By USB vendor. Feitian and Senselock make tokens to sign in with as well."""
_MODEM_MAKERS: Final = frozenset({"04c1", "0baf", "0572", "06e0", "0803"})
"""U.S. Robotics (twice), Conexant, Multi-Tech, Zoom."""
_MODEM_DRIVERS: Final = frozenset({"cdc_acm", "option", "qcserial", "sierra"})
_CAPTURE_MAKERS_USB: Final = frozenset({"07ca", "0900", "1164", "1edb", "2040", "2304", "5555"})
"""AVerMedia, Pinnacle (twice), Yuan, Blackmagic, Hauppauge, Epiphan."""
_CAPTURE_MAKERS_PCI: Final = frozenset({
    "0070", "109e", "1131", "14f1", "153e", "1797", "1805", "1cd7", "bdbd", "dada",
})  # fmt: skip
"""Hauppauge, Brooktree, Philips, Conexant, Techwell (twice), Euresys, Magewell, Blackmagic,
Datapath."""
_CAPTURE_KINDS: Final = frozenset({"multimedia", "display"})
TELEPHONY: Final = {
    "1133": "Dialogic (Eicon)", "1244": "AVM", "12c7": "Dialogic", "12d9": "Aculab",
    "12e4": "Brooktrout", "1397": "Cologne Chip", "1923": "Sangoma", "1b74": "OpenVox",
    "b100": "OpenVox", "d161": "Digium",
}  # fmt: skip
"""By PCI vendor: ISDN, analogue lines and fax."""
_SERIAL_KINDS: Final = frozenset({"multiport serial"})
_COMPUTING_KINDS: Final = frozenset({"3D controller", "accelerator", "InfiniBand controller"})
_GRAPHICS_MAKERS: Final = frozenset({"10de"})
"""NVIDIA. Others' display controllers are mostly the server's own console."""
_HSM_MAKERS: Final = frozenset({"0100", "1269", "12de", "168a", "16ae"})
"""nCipher, Thales, Rainbow, Utimaco, SafeNet."""
_EMULATED_USB: Final = frozenset({"0627", "0e0f", "1d6b", "46f4", "80ee"})
"""QEMU (twice), VMware, Linux itself, VirtualBox."""
_NEVER_EMULATED: Final = frozenset({"Fibre Channel", "3D controller", "accelerator"})


def is_licence_key(device: UsbDevice) -> bool:
    """Tell whether it is a key without which licensed software does not run."""
    return device.vendor_id in LICENCE_KEYS


def is_smart_card_reader(device: UsbDevice) -> bool:
    """Tell whether it reads smart cards, or is one."""
    return "smart card" in device.kinds


def is_modem(device: UsbDevice | PciDevice) -> bool:
    """Tell whether it is a modem or fax modem."""
    if isinstance(device, PciDevice):
        return device.kind == "modem"
    return device.vendor_id in _MODEM_MAKERS or bool(_MODEM_DRIVERS & set(device.drivers))


def is_camera_or_capture(device: UsbDevice | PciDevice) -> bool:
    """Tell whether pictures come in by it: a camera or a video capture card."""
    if isinstance(device, PciDevice):
        return device.vendor_id in _CAPTURE_MAKERS_PCI and device.kind in _CAPTURE_KINDS
    return bool({"video", "camera"} & set(device.kinds)) or device.vendor_id in _CAPTURE_MAKERS_USB


def is_telephony(device: PciDevice) -> bool:
    """Tell whether telephone lines go into it."""
    return device.vendor_id in TELEPHONY


def is_serial_card(device: PciDevice) -> bool:
    """Tell whether it is a card with several serial ports, which nobody puts in for nothing."""
    return device.kind in _SERIAL_KINDS


def computes(device: PciDevice) -> bool:
    """Tell whether it computes or keeps keys: graphics processor, accelerator, InfiniBand, HSM."""
    return (
        device.kind in _COMPUTING_KINDS
        or (device.kind == "display" and device.vendor_id in _GRAPHICS_MAKERS)
        or (device.kind == "encryption controller" and device.vendor_id in _HSM_MAKERS)
    )


def is_passed_through(device: UsbDevice | PciDevice) -> bool:
    """Tell whether a virtual machine must have it from the hypervisor's own hardware."""
    if isinstance(device, PciDevice):
        return (
            device.kind in _NEVER_EMULATED
            or computes(device)
            or is_telephony(device)
            or is_camera_or_capture(device)
        )
    return device.vendor_id not in _EMULATED_USB


def usb_name(device: UsbDevice) -> str:
    """Name it as it calls itself, with its maker's and product's number."""
    maker = device.manufacturer or LICENCE_KEYS.get(device.vendor_id)
    called = " ".join(each for each in (maker, device.product) if each)
    number = f"USB {device.vendor_id}:{device.product_id}"
    return f"{called} ({number})" if called else number


def pci_name(device: PciDevice) -> str:
    """Name its kind, its maker where it is known, and its number."""
    maker = TELEPHONY.get(device.vendor_id)
    called = f"{maker} {device.kind}" if maker else device.kind
    return f"{called} (PCI {device.vendor_id}:{device.device_id})"
