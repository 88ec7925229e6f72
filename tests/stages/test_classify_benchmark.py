"""The benchmark of classification runs, at a small size, and its estate is what it says."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.classify import measure
from benchmarks.classify.estate import each_server
from inventory.model.facts import CPU_THREADS, OS_FAMILY, PACKAGES, PROCESSES, SERVICES


def test_a_small_estate_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every way judges every server: alone, where all differ, whole, and by several processes."""
    told = tmp_path / "figures.json"
    assert measure.main(["--servers", "100", "200", "--json", str(told)]) == 0
    figures = json.loads(told.read_text())
    assert [(each["what"], each["servers"]) for each in figures] == [
        (what, count)
        for count in (100, 200)
        for what in ("judging", "differing", "whole", "shared")
    ]
    assert {each["verdicts"] for each in figures} == {200, 400}
    assert all(each["seconds"] > 0 and each["peak_bytes"] > 0 for each in figures)
    assert "growth" in capsys.readouterr().out


def test_a_missed_aim_is_the_exit_code() -> None:
    """Nothing is judged in no time."""
    assert measure.main(["--servers", "20", "--only-judging", "--at-most", "0"]) == 1


def test_the_estate_is_the_same_each_time_and_of_the_stated_shares() -> None:
    """Two thirds Windows, two thirds asked, a tenth silent; the same number, the same server."""
    first, again = list(each_server(600)), list(each_server(600))
    assert first == again
    families = Counter(each.facts.value(OS_FAMILY) for each in first)
    assert 0.55 < families["windows"] / (families["windows"] + families["linux"]) < 0.77
    asked = sum(each.facts.value(CPU_THREADS) is not None for each in first)
    assert 0.58 < asked / len(first) < 0.72
    assert 0.05 < families[None] / len(first) < 0.15
    shared = {id(each.facts.value(PACKAGES)) for each in first}
    assert len(shared) < asked


def test_no_two_servers_are_alike_where_they_are_to_differ() -> None:
    """Packages, processes and services of each are known of no other, whatever their order."""
    servers = list(each_server(300, alike=False))
    assert servers == list(each_server(300, alike=False))
    for key in (PACKAGES, PROCESSES, SERVICES):
        told = [frozenset(value) for each in servers if (value := each.facts.value(key))]
        assert len(told) == len(set(told)) > 100
