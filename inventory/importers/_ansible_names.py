"""What Ansible calls a server: the inventory's name, whatever stands around it in an export."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from inventory.importers._json import text

SOURCE: Final = "ansible"
_HERE: Final = frozenset({"localhost", "localhost.localdomain", "127.0.0.1", "::1"})
_PREFIX: Final = re.compile(
    r"\A(?:s1_)?(?:ansible[_-]facts?[_-]?(?:cache[_-]?)?|facts?_(?:cache_)?)?"
)
"""``s1_`` is of ansible-core 2.19 and later; the others are what documentation and people set as
``fact_caching_prefix``. A server may well be called ``cache-1``."""
_ENDING: Final = re.compile(r"\.(?:json|txt|facts)\Z")


def is_here(name: str) -> bool:
    """Tell whether a name means whichever server Ansible itself runs on."""
    return name.lower() in _HERE


def own_name(facts: Mapping[str, Any]) -> str | None:
    """Return what a server calls itself, for one that the inventory has no name for."""
    for name in ("fqdn", "nodename", "hostname"):
        said = text(facts.get(name))
        if said and not is_here(said):
            return said
    return None


def plain_name(file: str) -> str:
    """Return the inventory's name for a file of a fact cache, without a prefix that is known."""
    name = _ENDING.sub("", PurePosixPath(file).name)
    return _PREFIX.sub("", name, count=1) or name
