"""Cells of Decant's own plain list of servers → facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_interface
from typing import Final

from inventory.collectors._secrets import without_secrets
from inventory.importers._os_name import os_observations
from inventory.model.fact import FactKey, Observation
from inventory.model.facts import (
    DISKS,
    INTERFACES,
)
from inventory.model.parts import Disk, Interface
from inventory.model.placement import (
    CONFIGURED_MEMORY,
    POWER,
    TAGS,
    Power,
    Tag,
)
from inventory.reading import values
from inventory.reading.table import Cell

GB: Final = 1 << 30
_MAC: Final = re.compile(r"[0-9a-f]{12}")
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_POWERS: Final = {
    **dict.fromkeys(("on", "poweredon", "running", "yes", "true", "up"), Power.ON),
    **dict.fromkeys(("off", "poweredoff", "stopped", "no", "false", "down"), Power.OFF),
    "suspended": Power.SUSPENDED,
}


@dataclass(frozen=True, kw_only=True)
class Given:
    """What one server's row says in one column."""

    cells: tuple[Cell, ...]
    """One, or each of several."""
    row: Callable[[str], tuple[Cell, ...]]
    """What it says in another column."""
    decimal_comma: bool
    others: tuple[tuple[str, str], ...] = ()
    """Titles and texts of the columns that mean nothing to us."""

    @property
    def text(self) -> str | None:
        """Return the text of a column that holds one value."""
        texts = [each for each in map(values.text, self.cells) if each]
        if len(texts) > 1:
            raise ValueError(f"holds several values: {', '.join(texts)}")
        return texts[0] if texts else None


Stating = Callable[[Given], Iterator[Observation]]
"""States facts from what a column says. Raises ValueError on what cannot be understood."""


def texts(key: FactKey[str], change: Callable[[str], str] = str) -> Stating:
    """State one text."""

    def state(given: Given) -> Iterator[Observation]:
        if given.text:
            yield key.known(change(given.text))

    return state


def counts(key: FactKey[int]) -> Stating:
    """State a count."""

    def state(given: Given) -> Iterator[Observation]:
        for cell in given.cells:
            count = values.whole(cell, decimal_comma=given.decimal_comma)
            if count is not None:
                yield key.known(count)

    return state


def memory(given: Given) -> Iterator[Observation]:
    """State the memory, in bytes."""
    for cell in given.cells:
        size = values.size(cell, GB, decimal_comma=given.decimal_comma)
        if size is not None:
            yield CONFIGURED_MEMORY.known(size)


def system(given: Given) -> Iterator[Observation]:
    """State what the name of an operating system tells, and the release that is told beside it."""
    if given.text:
        (version,) = given.row("os_version") or (None,)
        yield from os_observations(given.text, values.text(version))


def uuid(text: str) -> str:
    """Return a UUID as it is kept."""
    lowered = text.strip("{}").lower()
    if not _UUID.fullmatch(lowered):
        raise ValueError(f"is {text!r}, not a UUID")
    return lowered


def power(given: Given) -> Iterator[Observation]:
    """State whether it is switched on."""
    if given.text:
        power = _POWERS.get(re.sub(r"[\W_]", "", given.text.lower()))
        if power is None:
            raise ValueError(f"is {given.text!r}, none of on, off, suspended")
        yield POWER.known(power)


def interfaces(given: Given) -> Iterator[Observation]:
    """State the interfaces: as many addresses as MAC addresses belong together one by one."""
    addresses = [_address(each) for each in _parts(given.row("addresses"))]
    macs = [_mac(each) for each in _parts(given.row("mac"))]
    if not addresses:
        return
    if len(macs) == len(addresses):
        pairs = [(mac, (address,)) for mac, address in zip(macs, addresses, strict=True)]
        told = [_interface(number, mac, held) for number, (mac, held) in enumerate(pairs, 1)]
    else:
        told = [_interface(number, mac) for number, mac in enumerate(macs, 1)]
        told.append(_interface(len(macs) + 1, None, tuple(addresses)))
    yield INTERFACES.known(tuple(told))


def interfaces_by_mac(given: Given) -> Iterator[Observation]:
    """State the interfaces of a server of which no address is told."""
    macs = [_mac(each) for each in _parts(given.row("mac"))]
    if macs and not _parts(given.row("addresses")):
        yield INTERFACES.known(tuple(_interface(number, mac) for number, mac in enumerate(macs, 1)))


def _interface(number: int, mac: str | None, addresses: tuple[str, ...] = ()) -> Interface:
    return Interface(name=f"interface {number}", mac=mac, addresses=addresses)


def _address(text: str) -> str:
    try:
        ip_interface(text)
    except ValueError as error:
        raise ValueError(f"holds {text!r}, which is no address") from error
    return text


def _mac(text: str) -> str:
    digits = re.sub(r"[:.\-\s]", "", text.lower())
    if not _MAC.fullmatch(digits):
        raise ValueError(f"holds {text!r}, which is no MAC address")
    return ":".join(digits[place : place + 2] for place in range(0, 12, 2))


def disks(given: Given) -> Iterator[Observation]:
    """State the disks: ``100``, or each with its name: ``sda=100; sdb=500``."""
    disks = []
    for number, part in enumerate(_parts(given.cells), 1):
        name, found, size_text = part.rpartition("=")
        size = values.size(size_text, GB, decimal_comma=given.decimal_comma)
        if size is None:
            raise ValueError(f"holds {part!r}, which tells no size")
        disks.append(Disk(name=name.strip() if found else f"disk {number}", size_bytes=size))
    if disks:
        yield DISKS.known(tuple(disks))


def several(key: FactKey[tuple[str, ...]]) -> Stating:
    """State several texts."""

    def state(given: Given) -> Iterator[Observation]:
        if parts := _parts(given.cells):
            yield key.known(parts)

    return state


def tags(given: Given) -> Iterator[Observation]:
    """State tags, written ``name=value``, and what stands in columns that are nobody's."""
    told = [_tag(part) for part in _parts(given.cells)]
    told += [_tag(f"{title}={text}") for title, text in given.others]
    if told:
        yield TAGS.known(tuple(told))


def _tag(part: str) -> Tag:
    name, *_ = part.partition("=")
    return Tag(name=name.strip(), value=without_secrets(part)[len(name) + 1 :].strip())


def _parts(cells: tuple[Cell, ...]) -> tuple[str, ...]:
    return tuple(text for text in map(values.text, cells) if text)
