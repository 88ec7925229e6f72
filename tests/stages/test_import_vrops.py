"""Aria Operations: averages stay averages, peaks peaks, and nothing is made up."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from inventory.errors import BadInputError
from inventory.importers.vrops import IMPORTER
from inventory.model.fact import Known
from inventory.model.imported import Item, LeftOut, ServerRecord, Unread
from inventory.model.placement import CONFIGURED_CPUS, POWER, Power
from inventory.model.utilisation import UTILISATION_TOLD, Level, ToldUtilisation
from inventory.reading.opening import open_files

FIRST = datetime(2026, 7, 21, tzinfo=UTC)


def read(text: str) -> list[Item]:
    """Import one view."""
    return list(IMPORTER.read(open_files([("view.csv", text.encode())])))


def example(number: int) -> list[Item]:
    """Import one of the examples."""
    return list(IMPORTER.read(open_files(IMPORTER.examples[number].files)))


def value(items: list[Item], name: str, key: object) -> object:
    """Return what is stated of a server under a key."""
    (record,) = (each for each in items if isinstance(each, ServerRecord) and each.name == name)
    facts = [each.observation.fact for each in record.stated if each.observation.key is key]
    (fact,) = facts
    assert isinstance(fact, Known)
    return fact.value


def told(items: list[Item], name: str) -> ToldUtilisation:
    """Return how busy a server was."""
    found = value(items, name, UTILISATION_TOLD)
    assert isinstance(found, tuple)
    (one,) = found
    assert isinstance(one, ToldUtilisation)
    return one


def unread(items: list[Item]) -> list[str]:
    """Return what could not be understood."""
    return [each.why for each in items if isinstance(each, Unread)]


def test_intervals_are_summed_up() -> None:
    """The mean of the averages, the highest peak, the window from first to last; KB are KiB."""
    items = example(0)
    alpha = told(items, "server, alpha")
    assert alpha.cpu_percent == Level(mean=15.5, maximum=44)
    assert alpha.memory_used_bytes == Level(mean=1.5 * (1 << 30))
    assert (alpha.since, alpha.until) == (FIRST, FIRST + timedelta(hours=2))
    assert value(items, "server, alpha", CONFIGURED_CPUS) == 4


def test_what_was_not_collected_is_not_zero() -> None:
    """A dash and an empty cell leave the measure out; a unit beside the number is heeded."""
    two = told(example(0), "web-2")
    assert two.cpu_percent is None
    assert two.memory_used_bytes == Level(mean=1.5 * (1 << 30))
    assert two.until is None


def test_an_interval_told_twice_counts_once() -> None:
    """A view of overlapping windows is told as it is, and does not shift the average."""
    assert unread(example(0)) == [
        "a second row of server, alpha for 2026-07-21 01:00:00+00:00",
        "VM|CPU|Usage (%)|Avg: '12 widgets' is not a number",
    ]


def test_megahertz_say_nothing_of_a_share() -> None:
    """Demand in MHz is no utilisation as long as nobody says of how many."""
    assert "Demand" not in repr(example(0))


def test_a_view_without_times_says_only_what_its_columns_say() -> None:
    """One row a server: averages and peaks; a bare metric may be either and is not taken."""
    items = example(1)
    one = told(items, "db-1")
    assert one.cpu_percent == Level(mean=35.2, maximum=98.1)
    assert one.disk_read_bytes_per_second == Level(mean=120 * 1024)
    assert one.network_received_bytes_per_second == Level(mean=12 * 1024)
    assert (one.memory_percent, one.since, one.until) == (None, None, None)
    assert unread(items) == [
        "Memory|Usage (%): whether it is an average or a peak is not said, nor when it was so"
    ]


def test_a_server_that_is_off_is_a_server() -> None:
    """It has no numbers, and none are made up."""
    items = example(1)
    assert value(items, "db-2", POWER) is Power.OFF
    (record,) = (e for e in items if isinstance(e, ServerRecord) and e.name == "db-2")
    assert all(each.observation.key is not UTILISATION_TOLD for each in record.stated)


def test_a_size_without_a_unit_is_not_taken() -> None:
    """The same metric comes in KB and in MB: where neither title nor cell tells, it is unknown."""
    items = read(
        '"Name","Interval Breakdown","VM|Memory|Utilization|Avg"\n'
        'a,12:00 AM 21 July 2026,"541,147.19"\na,1:00 AM 21 July 2026,"541,147.19"\n'
    )
    assert unread(items) == ["VM|Memory|Utilization|Avg: no unit is said"]
    assert "ToldUtilisation" not in repr(items)


def test_a_real_view_that_holds_nothing_but_megahertz() -> None:
    """Its server is known, and not how busy it was.

    The titles and the way of writing are those of exports of Aria Operations 8.18.7, which cannot
    be kept for want of a licence: https://github.com/spiral023/rvtools-analyzer, commit
    29100459904e4b28613fc82245fee2ec87914a48, "7-28-26 Asa RVTools Analyzer VM vSphere World.csv"
    (168 rows of one virtual machine) and "… Host vSphere World.csv" (168 rows a hypervisor).
    """
    hours = [f"{hour % 12 or 12}:00 {'AM' if hour < 12 else 'PM'}" for hour in range(24)]
    rows = [
        f'"servername1","{at} {day} July 2026","1,546.6","0.44"'
        for day in range(21, 28)
        for at in hours
    ]
    title = '"Name","Interval Breakdown","VM|CPU|Demand (MHz)|Avg","VM|CPU|Ready (%)|Max"'
    items = read("\n".join((title, *rows)))
    assert [each.name for each in items if isinstance(each, ServerRecord)] == ["servername1"]
    assert len(items) == 1
    assert "ToldUtilisation" not in repr(items)


def test_hypervisors_and_clusters_are_left_out() -> None:
    """Each once, whatever its view tells of it."""
    assert [(each.what, each.name) for each in example(2) if isinstance(each, LeftOut)] == [
        ("hypervisor", "esx-1")
    ]


def test_a_week_of_hours_for_a_hundred_servers() -> None:
    """16,800 rows: the figures are those that another way of counting gives."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(("Name", "Interval Breakdown", "VM|CPU|Usage (%)|Avg", "VM|CPU|Usage (%)|Max"))
    hours = [FIRST + timedelta(hours=hour) for hour in range(168)]
    for number in range(100):
        writer.writerows(
            (f"vm-{number}", at.isoformat(), number % 7 + at.hour, number % 7 + at.day)
            for at in hours
        )
    items = read(written.getvalue())
    assert len(items) == 100
    for number in (0, 6, 99):
        one = told(items, f"vm-{number}")
        mean = number % 7 + sum(at.hour for at in hours) / len(hours)
        assert one.cpu_percent == Level(mean=mean, maximum=number % 7 + 27)
        assert (one.since, one.until) == (hours[0], hours[-1] + timedelta(hours=1))


def test_percentiles_and_minima_are_no_averages() -> None:
    """A column of another transformation is passed over."""
    items = read('"Name","VM|CPU|Usage (%)|95th Percentile","VM|CPU|Usage (%)|Min"\na,90,1\n')
    assert "UTILISATION" not in repr(items)
    (record,) = (each for each in items if isinstance(each, ServerRecord))
    assert len(record.stated) == 1


def test_any_other_table_is_refused() -> None:
    """Nothing understood is an error."""
    with pytest.raises(BadInputError, match="no view of Aria Operations"):
        read("Name,Owner\na,b\n")
