"""What Fleet, which runs osquery, lists of its hosts.

That is its API's answer, what ``fleetctl get hosts --json`` prints, or the CSV of its page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from inventory.importers._json import objects, text
from inventory.importers._os_name import os_observations
from inventory.importers._self_firmware import Seen, state_firmware, virtualisation_of
from inventory.importers._told import Told
from inventory.model.facts import (
    ARCHITECTURE,
    CPU_CORES,
    CPU_MODEL,
    CPU_THREADS,
    FQDN,
    HOSTNAME,
    INTERFACES,
    PACKAGES,
    VIRTUALISATION,
)
from inventory.model.imported import Item, LeftOut, ServerRecord, Where
from inventory.model.parts import Interface, Package
from inventory.model.placement import CONFIGURED_MEMORY, OWNER
from inventory.reading import values

SOURCE: Final = "fleet"
_DEVICES: Final = {
    "ios": "phone",
    "ipados": "tablet",
    "android": "phone",
    "chrome": "Chromebook",
}
_MANAGERS: Final = {
    "deb_packages": "dpkg",
    "rpm_packages": "rpm",
    "programs": "windows",
}


def record(host: Mapping[str, Any], where: Where) -> Iterator[Item]:
    """Yield what one host is; a phone is left out, a host without a name too."""
    name = text(host.get("hostname")) or text(host.get("computer_name"))
    key = text(host.get("uuid")) or text(host.get("id") or None) or name
    platform = (text(host.get("platform")) or "").lower()
    shown = name or text(host.get("display_name")) or key
    if platform in _DEVICES:
        yield LeftOut(what=_DEVICES[platform], name=shown or "", where=where)
        return
    if not shown or not key:
        return
    told = Told()
    _state(host, name, told)
    yield from told.items(
        ServerRecord(
            source=SOURCE,
            key=key,
            name=shown,
            stated=tuple(told.stated),
            at=_moment(host.get("detail_updated_at")),
            where=where,
        )
    )


def _state(host: Mapping[str, Any], name: str | None, told: Told) -> None:
    if name:
        told.text("hostname", HOSTNAME, name.partition(".")[0])
        told.text("hostname", FQDN, name.lower() if "." in name else None)
    seen = {
        file: Seen(column=column, value=text(host.get(column)))
        for file, column in (
            ("product_uuid", "uuid"),
            ("product_serial", "hardware_serial"),
            ("sys_vendor", "hardware_vendor"),
            ("product_name", "hardware_model"),
            ("product_version", "hardware_version"),
        )
    }
    state_firmware(told, seen)
    virtual = virtualisation_of(None, is_guest=False, seen=seen)
    told.state("hardware_vendor", VIRTUALISATION, virtual)
    told.count("cpu_logical_cores", CPU_THREADS, host.get("cpu_logical_cores"))
    told.count("cpu_physical_cores", CPU_CORES, host.get("cpu_physical_cores"))
    told.text("cpu_brand", CPU_MODEL, host.get("cpu_brand"))
    told.count("memory", CONFIGURED_MEMORY, host.get("memory"))
    arch = text(host.get("cpu_type"))
    told.state("cpu_type", ARCHITECTURE, arch if arch in {"x86_64", "aarch64"} else None)
    told.text("team_name", OWNER, host.get("team_name"))
    system = text(host.get("os_version"))
    if system:
        for each in os_observations(system):
            told.observe("os_version", each)
    told.state("primary_ip", INTERFACES, tuple(_interfaces(host)))
    told.state("software", PACKAGES, tuple(sorted(set(_packages(host)))))


def _interfaces(host: Mapping[str, Any]) -> Iterator[Interface]:
    ip, mac = text(host.get("primary_ip")), text(host.get("primary_mac"))
    if ip or mac:
        addresses = (ip,) if ip else ()
        yield Interface(name="primary", mac=mac.lower() if mac else None, addresses=addresses)


def _packages(host: Mapping[str, Any]) -> Iterator[Package]:
    for each in objects(host.get("software")):
        name, manager = text(each.get("name")), _MANAGERS.get(text(each.get("source")) or "")
        if name and manager:
            version = text(each.get("version")) or ""
            release = text(each.get("release"))
            yield Package(
                name=name,
                version=f"{version}-{release}" if release and manager == "rpm" else version,
                architecture=text(each.get("arch")),
                manager=manager,
                vendor=text(each.get("vendor")),
            )


_OSQUERY_BEGAN: Final = datetime(2014, 10, 29, tzinfo=UTC)
"""Fleet writes for «never» the year 1, 1970-01-02 or 2000-01-01, as its release has it."""


def _moment(told: Any) -> datetime | None:
    try:
        found = values.moment(text(told))
    except ValueError:
        return None
    return found if found and found >= _OSQUERY_BEGAN else None
