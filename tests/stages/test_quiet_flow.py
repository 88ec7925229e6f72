"""Quiet over a cycle, from discovery's looks to the gate: a stray client is caught and named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from inventory.model.target import Target
from migrate.casefile import case_of
from migrate.gate import satisfied
from migrate.model.evidence import CheckResult, Outcome
from migrate.selection import one_move
from migrate.stages import plan, test
from tests.stages.workbenches import Scene, scene

PLAYBOOK = """\
title: quiet for a month
stages:
  - name: quiet
    help: nobody used the old server for a month
    valid_for: 2d
    checks:
      - check: quiet-over-cycle
        with: {cycle: month, most_hours_between_looks: 48}
"""
ESTABLISHED = b"tcp   ESTAB  0      0      10.77.0.11:80    10.77.0.99:40000\n"


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Scene]:
    """Give a scene in which web-1 is planned by a playbook that wants a quiet month."""
    with scene(tmp_path) as made:
        (tmp_path / "playbooks" / "month.yaml").write_text(PLAYBOOK)
        moves = (replace(made.bench.estate.moves[0], playbook="month"),)
        made.bench = replace(made.bench, estate=replace(made.bench.estate, moves=moves))
        plan.run(made.bench)
        yield made


def look(made: Scene, days: float, every_hours: float = 40) -> None:
    """Let discovery look at web-1 so often, for so long."""
    for _ in range(int(days * 24 / every_hours)):
        made.clock.now += timedelta(hours=every_hours)
        made.bench.ask([Target.parse(f"recorded://{made.sources['web-1']}")], command="discover")


def result(made: Scene) -> CheckResult:
    """Run the check now."""
    proof = test.run(made.bench, one_move(made.bench.store, "web-1"), "quiet")
    return proof.evidence[0].result


def is_quiet(made: Scene) -> bool:
    """Tell whether the gate counts it."""
    playbook = made.bench.shelf.read("month")
    stage = playbook.stage("quiet")
    assert stage is not None
    case = case_of(made.bench, one_move(made.bench.store, "web-1"), playbook)
    return satisfied(case, stage).allowed


def test_a_month_of_looks_makes_quiet_and_one_stray_client_unmakes_it(web: Scene) -> None:
    """Too short first; then quiet; a client between, gone again by now, is remembered."""
    look(web, 30)
    first = result(web)
    assert first.outcome is Outcome.UNKNOWN
    assert "only since 2026-11-23" in first.detail
    assert not is_quiet(web)
    look(web, 6)
    assert result(web).outcome is Outcome.PASSED
    assert is_quiet(web)
    quiet = web.sources["web-1"].read_bytes()
    heading = next(line for line in quiet.splitlines(keepends=True) if b"Local Address" in line)
    web.say("web-1", lambda said: said.replace(heading, heading + ESTABLISHED))
    look(web, 2)
    web.say("web-1", lambda _said: quiet)
    look(web, 4)
    caught = result(web)
    assert caught.outcome is Outcome.FAILED
    assert "10.77.0.99, outside the estate, on 80/tcp" in caught.detail
    assert not is_quiet(web)
