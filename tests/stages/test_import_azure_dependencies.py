"""Azure Migrate's dependency export: what is summed, when it was seen, what is said of the rest.

The files are made, in the shape of a row that Azure Migrate wrote in July 2026 (slots such as
``7/28/2026 12:00-18:00``, names empty where it knew addresses alone). One sample that others wrote
(https://github.com/shabbirnkhan1/azure-migrate-move-group-planner, dependency-export-sample.csv at
72f1bc3, MIT) was looked at on 2026-11-23: its 5 rows gave 5 uses between 8 servers, nothing left
out, nothing unread.
"""

from __future__ import annotations

import csv
import random
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from inventory.errors import BadInputError
from inventory.importers._azure_slots import Slot, day_is_first, slot_of
from inventory.importers.azure_migrate_dependencies import IMPORTER
from inventory.model.facts import HOSTNAME, INTERFACES
from inventory.model.imported import ConnectionRecord, Item, LeftOut, ServerRecord, Unread
from inventory.model.importer import CERTAIN, NO
from inventory.reading.opening import open_export, open_files

HEADER = (
    "Time slot,Source server name,Source IP,Source application,Source process,"
    "Destination server name,Destination IP,Destination application,Destination process,"
    "Destination port"
)
USE = "{slot},{client},{at},Shop,nginx,{server},{to},SQL Server,{by},{port}"


FIXTURE = Path(__file__).parent.parent / "fixtures/imports/azure-migrate/made-dependencies.csv"


def _read(*contents: str) -> list[Item]:
    files = [(f"d{number}.csv", text.encode()) for number, text in enumerate(contents)]
    return list(IMPORTER.read(open_files(files)))


def _csv(*rows: str) -> str:
    return "\r\n".join((HEADER, *rows)) + "\r\n"


def _row(**changes: str) -> str:
    usual = {
        "slot": "7/28/2026 12:00-18:00",
        "client": "web-1",
        "at": "10.0.0.4",
        "server": "db-1",
        "to": "10.0.0.5",
        "by": "sqlservr.exe",
        "port": "1433",
    }
    return USE.format(**usual | changes)


def _connections(items: list[Item]) -> list[ConnectionRecord]:
    return [each for each in items if isinstance(each, ConnectionRecord)]


def _made(rows: int) -> str:
    pick = random.Random(4)
    return _csv(
        *(
            _row(
                slot=f"7/{pick.randint(1, 28)}/2026 {pick.choice(('00:00-06:00', '18:00-24:00'))}",
                client=pick.choice(("", "web-1", "web-2", "app-1")),
                at=f"10.0.0.{pick.randint(1, 4)}",
                server=pick.choice(("db-1", "db-2")),
                to=f"10.0.1.{pick.randint(1, 3)}",
                port=str(pick.choice((443, 1433, 5432))),
            )
            for _ in range(rows)
        )
    )


def test_an_export_without_the_sources_addresses_is_read_whole() -> None:
    """Each of its rows is a use, between the servers that it names, and nothing is unread.

    So it was with the sample that this module tells of, and its times are moments without an end.
    """
    rows = list(csv.DictReader(FIXTURE.read_text().splitlines()))
    assert len(rows) == 5
    export = open_export([FIXTURE])
    assert IMPORTER.recognise(export) == CERTAIN
    items = list(IMPORTER.read(export))
    assert [
        (
            each.first_seen,
            each.client_key,
            each.client_process,
            each.server_key,
            each.server_address,
            each.port,
        )
        for each in _connections(items)
    ] == [
        (
            datetime.fromisoformat(row["Timeslot"]).replace(tzinfo=UTC),
            row["Source server name"],
            row["Source process"],
            row["Destination server name"],
            row["Destination IP"],
            int(row["Destination port"]),
        )
        for row in rows
    ]
    named = {row[f"{end} server name"] for row in rows for end in ("Source", "Destination")}
    assert {each.name for each in items if isinstance(each, ServerRecord)} == named
    assert len(named) == 7
    assert len(items) == 5 + 7


def test_it_counts_what_a_plain_reader_counts() -> None:
    """Uses, rows and servers are those that Python's csv finds, none more and none less."""
    text = _made(3000)
    rows = list(csv.DictReader(text.splitlines()))
    columns = ("Source server name", "Source IP", "Destination server name", "Destination IP")
    uses = {(*(row[each] for each in columns), row["Destination port"]) for row in rows}
    servers = {row[each] for row in rows for each in (columns[0], columns[2])} - {""}
    items = _read(text)
    found = _connections(items)
    assert {
        (
            each.client_key or "",
            each.client_address,
            each.server_key,
            each.server_address,
            str(each.port),
        )
        for each in found
    } == uses
    assert len(found) == len(uses)
    assert sum(each.looks for each in found) == len(rows)
    assert {each.key for each in items if isinstance(each, ServerRecord)} == servers
    assert len(items) == len(found) + len(servers)


def test_the_rows_of_a_use_are_summed_over_files_and_slots() -> None:
    """It was first seen when the earliest slot began, and last when the latest ended."""
    (use,) = _connections(
        _read(
            _csv(
                _row(slot="7/28/2026 12:00-18:00"),
                _row(slot="7/27/2026 06:00-12:00"),
                _row(slot="", client="WEB-1"),
            ),
            _csv(_row(slot="7/28/2026 18:00-24:00")),
        )
    )
    assert use.looks == 4
    assert use.first_seen == datetime(2026, 7, 27, 6, tzinfo=UTC)
    assert use.last_seen == datetime(2026, 7, 29, tzinfo=UTC)


def test_a_use_without_a_slot_was_seen_at_no_known_time() -> None:
    """No time is made up: neither now nor 1970."""
    (use,) = _connections(_read(_csv(_row(slot=""))))
    assert use.first_seen is None
    assert use.last_seen is None


def test_a_slot_that_is_none_is_told_once_and_its_uses_are_kept() -> None:
    """A thousand rows with one wrong slot are a single complaint."""
    items = _read(_csv(_row(slot="some day"), _row(slot="some day", port="443")))
    (unread,) = [each for each in items if isinstance(each, Unread)]
    assert "some day" in unread.why
    assert unread.where.row == 2
    assert len(_connections(items)) == 2


def test_servers_are_named_with_the_addresses_that_they_were_seen_by() -> None:
    """All addresses of one name come together; what loops back is nobody's address."""
    items = _read(_csv(_row(), _row(to="10.0.0.6"), _row(server="127-only", to="127.0.0.1")))
    records = {each.key: each for each in items if isinstance(each, ServerRecord)}
    told = {each.observation.key: each.observation.fact for each in records["db-1"].stated}
    assert told[HOSTNAME].value == "db-1"
    assert told[INTERFACES].value[0].addresses == ("10.0.0.5", "10.0.0.6")
    assert INTERFACES not in {each.observation.key for each in records["127-only"].stated}
    assert [each.what for each in items if isinstance(each, LeftOut)] == [
        "connection within one server"
    ]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"port": ""}, "port is empty"),
        ({"port": "0"}, "port is 0"),
        ({"port": "70000"}, "port is 70000"),
        ({"port": "https"}, "not a number"),
        ({"to": "10.0.0.999"}, "10.0.0.999"),
        ({"client": "", "at": ""}, "neither name nor address of the source"),
        ({"server": "", "to": "-"}, "neither name nor address of the destination"),
    ],
)
def test_a_row_that_cannot_be_read_is_told_and_the_others_are_taken(
    changes: dict[str, str], why: str
) -> None:
    """The reason names what is wrong, and how many rows are wrong alike."""
    items = _read(_csv(_row(**changes), _row(), _row(**changes)))
    (unread,) = [each for each in items if isinstance(each, Unread)]
    assert why in unread.why
    assert "rows of this kind: 2" in unread.why
    assert len(_connections(items)) == 1


def test_what_came_before_a_break_is_kept() -> None:
    """An export that was cut is told of, and is not lost."""
    cut = _csv(*(_row(port=str(port)) for port in range(1, 2001))) + '7/28/2026 12:00-18:00,"web'
    items = _read(cut)
    assert len(_connections(items)) == 2000
    assert sum(isinstance(each, Unread) for each in items) == 1


def test_a_damaged_file_costs_no_other() -> None:
    """It is told of; only when there is no other, the import fails."""
    damaged = HEADER + '\n7/28/2026 12:00-18:00,"web'
    items = _read(damaged, _csv(_row()))
    assert len(_connections(items)) == 1
    assert [each.where.file for each in items if isinstance(each, Unread)] == ["d0.csv"]
    with pytest.raises(BadInputError, match="not closed"):
        _read(damaged)


def test_an_unknown_process_is_none() -> None:
    """The portal's words for not knowing are not a process's name."""
    (use,) = _connections(_read(_csv(_row(by="Unknown process"))))
    assert use.server_process is None
    assert use.client_process == "nginx"


def test_other_tables_are_not_taken_for_dependencies() -> None:
    """A table that tells no port tells no use of a service."""
    text = "Date,Source Server Name,Destination Server Name,Connection Count\n16-Jul-2026,a,b,7\n"
    export = open_files([("d.csv", text.encode())])
    assert IMPORTER.recognise(export) == NO
    with pytest.raises(BadInputError, match="no dependencies"):
        list(IMPORTER.read(export))


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("7/28/2026 12:00-18:00", (2026, 7, 28, 12), (2026, 7, 28, 18)),
        ("7/4/2026 18:00-00:00", (2026, 7, 4, 18), (2026, 7, 5)),
        ("7/4/2026 12:00 PM - 6:00 PM", (2026, 7, 4, 12), (2026, 7, 4, 18)),
        ("2026-09-10 06:00", (2026, 9, 10, 6), (2026, 9, 10, 6)),
        ("2026-08-21..2026-09-20", (2026, 8, 21), (2026, 9, 20)),
        ("2026-09-10T00:00:00Z - 2026-09-10T06:00:00Z", (2026, 9, 10), (2026, 9, 10, 6)),
        ("16-Jul-2026", (2026, 7, 16), (2026, 7, 16)),
    ],
)
def test_slots_are_understood(text: str, begin: tuple[int, ...], end: tuple[int, ...]) -> None:
    """As the portal and its users write them."""
    assert slot_of(text, day_first=False) == Slot(
        begin=datetime(*begin, tzinfo=UTC),
        end=datetime(*end, tzinfo=UTC),
    )


def test_the_day_is_first_where_the_file_shows_it() -> None:
    """A date that can be read in one way alone tells how the others are meant."""
    assert day_is_first("1/07/2026 00:00-06:00,a\n28/07/2026 00:00-06:00,a")
    assert not day_is_first("1/07/2026 00:00-06:00,a\n7/28/2026 00:00-06:00,a")
    assert not day_is_first("1/07/2026")


def test_memory_grows_with_the_uses_and_not_with_the_rows() -> None:
    """Twenty times as many rows of the same uses take no more than one and a half times as much."""
    peaks = []
    for rows in (2_000, 40_000):
        export = open_files([("d.csv", _made(rows).encode())])
        tracemalloc.start()
        assert list(IMPORTER.read(export))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0] + (4 << 20)
