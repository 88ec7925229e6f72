"""What the firmware says of itself, of the chassis and of the board."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from inventory.collectors._sysfs import DMI, filled, missing, told, value
from inventory.collectors._text import number
from inventory.model.collector import Answer, Collector, Example
from inventory.model.fact import Reason
from inventory.model.hardware import (
    ASSET_TAG,
    BOARD,
    BOARD_SERIAL,
    CHASSIS,
    CHASSIS_SERIAL,
    FIRMWARE_DATE,
    FIRMWARE_VENDOR,
    FIRMWARE_VERSION,
    PRODUCT_FAMILY,
    PRODUCT_VERSION,
    SKU,
)

if TYPE_CHECKING:
    from inventory.model.fact import Observation

_FORMS: Final = {
    1: "other", 3: "desktop", 4: "low-profile desktop", 5: "pizza box", 6: "mini tower",
    7: "tower", 8: "portable", 9: "laptop", 10: "notebook", 13: "all in one", 14: "sub-notebook",
    15: "space-saving", 16: "lunch box", 17: "main server chassis", 18: "expansion chassis",
    19: "sub-chassis", 21: "peripheral chassis", 22: "storage chassis", 23: "rack mount",
    24: "sealed-case PC", 25: "multi-system", 28: "blade", 29: "blade enclosure", 30: "tablet",
    31: "convertible", 32: "detachable", 33: "IoT gateway", 34: "embedded PC", 35: "mini PC",
    36: "stick PC",
}  # fmt: skip
"""System enclosure types of the SMBIOS specification (DSP0134, 7.4.1)."""
_LOCK: Final = 0x80
"""The type's highest bit says that there is a lock."""
_DATES: Final = ("%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d")
"""SMBIOS has the first; the second stands in old firmware, the third in careless firmware."""
_NOT_TAGGED: Final = frozenset({"no asset information", "asset tag", "asset-1234567890"})


def _read(answer: Answer) -> tuple[Observation, ...]:
    return (
        told(FIRMWARE_VENDOR, answer, f"{DMI}/bios_vendor"),
        told(FIRMWARE_VERSION, answer, f"{DMI}/bios_version"),
        _date(answer),
        _chassis(answer),
        told(CHASSIS_SERIAL, answer, f"{DMI}/chassis_serial"),
        _board(answer),
        told(BOARD_SERIAL, answer, f"{DMI}/board_serial"),
        _tag(answer),
        told(PRODUCT_VERSION, answer, f"{DMI}/product_version"),
        told(PRODUCT_FAMILY, answer, f"{DMI}/product_family"),
        told(SKU, answer, f"{DMI}/product_sku"),
    )


def _date(answer: Answer) -> Observation:
    said = value(answer.files, f"{DMI}/bios_date") or ""
    for form in _DATES:
        try:
            found: date = datetime.strptime(said, form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
        return FIRMWARE_DATE.known(found)
    return missing(FIRMWARE_DATE, answer, f"{DMI}/bios_date")


def _chassis(answer: Answer) -> Observation:
    said = number(value(answer.files, f"{DMI}/chassis_type"))
    if said is None:
        return missing(CHASSIS, answer, f"{DMI}/chassis_type")
    form = _FORMS.get(said & ~_LOCK)
    return CHASSIS.known_or(form, Reason.NOT_TOLD, f"the firmware says type {said}")


def _board(answer: Answer) -> Observation:
    names = ("board_vendor", "board_name", "board_version")
    words = [filled(answer.files, f"{DMI}/{name}") for name in names]
    if not any(words):
        return missing(BOARD, answer, f"{DMI}/board_name")
    return BOARD.known(" ".join(word for word in words if word))


def _tag(answer: Answer) -> Observation:
    paths = (f"{DMI}/chassis_asset_tag", f"{DMI}/board_asset_tag")
    for path in paths:
        found = filled(answer.files, path)
        if found and found.lower() not in _NOT_TAGGED:
            return ASSET_TAG.known(found)
    return missing(ASSET_TAG, answer, *paths)


_FILES: Final = (
    *("bios_vendor", "bios_version", "bios_date", "chassis_type", "chassis_asset_tag"),
    *("board_vendor", "board_name", "board_version", "board_asset_tag"),
    *("product_version", "product_family", "product_sku"),
)

COLLECTOR = Collector(
    files=tuple(f"{DMI}/{name}" for name in _FILES),
    guarded=(f"{DMI}/board_serial", f"{DMI}/chassis_serial"),
    tells=(
        *(FIRMWARE_VENDOR, FIRMWARE_VERSION, FIRMWARE_DATE, CHASSIS, CHASSIS_SERIAL),
        *(BOARD, BOARD_SERIAL, ASSET_TAG, PRODUCT_VERSION, PRODUCT_FAMILY, SKU),
    ),
    read=_read,
    examples=(
        Example(
            system="rhel 8 on a rack server (format as documented), as root",
            files={
                f"{DMI}/bios_vendor": "Dell Inc.\n",
                f"{DMI}/bios_version": "2.19.1\n",
                f"{DMI}/bios_date": "06/04/2023\n",
                f"{DMI}/chassis_type": "23\n",
                f"{DMI}/chassis_serial": "7ABCD12\n",
                f"{DMI}/chassis_asset_tag": "LBC-004711\n",
                f"{DMI}/board_vendor": "Dell Inc.\n",
                f"{DMI}/board_name": "0H28RR\n",
                f"{DMI}/board_version": "A03\n",
                f"{DMI}/board_serial": ".7ABCD12.CNFCP0012345.\n",
                f"{DMI}/product_version": "\n",
                f"{DMI}/product_family": "PowerEdge\n",
                f"{DMI}/product_sku": "SKU=0716;ModelName=PowerEdge R740\n",
            },
            expected=(
                FIRMWARE_VENDOR.known("Dell Inc."),
                FIRMWARE_VERSION.known("2.19.1"),
                FIRMWARE_DATE.known(date(2023, 6, 4)),
                CHASSIS.known("rack mount"),
                CHASSIS_SERIAL.known("7ABCD12"),
                BOARD.known("Dell Inc. 0H28RR A03"),
                ASSET_TAG.known("LBC-004711"),
                PRODUCT_VERSION.unknown(Reason.NOT_TOLD, "the firmware says ''"),
                PRODUCT_FAMILY.known("PowerEdge"),
            ),
        ),
        Example(
            system="ubuntu 22.04 on vmware (format as documented), as a user without privilege",
            files={
                f"{DMI}/bios_vendor": "Phoenix Technologies LTD\n",
                f"{DMI}/bios_version": "6.00\n",
                f"{DMI}/bios_date": "11/12/2020\n",
                f"{DMI}/chassis_type": "1\n",
                f"{DMI}/chassis_asset_tag": "No Asset Tag\n",
                f"{DMI}/board_vendor": "Intel Corporation\n",
                f"{DMI}/board_name": "440BX Desktop Reference Platform\n",
                f"{DMI}/board_version": "None\n",
                f"{DMI}/board_asset_tag": "Not Specified\n",
            },
            denied=frozenset({f"{DMI}/board_serial", f"{DMI}/chassis_serial"}),
            expected=(
                FIRMWARE_DATE.known(date(2020, 11, 12)),
                CHASSIS.known("other"),
                BOARD.known("Intel Corporation 440BX Desktop Reference Platform"),
                BOARD_SERIAL.unknown(
                    Reason.NEEDS_PRIVILEGE, "only root may read /sys/class/dmi/id/board_serial"
                ),
                ASSET_TAG.unknown(Reason.NOT_TOLD, "the firmware says 'No Asset Tag'"),
            ),
        ),
        Example(
            system="debian 12 in a microvm without SMBIOS",
            expected=(
                FIRMWARE_DATE.unknown(Reason.NOT_TOLD, "there is no /sys/class/dmi/id/bios_date"),
                CHASSIS.unknown(Reason.NOT_TOLD, "there is no /sys/class/dmi/id/chassis_type"),
            ),
        ),
    ),
)
