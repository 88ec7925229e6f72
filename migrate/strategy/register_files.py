"""The register's entries as rows: kept by suppliers' managers in a spreadsheet, and read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from inventory.errors import BadInputError, Place
from inventory.reading.moments import moment
from inventory.reading.opening import open_export
from inventory.reading.texts import text
from migrate.model.supplier import Offer, Step, SupplierEvent

if TYPE_CHECKING:
    from inventory.reading.table import Cell, Table

COLUMNS: Final = (
    *("product", "supplier", "step", "on", "by", "saas", "cloud", "contract_end"),
    *("says", "remind_on"),
)
NEEDED: Final = ("product", "step", "on", "by")
_HINT: Final = f"the columns are: {', '.join(COLUMNS)}; decant suppliers export shows them"
_Word = TypeVar("_Word", Offer, Step)


def rows_of(events: Iterable[SupplierEvent]) -> Iterator[dict[str, str]]:
    """Write each entry as a row."""
    for each in events:
        yield {
            "product": each.product,
            "supplier": each.supplier,
            "step": each.step.value,
            "on": each.on.isoformat(),
            "by": each.by,
            "saas": each.saas.value,
            "cloud": each.cloud.value,
            "contract_end": each.contract_end.isoformat() if each.contract_end else "",
            "says": each.says,
            "remind_on": each.remind_on.isoformat() if each.remind_on else "",
        }


def read_events(path: Path, *, at: datetime) -> tuple[SupplierEvent, ...]:
    """Read the rows of a CSV file or a workbook; days are written 2026-11-23 or 23/11/2026.

    Raises:
        BadInputError: it cannot be read, lacks a column, or a row is wrong; the place names file,
            row and column. Nothing of it is taken then.

    """
    tables = [each for each in open_export([path]).tables() if each.place("product") is not None]
    if not tables:
        raise BadInputError(
            "no column is called product", hint=_HINT, place=Place(file=path, line=1)
        )
    return tuple(
        _event(_Row(path, table, number, cells), at)
        for table in tables
        for number, cells in table.read()
    )


class _Row:
    """One row of a file, whose cells are read by their columns' names."""

    def __init__(self, path: Path, table: Table, number: int, cells: tuple[Cell, ...]) -> None:
        self._path = path
        self._number = number
        self._cells = {
            name: cells[place] for name in COLUMNS if (place := table.place(name)) is not None
        }

    def text(self, name: str) -> str:
        """Return a cell without the apostrophe that keeps spreadsheets from reckoning."""
        said = text(self._cells.get(name)) or ""
        guarded = said[:1] == "'" and said[1:2] in set("=+-@")
        if not said and name in NEEDED:
            raise self.wrong(name, "it is empty")
        return said[1:] if guarded else said

    def day(self, name: str) -> date | None:
        """Return a cell's day; None when it is empty."""
        cell = self._cells.get(name)
        if text(cell) is None:
            return None
        try:
            read = moment(cell)
        except ValueError as error:
            raise self.wrong(name, str(error)) from error
        if read is None:
            raise self.wrong(name, f"{cell!r} is no day; write it 2026-11-23")
        return read.date()

    def word(self, name: str, kind: type[_Word], otherwise: _Word | None = None) -> _Word:
        """Return a cell's word."""
        said = self.text(name).casefold()
        if not said and otherwise is not None:
            return otherwise
        try:
            return kind(said)
        except ValueError as error:
            words = ", ".join(each.value for each in kind)
            raise self.wrong(name, f"{said!r} is none of: {words}") from error

    def wrong(self, name: str, message: str) -> BadInputError:
        """Return the error for one cell."""
        place = Place(file=self._path, line=self._number, field=name)
        return BadInputError(message, hint=_HINT, place=place)


def _event(row: _Row, at: datetime) -> SupplierEvent:
    on = row.day("on")
    if on is None:
        raise row.wrong("on", "it is empty")
    return SupplierEvent(
        product=row.text("product"),
        supplier=row.text("supplier"),
        step=row.word("step", Step),
        on=on,
        by=row.text("by"),
        saas=row.word("saas", Offer, Offer.UNKNOWN),
        cloud=row.word("cloud", Offer, Offer.UNKNOWN),
        contract_end=row.day("contract_end"),
        says=row.text("says"),
        remind_on=row.day("remind_on"),
        recorded_at=at,
    )
