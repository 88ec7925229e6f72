"""Delimited text is read as it was meant, whatever wrote it."""

from __future__ import annotations

import csv
import gzip
import io

import pytest

from inventory.errors import BadInputError
from inventory.reading.export import Kind
from inventory.reading.opening import open_files
from inventory.reading.table import Table

SERVERS = 'Name;CPUs;Größe\nweb-1;4;1,5\n\n;;\n"app\n1";2;0,5\ndb-1;3;1.024,5\n'
READ = [(2, ("web-1", "4", "1,5")), (5, ("app\n1", "2", "0,5")), (6, ("db-1", "3", "1.024,5"))]


def table(content: bytes | str, name: str = "servers.csv") -> Table:
    """Return the one table of a file."""
    held = content.encode() if isinstance(content, str) else content
    (file,) = open_files([(name, held)]).files
    assert file.kind is Kind.DELIMITED
    (found,) = file.tables()
    return found


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_common_encoding_and_end_of_line_says_the_same(encoding: str, ending: str) -> None:
    """With a byte-order mark and without, and with a line within a cell."""
    found = table(SERVERS.replace("\n", ending).encode(encoding))
    assert found.header == ("Name", "CPUs", "Größe")
    told = [
        (row, tuple(str(cell).replace(ending, "\n") for cell in cells))
        for row, cells in found.read()
    ]
    # A lone carriage return before a blank line reads as one end of a line of Windows.
    assert told == READ
    assert found.decimal_comma


def test_bytes_that_are_no_utf8_are_read_as_western_windows() -> None:
    """A file that is half UTF-8 and half cp1252 is read, each part as what it is."""
    found = table("Name,Ort\nä,Köln\n".encode() + "ß,Fürth\n\x81,€\n".encode("latin-1", "replace"))
    assert [cells for _, cells in found.read()][:2] == [("ä", "Köln"), ("ß", "Fürth")]
    euro = table(b"Name,Sign\na,\x80\x81\n")
    assert next(iter(euro.read()))[1] == ("a", "€\x81")


def test_files_put_one_after_the_other_are_one_table() -> None:
    """Marks in the midst vanish, even within a chunk's edge, and so do headers that come again."""
    one = b'\xef\xbb\xbf"Name",CPUs\r\na,1\r\n'
    two = b'\xef\xbb\xbf"Name",CPUs\r\nb,2\r\n'
    assert [row for _, row in table(one + two).read()] == [("a", "1"), ("b", "2")]
    # Files are read by 64 KiB, then by 1 MiB: the mark lies on the edge.
    for size in range((1 << 16) - 3, (1 << 16) + 1):
        filler = b"x" * (size - len(one) - 3) + b",1\n"
        read = table(one + filler + b'\xef\xbb\xbf"c",3\n').read()
        assert [(str(name)[:1], cpus) for _, (name, cpus) in read] == [
            ("a", "1"),
            ("x", "1"),
            ("c", "3"),
        ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_by_the_rows(delimiter: str) -> None:
    """Commas in numbers and in lists do not mislead."""
    rows = [("Name", "Load", "IPs"), ("web", "1,5", "10.0.0.1, 10.0.0.2"), ("db", "0,5", "a;b|c")]
    held = io.StringIO()
    csv.writer(held, delimiter=delimiter).writerows(rows)
    assert [tuple(cells) for _, cells in table(held.getvalue()).read()] == rows[1:]


def test_a_first_line_that_declares_the_delimiter_is_obeyed() -> None:
    """As Excel writes it; the rows keep their numbers."""
    found = table("sep=|\r\nName|A,B\r\nweb|1,2\r\n")
    assert (found.header, list(found.read())) == (("Name", "A,B"), [(3, ("web", "1,2"))])


def test_titles_above_the_header_are_passed_over() -> None:
    """The header is the first row as wide as the table that is made of words."""
    found = table(
        "Server report,,,\nMade on,2026-11-23,,\n,,,\nName,IP,OS,CPUs\nweb,10.0.0.1,Debian,4\n"
    )
    assert found.header == ("Name", "IP", "OS", "CPUs")
    assert list(found.read()) == [(5, ("web", "10.0.0.1", "Debian", "4"))]


def test_of_two_columns_with_one_title_the_first_counts() -> None:
    """And titles are found whatever their case and punctuation."""
    found = table("Name,IP Address,ip_address\na,1.1.1.1,2.2.2.2\n")
    assert found.place("IP-ADDRESS") == 1
    assert found.place("nothing", "name") == 0
    assert found.place("nothing") is None


def test_short_rows_are_filled_up_and_blank_ones_left_out() -> None:
    """So that a column can be looked up without asking how long the row is."""
    assert list(table("A,B,C\n1\n,,\n  \n1,2,3\n").read()) == [
        (2, ("1", "", "")),
        (4, ("  ", "", "")),
        (5, ("1", "2", "3")),
    ]


def test_a_column_alone_is_a_table_only_when_the_name_says_so() -> None:
    """A list of names is CSV when it is called so, and text otherwise."""
    assert table("name\nweb-1\nweb-2\n").header == ("name",)
    (file,) = open_files([("hosts", b"web-1\nweb-2\n")]).files
    assert file.kind is Kind.TEXT
    assert list(file.tables()) == []
    assert list(file.lines()) == ["web-1", "web-2"]


@pytest.mark.parametrize(
    ("column", "comma"),
    [
        (("1.5", "2"), False),
        (("1,024.5", "2"), False),
        (("1.024,5", "2"), True),
        (("1,5", "2"), True),
        (("0,123", "2"), True),
        (("0.123", "2"), False),
        (("1,024", "2"), False),
        (("10.0.0.1", "2"), False),
    ],
)
def test_how_numbers_are_written_is_told_for_the_whole_table(
    column: tuple[str, ...],
    comma: bool,  # noqa: FBT001  # pytest gives it by name
) -> None:
    """By the cells that can be read in one way alone."""
    rows = "".join(f"web\t{cell}\n" for cell in column)
    assert table(f"Name\tNumber\n{rows}").decimal_comma is comma


def test_nuls_are_left_out() -> None:
    """As some tools pad with them."""
    assert list(table(b"Name,CPUs\nwe\0b,4\n\0\0\0\0").read()) == [(2, ("web", "4"))]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('A,B\n1,2\n"3,4\n5,6\n', "not closed"),
        ("A,B,C\n1,2,3\n4,5,6\n7,8", "within row 4"),
        ("A,B\n1," + "x" * 140_000 + "\n", "field larger"),
    ],
)
def test_a_file_that_is_cut_or_mad_is_an_error_which_names_it(content: str, says: str) -> None:
    """A file that is still being written does not pass for a whole one."""
    with pytest.raises(BadInputError, match=f"servers.csv.*{says}"):
        list(table(content).read())


def test_a_line_without_end_does_not_fill_the_memory() -> None:
    """A packed file of nothing but one letter is refused when it has unpacked too much."""
    bomb = gzip.compress(b"a" * (40 << 20))
    with pytest.raises(BadInputError, match="unpacks to far more"):
        list(open_files([("bomb.csv.gz", bomb)]).files[0].lines())


def test_a_table_can_be_read_again() -> None:
    """Each reading begins anew."""
    found = table("A,B\n1,2\n")
    assert list(found.read()) == list(found.read()) == [(2, ("1", "2"))]
