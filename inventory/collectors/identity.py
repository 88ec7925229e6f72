"""Which server this is: its name, its firmware's identifiers, its installation's identifier."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from inventory.collectors._placeholder import is_placeholder, uuid_or_none
from inventory.collectors._text import first_lines
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

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.model.fact import FactKey, Observation

_SCRIPT = """
printf 'name:%s\\n' "$(uname -n)"
dmi=/sys/class/dmi/id tree=/sys/firmware/devicetree/base
for file in "$dmi/product_uuid" "$dmi/product_serial"; do
  if [ -e "$file" ] && ! [ -r "$file" ]; then printf 'guarded:%s\\n' "$file"; fi
done
$SUDO grep -Has '' /etc/machine-id /var/lib/dbus/machine-id /sys/hypervisor/uuid \\
  "$dmi/sys_vendor" "$dmi/product_name" "$dmi/product_uuid" "$dmi/product_serial" \\
  "$tree/model" "$tree/serial-number"
:
"""

_DMI: Final = "/sys/class/dmi/id"
_TREE: Final = "/sys/firmware/devicetree/base"
_MACHINE_ID: Final = re.compile(r"[0-9a-f]{32}\Z")


def _read(answer: Answer) -> tuple[Observation, ...]:
    files = first_lines(answer.text)
    plain = dict(line.partition(":")[::2] for line in answer.text.splitlines())
    guarded = {
        line.removeprefix("guarded:")
        for line in answer.text.splitlines()
        if line.startswith("guarded:")
    }
    name = plain.get("name", "").strip().partition(".")[0]
    return (
        HOSTNAME.known_or(name or None, Reason.NOT_TOLD, "uname gave no name"),
        _machine_id(files),
        _uuid(files, guarded),
        _text(SERIAL, (f"{_DMI}/product_serial", f"{_TREE}/serial-number"), files, guarded),
        _text(MANUFACTURER, (f"{_DMI}/sys_vendor",), files, guarded),
        _text(PRODUCT, (f"{_DMI}/product_name", f"{_TREE}/model"), files, guarded),
    )


def _machine_id(files: Mapping[str, str]) -> Observation:
    for path in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        value = files.get(path, "").lower()
        if _MACHINE_ID.match(value) and not is_placeholder(value):
            return MACHINE_ID.known(value)
    said = files.get("/etc/machine-id")
    detail = "there is no /etc/machine-id" if said is None else f"/etc/machine-id says {said!r}"
    return MACHINE_ID.unknown(Reason.NOT_TOLD, detail)


def _uuid(files: Mapping[str, str], guarded: set[str]) -> Observation:
    for path in (f"{_DMI}/product_uuid", "/sys/hypervisor/uuid"):
        value = uuid_or_none(files.get(path, ""))
        if value:
            return SMBIOS_UUID.known(value)
    return _missing(SMBIOS_UUID, f"{_DMI}/product_uuid", files, guarded)


def _text(
    key: FactKey[str], paths: tuple[str, ...], files: Mapping[str, str], guarded: set[str]
) -> Observation:
    for path in paths:
        value = files.get(path, "")
        if not is_placeholder(value):
            return key.known(value)
    return _missing(key, paths[0], files, guarded)


def _missing(
    key: FactKey[str], path: str, files: Mapping[str, str], guarded: set[str]
) -> Observation:
    if path in files:
        return key.unknown(Reason.NOT_TOLD, f"the firmware says {files[path]!r}")
    if path in guarded:
        return key.unknown(Reason.NEEDS_PRIVILEGE, f"only root may read {path}")
    return key.unknown(Reason.NOT_TOLD, f"there is no {path}")


COLLECTOR = Collector(
    script=_SCRIPT,
    tells=(HOSTNAME, MACHINE_ID, SMBIOS_UUID, SERIAL, MANUFACTURER, PRODUCT),
    read=_read,
    examples=(
        Example(
            system="debian 12 on vmware (format as documented), as root",
            text="""\
name:db-1.example.org
/etc/machine-id:4c4c4544003310588057b4c04f4a3433
/var/lib/dbus/machine-id:4c4c4544003310588057b4c04f4a3433
/sys/class/dmi/id/sys_vendor:VMware, Inc.
/sys/class/dmi/id/product_name:VMware7,1
/sys/class/dmi/id/product_uuid:42137E0D-93C2-5C58-2B5A-7A1D5A3C0F11
/sys/class/dmi/id/product_serial:VMware-42 13 7e 0d 93 c2 5c 58-2b 5a 7a 1d 5a 3c 0f 11
""",
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
            text="""\
name:app-2
guarded:/sys/class/dmi/id/product_uuid
guarded:/sys/class/dmi/id/product_serial
/etc/machine-id:uninitialized
/sys/class/dmi/id/sys_vendor:Dell Inc.
/sys/class/dmi/id/product_name:PowerEdge R650
""",
            expected=(
                HOSTNAME.known("app-2"),
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
            text="""\
name:box
/sys/class/dmi/id/sys_vendor:To Be Filled By O.E.M.
/sys/class/dmi/id/product_name:System Product Name
/sys/class/dmi/id/product_uuid:03000200-0400-0500-0006-000700080009
/sys/class/dmi/id/product_serial:To be filled by O.E.M.
""",
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
            text="name:web-1\n",
            expected=(
                HOSTNAME.known("web-1"),
                SMBIOS_UUID.unknown(Reason.NOT_TOLD, "there is no /sys/class/dmi/id/product_uuid"),
            ),
        ),
        Example(
            system="raspberry pi os 12 (format as documented)",
            text="""\
name:kiosk
/sys/firmware/devicetree/base/model:Raspberry Pi 4 Model B Rev 1.4\0
/sys/firmware/devicetree/base/serial-number:10000000a1b2c3d4\0
""",
            expected=(
                SERIAL.known("10000000a1b2c3d4"),
                PRODUCT.known("Raspberry Pi 4 Model B Rev 1.4"),
            ),
        ),
    ),
)
