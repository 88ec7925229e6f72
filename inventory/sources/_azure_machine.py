"""What Azure says of a virtual machine, as statements of the inventory. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from inventory.model.fact import Reason
from inventory.model.facts import BOOT_TYPE, INTERFACES, OS_FAMILY
from inventory.model.hardware import CLOUD, CLOUD_INSTANCE, CLOUD_TYPE
from inventory.model.imported import Item, LeftOut, ServerRecord, Where
from inventory.model.parts import BootType, Interface
from inventory.model.placement import (
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    DATACENTRE,
    EXTERNAL_IDS,
    FOLDER,
    MANAGED_ID,
    MANAGER,
    POWER,
    TAGS,
    VIRTUAL_DISKS,
    VM_NAME,
    Power,
    Tag,
    VirtualDisk,
)
from inventory.sources._read import Statements, tag

_GIB: Final = 1 << 30
_MIB: Final = 1 << 20
_STATE: Final = "PowerState/"
_POWER: Final = {
    "starting": Power.ON,
    "running": Power.ON,
    "stopping": Power.OFF,
    "stopped": Power.OFF,
    "deallocating": Power.OFF,
    "deallocated": Power.OFF,
}
_GROUP: Final = 4
"""Where the name of its resource group stands in a resource's id."""
Said = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Around:
    """What else Azure says that bears on a machine; all by id in lower case."""

    subscription: str
    regions: tuple[str, ...]
    """Those that the estate allows."""
    states: Mapping[str, Said]
    """Each machine's status."""
    cards: Mapping[str, Said]
    """Network interfaces."""
    sizes: Mapping[str, Said]
    """By location and name in lower case, with a slash between."""

    @property
    def source(self) -> str:
        """The source's name, under which a machine is known again."""
        return f"azure:{self.subscription.lower()}"


def item(said: Said, around: Around) -> Item:
    """Return the server that a machine is; one where the estate allows nothing is left out."""
    key, name, location = said["id"].lower(), said["name"], said["location"].lower()
    where = Where(file=f"{around.source}:{said['id'].split('/')[_GROUP]}/{name}")
    if location not in around.regions:
        what = f"machine in {location}, a region that decant.toml does not allow"
        return LeftOut(what=what, name=name, where=where)
    told = Statements()
    properties = said["properties"]
    _say_what_it_is(told, said, around)
    _say_state(told, around.states.get(key, {}))
    cards = tuple(_cards(properties.get("networkProfile") or {}, around.cards))
    told.say("networkInterfaces", INTERFACES, cards or None)
    told.say("storageProfile", VIRTUAL_DISKS, tuple(_disks(properties)) or None)
    tags = tuple(tag(each, text) for each, text in (said.get("tags") or {}).items())
    told.say("tags", TAGS, tags or None)
    return ServerRecord(
        source=around.source, key=key, name=name, stated=tuple(told.made), where=where
    )


def _say_what_it_is(told: Statements, said: Said, around: Around) -> None:
    properties, location = said["properties"], said["location"].lower()
    number = (properties.get("vmId") or "").lower() or None
    size = (properties.get("hardwareProfile") or {}).get("vmSize")
    kind = around.sizes.get(f"{location}/{(size or '').lower()}", {})
    memory = kind.get("memoryInMB")
    system = ((properties.get("storageProfile") or {}).get("osDisk") or {}).get("osType")
    security = properties.get("securityProfile") or {}
    told.say("vmId", CLOUD, "azure")
    told.say("vmId", CLOUD_INSTANCE, number)
    told.say("id", MANAGED_ID, said["id"])
    told.say("id", MANAGER, f"Azure subscription {around.subscription}")
    told.say("id", EXTERNAL_IDS, (Tag(name="Azure", value=said["id"]),))
    told.say("id", FOLDER, said["id"].split("/")[_GROUP])
    told.say("name", VM_NAME, said["name"])
    told.say("location", DATACENTRE, location)
    told.say("vmSize", CLOUD_TYPE, size)
    told.say("vmSize: numberOfCores", CONFIGURED_CPUS, kind.get("numberOfCores"))
    told.say("vmSize: memoryInMB", CONFIGURED_MEMORY, memory * _MIB if memory else None)
    told.say("osDisk: osType", OS_FAMILY, system.lower() if system else None)
    if security.get("uefiSettings"):
        told.say("uefiSettings", BOOT_TYPE, BootType.UEFI)


def _say_state(told: Statements, said: Said) -> None:
    view = (said.get("properties") or {}).get("instanceView") or {}
    codes = [each["code"] for each in view.get("statuses") or ()]
    state = next((code[len(_STATE) :] for code in codes if code.startswith(_STATE)), None)
    power = _POWER.get(state or "")
    if power is None:
        why = f"Azure says {state!r}" if state else "Azure gives it no power state"
        told.add("instanceView", POWER.unknown(Reason.NOT_TOLD, why))
    told.say("instanceView", POWER, power)


def _cards(profile: Said, cards: Mapping[str, Said]) -> Iterator[Interface]:
    for each in profile.get("networkInterfaces") or ():
        properties = cards.get(each["id"].lower(), {}).get("properties") or {}
        addresses = (
            one["properties"].get("privateIPAddress")
            for one in properties.get("ipConfigurations") or ()
        )
        yield Interface(
            name=each["id"].rpartition("/")[2],
            mac=_mac(properties.get("macAddress")),
            addresses=tuple(address for address in addresses if address),
        )


def _mac(said: str | None) -> str | None:
    return said.lower().replace("-", ":") if said else None


def _disks(properties: Said) -> Iterable[VirtualDisk]:
    storage = properties.get("storageProfile") or {}
    for each in (storage.get("osDisk"), *(storage.get("dataDisks") or ())):
        if each:
            size = each.get("diskSizeGB")
            yield VirtualDisk(
                name=each.get("name") or f"disk {each.get('lun', 'of the system')}",
                path=(each.get("managedDisk") or {}).get("id"),
                size_bytes=size * _GIB if size else None,
            )
