"""Which catalogue counts: the shipped one, or an estate's refreshed set over it.

An estate keeps refreshed sets under ``catalogue/sets/``, each in a folder that never changes, and
the name of the one that counts in ``catalogue/current``. That one small file is replaced whole,
so a reader sees the old set or the new one, never a mixture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from inventory.errors import BadInputError, Place

FOLDER = "catalogue"
"""Of the estate."""
SETS = "sets"
POINTER = "current"
INDEX = "datasets.json"
NAME = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")
"""What a set is called: when it was made, and a random part."""


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """The data sets that count. Two are equal when they read the same files."""

    overlay: Path | None = None
    """Folder of the refreshed set; None is the shipped catalogue alone."""

    @property
    def folder(self) -> Path:
        """Return the folder of the refreshed set; only to be asked where there is one."""
        return self.overlay or Path()


SHIPPED = Catalogue()
"""What Decant came with."""


def catalogue_of(estate_folder: Path) -> Catalogue:
    """Return the catalogue of an estate, as it stands now.

    Raises:
        BadInputError: it says which set counts, but that is no set of it.

    """
    pointer = estate_folder / FOLDER / POINTER
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return SHIPPED
    except (OSError, ValueError) as error:
        raise _lost(pointer, f"cannot be read: {error}") from error
    folder = estate_folder / FOLDER / SETS / name
    if not NAME.fullmatch(name) or not (folder / INDEX).is_file():
        raise _lost(pointer, f"names {name!r}, of which there is no set")
    return Catalogue(overlay=folder.resolve())


def _lost(pointer: Path, why: str) -> BadInputError:
    return BadInputError(
        f"the refreshed catalogue is lost: it {why}",
        hint="remove that file to go back to the shipped catalogue, then decant catalogue refresh",
        place=Place(file=pointer),
    )
