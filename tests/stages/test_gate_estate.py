"""Who owns a server is part of what was decided: to take an owner away opens nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from migrate.selection import one_move
from migrate.stages import approve, decommission, plan, test
from tests.stages.workbenches import Scene, own_key, scene


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Scene]:
    """Give a scene in which all is proved, and one of two partners has agreed."""
    with scene(tmp_path) as made:
        plan.run(made.bench)
        move = one_move(made.bench.store, "web-1")
        test.run(made.bench, move, "test")
        approve.run(made.bench, move, person="Ann", sign=own_key)
        test.run(made.bench, move, "quiet")
        yield made


def test_taking_a_partner_out_of_the_estate_voids_what_was_proved(web: Scene) -> None:
    """Else whoever may edit decant.toml could do without the other partner's word."""
    estate = web.bench.estate
    bench = replace(web.bench, estate=replace(estate, partners=estate.partners[:1]))
    departure = decommission.run(bench, one_move(bench.store, "web-1"), apply=True)
    assert departure.decision is not None
    reasons = [each.why for each in departure.decision.refusals]
    assert any("the playbook or the plan changed since: plan" in each for each in reasons)
    assert web.switch.pressed == 0
