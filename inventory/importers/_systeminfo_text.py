"""What ``systeminfo`` prints, in any language → its fields by position.

The fields stand in one order in every language, so that no label needs to be known. As a list
(``/fo list``), each begins a line, and what belongs to it follows on indented lines; as a table
(``/fo table``) or as CSV, each is a column.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

HOST, OS_NAME, OS_VERSION, ROLE = 0, 1, 2, 4
MANUFACTURER, MODEL, TYPE, PROCESSORS, FIRMWARE = 11, 12, 13, 14, 15
MEMORY, DOMAIN, HOTFIXES, CARDS = 22, 28, 30, 31
_FEWEST: Final = 24
"""Fields up to the memory; servers without network cards or hot fixes print fewer than others."""
_MOST: Final = 40
_LINE: Final = re.compile(r"(?P<label>\S.*?:)(?:\s+(?P<value>\S.*))?\Z")
_VERSION: Final = re.compile(r"\d+\.\d+")
_TYPES: Final = re.compile(r"x64|x86|arm64", re.IGNORECASE)
_RULER: Final = re.compile(r"=+(?: =+){20,}\s*\Z")
_LONGEST: Final = 2_000
"""Lines that one server's answer has at most."""


@dataclass(kw_only=True)
class Printed:
    """One server's answer."""

    row: int
    """Where it begins."""
    fields: list[list[str]] = field(default_factory=list)
    """By position: the value, then the lines that belong to it, with their indentation."""

    def value(self, place: int) -> str:
        """Return a field's value; empty where there is none."""
        return self.fields[place][0].strip() if place < len(self.fields) else ""

    def lines(self, place: int) -> list[str]:
        """Return all lines of a field."""
        return self.fields[place] if place < len(self.fields) else []

    @property
    def is_plausible(self) -> bool:
        """Whether it looks like what systeminfo prints, by what no language changes."""
        return (
            len(self.fields) >= _FEWEST
            and bool(self.value(HOST))
            and bool(_VERSION.match(self.value(OS_VERSION)))
            and bool(_TYPES.search(self.value(TYPE)))
        )


def read_printed(lines: Iterable[str]) -> Iterator[Printed]:
    """Yield each server's answer, in whichever of the three forms it is printed.

    What does not look like one is passed over.
    """
    numbered = [(number, line.rstrip()) for number, line in enumerate(lines, 1)]
    found = _tables(numbered) or _rows(numbered) or _lists(numbered)
    yield from (each for each in found if each.is_plausible)


def _lists(numbered: list[tuple[int, str]]) -> list[Printed]:
    found: list[Printed] = []
    first = ""
    for number, line in numbered:
        told = _LINE.match(line) if line[:1].strip() else None
        if told and (not found or told["label"] == first or len(found[-1].fields) >= _MOST):
            first = told["label"]
            found.append(Printed(row=number))
        if not found:
            continue
        if told:
            found[-1].fields.append([told["value"] or ""])
        elif line.strip() and found[-1].fields and len(found[-1].fields[-1]) < _LONGEST:
            found[-1].fields[-1].append(line)
    return found


def _rows(numbered: list[tuple[int, str]]) -> list[Printed]:
    """Read CSV: every row has quoted cells, and the first may be the header."""
    found = []
    for number, line in numbered:
        if line.startswith('"') and line.count('","') >= _FEWEST:
            cells = next(csv.reader([line]))
            found.append(Printed(row=number, fields=[_parted(cell) for cell in cells]))
    return found


def _tables(numbered: list[tuple[int, str]]) -> list[Printed]:
    """Read tables: a ruler of equal signs tells where each column stands."""
    found: list[Printed] = []
    spans: list[tuple[int, int]] = []
    for number, line in numbered:
        if _RULER.match(line):
            spans = [each.span() for each in re.finditer("=+", line)]
        elif spans and line.strip():
            cells = [line[start:end].strip() for start, end in spans]
            found.append(Printed(row=number, fields=[_parted(cell) for cell in cells]))
        else:
            spans = []
    return found


_PART: Final = re.compile(r",\s*(?=\[\d+\].?: )")


def _parted(cell: str) -> list[str]:
    """Return a cell's lines: what a list has on lines of its own is parted by commas here."""
    first, *others = _PART.split(cell)
    return [first, *(f"  {each}" for each in others)]
