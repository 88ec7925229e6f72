"""The files of one export, opened: what every importer reads.

Whatever is dangerous in a file from elsewhere is met here and nowhere else: archives that unpack
to terabytes or climb out of their folder, XML that expands or fetches, sheets that declare more
rows than there are, encodings that lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol
from xml.etree.ElementTree import Element

from inventory.reading.table import Table


class Kind(Enum):
    """What a file is, by its content and not by its name."""

    WORKBOOK = "workbook"
    """A spreadsheet: xlsx, xlsm, xlsb, xls, ods."""
    DELIMITED = "delimited text"
    JSON = "json"
    """One document, or one on each line."""
    XML = "xml"
    TEXT = "text"


class File(Protocol):
    """One file of an export, or one member of an archive."""

    @property
    def name(self) -> str:
        """Return its own name; inside an archive ``archive.zip/member.csv``."""

    @property
    def kind(self) -> Kind:
        """Return what it is."""

    @property
    def beginning(self) -> str:
        """Return its first 64 KiB as text; empty for a workbook."""

    def tables(self) -> Iterator[Table]:
        """Yield the sheets of a workbook, or the one table of delimited text; else nothing.

        Raises:
            BadInputError: it is damaged, encrypted, or larger than what is read.

        """

    def lines(self) -> Iterator[str]:
        """Yield the lines of text, decoded, without their ends."""

    def text(self) -> str:
        """Return all of a text of at most 256 MiB, decoded."""

    def documents(self) -> Iterator[Any]:
        """Yield the JSON documents that it holds: one, or one for each line.

        Raises:
            BadInputError: it is no JSON; the place is named.

        """

    def elements(self, *tags: str) -> Iterator[Element]:
        """Yield each element of one of these tags (without namespaces) as it ends.

        It is let go after it was looked at; of nested ones the inner comes first.

        Raises:
            BadInputError: it is no XML, or declares entities or a document type with them.

        """

    @property
    def root_tag(self) -> str:
        """Return the tag of an XML file's outermost element, without its namespace; else empty."""


@dataclass(frozen=True, kw_only=True)
class Export:
    """What was given to import: one file, several that belong together, a folder, an archive."""

    files: tuple[File, ...]
    """Members of archives stand here as files of their own."""

    def tables(self) -> Iterator[Table]:
        """Yield every table of every file."""
        for each in self.files:
            yield from each.tables()
