"""Programs, processes, memory modules and guests of an agent's inventory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from inventory.collectors._secrets import without_secrets
from inventory.importers._agent_inventory import Inventory, Row
from inventory.model.facts import SMBIOS_UUID
from inventory.model.hardware import Guest, MemoryModule
from inventory.model.imported import ServerRecord, Stated
from inventory.model.parts import Package, Process
from inventory.model.placement import (
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    HYPERVISOR_SERVER,
    POWER,
    VM_NAME,
    Power,
)
from inventory.reading import values

_MIB: Final = 1 << 20
_MANAGERS: Final = {"deb": "dpkg", "macports": "macports"}
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_CONTAINERS: Final = re.compile(
    r"docker|podman|lxc|lxd|jail|zone|openvz|virtuozzo|nspawn|wsl|vserver|container", re.IGNORECASE
)
_POWERS: Final = {
    **dict.fromkeys(("running", "blocked", "idle"), Power.ON),
    **dict.fromkeys(("off", "shutdown", "crashed", "dying", "stopped"), Power.OFF),
    **dict.fromkeys(("paused", "pause", "suspended"), Power.SUSPENDED),
}


def packages_of(rows: Sequence[Row]) -> tuple[Package, ...]:
    """Return the programs; where they come from is what the agent says (``registry`` …)."""
    found = []
    for row in rows:
        if name := row.word("name"):
            manager = (row.word("from") or "not told").lower()
            found.append(
                Package(
                    name=name,
                    version=row.word("version") or "",
                    architecture=row.word("arch", "architecture"),
                    manager=_MANAGERS.get(manager, manager),
                    vendor=row.word("publisher"),
                    installed_at=_moment(row.word("install_date", "installdate")),
                )
            )
    return tuple(found)


def _moment(said: str | None) -> datetime | None:
    """Return when; None for what agents write where they do not know."""
    try:
        return values.moment(said)
    except ValueError:
        return None


def processes_of(rows: Sequence[Row]) -> tuple[Process, ...]:
    """Return the processes, their command lines without what may be secret."""
    found = []
    for row in rows:
        pid, command = row.whole("pid", "processid"), row.text("cmd", "commandline")
        if pid is not None and command:
            line = without_secrets(f"agent: {command}").removeprefix("agent: ").strip()
            program = line.split(" ", maxsplit=1)[0].strip("[]\"'").replace("\\", "/")
            found.append(
                Process(
                    pid=pid,
                    name=PurePosixPath(program.rstrip(":")).name or program,
                    command_line=line,
                    user=row.text("user", "username"),
                )
            )
    return tuple(found)


def modules_of(rows: Sequence[Row]) -> tuple[MemoryModule, ...]:
    """Return the memory modules and the slots that are said to be empty."""
    found = []
    for number, row in enumerate(rows, 1):
        said = row.text("capacity")
        empty = (said or "").lower() in {"no", "0"}
        size = 0 if empty else row.whole("capacity")
        if size is not None:
            speed = re.match(r"\d+", row.text("speed") or "")
            slot = row.text("caption") or "memory"
            found.append(
                MemoryModule(
                    slot=f"{slot} {row.text('numslots') or number}",
                    size_bytes=size * _MIB,
                    type=row.text("type"),
                    speed_mts=int(speed[0]) if speed and not empty else None,
                    manufacturer=row.text("manufacturer"),
                    part_number=row.text("model"),
                    serial=row.text("serialnumber", "serial"),
                )
            )
    return tuple(found)


def guests_of(rows: Sequence[Row]) -> tuple[Guest, ...]:
    """Return the virtual machines and containers that a server holds."""
    return tuple(
        Guest(
            name=name,
            manager=(row.word("vmtype") or "not told").lower(),
            container=_is_container(row),
            running=None if power is None else power is Power.ON,
        )
        for row in rows
        if (name := row.word("name"))
        for power in (_POWERS.get((row.word("status") or "").lower()),)
    )


def machines_of(inventory: Inventory, *, source: str, server: str) -> Iterator[ServerRecord]:
    """Yield the virtual machines that a server holds as servers of their own."""
    for row in inventory.rows("virtualmachines"):
        name = row.word("name")
        if not name or _is_container(row):
            continue
        uuid = (row.word("uuid") or "").lower()
        known = _UUID.fullmatch(uuid)
        yield ServerRecord(
            source=source,
            key=f"vm:{uuid}" if known else f"vm:{name}@{inventory.device_id or server}",
            name=name,
            stated=tuple(_of_machine(row, name, uuid if known else None, server)),
            where=inventory.where,
        )


def _of_machine(row: Row, name: str, uuid: str | None, server: str) -> Iterator[Stated]:
    column = "virtualmachines: {}".format
    yield Stated(column=column("name"), observation=VM_NAME.known(name))
    yield Stated(column="hardware: name", observation=HYPERVISOR_SERVER.known(server))
    if uuid:
        yield Stated(column=column("uuid"), observation=SMBIOS_UUID.known(uuid))
    if power := _POWERS.get((row.word("status") or "").lower()):
        yield Stated(column=column("status"), observation=POWER.known(power))
    for field, key, unit in (("memory", CONFIGURED_MEMORY, _MIB), ("vcpu", CONFIGURED_CPUS, 1)):
        try:
            count = row.whole(field)
        except ValueError:
            continue
        if count:
            yield Stated(column=column(field), observation=key.known(count * unit))


def _is_container(row: Row) -> bool:
    told = f"{row.word('vmtype') or ''} {row.word('subsystem') or ''}"
    return bool(row.word("image") or _CONTAINERS.search(told))
