"""How JSON files of the catalogue are written: as the shipped ones are."""

from __future__ import annotations

import json
from typing import Any


def as_json(content: Any) -> str:
    """Return the text of a JSON file."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
