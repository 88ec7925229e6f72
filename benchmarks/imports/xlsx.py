"""Rows → an xlsx file, written row by row, as small tools write it: with shared strings."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

Cell = str | int | float | datetime
Sheet = tuple[str, Sequence[str], Iterable[Sequence[Cell]]]
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATION: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_DAY_0: Final = datetime(1899, 12, 30)  # noqa: DTZ001  # spreadsheets know no zones
_STYLES: Final = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def write(path: Path, sheets: Iterable[Sheet]) -> int:
    """Write a workbook; return how many cells it holds, empty ones not counted."""
    strings: dict[str, int] = {}
    names: list[str] = []
    cells = 0
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, titles, rows in sheets:
            names.append(name)
            file = f"xl/worksheets/sheet{len(names)}.xml"
            with (
                archive.open(file, "w", force_zip64=True) as raw,
                io.TextIOWrapper(raw, "utf-8", newline="\n") as part,
            ):
                part.write(f'<worksheet xmlns="{_MAIN}"><sheetData>')
                for number, row in enumerate(chain((titles,), rows), 1):
                    cells += _write_row(part, number, row, strings)
                part.write("</sheetData></worksheet>")
        for file, content in _parts(names):
            archive.writestr(file, content)
        with archive.open("xl/sharedStrings.xml", "w", force_zip64=True) as raw:
            raw.write(f'<sst xmlns="{_MAIN}" uniqueCount="{len(strings)}">'.encode())
            for text in strings:
                raw.write(f'<si><t xml:space="preserve">{escape(text)}</t></si>'.encode())
            raw.write(b"</sst>")
    return cells


def _write_row(
    part: io.TextIOWrapper, number: int, row: Sequence[Cell], strings: dict[str, int]
) -> int:
    told = [
        _cell(f"{_LETTERS[place]}{number}", value, strings)
        for place, value in enumerate(row)
        if value != ""
    ]
    part.write(f'<row r="{number}">{"".join(told)}</row>')
    return len(told)


def _cell(at: str, value: Cell, strings: dict[str, int]) -> str:
    if isinstance(value, str):
        return f'<c r="{at}" t="s"><v>{strings.setdefault(value, len(strings))}</v></c>'
    if isinstance(value, datetime):
        return f'<c r="{at}" s="1"><v>{(value - _DAY_0).total_seconds() / 86400:.9f}</v></c>'
    return f'<c r="{at}"><v>{value}</v></c>'


def _columns() -> Iterator[str]:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    yield from alphabet
    for first in alphabet:
        for second in alphabet:
            yield first + second


_LETTERS: Final = tuple(_columns())


def _parts(names: Sequence[str]) -> Iterator[tuple[str, str]]:
    numbers = range(1, len(names) + 1)
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPE}.sharedStrings+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
            f'ContentType="{_TYPE}.worksheet+xml"/>'
            for number in numbers
        )
        + "</Types>",
    )
    to_workbook = (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    yield "_rels/.rels", to_workbook
    yield (
        "xl/workbook.xml",
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><sheets>'
        + "".join(
            f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
            for number, name in zip(numbers, names, strict=True)
        )
        + "</sheets></workbook>",
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{number}" Type="{_RELATION}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
            for number in numbers
        )
        + f'<Relationship Id="rIdA" Type="{_RELATION}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rIdB" Type="{_RELATION}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
    )
    yield "xl/styles.xml", _STYLES
