"""Parts in an order: what is not known comes first, so that any two parts can be sorted."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import fields
from enum import Enum
from functools import cache
from typing import Any, Self, cast

__all__ = ["Ordered"]


class Ordered:
    """A dataclass whose values sort by their fields in turn, the unknown (None) before the known.

    What `dataclass(order=True)` gives raises as soon as a field is None on one side only, or
    holds an enumeration: a server's second package would then end the sorting of them all.
    """

    def __lt__(self, other: Self) -> bool:
        """Tell whether this part comes before another of its kind."""
        if type(other) is not type(self):
            return NotImplemented
        values = _values(cast("Hashable", type(self)))
        mine, others = values(self), values(other)
        try:
            return bool(mine < others)
        except TypeError:
            return _sortable(mine) < _sortable(others)


@cache
def _values(kind: Hashable) -> Callable[[object], tuple[Any, ...]]:
    names = tuple(each.name for each in fields(cast("Any", kind)) if each.compare)
    return lambda part: tuple([getattr(part, name) for name in names])


def _sortable(values: tuple[Any, ...]) -> tuple[tuple[bool, Any], ...]:
    return tuple(
        (each is not None, each.value if isinstance(each, Enum) else each) for each in values
    )
