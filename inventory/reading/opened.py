"""One file of an export, opened: what it is, and what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any, Final
from xml.etree.ElementTree import Element

from inventory.errors import BadInputError
from inventory.reading.delimited import Dialect, dialect_of, table_of
from inventory.reading.encodings import SAMPLE, decoded, lines
from inventory.reading.export import Kind
from inventory.reading.jsonfile import documents_of, looks_like_json
from inventory.reading.source import Source, damage_named
from inventory.reading.table import Table
from inventory.reading.workbook import tables_of
from inventory.reading.xmlfile import elements_of, looks_like_xml, root_tag

LONGEST_TEXT: Final = 256 << 20
"""Characters of a text that is read whole."""
_TABLE_ENDINGS: Final = {".csv", ".tsv", ".tab"}


def kind_at_once(beginning: bytes) -> Kind | None:
    """Return what a file is that begins so, where its first letters tell."""
    text = decoded(beginning)
    if looks_like_xml(text):
        return Kind.XML
    return Kind.JSON if looks_like_json(text) else None


@dataclass(frozen=True, kw_only=True)
class OpenedFile:
    """A file as :class:`inventory.reading.export.File` promises it."""

    source: Source
    told: Kind | None = None
    """What it is, where that was seen at once."""

    @property
    def name(self) -> str:
        """Return its own name; inside an archive ``archive.zip/member.csv``."""
        return self.source.name

    @cached_property
    def kind(self) -> Kind:
        """Return what it is, by its content; a name decides only whether one column is a table."""
        if self.told:
            return self.told
        return Kind.DELIMITED if self._dialect else Kind.TEXT

    @property
    def beginning(self) -> str:
        """Return its first 64 KiB as text; empty for a workbook.

        They are read each time: an export of many files would fill the memory with beginnings.
        """
        if self.told is Kind.WORKBOOK:
            return ""
        with damage_named(self.name), self.source.open() as raw:
            return decoded(raw.read(SAMPLE))

    def tables(self) -> Iterator[Table]:
        """Yield the sheets of a workbook, or the one table of delimited text; else nothing."""
        yield from self._tables

    def lines(self) -> Iterator[str]:
        """Yield the lines of text, decoded, without their ends."""
        with damage_named(self.name), lines(self.source.open(), self.name) as text:
            for line in text:
                yield line.rstrip("\r\n")

    def text(self) -> str:
        """Return all of a text of at most 256 MiB, decoded."""
        with damage_named(self.name), lines(self.source.open(), self.name, LONGEST_TEXT) as text:
            held = text.read(LONGEST_TEXT + 1)
        if len(held) > LONGEST_TEXT:
            raise BadInputError(f"{self.name}: it is a text of more than {LONGEST_TEXT} characters")
        return held.replace("\r\n", "\n")

    def documents(self) -> Iterator[Any]:
        """Yield the JSON documents that it holds."""
        return documents_of(self.source)

    def elements(self, *tags: str) -> Iterator[Element]:
        """Yield each XML element of one of these tags as it ends."""
        return elements_of(self.source, *tags)

    @property
    def root_tag(self) -> str:
        """Return the tag of an XML file's outermost element, without its namespace; else empty."""
        return root_tag(self.beginning) if self.kind is Kind.XML else ""

    @cached_property
    def _tables(self) -> tuple[Table, ...]:
        if self.kind is Kind.WORKBOOK:
            return tables_of(self.source)
        if self.kind is Kind.DELIMITED and self._dialect:
            return (table_of(self.source, self._dialect),)
        return ()

    @cached_property
    def _dialect(self) -> Dialect | None:
        named = PurePosixPath(self.name).suffix.lower() in _TABLE_ENDINGS
        return dialect_of(self.beginning, is_named_so=named)
