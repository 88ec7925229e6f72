"""Exports in which one value is not what anybody would write."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any
from xml.etree.ElementTree import Element

from inventory.reading.export import Export, File, Kind
from inventory.reading.table import Cell, Row, Table

Spoil = Callable[[Any], Any]
"""Makes something else of a value."""


@dataclass(frozen=True, kw_only=True)
class SpoiledFile:
    """A file of which one value is spoiled: the ``place``-th that is read of it."""

    whole: File
    place: int
    spoil: Spoil

    @property
    def name(self) -> str:
        """Return the file's name."""
        return self.whole.name

    @property
    def kind(self) -> Kind:
        """Return what it is."""
        return self.whole.kind

    @property
    def beginning(self) -> str:
        """Return how it begins, as if nothing were spoiled."""
        return self.whole.beginning

    @property
    def root_tag(self) -> str:
        """Return its outermost tag."""
        return self.whole.root_tag

    def tables(self) -> Iterator[Table]:
        """Yield its tables, with one cell spoiled."""
        before = 0
        for table in self.whole.tables():
            first = before
            before += sum(len(cells) for _, cells in table.read())
            yield replace(table, read=self._reader(table, first), _places={})

    def _reader(self, table: Table, first: int) -> Callable[[], Iterator[Row]]:
        def read() -> Iterator[Row]:
            count = first
            for row, cells in table.read():
                column = self.place - count
                count += len(cells)
                if 0 <= column < len(cells):
                    changed: list[Cell] = list(cells)
                    changed[column] = self.spoil(cells[column])
                    yield row, tuple(changed)
                else:
                    yield row, cells

        return read

    def lines(self) -> Iterator[str]:
        """Yield its lines."""
        return self.whole.lines()

    def text(self) -> str:
        """Return its text."""
        return self.whole.text()

    def documents(self) -> Iterator[Any]:
        """Yield its documents, with one value in them spoiled, be it a leaf or a branch."""
        count = 0
        for document in self.whole.documents():
            changed = copy.deepcopy(document)
            for holder, key in list(_inner(changed)):
                if count == self.place:
                    holder[key] = self.spoil(holder[key])
                count += 1
            yield changed

    def elements(self, *tags: str) -> Iterator[Element]:
        """Yield its elements, with one attribute or text in them spoiled."""
        count = 0
        for element in self.whole.elements(*tags):
            for each in element.iter():
                for name in (*each.attrib, None):
                    if count == self.place:
                        _spoil(each, name, self.spoil)
                    count += 1
            yield element


def _inner(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place within a document: what holds it, and its key."""
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in list(keys):
        yield value, key
        yield from _inner(value[key])


def _spoil(element: Element, name: str | None, spoil: Spoil) -> None:
    held = (element.text or "") if name is None else element.attrib[name]
    changed = spoil(held)
    text = changed if isinstance(changed, str) else "?"
    if name is None:
        element.text = text
    else:
        element.attrib[name] = text


def spoiled(export: Export, *, file: int, place: int, spoil: Spoil) -> Export:
    """Return an export in one of whose files one value is spoiled."""
    files = list(export.files)
    files[file] = SpoiledFile(whole=files[file], place=place, spoil=spoil)
    return Export(files=tuple(files))


def values_in(file: File) -> int:
    """Return in how many places a file can be spoiled at most."""
    if file.kind in {Kind.DELIMITED, Kind.WORKBOOK}:
        return sum(len(cells) for table in file.tables() for _, cells in table.read())
    if file.kind is Kind.JSON:
        return sum(1 for document in file.documents() for _ in _inner(document))
    return 400 if file.kind is Kind.XML else 0


@dataclass(frozen=True, kw_only=True)
class LackingFile(SpoiledFile):
    """A file whose tables lack one column: the ``place``-th of all their titles."""

    def tables(self) -> Iterator[Table]:
        """Yield its tables, of which one lacks a title."""
        before = 0
        for table in self.whole.tables():
            column = self.place - before
            before += len(table.header)
            header = list(table.header)
            if 0 <= column < len(header):
                header[column] = ""
            yield replace(table, header=tuple(header), _places={})


def lacking(export: Export, *, file: int, place: int) -> Export:
    """Return an export in one of whose tables one column has no title."""
    files = list(export.files)
    files[file] = LackingFile(whole=files[file], place=place, spoil=lambda value: value)
    return Export(files=tuple(files))


def titles_in(file: File) -> int:
    """Return how many columns the tables of a file have."""
    return sum(len(table.header) for table in file.tables())
