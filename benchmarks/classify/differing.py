"""An estate in which nothing repeats: what each server tells of more than a word is its own.

Real estates lie between this and the made one, in which servers that one team installs are alike.
Words for a thing of which there are few (a system and its version, a kind, yes and no) stay as
they are: there are no more of them however an estate is run.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from inventory.model.accounts import ACCOUNTS
from inventory.model.fact import Known, Observation
from inventory.model.facts import DISKS, KERNEL, LISTENERS, PACKAGES, PROCESSES, SERVICES
from inventory.model.network import TIME_SERVERS
from inventory.model.parts import Listener, Protocol
from inventory.model.placement import VIRTUAL_DISKS
from inventory.model.software import RUNTIMES, UPDATES_PENDING
from inventory.model.storage import PARTITIONS, SWAP

_SECTOR: Final = 4096
_OWN_PACKAGES: Final = 10
"""One package in so many has a name that no other server knows."""
_OWN_SERVICES: Final = 4
_INSTALLED: Final = 0.9
"""The share of packages that a server has of those that its fellows have."""


def differing(told: Iterator[Observation], number: int) -> Iterator[Observation]:
    """Yield what a server tells, each value with something in it that is this server's alone."""
    draw = random.Random(number)
    for each in told:
        own = _OWN.get(each.key.name)
        known = isinstance(each.fact, Known)
        yield each.key.known(own(each.fact.value, number, draw)) if own and known else each


def _packages(told: tuple[Any, ...], number: int, draw: random.Random) -> tuple[Any, ...]:
    kept = [each for each in told if draw.random() < _INSTALLED]
    return tuple(
        replace(each, name=f"{each.name}-{number:x}", version=f"{each.version}.{number}")
        if at % _OWN_PACKAGES == 0
        else each
        for at, each in enumerate(kept)
    )


def _processes(told: tuple[Any, ...], number: int, _draw: random.Random) -> tuple[Any, ...]:
    return tuple(
        replace(each, command_line=f"{each.command_line} --config=/etc/own/{number:x}-{at}.conf")
        for at, each in enumerate(told)
    )


def _services(told: tuple[Any, ...], number: int, _draw: random.Random) -> tuple[Any, ...]:
    return tuple(
        replace(each, name=f"{each.name}-{number:x}") if at % _OWN_SERVICES == 0 else each
        for at, each in enumerate(told)
    )


def _listeners(told: tuple[Any, ...], number: int, _draw: random.Random) -> tuple[Any, ...]:
    port = 20_000 + number % 10_000
    own = Listener(protocol=Protocol.TCP, address="10.0.0.1", port=port, process=f"own-{number:x}")
    return (*told, own)


def _sizes(told: tuple[Any, ...], number: int, _draw: random.Random) -> tuple[Any, ...]:
    return tuple(replace(each, size_bytes=each.size_bytes + number * _SECTOR) for each in told)


def _accounts(told: tuple[Any, ...], number: int, _draw: random.Random) -> tuple[Any, ...]:
    return (*told[:-1], replace(told[-1], name=f"person-{number:x}"))


def _runtimes(told: tuple[Any, ...], number: int, _draw: random.Random) -> tuple[Any, ...]:
    return tuple(replace(each, path=f"/opt/{number:x}") for each in told)


def _swap(told: tuple[Any, ...], number: int, _draw: random.Random) -> tuple[Any, ...]:
    return tuple(replace(each, used_bytes=number * _SECTOR) for each in told)


def _time_servers(told: tuple[Any, ...], number: int, _draw: random.Random) -> tuple[Any, ...]:
    return (*told, replace(told[-1], address=f"ntp-{number:x}.council.example"))


_OWN: Final[Mapping[str, Callable[[Any, int, random.Random], Any]]] = {
    ACCOUNTS.name: _accounts,
    DISKS.name: _sizes,
    KERNEL.name: lambda told, number, _draw: f"{told}.{number}",
    LISTENERS.name: _listeners,
    PACKAGES.name: _packages,
    PARTITIONS.name: _sizes,
    PROCESSES.name: _processes,
    RUNTIMES.name: _runtimes,
    SERVICES.name: _services,
    SWAP.name: _swap,
    TIME_SERVERS.name: _time_servers,
    UPDATES_PENDING.name: lambda _told, number, _draw: number,
    VIRTUAL_DISKS.name: _sizes,
}
"""How the value of a fact is made a server's own, by the fact's name. Addresses, filesystems,
memory and what hypervisors tell of volumes are a server's own as they are made."""
