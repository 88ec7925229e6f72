"""Cells that cloud providers' tables share: names, addresses, MAC addresses → observations.

Every function raises ValueError with words for people on what it cannot understand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import ip_address, ip_interface
from typing import Final

from inventory.model.fact import Observation
from inventory.model.facts import FQDN, HOSTNAME
from inventory.model.macs import spelled
from inventory.model.parts import Interface

AZURE: Final = "azure-migrate"
"""The system that tells, in each of Azure Migrate's exports."""
_HOST_NAME: Final = re.compile(r"\w(?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)*", re.ASCII)
_DIGITS: Final = re.compile(r"[\d.]+")


def key_of(name: str) -> str:
    """Return what Azure Migrate knows a server by: its name, whose case does not count."""
    return name.casefold()


def names(name: str) -> Iterator[Observation]:
    """State what a server's name tells of its names in the network."""
    if _HOST_NAME.fullmatch(name) and not _DIGITS.fullmatch(name):
        yield HOSTNAME.known(name.split(".", maxsplit=1)[0])
        if "." in name:
            yield FQDN.known(name.lower())


def address(text: str) -> str:
    """Return an address, with its prefix length where one is told."""
    try:
        ip_interface(text)
    except ValueError as error:
        raise ValueError(f"holds {text!r}, which is no address") from error
    return text


def is_own(text: str) -> bool:
    """Say whether an address can be a server's own in the network: neither loopback nor none."""
    told = ip_address(text)
    return not (told.is_loopback or told.is_unspecified or told.is_multicast)


def interfaces(addresses: Iterable[str], macs: Iterable[str]) -> tuple[Interface, ...]:
    """Return the interfaces: as many addresses as MAC addresses belong together one by one."""
    held = [address(each) for each in addresses]
    cards = [_mac(each) for each in macs]
    if len(cards) == len(held):
        pairs: Sequence[tuple[str | None, tuple[str, ...]]] = [
            (mac, (each,)) for mac, each in zip(cards, held, strict=True)
        ]
    else:
        pairs = [(mac, ()) for mac in cards] + ([(None, tuple(held))] if held else [])
    return tuple(
        Interface(name=f"interface {number}", mac=mac, addresses=own)
        for number, (mac, own) in enumerate(pairs, 1)
    )


def _mac(text: str) -> str:
    mac = spelled(text)
    if mac is None:
        raise ValueError(f"holds {text!r}, which is no MAC address")
    return mac
