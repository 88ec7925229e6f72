"""An agent's inventory → what it is: a server, or a printer, a switch, a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from inventory.importers._agent_facts import known_at, stated_of
from inventory.importers._agent_inventory import Inventory, Row
from inventory.importers._agent_software import machines_of
from inventory.model.imported import Item, LeftOut, ServerRecord, Stated, Unread

_KINDS: Final = {
    "networkequipment": "network device",
    "networking": "network device",
    "printer": "printer",
    "phone": "phone",
    "storage": "storage device",
    "power": "power device",
    "kvm": "keyboard switch",
    "video": "video device",
    "unmanaged": "device found in the network",
}


def items_of(inventory: Inventory, source: str) -> Iterator[Item]:
    """Yield the server and its virtual machines, or what the inventory is of instead."""
    devices = inventory.rows("device")
    for each in devices:
        yield _device(each, inventory)
    if devices:
        return
    hardware = inventory.one("hardware")
    name = hardware.word("name") or _named_by(inventory.device_id)
    kind = _KINDS.get(inventory.item_type.lower().replace(" ", ""))
    if _is_phone(inventory):
        kind = "phone"
    if kind:
        yield LeftOut(what=kind, name=name or "without a name", where=inventory.where)
        return
    if not name:
        yield Unread(why="it has neither a name nor a device id", where=inventory.where)
        return
    stated = list(stated_of(inventory))
    yield from (each for each in stated if isinstance(each, Unread))
    yield ServerRecord(
        source=source,
        key=inventory.device_id or name,
        name=name,
        stated=tuple(each for each in stated if isinstance(each, Stated)),
        at=known_at(inventory),
        where=inventory.where,
    )
    yield from machines_of(inventory, source=source, server=name)


def _device(row: Row, inventory: Inventory) -> LeftOut:
    """Return what SNMP or a search of the network found: it was seen from outside alone."""
    told = (row.word("info.type", "type") or "unmanaged").lower()
    name = row.word(
        "info.name", "snmphostname", "dnshostname", "netbiosname", "info.model", "ip", "info.id"
    )
    what = _KINDS.get(told, f"{told} found in the network")
    return LeftOut(what=what, name=name or "without a name", where=inventory.where)


def _is_phone(inventory: Inventory) -> bool:
    system = inventory.one("operatingsystem").word("full_name", "name") or ""
    return "android" in f"{system} {inventory.one('hardware').word('osname') or ''}".lower()


def _named_by(device_id: str | None) -> str | None:
    """Return the name in ``web-1-2026-11-23-09-00-00``, of a part of an inventory."""
    return device_id.rsplit("-", maxsplit=6)[0] if device_id else None
