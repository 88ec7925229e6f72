"""The user's own cache of an estate: files that may be lost, or deleted, at any time."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from inventory.estate import Estate


def cache_file(estate: Estate, environment: Mapping[str, str], what: str) -> Path:
    """Return where something is kept of an estate."""
    folder = environment.get("XDG_CACHE_HOME") or "~/.cache"
    which = hashlib.sha256(f"{estate.folder}\0{estate.database}".encode()).hexdigest()[:16]
    return Path(folder).expanduser() / "decant" / f"{what}-{which}.json"


def keep(path: Path, content: bytes) -> None:
    """Put this in the file's place, whole, for its owner alone; what cannot be written is lost."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside.touch(mode=0o600)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
