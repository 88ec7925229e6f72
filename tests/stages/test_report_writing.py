"""A report is found by name, told in a format that it has, and lands in its file whole."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest

from inventory.errors import BadInputError, UsageError
from migrate.model.verdict import Axis, Readiness
from migrate.policy import Policy, Treatment, read_policy
from migrate.publish import publish
from migrate.stages.report import choose, reports


def test_an_unknown_report_is_answered_with_those_that_exist() -> None:
    """The hint names them."""
    with pytest.raises(UsageError, match="there is no report 'savings'") as caught:
        choose(reports(), "savings", "html")
    assert caught.value.hint
    assert "readiness" in caught.value.hint


def test_an_unknown_format_is_answered_with_those_that_the_report_has() -> None:
    """The hint names them."""
    with pytest.raises(UsageError, match="no format 'docx'") as caught:
        choose(reports(), "readiness", "docx")
    assert caught.value.hint == "it has: html, json, csv"


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """The new text stands where the old one was, and nothing is left beside it."""
    path = tmp_path / "report.html"
    path.write_text("old")
    assert publish(path, "new\r\n") == path
    assert path.read_bytes() == b"new\r\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """What cannot be put into place leaves what was there, and no rest."""
    path = tmp_path / f"{'x' * 250}.htm"
    path.write_text("old")
    with pytest.raises(BadInputError, match=r"cannot write .*: File name too long"):
        publish(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_is_not_overwritten(tmp_path: Path) -> None:
    """It is refused with what to name instead."""
    with pytest.raises(UsageError, match="is a folder") as caught:
        publish(tmp_path, "text")
    assert caught.value.hint


def test_a_device_is_not_overwritten() -> None:
    """Only files are replaced."""
    with pytest.raises(UsageError, match="is not a file"):
        publish(Path(os.devnull), "text")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """It is not made: a typing error would make a folder nobody looks into."""
    with pytest.raises(UsageError, match=f"there is no folder {tmp_path}/reports"):
        publish(tmp_path / "reports" / "report.html", "text")


def test_an_empty_policy_is_the_default() -> None:
    """Blockers on fit and move fail; what is unknown is told as unknown."""
    assert read_policy({}) == Policy()
    assert Policy().fail_on == {Readiness.NOT_READY}
    assert Policy().axes == {Axis.FIT, Axis.MOVE}
    assert Policy().unknown is Treatment.UNKNOWN


def test_a_policy_is_read_as_it_stands() -> None:
    """Every field of the table has its place."""
    table = {
        "fail_on": ["not ready", "ready with conditions"],
        "axes": ["support"],
        "unknown": "fail",
        "unreachable": "warn",
        "stale": "fail",
        "max_age_days": 7,
    }
    assert read_policy(table) == Policy(
        fail_on=frozenset({Readiness.NOT_READY, Readiness.CONDITIONS}),
        axes=frozenset({Axis.SUPPORT}),
        unknown=Treatment.FAIL,
        unreachable=Treatment.WARN,
        stale=Treatment.FAIL,
        max_age=timedelta(days=7),
    )
