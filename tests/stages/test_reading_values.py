"""Cells are read as people and tools write them; what was not collected is unknown."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory.reading import values
from inventory.reading.table import Cell

ABSENT = ("", " ", "-", "--", "N/A", "n.a.", "unknown", "NULL", "(null)", "\u2013", None)


@pytest.mark.parametrize("cell", [*ABSENT, "-1", "-1.0", "none", "NaN", -1, -1.0, float("nan")])
def test_what_was_not_collected_is_never_a_number(cell: Cell) -> None:
    """Neither zero nor minus one."""
    assert values.whole(cell) is None
    assert values.number(cell) is None
    assert values.size(cell, 1024) is None


@pytest.mark.parametrize("cell", ABSENT)
def test_what_was_not_collected_is_no_text_no_truth_no_time(cell: Cell) -> None:
    """And a list of nothing is empty."""
    assert values.text(cell) is None
    assert values.truth(cell) is None
    assert values.moment(cell) is None
    assert values.listed(cell) == ()


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "#DIV/0!", " #value! "])
def test_a_spreadsheets_error_is_an_error(cell: str) -> None:
    """Not an absence: somebody's formula broke."""
    for read in (values.text, values.whole, values.truth, values.moment, values.listed):
        with pytest.raises(ValueError, match="error #"):
            read(cell)


@pytest.mark.parametrize(
    ("cell", "comma", "expected"),
    [
        ("4", False, 4),
        ("4.0", False, 4),
        (4.0, False, 4),
        (" +7 ", False, 7),
        ("1,024", False, 1024),
        ("1.024", True, 1024),
        ("1 024", False, 1024),
        ("1\u202f024", True, 1024),
        ("1'024", False, 1024),
        ("12,34,567", False, 1_234_567),
        ("1.024,0", True, 1024),
        ("9007199254740993", False, 9_007_199_254_740_993),
        (0, False, 0),
        ("0", False, 0),
        ("99%", False, 99),
    ],
)
def test_counts_are_read_as_they_are_written(cell: Cell, comma: bool, expected: int) -> None:  # noqa: FBT001  # pytest gives it by name
    """With whatever parts the thousands, and no digit lost."""
    assert values.whole(cell, decimal_comma=comma) == expected


@pytest.mark.parametrize(
    ("cell", "comma"),
    [
        ("four", False),
        ("4.5", False),
        (4.5, False),
        ("1.024", False),
        ("1,02", False),
        ("1,024", True),
        ("10.0.0.1", False),
        ("-4", False),
        (-4, False),
        (True, False),
        ("4 CPUs", False),
        ("0x10", False),
        ("1e3", False),
        (date(2026, 1, 1), False),
        ("9" * 400, False),
        (10**400, False),
        (1e300, False),
    ],
)
def test_what_is_no_count_is_said_to_be_none(cell: Cell, comma: bool) -> None:  # noqa: FBT001  # pytest gives it by name
    """In words for people, with what stands there."""
    with pytest.raises(ValueError, match=r"not a number|no whole number|negative|too large"):
        values.whole(cell, decimal_comma=comma)


@pytest.mark.parametrize(
    ("cell", "comma", "expected"),
    [
        ("16", False, 16 << 20),
        (16.5, False, 33 << 19),
        ("16 GB", False, 16 << 30),
        ("16GiB", False, 16 << 30),
        ("1,5 TB", True, 3 << 39),
        ("2,048 MB", False, 2 << 30),
        ("512 Mo", False, 512 << 20),
        ("512 bytes", False, 512),
        ("512K", False, 512 << 10),
        ("0", False, 0),
    ],
)
def test_sizes_come_in_bytes(cell: Cell, comma: bool, expected: int) -> None:  # noqa: FBT001  # pytest gives it by name
    """In the column's unit, unless the cell names one."""
    assert values.size(cell, 1 << 20, decimal_comma=comma) == expected


def test_bits_are_no_size() -> None:
    """``64 bit`` is not eight bytes."""
    with pytest.raises(ValueError, match="not a size"):
        values.size("64 bit", 1)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        *((each, True) for each in ("True", "YES", "y", "1", 1, 1.0, True, "Wahr", "vrai", "x")),
        *((each, False) for each in ("False", "no", "0", 0, False, "Falsch", "faux", "disabled")),
    ],
)
def test_yes_and_no_are_understood_in_several_languages(cell: Cell, expected: bool) -> None:  # noqa: FBT001  # pytest gives it by name
    """As tools write them, and people."""
    assert values.truth(cell) is expected


def test_what_is_neither_yes_nor_no_is_said_to_be_neither() -> None:
    """``maybe`` is not no."""
    with pytest.raises(ValueError, match="neither yes nor no"):
        values.truth("maybe")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("  web  \t server\x00\r\n", "web server"),
        ("a\u200bb", "a b"),
        (4.0, "4"),
        (4.5, "4.5"),
        (True, "True"),
        ("none", "none"),
        ("a\ud83db", "a b"),
        ("NA", "NA"),
        (datetime(2026, 11, 23, 7), "2026-11-23 07:00:00"),  # noqa: DTZ001  # as a sheet has it
    ],
)
def test_text_is_trimmed_and_has_no_control_characters(cell: Cell, expected: str) -> None:
    """A number is written as people would."""
    assert values.text(cell) == expected


def test_a_message_about_a_long_cell_is_short() -> None:
    """Whoever reads it wants the place, not the novel."""
    with pytest.raises(ValueError, match="not a number") as caught:
        values.number("x" * 100_000)
    assert len(str(caught.value)) < 300


def test_a_list_is_parted_and_its_empty_parts_left_out() -> None:
    """By commas, semicolons and lines, or what is asked for."""
    assert values.listed(" a, b;;c\n- \n") == ("a", "b", "c")
    assert values.listed("a, b|c", "|") == ("a, b", "c")
    assert values.listed(5.0) == ("5",)


NOON = datetime(2026, 11, 3, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-03T12:30:00Z",
        "2026-11-03 12:30",
        "2026-11-03T13:30:00.000+01:00",
        "2026/11/03 12:30:00",
        "03.11.2026 12:30",
        "03/11/2026 12:30:00 PM",
        "3-Nov-2026 12:30",
        "3 November 2026 12:30",
        "Nov 3, 2026, 12:30 PM",
        "Tue, 03 Nov 2026 12:30:00 +0000",
        "Tue Nov  3 12:30:00 UTC 2026",
        "3. Novembre 2026 12:30",
        "1793709000",
        "1793709000000",
        1793709000,
        46329.5208333333,
        "46329.5208333333",
        NOON,
        datetime(2026, 11, 3, 12, 30),  # noqa: DTZ001  # as a sheet has it
    ],
)
def test_times_are_read_however_they_are_written(cell: Cell) -> None:
    """Without a zone they are UTC."""
    assert values.moment(cell) == NOON
    assert values.moment(date(2026, 11, 3)) == datetime(2026, 11, 3, tzinfo=UTC)


def test_which_of_day_and_month_comes_first_is_asked_for_unless_it_is_plain() -> None:
    """A thirteenth month settles it."""
    assert values.moment("3/11/2026") == datetime(2026, 11, 3, tzinfo=UTC)
    assert values.moment("11/3/2026", day_first=False) == datetime(2026, 11, 3, tzinfo=UTC)
    assert values.moment("11/23/2026") == datetime(2026, 11, 23, tzinfo=UTC)
    assert values.moment("23/11/2026", day_first=False) == datetime(2026, 11, 23, tzinfo=UTC)
    assert values.moment("2026/03/11", day_first=False) == datetime(2026, 3, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    "cell", ["never", "0", 0, "1601-01-01 00:00:00", "1970-01-01T00:00:00Z", "01.01.0001", "-1"]
)
def test_a_time_that_never_was_is_unknown(cell: Cell) -> None:
    """As systems write that nothing was seen."""
    assert values.moment(cell) is None


@pytest.mark.parametrize(
    "cell",
    [
        *("yesterday", "31.02.2026", "12:30", "2026-13-45", "5", "Mon Nov 23 07:00:00 CET 2026"),
        *("1.2.3.4", "2026", True, timedelta(hours=1), time(12), 5, float("inf"), 1e300, "9" * 500),
    ],
)
def test_what_is_no_time_is_said_to_be_none(cell: Cell) -> None:
    """Rather than guessed; a zone that many places have is none either."""
    with pytest.raises(ValueError, match="time"):
        values.moment(cell)


cells = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=30),
    st.text("0123456789.,-:/ TZ%GMKB'", max_size=24),
    st.integers(),
    st.floats(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
)


@given(cell=cells, flag=st.booleans())
def test_any_cell_is_a_value_unknown_or_a_value_error(cell: Cell, flag: bool) -> None:  # noqa: FBT001  # Hypothesis gives it by name
    """No other failure comes out of a cell, and no number is negative."""
    for read in (
        lambda: values.whole(cell, decimal_comma=flag),
        lambda: values.number(cell, decimal_comma=flag),
        lambda: values.size(cell, 1024, decimal_comma=flag),
    ):
        try:
            value = read()
        except ValueError:
            continue
        assert value is None or value >= 0
    for other in (
        lambda: values.text(cell),
        lambda: values.truth(cell),
        lambda: values.moment(cell, day_first=flag),
        lambda: values.listed(cell),
    ):
        try:
            told = other()
        except ValueError:
            continue
        assert told != ""
        assert not isinstance(told, datetime) or told.tzinfo is not None
