"""Parameters that refer to the inventory: ``{from: source.hostname}`` stands for the fact's value.

``source`` is the old server, ``target`` the new one, ``move`` the plan's line; what follows is a
fact's name as ``decant show`` tells it, or a field of the move. There is no other language: what
cannot be said so is a check of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.model.codec import to_plain
from inventory.model.fact import Facts, Known
from migrate.model.check import Sight

_MOVE = ("server", "source", "replacement", "resource", "owner", "wave")


class NotKnownError(Exception):
    """What a parameter refers to is not known; says why."""


def is_reference(value: object) -> bool:
    """Tell whether a parameter's value refers to the inventory."""
    return isinstance(value, Mapping) and set(value) == {"from"} and isinstance(value["from"], str)


def resolved(parameters: Mapping[str, Any], sight: Sight) -> dict[str, Any]:
    """Return parameters with every reference in them replaced by what is known now.

    Raises:
        NotKnownError: something that is referred to is not known, or there is no such thing.

    """
    return {name: _resolved(value, sight) for name, value in parameters.items()}


def _resolved(value: Any, sight: Sight) -> Any:
    if is_reference(value):
        return _value(value["from"], sight)
    if isinstance(value, Mapping):
        return resolved(value, sight)
    return [_resolved(each, sight) for each in value] if isinstance(value, list) else value


def _value(name: str, sight: Sight) -> Any:
    side, _, field = name.partition(".")
    if side == "move" and field in _MOVE:
        value = getattr(sight.move, field)
        if value is None:
            raise NotKnownError(f"{name}: the plan does not say")
        return value
    if side not in {"source", "target"} or not field:
        raise NotKnownError(f"there is nothing called {name}: write source.FACT or target.FACT")
    facts = sight.old if side == "source" else sight.new
    if not isinstance(facts, Facts):
        raise NotKnownError(f"{name}: {facts or 'the plan names no server there'}")
    observation = facts.get(field)
    fact = observation.fact if observation else "it was not asked for, or there is no such fact"
    if isinstance(fact, Known):
        return to_plain(fact.value)
    raise NotKnownError(f"{name}: {fact}")
