"""Files → the export that they are, and the importer of its format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from inventory.intake.recognise import named, recognise
from inventory.model.importer import Importer
from inventory.reading.opening import open_export
from inventory.registry import Plugin, Registry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from inventory.model.imported import Item
    from inventory.reading.export import Export

REGISTRY = Registry(package="inventory.importers", attribute="IMPORTER", kind=Importer)


@dataclass(frozen=True, kw_only=True)
class Opened:
    """An export and how it is read."""

    export: Export
    importer: Plugin[Importer]

    def items(self) -> Iterator[Item]:
        """Yield what it says; see :attr:`Importer.read`."""
        return self.importer.value.read(self.export)


def opened(
    paths: Sequence[Path], importers: Mapping[str, Plugin[Importer]], form: str | None = None
) -> Opened:
    """Open the files of one export, of the format that is named, or that they look like.

    Raises:
        BadInputError: they cannot be opened, or are of no known format.
        UsageError: there is no such format.

    """
    chosen = named(form, importers) if form else None
    export = open_export(paths)
    return Opened(export=export, importer=chosen or recognise(export, importers))


def importers(*own_folders: Path) -> dict[str, Plugin[Importer]]:
    """Load every importer: Decant's own, then those of each of the user's folders."""
    return REGISTRY.all(*own_folders)
