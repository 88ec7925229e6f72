"""What several scans saw at one address → one server.

One scan looks for TCP and another for UDP, or for other ports: together they tell more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from inventory.model.fact import Known
from inventory.model.facts import INTERFACES, LISTENERS
from inventory.model.imported import ServerRecord, Stated
from inventory.model.placement import TOLD_SERVICES

_LISTS: Final = {INTERFACES.name, LISTENERS.name, TOLD_SERVICES.name}
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


def merged(records: Sequence[ServerRecord]) -> ServerRecord:
    """Return one record of an address, as the newest scan names it.

    Lists are put together, the newest first; of what else differs, each is stated.
    """
    newest, *older = sorted(records, key=lambda each: each.at or _NEVER, reverse=True)
    stated = list(newest.stated)
    for record in older:
        for each in record.stated:
            _add(each, stated)
    return replace(newest, stated=tuple(stated))


def _add(new: Stated, stated: list[Stated]) -> None:
    """State something more, or put it together with what is stated."""
    key = new.observation.key
    place = next((at for at, one in enumerate(stated) if one.observation.key == key), None)
    held = None if place is None else stated[place].observation.fact
    told = new.observation.fact
    if place is None or not isinstance(held, Known):
        stated.append(new)
    elif isinstance(told, Known) and key.name in _LISTS:
        both = _both(key.name, held.value, told.value)
        stated[place] = replace(stated[place], observation=key.known(both))
    elif isinstance(told, Known) and all(one.observation.fact != told for one in stated):
        stated.append(new)


def _both(name: str, held: tuple[Any, ...], more: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return both lists as one; of two services on one port the first stays."""
    if name == INTERFACES.name:
        addresses = dict.fromkeys([*held[0].addresses, *more[0].addresses])
        mac = held[0].mac or more[0].mac
        return (replace(held[0], addresses=tuple(addresses), mac=mac),)
    known = {(each.protocol, each.port) for each in held}
    return (*held, *(each for each in more if (each.protocol, each.port) not in known))
