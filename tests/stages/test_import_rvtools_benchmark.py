"""The benchmarks of imports run, at a small size, and tell when an aim is missed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.imports import dependencies, workbook


def test_a_small_workbook_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All cells are read by the one, all servers and hypervisors told by the other."""
    told = tmp_path / "figures.json"
    assert workbook.main(["--servers", "20", "--rounds", "1", "--json", str(told)]) == 0
    figures = json.loads(told.read_text())
    assert figures["decant"]["count"] == 20 + 1
    assert figures["calamine"]["count"] > 20 * 200
    assert figures["decant"]["peak_bytes"] > 0
    assert "20 servers" in capsys.readouterr().out


def test_a_small_file_of_dependencies_is_measured(tmp_path: Path) -> None:
    """Each row is read by the one; the other tells of each dependency once."""
    told = tmp_path / "figures.json"
    assert dependencies.main(["--rows", "9600", "--rounds", "1", "--json", str(told)]) == 0
    figures = json.loads(told.read_text())
    assert figures["csv.reader"]["count"] == 9600 + 1
    assert 0 < figures["decant"]["count"] < 9600


def test_a_missed_aim_is_the_exit_code() -> None:
    """Nothing is read in no time."""
    assert workbook.main(["--servers", "5", "--rounds", "1", "--at-most", "0"]) == 1
