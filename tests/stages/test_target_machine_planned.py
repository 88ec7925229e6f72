"""What was planned for a new server is read from the latest verdict on the move's destination."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cost_samples import NOW, server, verdict
from sights import SaidClouds, move

from inventory.model.fact import Reason, Unknown
from inventory.store.opening import open_store
from inventory.store.store import Store
from migrate.model.evidence import Outcome
from migrate.model.plan import Destination
from migrate.model.planned import Planned
from migrate.model.target_size import Capacity
from migrate.model.verdict import Cloud
from migrate.planned import planned
from migrate.records import save_verdicts
from migrate.selection import one_move
from migrate.stages import plan, test
from tests.stages.workbenches import RUNNING, scene

PLAYBOOK = """\
title: what was planned must be there
stages:
  - name: test
    help: the new server is as large as planned
    valid_for: 14d
    checks:
      - check: target-right-size
"""
LEAVING = replace(move(), server_id="id-web-1")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Return an empty store."""
    with open_store(f"sqlite:///{tmp_path / 'decant.db'}") as opened:
        yield opened


def test_the_verdict_on_the_destination_is_what_was_planned(store: Store) -> None:
    """Of verdicts on both clouds, only the one on where the server goes counts."""
    web = server("web-1")
    save_verdicts(store, [verdict(web), verdict(web, Cloud.AZURE)], at=NOW)
    found = planned(store, replace(LEAVING, to=Destination.AZURE))
    assert isinstance(found, Planned)
    assert (found.size, found.region) == ("Standard_D4as_v5", "uksouth")
    assert (found.vcpus, found.memory_bytes) == (4, 16 * 1024**3)
    assert found.monthly_cost_pence == 301


def test_the_latest_verdict_counts(store: Store) -> None:
    """A server that was classified anew is planned by the newer verdict."""
    first = verdict(server("web-1"))
    assert first.size
    save_verdicts(store, [first], at=NOW)
    grown = replace(first, size=replace(first.size, name="m6a.2xlarge", vcpus=8))
    save_verdicts(store, [grown], at=NOW + timedelta(days=1))
    found = planned(store, LEAVING)
    assert isinstance(found, Planned)
    assert (found.size, found.vcpus) == ("m6a.2xlarge", 8)


def test_nothing_planned_is_unknown_with_its_reason(store: Store) -> None:
    """Never classified, no size found, and a destination without sizes are told apart."""
    never = planned(store, LEAVING)
    save_verdicts(store, [verdict(server("web-1"), sized=False)], at=NOW)
    no_size = planned(store, LEAVING)
    elsewhere = planned(store, replace(LEAVING, to=Destination.SAAS))
    assert isinstance(never, Unknown)
    assert isinstance(no_size, Unknown)
    assert isinstance(elsewhere, Unknown)
    assert (never.reason, "decant classify" in never.detail) == (Reason.NOT_ASKED, True)
    assert (no_size.reason, "no size" in no_size.detail) == (Reason.NOT_TOLD, True)
    assert "saas" in elsewhere.detail


@pytest.mark.parametrize(
    ("vcpus", "outcome"), [(4, Outcome.PASSED), (2, Outcome.FAILED), (None, Outcome.UNKNOWN)]
)
def test_the_evidence_hangs_on_what_was_planned(
    tmp_path: Path, vcpus: int | None, outcome: Outcome
) -> None:
    """``decant test`` judges the new server by the verdict; one never classified is unknown."""
    with scene(tmp_path) as made:
        (tmp_path / "playbooks" / "rehost.yaml").write_text(PLAYBOOK)
        plan.run(made.bench)
        leaving = one_move(made.bench.store, "web-1")
        if vcpus:
            given = replace(verdict(server("web-1")), server_id=leaving.server_id)
            save_verdicts(made.bench.store, [given], at=made.clock())
        size = Capacity(size="m6a", vcpus=vcpus or 4, memory_bytes=16 * 1024**3)
        clouds = SaidClouds(says=RUNNING, aspects={Capacity: size})
        proof = test.run(replace(made.bench, clouds=clouds), leaving, "test")
    assert proof.outcome is outcome, proof.evidence[0].result.detail
