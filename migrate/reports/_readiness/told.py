"""The facts that a reader of the report wants to see of a server, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from inventory.amount import amount
from inventory.model import facts
from inventory.model.fact import FactKey, Facts, Reason, Unknown
from inventory.model.parts import BootType, Disk, Filesystem, Interface, Listener
from migrate.reports._readiness.words import moment, size

_PSEUDO: Final = ("tmpfs", "devtmpfs", "overlay", "squashfs", "efivarfs")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One fact as the report shows it."""

    label: str
    text: str
    """The value, or why it is not known."""
    known: bool
    asked: bool
    """False when no source was ever asked for it."""
    source: str
    """Which question told it; empty when none did."""
    at: datetime | None


def tell(known: Facts) -> tuple[Told, ...]:
    """Return the facts to show, in the report's order; what is unknown is there with its reason."""
    return tuple(_told(known, label, key, write) for label, key, write in _SHOWN)


def told_at(told: Iterable[Told]) -> datetime | None:
    """Return when all of this was told; None when not at one time, to the minute."""
    times = {each.at.replace(second=0, microsecond=0) for each in told if each.at}
    return times.pop() if len(times) == 1 else None


def is_told(known: Facts, *keys: FactKey[Any]) -> bool:
    """Say whether at least one of these facts is known."""
    return any(not isinstance(known.of(key), Unknown) for key in keys)


def _told(known: Facts, label: str, key: FactKey[Any], write: Callable[[Any], str]) -> Told:
    fact = known.of(key)
    observation = known.get(key.name)
    origin = observation.origin if observation else None
    return Told(
        label=label,
        text=str(fact) if isinstance(fact, Unknown) else write(fact.value),
        known=not isinstance(fact, Unknown),
        asked=not (isinstance(fact, Unknown) and fact.reason is Reason.NOT_ASKED),
        source=origin.question if origin else "",
        at=origin.at if origin else None,
    )


def _disks(disks: tuple[Disk, ...]) -> str:
    return _list(f"{disk.name} {size(disk.size_bytes)}" for disk in disks)


def _filesystems(filesystems: tuple[Filesystem, ...]) -> str:
    return _list(
        f"{each.mount_point} {each.type}, {_used(each)}"
        for each in filesystems
        if each.type not in _PSEUDO
    )


def _used(each: Filesystem) -> str:
    if each.used_bytes is None or each.size_bytes is None:
        return "size unknown"
    return f"{size(each.used_bytes)} of {size(each.size_bytes)} used"


def _interfaces(interfaces: tuple[Interface, ...]) -> str:
    return _list(
        f"{each.name} {', '.join(each.addresses) or 'no address'}"
        for each in interfaces
        if each.kind != "loopback" and each.name != "lo"
    )


def _listeners(listeners: tuple[Listener, ...]) -> str:
    reachable = {
        (each.port, f"{each.port}/{each.protocol.value} {each.process or ''}".strip())
        for each in listeners
        if not each.is_loopback
    }
    return _list(text for _, text in sorted(reachable))


def _boot(boot: BootType) -> str:
    return boot.value.upper()


def _yes(value: bool) -> str:  # noqa: FBT001 - it writes a fact, it takes no option
    return "yes" if value else "no"


def _list(parts: Any) -> str:
    return "; ".join(parts) or "none"


_SHOWN: Final[tuple[tuple[str, FactKey[Any], Callable[[Any], str]], ...]] = (
    ("Full name", facts.FQDN, str),
    ("Operating system", facts.OS_NAME, str),
    ("Kernel", facts.KERNEL, str),
    ("Architecture", facts.ARCHITECTURE, str),
    ("Virtualisation", facts.VIRTUALISATION, str),
    ("Manufacturer", facts.MANUFACTURER, str),
    ("Product", facts.PRODUCT, str),
    ("Serial number", facts.SERIAL, str),
    ("Boot", facts.BOOT_TYPE, _boot),
    ("Secure Boot", facts.SECURE_BOOT, _yes),
    ("Last boot", facts.BOOTED_AT, moment),
    ("Processors", facts.CPU_THREADS, lambda count: amount(count, "logical processor")),
    ("Memory", facts.MEMORY_TOTAL, size),
    ("Disks", facts.DISKS, _disks),
    ("Filesystems", facts.FILESYSTEMS, _filesystems),
    ("Interfaces", facts.INTERFACES, _interfaces),
    ("Serves on", facts.LISTENERS, _listeners),
    ("Packages", facts.PACKAGES, lambda packages: amount(len(packages), "package")),
)
