"""Which targets are sources that are asked as a whole, and not servers."""

from __future__ import annotations

from typing import Final

from inventory.model.source import Source
from inventory.registry import Registry

SOURCES: Final = Registry(package="inventory.sources", attribute="SOURCE", kind=Source)


def is_source(text: str) -> bool:
    """Tell whether a target is a source: its scheme and a colon, without slashes after it."""
    scheme, colon, rest = text.partition(":")
    return bool(colon) and not rest.startswith("//") and scheme in SOURCES.names()
