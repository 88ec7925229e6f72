"""The flat facts of old Facters → the structure that newer ones give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from inventory.importers._json import text
from inventory.importers._told import Document

_MB: Final = 1 << 20
_PLACES: Final = {
    ("networking", "hostname"): "hostname",
    ("networking", "fqdn"): "fqdn",
    ("os", "name"): "operatingsystem",
    ("os", "family"): "osfamily",
    ("os", "hardware"): "hardwaremodel",
    ("os", "architecture"): "architecture",
    ("os", "release", "full"): "operatingsystemrelease",
    ("os", "distro", "codename"): "lsbdistcodename",
    ("os", "distro", "description"): "lsbdistdescription",
    ("os", "selinux", "enabled"): "selinux",
    ("os", "selinux", "current_mode"): "selinux_current_mode",
    ("processors", "count"): "processorcount",
    ("processors", "physicalcount"): "physicalprocessorcount",
    ("dmi", "manufacturer"): "manufacturer",
    ("dmi", "product", "name"): "productname",
    ("dmi", "product", "serial_number"): "serialnumber",
    ("dmi", "product", "uuid"): "uuid",
    ("dmi", "bios", "vendor"): "bios_vendor",
    ("dmi", "bios", "version"): "bios_version",
    ("dmi", "bios", "release_date"): "bios_release_date",
    ("dmi", "board", "manufacturer"): "boardmanufacturer",
    ("dmi", "board", "product"): "boardproductname",
    ("dmi", "board", "serial_number"): "boardserialnumber",
}
"""Where each flat fact stands in the structure."""
_STRUCTURED: Final = ("networking", "os", "processors", "dmi", "memory", "disks", "mountpoints")


def structured(facts: Document) -> Mapping[str, Any]:
    """Return facts in the new structure; what is flat fills up what is not told otherwise."""
    found: dict[str, Any] = dict(facts)
    for name in _STRUCTURED:
        held = facts.get(name)
        if not isinstance(held, dict):
            found.pop(name, None)
    for place, name in _PLACES.items():
        _fill(found, place, facts.get(name))
    _fill(found, ("processors", "models"), _numbered(facts, "processor"))
    _fill(found, ("networking", "interfaces"), _interfaces(facts))
    _fill(found, ("disks",), _disks(facts))
    size = text(facts.get("memorysize_mb"))
    if size and re.fullmatch(r"\d{1,12}(\.\d+)?", size):
        _fill(found, ("memory", "system", "total_bytes"), round(float(size) * _MB))
    return found


def _fill(found: dict[str, Any], place: tuple[str, ...], value: Any) -> None:
    """Put a value at a place where there is none; what is shared with the original is copied."""
    if value in (None, "", [], {}):
        return
    for name in place[:-1]:
        below = found.get(name)
        found[name] = dict(below) if isinstance(below, dict) else {}
        found = found[name]
    found.setdefault(place[-1], value)


def _numbered(facts: Document, start: str) -> list[Any]:
    return [facts[name] for name in (f"{start}{number}" for number in range(2)) if name in facts]


def _listed(facts: Document, name: str) -> list[str]:
    return [each for each in (text(facts.get(name)) or "").split(",") if each]


def _interfaces(facts: Document) -> dict[str, Any]:
    """Return the interfaces; their names have underscores for what is no letter."""
    found = {}
    for name in _listed(facts, "interfaces"):
        told = {
            field: _of_card(facts, flat, name)
            for field, flat in (("mac", "macaddress"), ("mtu", "mtu"))
        }
        for field, address, mask in (
            ("bindings", "ipaddress", "netmask"),
            ("bindings6", "ipaddress6", "netmask6"),
        ):
            if one := _of_card(facts, address, name):
                told[field] = [{"address": one, "netmask": _of_card(facts, mask, name)}]
        found[name] = told
    return found


def _of_card(facts: Document, flat: str, name: str) -> Any:
    """Return a fact of an interface; Windows lists ``Ethernet0`` and tells of ``ethernet0``."""
    told = facts.get(f"{flat}_{name}")
    return facts.get(f"{flat}_{name.lower()}") if told is None else told


def _disks(facts: Document) -> dict[str, Any]:
    return {
        name: {
            "size_bytes": facts.get(f"blockdevice_{name}_size"),
            "model": facts.get(f"blockdevice_{name}_model"),
            "vendor": facts.get(f"blockdevice_{name}_vendor"),
        }
        for name in _listed(facts, "blockdevices")
    }
