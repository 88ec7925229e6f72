"""Every check of a cloud was judged by what a real one once said, or it is told why not."""

from __future__ import annotations

from recorded_coverage import NOT_JUDGED, asked, expected, judged, table


def test_what_no_recording_judges_has_a_reason() -> None:
    """A check that asks a cloud has an expectation on a recording, or a reason for having none."""
    assert asked() - judged() == NOT_JUDGED.keys() - judged()


def test_reasons_do_not_outlive_what_they_excuse() -> None:
    """A reason goes once a recording judges what it excused."""
    assert not NOT_JUDGED.keys() & judged()


def test_each_expectation_is_of_something_that_asks_clouds() -> None:
    """A name that no check has would be counted for nothing; each argues from its recording."""
    names = {name for _, name in asked()}
    assert [each for _, each in expected() if each.judges not in names or not each.why] == []


def test_the_table_has_a_row_for_each() -> None:
    """What is claimed of recordings is read off the expectations."""
    assert len(table().splitlines()) == 2 + len({name for _, name in asked()})
