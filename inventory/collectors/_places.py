"""Wording that looks for files in many places, and into a folder only where it is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_FOLDER: Final = re.compile(r"(/(?:usr|var)/[^/*?\[]+/[^/*?\[]+|/[^/*?\[]+/[^/*?\[]+)/.")
"""The folder of one product: ``/etc/nginx``, ``/var/lib/pgsql``, ``/usr/local/nginx``."""
_PATTERN: Final = re.compile(r"[*?\[]")


def looked_for(patterns: Iterable[str]) -> str:
    """Return shell that makes these places the positional parameters, in their order by folder.

    A pattern that nothing matches stands for itself. Of a folder that is not there no pattern is
    tried: to see that it is missing costs a server a tenth of trying them.
    """
    folders: dict[str, list[str]] = {}
    for pattern in patterns:
        match = _FOLDER.match(pattern)
        folders.setdefault(match[1] if match else "", []).append(pattern)
    first = folders.pop("", [])
    lines = []
    for folder, inside in folders.items():
        if len(inside) == 1 and not _PATTERN.search(inside[0]):
            first += inside
        else:
            lines.append(f'if [ -d {folder} ]; then set -- "$@" {" ".join(inside)}; fi')
    return "\n".join([f"set -- {' '.join(first)}".rstrip(), *lines])
