"""What is plugged into USB: licence dongles, smart-card readers, printers, disks, modems."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._sysfs import filled, uevent
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.hardware import USB_DEVICES, UsbDevice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from inventory.model.fact import Observation

_DEVICES: Final = "/sys/bus/usb/devices"
_DRIVERS: Final = "/sys/bus/usb/drivers_autoprobe"
"""There wherever the kernel knows USB."""
_EVENT: Final = re.compile(rf"{_DEVICES}/(?P<port>\d+-[\d.]+)(?P<interface>:[\d.]+)?/uevent")
_HUB: Final = "9"
_KINDS: Final = {
    "1": "audio", "2": "communications", "3": "input", "5": "physical", "6": "camera",
    "7": "printer", "8": "storage", "10": "communications", "11": "smart card",
    "13": "content security", "14": "video", "15": "health", "220": "diagnostic",
    "224": "wireless", "239": "miscellaneous", "254": "application specific",
    "255": "vendor specific",
}  # fmt: skip
"""Classes in decimal, as uevent has them: https://www.usb.org/defined-class-codes."""
_PRODUCT: Final = 2
"""Vendor and product, in ``PRODUCT=529/1/325``; the release follows."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    found = tuple(sorted(_found(answer.files), key=lambda device: device.port))
    if found or _DRIVERS in answer.files or _DRIVERS in answer.denied:
        return (USB_DEVICES.known(found),)
    return (USB_DEVICES.unknown(Reason.NOT_TOLD, f"there is no {_DRIVERS}"),)


def _found(files: Mapping[str, str]) -> Iterator[UsbDevice]:
    devices: dict[str, dict[str, str]] = {}
    interfaces: dict[str, list[dict[str, str]]] = {}
    for path, text in files.items():
        match = _EVENT.fullmatch(path)
        if match and match["interface"]:
            interfaces.setdefault(match["port"], []).append(uevent(text))
        elif match:
            devices[match["port"]] = uevent(text)
    for port, said in devices.items():
        device = _device(port, said, interfaces.get(port, []), files)
        if device:
            yield device


def _device(
    port: str,
    said: Mapping[str, str],
    interfaces: list[dict[str, str]],
    files: Mapping[str, str],
) -> UsbDevice | None:
    ids = said.get("PRODUCT", "").split("/")
    classes = [said.get("TYPE", ""), *(each.get("INTERFACE", "") for each in interfaces)]
    codes = {each.partition("/")[0] for each in classes}
    if len(ids) < _PRODUCT or not all(ids[:_PRODUCT]) or _HUB in codes:
        return None
    folder = f"{_DEVICES}/{port}"
    return UsbDevice(
        port=port,
        vendor_id=ids[0].lower().zfill(4),
        product_id=ids[1].lower().zfill(4),
        product=filled(files, f"{folder}/product"),
        manufacturer=filled(files, f"{folder}/manufacturer"),
        serial=filled(files, f"{folder}/serial"),
        kinds=tuple(sorted({_KINDS[code] for code in codes if code in _KINDS})),
        drivers=tuple(sorted({each["DRIVER"] for each in interfaces if each.get("DRIVER")})),
    )


COLLECTOR = Collector(
    files=(
        _DRIVERS,
        *(
            f"{_DEVICES}/[0-9]*-*/{name}"
            for name in ("uevent", "product", "manufacturer", "serial")
        ),
    ),
    tells=(USB_DEVICES,),
    read=_read,
    examples=(
        Example(
            system="rhel 8 with a licence dongle and a card reader (format as documented)",
            files={
                f"{_DEVICES}/1-1/uevent": "MAJOR=189\nMINOR=1\nDEVNAME=bus/usb/001/002\n"
                "DEVTYPE=usb_device\nDRIVER=usb\nPRODUCT=529/1/325\nTYPE=255/0/0\n",
                f"{_DEVICES}/1-1:1.0/uevent": "DEVTYPE=usb_interface\nPRODUCT=529/1/325\n"
                "TYPE=255/0/0\nINTERFACE=255/0/0\n",
                f"{_DEVICES}/1-1/product": "Sentinel HL\n",
                f"{_DEVICES}/1-1/manufacturer": "SafeNet Inc.\n",
                f"{_DEVICES}/1-1.2/uevent": "DEVTYPE=usb_device\nPRODUCT=8e6/3437/201\n"
                "TYPE=0/0/0\n",
                f"{_DEVICES}/1-1.2:1.0/uevent": "DEVTYPE=usb_interface\nDRIVER=usbfs\n"
                "INTERFACE=11/0/0\n",
                f"{_DEVICES}/1-1.2/serial": "A1B2C3\n",
                f"{_DEVICES}/2-1/uevent": "DEVTYPE=usb_device\nPRODUCT=1d6b/107/100\nTYPE=9/0/1\n",
            },
            expected=(
                USB_DEVICES.known(
                    (
                        UsbDevice(
                            port="1-1",
                            vendor_id="0529",
                            product_id="0001",
                            product="Sentinel HL",
                            manufacturer="SafeNet Inc.",
                            kinds=("vendor specific",),
                        ),
                        UsbDevice(
                            port="1-1.2",
                            vendor_id="08e6",
                            product_id="3437",
                            serial="A1B2C3",
                            kinds=("smart card",),
                            drivers=("usbfs",),
                        ),
                    )
                ),
            ),
        ),
        Example(
            system="debian 12 on kvm, with nothing plugged in (format as documented)",
            files={_DRIVERS: "1\n"},
            expected=(USB_DEVICES.known(()),),
        ),
        Example(
            system="debian 12 in a microvm without USB",
            expected=(
                USB_DEVICES.unknown(Reason.NOT_TOLD, "there is no /sys/bus/usb/drivers_autoprobe"),
            ),
        ),
    ),
)
