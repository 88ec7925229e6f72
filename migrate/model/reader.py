"""A reader: how one thing is learnt of many resources of a place at once.

A reader's file in ``migrate/clouds/aws_readers`` or ``migrate/clouds/azure_readers`` holds a
:class:`Reader` under ``READER``. It asks by the page, not by the resource: what a wave costs is so
many calls for each place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from inventory.model.cloud_calls import Call
from inventory.model.fact import Unknown

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Reader(Generic[T]):
    """How one aspect is read of many resources of a place."""

    tells: type[T]
    """The aspect: a class of :mod:`migrate.model.target`, the same for every provider."""
    calls: tuple[Call, ...]
    """Everything that it may ask; another call is refused before it is sent."""
    read: Callable[[Any], Mapping[str, T | Unknown]]
    """Given :class:`migrate.clouds.asking.AwsAsked` or ``AzureAsked``, tell the aspect of each of
    its ids. An id that it leaves out is unknown: not told. It may raise whatever the SDK raises;
    then all of the place is unknown, with the reason. What it can tell in part, it tells."""
