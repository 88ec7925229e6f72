"""Which systems the departments of local government work with, and by which words they are known.

The facts are in ``uk_local_gov_systems.csv`` beside this file. Most of these systems run under
names that tell nothing (a Java server, an IIS site, an Oracle database): a word in the name of a
folder, service, database or site is often the only sign of them, and a weak one. A system whose
row has no word that nothing else is called by is only described.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inventory.model.application import Confidence

SYSTEMS_OF_COUNCILS: Final = Path(__file__).with_name("uk_local_gov_systems.csv")


@dataclass(frozen=True, kw_only=True)
class System:
    """One line-of-business system."""

    id: str
    """The identifier of its fingerprint."""
    product: str
    aliases: tuple[str, ...]
    supplier: str | None
    former_suppliers: tuple[str, ...]
    function: str
    service_area: str
    saas_offered: str
    """``yes``, ``no``, ``likely``, ``unknown``, ``self-host``."""
    typical_database: str | None
    evidence: str
    """Where this is known from; ``general knowledge`` when no source was opened."""
    confidence: Confidence
    """How sure the facts are."""
    words: tuple[str, ...]

    @property
    def purpose(self) -> str:
        """Say what it is used for."""
        return f"{self.service_area}: {self.function}"


def councils_systems(file: Path) -> tuple[System, ...]:
    """Read the systems of a file."""
    with file.open(encoding="utf-8", newline="") as rows:
        return tuple(
            System(
                id=row["id"],
                product=row["product"],
                aliases=_list(row["aliases"]),
                supplier=row["supplier"] or None,
                former_suppliers=_list(row["former_suppliers"]),
                function=row["function"],
                service_area=row["service_area"],
                saas_offered=row["saas_offered"],
                typical_database=row["typical_database"] or None,
                evidence=row["evidence"],
                confidence=Confidence(row["confidence"]),
                words=_list(row["words"]),
            )
            for row in csv.DictReader(rows)
        )


def _list(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(";") if each.strip())
