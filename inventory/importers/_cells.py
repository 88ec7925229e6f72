"""Cells that the tables of several clouds' migration tools have in common → facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

from inventory.collectors._secrets import without_secrets
from inventory.importers._os_name import os_observations, read_os_name
from inventory.model.fact import Observation
from inventory.model.facts import FQDN, HOSTNAME, KERNEL, OS_VERSION
from inventory.model.macs import spelled
from inventory.model.parts import Interface
from inventory.model.placement import Tag

_HOST_NAME: Final = re.compile(r"\w(?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)*\.?", re.ASCII)
_NT: Final = re.compile(r"(?:NT\s+)?\d+\.\d+(?:\.\d+)*", re.IGNORECASE)
"""How Windows numbers its kernel, which is no release: ``6.2.9200``."""


def is_address(text: str) -> bool:
    """Say whether this is an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def host_names(name: str) -> Iterator[Observation]:
    """State what a host name tells; nothing where it can be none, or is an address."""
    bare = name.removesuffix(".")
    if not _HOST_NAME.fullmatch(name) or is_address(bare) or bare.isdigit():
        return
    yield HOSTNAME.known(bare.split(".", maxsplit=1)[0])
    if "." in bare:
        yield FQDN.known(bare.lower())


def interfaces(addresses: Sequence[str], macs: Sequence[str]) -> tuple[Interface, ...]:
    """Return the interfaces. Nobody says which of several addresses belongs to which card.

    Raises:
        ValueError: one of them is none.

    """
    cards = [_mac(each) for each in macs]
    held = tuple(_address(each) for each in addresses)
    if len(cards) == 1:
        return (Interface(name="interface 1", mac=cards[0], addresses=held),)
    told = [Interface(name=f"interface {number}", mac=mac) for number, mac in enumerate(cards, 1)]
    if held:
        told.append(Interface(name=f"interface {len(cards) + 1}", addresses=held))
    return tuple(told)


def _mac(text: str) -> str:
    mac = spelled(text)
    if mac is None:
        raise ValueError(f"{text!r} is no MAC address")
    return mac


def _address(text: str) -> str:
    if not is_address(text):
        raise ValueError(f"{text!r} is no address")
    return str(ip_address(text))


@lru_cache(maxsize=1 << 12)
def version_observations(name: str | None, version: str) -> tuple[Observation, ...]:
    """Return what a column with a system's version tells beside the one with its name.

    The number of Windows' kernel is not its release, and a name's release may be less precise.
    """
    told = read_os_name(name or "")
    if told.family == "windows" and _NT.fullmatch(version):
        return (KERNEL.known(version),)
    if not told.family and any(each.isalpha() for each in version):
        return tuple(os_observations(version))
    return (OS_VERSION.known(version),)


@lru_cache(maxsize=1 << 12)
def name_observations(name: str, version: str | None) -> tuple[Observation, ...]:
    """Return what a column with a system's name tells, but its release where a version refines it.

    ``Ubuntu 22.04`` beside ``22.04.3`` is no contradiction; beside ``20.04`` it is one.
    """
    told = read_os_name(name).version
    refined = bool(told and version and f"{version}.".startswith(f"{told}."))
    observations = os_observations(name)
    return tuple(each for each in observations if not (refined and each.key is OS_VERSION))


@lru_cache(maxsize=1 << 14)
def tag(name: str, value: str) -> Tag:
    """Return a tag, whose value is left out where it may be a secret."""
    said = without_secrets(f"{name}={value}")
    return Tag(name=name, value=said[len(name) + 1 :] if said.startswith(f"{name}=") else "***")


def tags(parts: Iterable[str], separator: str) -> tuple[Tag, ...]:
    """Return tags that are written ``name=value``, with this separator between the two."""
    split = (each.partition(separator) for each in parts)
    return tuple(tag(name.strip(), value.strip()) for name, _, value in split if name.strip())
