"""What vInfo, vCPU, vMemory and vTools say of a virtual machine → facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from inventory.collectors._secrets import without_secrets
from inventory.importers._os_name import os_observations
from inventory.importers._rvtools_tabs import COMMON, MIB, Sheet, Tab
from inventory.importers._rvtools_vms import Vm
from inventory.model.fact import FactKey, Known, Observation
from inventory.model.facts import (
    ARCHITECTURE,
    BOOT_TYPE,
    FQDN,
    HOSTNAME,
    KERNEL,
    OS_NAME,
    OS_VERSION,
    SECURE_BOOT,
)
from inventory.model.imported import Stated, Unread, Where
from inventory.model.parts import BootType
from inventory.model.placement import (
    ANNOTATION,
    CHANGE_TRACKING,
    CLUSTER,
    CONFIGURED_CPUS,
    CONFIGURED_MEMORY,
    CONFIGURED_SOCKETS,
    DATACENTRE,
    FAULT_TOLERANCE,
    FOLDER,
    GUEST_TOOLS,
    HARDWARE_VERSION,
    HYPERVISOR_SERVER,
    MEMORY_RESERVED,
    POWER,
    PROVISIONED,
    RESOURCE_POOL,
    STATUS,
    STORAGE_USED,
    Power,
    Tag,
)
from inventory.reading import values
from inventory.reading.table import Cell

Making = Callable[[Cell], Iterator[Observation]]
_MOST_REMEMBERED: Final = 20_000
_REMEMBERED: Final = (str, float)
"""What is remembered: yes is no key beside 1, which is the same to a dictionary."""
_POWERS: Final = {
    "poweredon": Power.ON,
    "poweredoff": Power.OFF,
    "suspended": Power.SUSPENDED,
}
_SYSTEM: Final = frozenset(("detailed", "os_tools", "os_config"))
"""Columns of the operating system."""
_ONE_ROW_EACH: Final = frozenset((Tab.CPU, Tab.MEMORY, Tab.TOOLS))
"""Tabs with one row for each machine. So has vInfo, unless exports were put together."""
_OF_SEVERAL: Final = frozenset(("cpus", "memory", "hardware"))
"""Columns of which several tabs have one."""
_FIRMWARES: Final = {"bios": BootType.BIOS, "efi": BootType.UEFI}
_IN_STEP: Final = {
    "notconfigured": False,
    "disabled": False,
    "enabled": True,
    "needsecondary": True,
    "starting": True,
    "running": True,
}
"""What vSphere says of fault tolerance → whether a second copy of it is to run."""
_HOST_NAME: Final = re.compile(
    r"[A-Za-z0-9_](?:[\w-]*\w)?(?:\.[A-Za-z0-9](?:[\w-]*\w)?)*\.?", re.ASCII
)
_DETAIL: Final = re.compile(r"(\w+)='([^']*)'")
_ARCHITECTURES: Final = {
    ("x86", "64"): "x86_64",
    ("x86", "32"): "i686",
    ("arm", "64"): "aarch64",
}


class Statements:
    """What the columns of one sheet state, resolved once and remembered by what a cell says."""

    def __init__(self, sheet: Sheet, covered: set[str]) -> None:
        """Leave out the columns that every tab repeats and another one gave; add those of this."""
        makings = _makings(decimal_comma=sheet.table.decimal_comma)
        names = [name for name in makings if name in sheet.places and name not in covered]
        self._columns = [
            (sheet.places[name], sheet.columns[name], makings[name], _Memo(), name)
            for name in names
        ]
        self._may_come_again = sheet.tab not in _ONE_ROW_EACH
        self._added = [
            (place, title) for title, place in sheet.added.items() if title not in covered
        ]
        covered.update(COMMON.keys() & names, (title for _, title in self._added))

    def __bool__(self) -> bool:
        """Whether there is anything to state."""
        return bool(self._columns or self._added)

    def state(
        self, vm: Vm, cells: tuple[Cell, ...], where: Callable[[], Where]
    ) -> Iterator[Unread]:
        """Add what a row states to its virtual machine; yield what cannot be understood."""
        known, append = bool(vm.stated), vm.stated.append
        merging = known and self._may_come_again
        for place, column, make, memo, name in self._columns:
            cell = cells[place]
            if cell == "" or cell is None:
                continue
            told = memo.get(cell) if cell.__class__ in _REMEMBERED else None
            if told is None:
                try:
                    told = tuple(Stated(column=column, observation=each) for each in make(cell))
                except ValueError as error:
                    yield Unread(why=f"{column.partition(': ')[2]}: {error}", where=where())
                    continue
                memo.keep(cell, told)
            if name in _SYSTEM:
                _add_system(vm, told)
            elif merging or (known and name in _OF_SEVERAL):
                for each in told:
                    vm.state(each)
            else:
                for each in told:
                    append(each)
        if self._added:
            self._tag(vm, cells)

    def _tag(self, vm: Vm, cells: tuple[Cell, ...]) -> None:
        """Take what people added; what an earlier tab told of it stands."""
        for place, title in self._added:
            cell = cells[place]
            if cell != "" and cell is not None and title not in vm.tags:
                _tag(vm, title, cell)


def _add_system(vm: Vm, told: tuple[Stated, ...]) -> None:
    """Add what a column tells of the operating system, where it adds or contradicts anything.

    The surest column comes first. Another name for the same system is no contradiction, nor is a
    release that says less.
    """
    before = {
        each.observation.key.name: each.observation.fact.value
        for each in vm.stated
        if each.observation.key.name.startswith("os.") and isinstance(each.observation.fact, Known)
    }
    for each in told:
        key, fact = each.observation.key, each.observation.fact
        known = before.get(key.name)
        if known is None:
            vm.stated.append(each)
        elif key is not OS_NAME and isinstance(fact, Known):
            shorter, longer = sorted((str(known), str(fact.value)), key=len)
            if longer != shorter and not longer.startswith(f"{shorter}."):
                vm.stated.append(each)


class _Memo(dict[Cell, tuple[Stated, ...]]):
    """What a text or a number in one column states, as long as it does not grow too large."""

    def keep(self, cell: Cell, told: tuple[Stated, ...]) -> None:
        """Remember it."""
        if cell.__class__ in _REMEMBERED and len(self) < _MOST_REMEMBERED:
            self[cell] = told


def _tag(vm: Vm, title: str, cell: Cell) -> None:
    try:
        told = values.text(cell)
    except ValueError:
        return
    if told:
        vm.tags[title] = Tag(name=title, value=without_secrets(f"{title}={told}")[len(title) + 1 :])


def _makings(*, decimal_comma: bool) -> dict[str, Making]:
    """Return how each column becomes facts, by its name. Of one key the surest column is first."""

    def size(key: FactKey[int]) -> Making:
        def make(cell: Cell) -> Iterator[Observation]:
            told = values.size(cell, MIB, decimal_comma=decimal_comma)
            if told is not None:
                yield key.known(told)

        return make

    def count(key: FactKey[int]) -> Making:
        def make(cell: Cell) -> Iterator[Observation]:
            told = values.whole(cell, decimal_comma=decimal_comma)
            if told:
                yield key.known(told)

        return make

    return {
        "power": _power,
        "template": _understood,
        "placeholder": _understood,
        "connection": _connection,
        "dns": _dns,
        "detailed": _detailed,
        "os_tools": _system,
        "os_config": _system,
        "cpus": count(CONFIGURED_CPUS),
        "sockets": count(CONFIGURED_SOCKETS),
        "memory": size(CONFIGURED_MEMORY),
        "reserved": size(MEMORY_RESERVED),
        "provisioned": size(PROVISIONED),
        "in_use": size(STORAGE_USED),
        "firmware": _firmware,
        "secure_boot": _truth(SECURE_BOOT),
        "cbt": _truth(CHANGE_TRACKING),
        "fault_tolerance": _fault_tolerance,
        "hardware": _hardware,
        "tools": _text(GUEST_TOOLS),
        "datacentre": _text(DATACENTRE),
        "cluster": _text(CLUSTER),
        "host": _text(HYPERVISOR_SERVER),
        "folder": _text(FOLDER),
        "pool": _text(RESOURCE_POOL),
        "annotation": _text(ANNOTATION, without_secrets),
    }


def _text(key: FactKey[str], change: Callable[[str], str] = str) -> Making:
    def make(cell: Cell) -> Iterator[Observation]:
        told = values.text(cell)
        if told:
            yield key.known(change(told))

    return make


def _truth(key: FactKey[bool]) -> Making:
    def make(cell: Cell) -> Iterator[Observation]:
        told = values.truth(cell)
        if told is not None:
            yield key.known(told)

    return make


def _understood(cell: Cell) -> Iterator[Observation]:
    """State nothing: a yes or no that decides what the row is. Raises where it is neither."""
    values.truth(cell)
    yield from ()


def _power(cell: Cell) -> Iterator[Observation]:
    told = values.text(cell)
    if told:
        power = _POWERS.get(told.lower())
        if power is None:
            raise ValueError(f"{told!r} is none of poweredOn, poweredOff, suspended")
        yield POWER.known(power)


def _connection(cell: Cell) -> Iterator[Observation]:
    """State that vCenter has lost it: ``orphaned``, ``inaccessible``, ``disconnected`` and such."""
    told = values.text(cell)
    if told and told.lower() != "connected":
        yield STATUS.known(told)


def _dns(cell: Cell) -> Iterator[Observation]:
    told = (values.text(cell) or "").rstrip(".")
    if _HOST_NAME.fullmatch(told) and not told.replace(".", "").isdecimal():
        yield HOSTNAME.known(told.split(".", maxsplit=1)[0])
        if "." in told:
            yield FQDN.known(told.lower())


def _system(cell: Cell) -> Iterator[Observation]:
    told = values.text(cell)
    if told and told.lower() not in {"vm", "other", "none"}:
        yield from _of_os_name(told)


@lru_cache(maxsize=1 << 12)
def _of_os_name(name: str) -> tuple[Observation, ...]:
    return tuple(os_observations(name))


def _detailed(cell: Cell) -> Iterator[Observation]:
    """State what the tools in the guest tell since vSphere 6.7: ``prettyName='Debian …' …``."""
    told = dict(_DETAIL.findall(values.text(cell) or ""))
    name, family = told.get("prettyName"), told.get("familyName", "").lower()
    if name:
        observations = tuple(os_observations(name))
        for each in observations:
            release = told.get("distroVersion") if family == "linux" else None
            if each.key is not OS_VERSION or not release:
                yield each
        if family == "linux" and told.get("distroVersion"):
            yield OS_VERSION.known(told["distroVersion"])
    elif told.get("distroName") and told.get("distroVersion"):
        yield OS_NAME.known(f"{told['distroName']} {told['distroVersion']}")
    if told.get("kernelVersion") and family != "windows":
        yield KERNEL.known(told["kernelVersion"])
    found = _ARCHITECTURES.get((told.get("architecture", "").lower(), told.get("bitness", "")))
    if found:
        yield ARCHITECTURE.known(found)


def _firmware(cell: Cell) -> Iterator[Observation]:
    found = _FIRMWARES.get((values.text(cell) or "").lower())
    if found:
        yield BOOT_TYPE.known(found)


def _fault_tolerance(cell: Cell) -> Iterator[Observation]:
    found = _IN_STEP.get((values.text(cell) or "").lower())
    if found is not None:
        yield FAULT_TOLERANCE.known(found)


def _hardware(cell: Cell) -> Iterator[Observation]:
    told = (values.text(cell) or "").lower().removeprefix("vmx-")
    if told.isdecimal():
        yield HARDWARE_VERSION.known(f"vmx-{int(told):02d}")
