"""What was planned, proved and done of a server holds when it becomes known by another id."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from inventory.errors import UsageError
from inventory.identity.decisions import Decision, Ruling, decision
from inventory.identity.entry import ASKED, Reference
from inventory.model.facts import HOSTNAME
from inventory.model.nearness import Nearness
from inventory.model.server import Server
from inventory.store.identities import decide, undo
from inventory.store.listing import Listed, keep_listed
from inventory.store.runs import begin_run
from inventory.store.servers import find_server, servers
from migrate.ledger.book import read_ledger
from migrate.model.action import Aftermath
from migrate.model.evidence import Outcome
from migrate.records import load_plan, load_verdicts
from migrate.selection import one_move
from migrate.stages import approve, classify, decommission, plan, status, test
from tests.stages.workbenches import Scene, own_key, scene

LISTED = Reference(source="netbox", key="7")


@dataclass(frozen=True, kw_only=True)
class Known:
    """A server that was asked and proved, and an older record of it that nobody knew to be it."""

    made: Scene
    asked: Server
    listed: Server

    def same(self) -> Decision:
        """Decide that they are one server."""
        return decision(
            Ruling.SAME, LISTED, Reference(source=ASKED, key=self.asked.id), by="ann",
            at=self.made.clock(), why="its label",
        )  # fmt: skip


@pytest.fixture
def known(tmp_path: Path) -> Iterator[Known]:
    """Give web-1, with verdicts, a plan, evidence and approvals, and a list's older record."""
    with scene(tmp_path) as made:
        store = made.bench.store
        record = Listed(
            source=LISTED.source, key=LISTED.key, name="old-name", nearness=Nearness.LIST,
            at=made.clock() - timedelta(days=9), observations=(HOSTNAME.known("old-name"),),
        )  # fmt: skip
        run = begin_run(store, command="import", at=made.clock())
        keep_listed(store, run.id, [record], now=made.clock() - timedelta(days=9))
        plan.run(made.bench)
        move = one_move(store, "web-1")
        assert test.run(made.bench, move, "test").outcome is Outcome.PASSED
        approve.run(made.bench, move, person="Ann", sign=own_key)
        yield Known(
            made=made, asked=find_server(store, "web-1"), listed=find_server(store, "old-name")
        )


def test_an_imported_server_is_planned_around(known: Known) -> None:
    """It has no address to be asked at, and is listed as having no move."""
    found = load_plan(known.made.bench.store)
    assert found is not None
    assert "old-name" in found.unplanned


def test_plan_evidence_and_approvals_follow_the_server(known: Known) -> None:
    """The gate still counts them, and the switch is pressed once."""
    made, store = known.made, known.made.bench.store
    decide(store, known.same())
    move = one_move(store, "web-1")
    assert (move.server_id, find_server(store, "web-1").id) == (known.listed.id,) * 2
    ledger = read_ledger(store, known.made.bench.trust)
    assert {each.server_id for each in (*ledger.evidence, *ledger.approvals)} == {move.server_id}
    assert ledger.verification.fault is None
    approve.run(made.bench, move, person="Ben", sign=own_key)
    assert test.run(made.bench, move, "quiet").outcome is Outcome.PASSED
    done = decommission.run(made.bench, move, apply=True)
    assert done.effect is not None
    assert done.effect.aftermath is Aftermath.DONE
    states = {each.server: each.state for each in status.run(made.bench)}
    assert states["web-1"] == "powered off"
    assert "old-name" not in states


def test_a_move_is_found_by_the_ids_of_all_records(known: Known) -> None:
    """Whoever noted an id finds the server by it, on the command line and in decant.toml."""
    made, store = known.made, known.made.bench.store
    decide(store, known.same())
    names = ("web-1", known.asked.id, known.listed.id)
    assert {one_move(store, each).server_id for each in names} == {known.listed.id}
    (settings,) = made.bench.estate.moves
    moves = (replace(settings, server=known.asked.id),)
    bench = replace(made.bench, estate=replace(made.bench.estate, moves=moves))
    assert [each.server_id for each in plan.run(bench).moves] == [known.listed.id]


def test_an_undone_merge_gives_each_its_own_back(known: Known) -> None:
    """Evidence that was entered before the merge is the asked server's again."""
    store = known.made.bench.store
    decide(store, known.same())
    undo(store, known.same(), at=known.made.clock())
    assert len(servers(store)) == 3
    move = one_move(store, "web-1")
    assert move.server_id == known.asked.id
    assert {each.server_id for each in read_ledger(store, known.made.bench.trust).evidence} == {
        known.asked.id
    }


def test_verdicts_follow_the_server(known: Known) -> None:
    """The latest of each cloud, whichever record it was found of."""
    made, store = known.made, known.made.bench.store
    classify.run(store, made.bench.estate, at=made.clock())
    before = {each.cloud for each in load_verdicts(store) if each.server_id == known.asked.id}
    decide(store, known.same())
    mine = [each for each in load_verdicts(store) if each.server_id == known.listed.id]
    assert {each.cloud for each in mine} == before
    assert len(mine) == len(before)


def test_a_server_that_was_never_asked_cannot_be_tested(known: Known) -> None:
    """The error says what to do first."""
    made = known.made
    move = one_move(made.bench.store, "web-1")
    with pytest.raises(UsageError, match="not known where") as refusal:
        test.run(made.bench, type(move)(**{**vars(move), "source": ""}), "test")
    assert "discover" in str(refusal.value.hint)
