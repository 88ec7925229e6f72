"""What a cloud's policies demand of tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What is demanded of one tag."""

    policy: str
    """Name of the policy."""
    values: tuple[str, ...] = ()
    """Values that may be given, with ``*`` for anything; empty allows every value."""
    required: bool = False
    """Whether a server must have it; otherwise only its values are looked at."""


@dataclass(frozen=True, kw_only=True)
class TagRules:
    """The tags that policies speak of."""

    demands: Mapping[str, tuple[Demand, ...]]
    """Tag's name, as the policy writes it → what each policy demands."""
    refusals: tuple[str, ...] = ()
    """Policies that refuse the zone's tags as they are, as the reader found them to."""
    not_read: tuple[str, ...] = ()
    """Policies that may speak of tags and could not be understood, each with why."""
