"""Which server this is: its name, its firmware's identifiers, its installation's identifier."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._sysfs import DMI, TREE, filled, missing, value
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.facts import (
    HOSTNAME,
    MACHINE_ID,
    MANUFACTURER,
    PRODUCT,
    SERIAL,
    SMBIOS_UUID,
)
from inventory.model.placeholders import is_unfilled, uuid_or_none

if TYPE_CHECKING:
    from inventory.model.fact import FactKey, Observation

_HOSTNAME: Final = "/proc/sys/kernel/hostname"
_MACHINE_IDS: Final = ("/etc/machine-id", "/var/lib/dbus/machine-id")
_MACHINE_ID: Final = re.compile(r"[0-9a-f]{32}\Z")
_UUIDS: Final = (f"{DMI}/product_uuid", "/sys/hypervisor/uuid")
_SERIALS: Final = (f"{DMI}/product_serial", f"{TREE}/serial-number", f"{TREE}/system-id")
_MAKERS: Final = (f"{DMI}/sys_vendor",)
_PRODUCTS: Final = (f"{DMI}/product_name", f"{TREE}/model")
_MAINFRAME: Final = "/proc/sysinfo"
"""What the kernel says of an IBM Z: ``Manufacturer:         IBM``, one thing a line."""


def _read(answer: Answer) -> tuple[Observation, ...]:
    name = (value(answer.files, _HOSTNAME) or "").partition(".")[0]
    return (
        HOSTNAME.known_or(name or None, Reason.NOT_TOLD, f"there is no {_HOSTNAME}"),
        _machine_id(answer),
        _uuid(answer),
        _text(SERIAL, answer, _SERIALS, "Sequence Code:"),
        _text(MANUFACTURER, answer, _MAKERS, "Manufacturer:"),
        _text(PRODUCT, answer, _PRODUCTS, "Type:"),
    )


def _machine_id(answer: Answer) -> Observation:
    for path in _MACHINE_IDS:
        said = (value(answer.files, path) or "").lower()
        if _MACHINE_ID.match(said) and not is_unfilled(said):
            return MACHINE_ID.known(said)
    first = value(answer.files, _MACHINE_IDS[0])
    detail = "there is no /etc/machine-id" if first is None else f"/etc/machine-id says {first!r}"
    return MACHINE_ID.unknown(Reason.NOT_TOLD, detail)


def _uuid(answer: Answer) -> Observation:
    for path in _UUIDS:
        found = uuid_or_none(value(answer.files, path) or "")
        if found:
            return SMBIOS_UUID.known(found)
    return missing(SMBIOS_UUID, answer, *_UUIDS)


def _text(
    key: FactKey[str], answer: Answer, paths: tuple[str, ...], of_mainframe: str
) -> Observation:
    found = filled(answer.files, *paths)
    if found:
        return key.known(found)
    for line in answer.files.get(_MAINFRAME, "").splitlines():
        if line.startswith(of_mainframe):
            said = line.removeprefix(of_mainframe).strip()
            return key.known_or(said or None, Reason.NOT_TOLD, f"{_MAINFRAME} leaves it empty")
    return missing(key, answer, *paths)


COLLECTOR = Collector(
    files=(
        *(_HOSTNAME, *_MACHINE_IDS, "/sys/hypervisor/uuid", *_MAKERS, *_PRODUCTS),
        *(*_SERIALS[1:], _MAINFRAME),
    ),
    guarded=(f"{DMI}/product_uuid", f"{DMI}/product_serial"),
    tells=(HOSTNAME, MACHINE_ID, SMBIOS_UUID, SERIAL, MANUFACTURER, PRODUCT),
    read=_read,
    examples=(
        Example(
            system="debian 12 on vmware (format as documented), as root",
            files={
                "/proc/sys/kernel/hostname": "db-1.example.org\n",
                "/etc/machine-id": "4c4c4544003310588057b4c04f4a3433\n",
                "/var/lib/dbus/machine-id": "4c4c4544003310588057b4c04f4a3433\n",
                "/sys/class/dmi/id/sys_vendor": "VMware, Inc.\n",
                "/sys/class/dmi/id/product_name": "VMware7,1\n",
                "/sys/class/dmi/id/product_uuid": "42137E0D-93C2-5C58-2B5A-7A1D5A3C0F11\n",
                "/sys/class/dmi/id/product_serial": (
                    "VMware-42 13 7e 0d 93 c2 5c 58-2b 5a 7a 1d 5a 3c 0f 11\n"
                ),
            },
            expected=(
                HOSTNAME.known("db-1"),
                MACHINE_ID.known("4c4c4544003310588057b4c04f4a3433"),
                SMBIOS_UUID.known("42137e0d-93c2-5c58-2b5a-7a1d5a3c0f11"),
                SERIAL.known("VMware-42 13 7e 0d 93 c2 5c 58-2b 5a 7a 1d 5a 3c 0f 11"),
                MANUFACTURER.known("VMware, Inc."),
                PRODUCT.known("VMware7,1"),
            ),
        ),
        Example(
            system="rhel 9 (format as documented), as a user without privilege",
            files={
                "/proc/sys/kernel/hostname": "app-2\n",
                "/etc/machine-id": "uninitialized\n",
                "/sys/class/dmi/id/sys_vendor": "Dell Inc.\n",
                "/sys/class/dmi/id/product_name": "PowerEdge R650\n",
            },
            denied=frozenset(
                {"/sys/class/dmi/id/product_uuid", "/sys/class/dmi/id/product_serial"}
            ),
            expected=(
                MACHINE_ID.unknown(Reason.NOT_TOLD, "/etc/machine-id says 'uninitialized'"),
                SMBIOS_UUID.unknown(
                    Reason.NEEDS_PRIVILEGE, "only root may read /sys/class/dmi/id/product_uuid"
                ),
                SERIAL.unknown(
                    Reason.NEEDS_PRIVILEGE, "only root may read /sys/class/dmi/id/product_serial"
                ),
                PRODUCT.known("PowerEdge R650"),
            ),
        ),
        Example(
            system="debian 11 on a board whose maker filled nothing in (format as documented)",
            files={
                "/proc/sys/kernel/hostname": "box\n",
                "/sys/class/dmi/id/sys_vendor": "To Be Filled By O.E.M.\n",
                "/sys/class/dmi/id/product_name": "System Product Name\n",
                "/sys/class/dmi/id/product_uuid": "03000200-0400-0500-0006-000700080009\n",
                "/sys/class/dmi/id/product_serial": "To be filled by O.E.M.\n",
            },
            expected=(
                SMBIOS_UUID.unknown(
                    Reason.NOT_TOLD,
                    "the firmware says '03000200-0400-0500-0006-000700080009'",
                ),
                SERIAL.unknown(Reason.NOT_TOLD, "the firmware says 'To be filled by O.E.M.'"),
                MANUFACTURER.unknown(Reason.NOT_TOLD, "the firmware says 'To Be Filled By O.E.M.'"),
                MACHINE_ID.unknown(Reason.NOT_TOLD, "there is no /etc/machine-id"),
            ),
        ),
        Example(
            system="debian 12 in a microvm without SMBIOS",
            files={"/proc/sys/kernel/hostname": "web-1\n"},
            expected=(
                HOSTNAME.known("web-1"),
                SMBIOS_UUID.unknown(Reason.NOT_TOLD, "there is no /sys/class/dmi/id/product_uuid"),
            ),
        ),
        Example(
            system="raspberry pi os 12 (format as documented)",
            files={
                "/proc/sys/kernel/hostname": "kiosk\n",
                "/sys/firmware/devicetree/base/model": "Raspberry Pi 4 Model B Rev 1.4\0",
                "/sys/firmware/devicetree/base/serial-number": "10000000a1b2c3d4\0",
            },
            expected=(
                SERIAL.known("10000000a1b2c3d4"),
                PRODUCT.known("Raspberry Pi 4 Model B Rev 1.4"),
            ),
        ),
        Example(
            system="sles 15 on an ibm z (format as others quote /proc/sysinfo)",
            files={
                "/proc/sys/kernel/hostname": "ledger\n",
                "/proc/sysinfo": """\
Manufacturer:         IBM
Type:                 3906
Model:                704              M04
Sequence Code:        00000000000A1B2C
Plant:                02
VM00 Name:            LEDGER
VM00 Control Program: z/VM    6.4.0
""",
            },
            expected=(
                SERIAL.known("00000000000A1B2C"),
                MANUFACTURER.known("IBM"),
                PRODUCT.known("3906"),
            ),
        ),
        Example(
            system="freebsd 13, which has no such files",
            expected=(
                HOSTNAME.unknown(Reason.NOT_TOLD, "there is no /proc/sys/kernel/hostname"),
                SERIAL.unknown(Reason.NOT_TOLD, "there is no /sys/class/dmi/id/product_serial"),
            ),
        ),
    ),
)
