"""What checks may be asked for, in JSON Schema: the parts that many of them share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def schema(**properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON Schema of a check with these parameters."""
    return {"type": "object", "additionalProperties": False, "properties": properties}


def flag(description: str, *, default: bool = False) -> dict[str, Any]:
    """Return a parameter that is true or false."""
    return {"description": description, "type": "boolean", "default": default}


NO_PARAMETERS = schema()
"""JSON Schema of a check that takes none."""
