"""What a cloud server has to run on: the size that it really is."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.model.fact import Unknown


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """Processors and memory of a server."""

    size: str
    """The provider's name of the size: ``t3.medium``, ``Standard_D2s_v5``."""
    vcpus: int | Unknown
    memory_bytes: int | Unknown
