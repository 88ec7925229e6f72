"""Workbooks are read as they were meant, and dangerous ones are refused or bounded."""

from __future__ import annotations

import io
import resource
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from inventory.errors import BadInputError
from inventory.reading.export import Kind
from inventory.reading.opening import open_export, open_files
from inventory.reading.table import Row, Table

FIXTURES = Path(__file__).parents[1] / "fixtures" / "imports" / "workbooks"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MIB = 1 << 20


def text(place: str, words: str) -> str:
    """Return a cell that holds text."""
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


def number(place: str, value: float, style: int = 0) -> str:
    """Return a cell that holds a number."""
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>'


def rows(*cells: str) -> str:
    """Return rows, each given as its cells, numbered from 1."""
    return "".join(f'<row r="{n}">{each}</row>' for n, each in enumerate(cells, 1))


def sheet(data: str, *, before: str = "", after: str = "") -> str:
    """Return a sheet's part."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}">{before}'
        f"<sheetData>{data}</sheetData>{after}</worksheet>"
    )


def parts(**sheets: str) -> dict[str, str]:
    """Return a workbook's parts; a sheet whose name ends in ``_hidden`` is."""
    listed, related = "", ""
    held = {}
    for n, (name, content) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name.endswith("_hidden") else ""
        listed += f'<sheet name="{name}" sheetId="{n}"{state} r:id="rId{n}"/>'
        related += (
            f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/s{n}.xml"/>'
        )
        held[f"xl/worksheets/s{n}.xml"] = content
    return {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{related}'
        "</Relationships>",
        **held,
    }


def packed(held: dict[str, str]) -> bytes:
    """Return parts as a workbook."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in held.items():
            archive.writestr(name, part)
    return content.getvalue()


def tables(content: bytes) -> dict[str, Table]:
    """Return a workbook's tables by name."""
    (file,) = open_files([("book.xlsx", content)]).files
    assert file.kind is Kind.WORKBOOK
    assert file.beginning == ""
    return {each.name: each for each in file.tables()}


def read(data: str, **more: str) -> list[Row]:
    """Return the rows of a workbook's one sheet below its header."""
    (found,) = tables(packed(parts(vInfo=sheet(data, **more)))).values()
    return list(found.read())


HEADER = text("A1", "VM") + text("B1", "CPUs")


def test_sheets_are_tables_hidden_ones_too() -> None:
    """Each row has the number that a spreadsheet shows; a sheet that holds nothing is none."""
    found = tables(
        packed(
            parts(
                vInfo=sheet(rows(HEADER, text("A2", "web") + number("B2", 4))),
                empty=sheet(""),
                lists_hidden=sheet(rows(text("A1", "OS"), text("A2", "Debian"))),
            )
        )
    )
    assert list(found) == ["vInfo", "lists_hidden"]
    assert found["vInfo"].header == ("VM", "CPUs")
    assert list(found["vInfo"].read()) == [(2, ("web", 4.0))]
    assert str(found["vInfo"].where(2)) == "book.xlsx: vInfo: row 2"
    assert list(found["lists_hidden"].read()) == [(2, ("Debian",))]


def test_the_table_may_begin_anywhere() -> None:
    """Below titles and right of empty columns."""
    data = (
        f'<row r="2">{text("C2", "Report")}</row><row r="5">{text("C5", "VM")}{text("D5", "IP")}'
        f'</row><row r="9">{text("C9", "web")}</row>'
    )
    (found,) = tables(packed(parts(a=sheet(data)))).values()
    assert (found.header, list(found.read())) == (("VM", "IP"), [(9, ("web", ""))])


def test_dimensions_that_lie_cost_nothing() -> None:
    """Neither those that are declared nor cells that are formatted and hold nothing."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    data = rows(HEADER, text("A2", "web") + '<c r="XFD2" s="1"/>')
    data += '<row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert read(data, before='<dimension ref="A1:XFD1048576"/>') == [(2, ("web", ""))]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


@pytest.mark.parametrize("place", ["XFD1048576", "ZZZ2000000", "A4294967295"])
def test_a_cell_far_from_all_others_is_refused_and_not_made_room_for(place: str) -> None:
    """A file of one kilobyte asks for half a terabyte."""
    row = "".join(each for each in place if each.isdigit())
    data = rows(HEADER) + f'<row r="{row}">{number(place, 1)}</row>'
    with pytest.raises(BadInputError, match=r"book.xlsx.*(memory|no workbook)"):
        read(data)


def test_a_long_sheet_is_read_though_it_reaches_far() -> None:
    """A hundred thousand rows are unusual, and no error."""
    data = rows(HEADER) + f'<row r="150000">{text("A150000", "last")}</row>'
    assert read(data) == [(150_000, ("last", ""))]


@pytest.mark.parametrize(
    "cells",
    [
        "<c><v>1</v></c>" * 3,
        '<c s="0" r="A2"><v>1</v></c><c s="0" r="B2"><v>1</v></c><c s="0" r="C2"><v>1</v></c>',
    ],
)
def test_cells_that_do_not_say_where_they_stand_first_are_read(cells: str) -> None:
    """As some programs write them."""
    assert read(rows(HEADER, cells)) == [(2, (1.0, 1.0, 1.0))]


def test_errors_in_cells_are_seen() -> None:
    """So that whoever reads the cell says that it cannot be read, and not that it is empty."""
    fault = '<c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    assert read(rows(HEADER, text("A2", "web") + fault)) == [(2, ("web", "#DIV/0!"))]
    found = open_export([FIXTURES / "made-errors.xlsx"]).files[0].tables()
    (errors,) = (list(each.read()) for each in found)
    assert [cells[1] for _, cells in errors] == [
        *("#DIV/0!", "#NAME?", "#VALUE!", "#NULL!", "#REF!", "#NUM!", "#N/A")
    ]


def test_what_is_merged_over_rows_is_said_of_each() -> None:
    """Merged over columns it is a title, and said once."""
    data = rows(
        HEADER,
        text("A2", "web") + number("B2", 1),
        number("B3", 2),
        text("A4", "Second part"),
        number("B5", 3),
    )
    merged = '<mergeCells><mergeCell ref="A2:A3"/><mergeCell ref="A4:B4"/></mergeCells>'
    assert read(data, after=merged) == [
        (2, ("web", 1.0)),
        (3, ("web", 2.0)),
        (4, ("Second part", "")),
        (5, ("", 3.0)),
    ]


def test_a_large_sheet_shows_its_header_from_its_beginning() -> None:
    """Which is all that is read of it until its rows are asked for."""
    filler = text("A2", "x" * 40) * 1
    data = rows(HEADER, *(filler.replace("A2", f"A{row}") for row in range(2, 40_000)))
    (found,) = tables(packed(parts(vInfo=sheet(data)))).values()
    assert found.header == ("VM", "CPUs")
    told = list(found.read())
    assert (len(told), told[-1][0]) == (39_998, 39_999)


def test_old_and_other_formats_are_read() -> None:
    """The binary formats of Excel, and LibreOffice's: dates, spans, merged cells, blanks.

    The files are made. Others like them, looked at and not kept, are told of in the README of the
    fixtures.
    """
    found = {
        name: list(next(iter(open_export([FIXTURES / name]).tables())).read())
        for name in ("made-dates.xlsb", "made-racks.xls", "made-blanks.ods")
    }
    checked = (datetime(2024, 3, 1, 6, 30), datetime(2025, 10, 26, 18))  # noqa: DTZ001  # cells know no zones
    assert found["made-dates.xlsb"] == [
        (2, ("mail-1", date(2024, 2, 29), checked[0], 4.0, timedelta(days=10, hours=6))),
        (3, ("mail-2", date(1999, 12, 31), checked[1], 2.5, timedelta(hours=12))),
        (4, ("größe-3", "", "", True, "")),
    ]
    assert found["made-racks.xls"] == [
        (2, ("app-1", "R07", 310.5, date(2019, 2, 28), timedelta(hours=100, seconds=1230))),
        (3, ("app-2", "R07", 295, "", "")),
        (4, ("Second room", "", "", "", "")),
        (5, ("größe-3", "R11, both sides", "", "", "")),
        (6, ("app-4", "R11, both sides", "", "", "")),
    ]
    assert [cells[:2] for _, cells in found["made-blanks.ods"]] == [
        ("web-1", "two  blanks"),
        ("web-2", "five     blanks"),
        ("web-3", " one before, two after  "),
        ("web-4", ""),
        ("web-4", ""),
    ]
    assert found["made-blanks.ods"][0][1][2] == date(2024, 2, 29)


@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_a_password_is_named_as_what_it_is(ending: str) -> None:
    """Not as damage."""
    name = f"made-locked.{ending}"
    with pytest.raises(BadInputError, match=rf"{name}: .* password") as caught:
        open_export([FIXTURES / name])
    assert "save it without" in (caught.value.hint or "")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("name", ["made-errors.xlsx", "made-dates.xlsb", "made-racks.xls"])
def test_a_cut_workbook_is_an_error_which_names_it(name: str, share: float) -> None:
    """It may still be being copied."""
    content = (FIXTURES / name).read_bytes()
    with pytest.raises(BadInputError, match="cut-book"):
        list(open_files([("cut-book", content[: int(share * len(content))])]).tables())


def test_a_part_that_unpacks_to_more_than_it_says_is_refused() -> None:
    """The sizes that an archive lists cannot be believed."""
    held = parts(vInfo=sheet(rows(HEADER) + " " * (8 * MIB)))
    content = packed(held)
    real = len(held["xl/worksheets/s1.xml"]).to_bytes(4, "little")
    assert content.count(real) == 2
    with pytest.raises(BadInputError, match=r"book.xlsx.*(more than it says|damaged)"):
        tables(content.replace(real, (500).to_bytes(4, "little")))


@pytest.mark.parametrize("share", [1.0, 0.999, 1e6])
def test_a_part_that_is_said_to_lie_beyond_the_end_is_an_error(share: float) -> None:
    """Nor can the places be believed that an archive lists."""
    content = packed(parts(vInfo=sheet(rows(HEADER))))
    place = content.index(b"PK\x01\x02") + 42
    lie = int(min(share * len(content), 2**31)).to_bytes(4, "little")
    with pytest.raises(BadInputError, match=r"book.xlsx"):
        tables(content[:place] + lie + content[place + 4 :])


def test_a_workbook_that_unpacks_without_end_is_refused() -> None:
    """A part of zeros shrinks to a thousandth."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts(vInfo=sheet("")).items():
            archive.writestr(name, part)
        with archive.open("xl/media/image1.png", "w", force_zip64=True) as part:
            for _ in range(40):
                part.write(b"\0" * MIB)
    with pytest.raises(BadInputError, match=r"book.xlsx.*unpacks"):
        tables(bomb.getvalue())


def test_entities_in_a_workbook_expand_to_nothing() -> None:
    """Neither in memory nor from the disk."""
    held = parts(vInfo=sheet(rows(HEADER)))
    held["xl/workbook.xml"] = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + held["xl/workbook.xml"]
    ).replace('name="vInfo"', 'name="&b;"')
    try:
        names = list(tables(packed(held)))
    except BadInputError:
        return
    assert "a" * 30 not in names


def test_a_workbook_can_be_read_in_any_order_and_again() -> None:
    """Each reading of a sheet begins anew."""
    held = parts(
        a=sheet(rows(HEADER, text("A2", "a"))),
        b=sheet(rows(HEADER, text("A2", "b"), text("A3", "c"))),
    )
    found = tables(packed(held))
    one, other = found["b"].read(), found["a"].read()
    assert next(one) == (2, ("b", ""))
    assert next(other) == (2, ("a", ""))
    assert next(one) == (3, ("c", ""))
    assert list(found["a"].read()) == [(2, ("a", ""))]


def test_dates_come_as_dates() -> None:
    """Told by the cell's format."""
    held = parts(vInfo=sheet(rows(HEADER, text("A2", "web") + number("B2", 45000.5, 1))))
    held["xl/styles.xml"] = (
        f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22"/>'
        "</cellXfs></styleSheet>"
    )
    held["xl/_rels/workbook.xml.rels"] = held["xl/_rels/workbook.xml.rels"].replace(
        "</Relationships>",
        f'<Relationship Id="rId9" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    )
    (found,) = tables(packed(held)).values()
    assert list(found.read()) == [(2, ("web", datetime(2023, 3, 15, 12)))]  # noqa: DTZ001
