"""What is known of the alarms on a resource: what they watch, and whether they reach anybody."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.model.fact import Unknown


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """One rule that alerts when the resource is not well."""

    name: str
    watches: tuple[str, ...]
    """Names of the metrics or signals that it watches."""
    enabled: bool
    """Whether it alerts at all."""
    state: str | None = None
    """The provider's word on how things are; None when it gives none."""
    has_data: bool | None = None
    """Whether what it watches is measured at all; None when the provider does not say."""
    receivers: int | Unknown
    """How many confirmed or enabled receivers its actions reach; nobody's address is kept."""
    why: str = ""
    """What keeps it from reaching anybody, for people; empty when nothing does."""


@dataclass(frozen=True, kw_only=True)
class Alarms:
    """Every alarm on one resource."""

    alarms: tuple[Alarm, ...]
