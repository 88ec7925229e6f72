"""Which sizes are to be had in a region, and in which of its availability zones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Offered:
    """How one size is offered."""

    region: bool
    """Whether it is offered in the region at all."""
    zones: tuple[str, ...] = ()
    """Availability zones in which it is offered."""
    refused: str = ""
    """Why the account may not use it although it is offered; empty when it may."""


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """The sizes that are wanted; one that is not told of is not offered."""

    offered: Mapping[str, Offered]
