"""Status remembers where servers stood, and judges anew whatever may stand elsewhere by now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from migrate import floor, gate, reliance
from migrate.casefile import case_of
from migrate.gate import satisfied, steps
from migrate.ledger import chain
from migrate.ledger.book import enter, read_ledger
from migrate.model import case
from migrate.model.act import Refusal
from migrate.model.action import Action, Aftermath, Effect
from migrate.model.evidence import Outcome
from migrate.model.standing import Standing, Turn
from migrate.selection import one_move
from migrate.stages import approve, decommission, plan, status, test
from migrate.standings import judging_files, open_standings
from tests.stages.workbenches import KEYS, RUNNING, Scene, own_key, scene


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Scene]:
    """Give a scene in which web-1 is discovered and planned."""
    with scene(tmp_path) as made:
        plan.run(made.bench)
        yield made


def stands(made: Scene) -> Standing:
    """Return where web-1 stands: the same whether remembered or judged anew."""
    environment = {"XDG_CACHE_HOME": str(made.folder / "cache")}
    kept = status.run(made.bench, open_standings(made.bench.estate, environment))
    assert kept == status.run(made.bench)
    return next(each for each in kept if each.server == "web-1")


def prove(made: Scene, stage: str = "test") -> None:
    """Run a stage's checks."""
    assert (
        test.run(made.bench, one_move(made.bench.store, "web-1"), stage).outcome is Outcome.PASSED
    )


def agree(made: Scene, person: str, *, withdraw: bool = False) -> None:
    """Let somebody approve."""
    move = one_move(made.bench.store, "web-1")
    approve.run(made.bench, move, person=person, sign=own_key, withdraw=withdraw)


def test_every_turn_is_told_as_it_comes(web: Scene) -> None:
    """To test, to approve by whom, to test quiet, to switch off; and back when one withdraws."""
    assert (stands(web).turn, stands(web).state) == (Turn.TEST, "planned")
    prove(web)
    assert (stands(web).turn, stands(web).who) == (Turn.APPROVE, ("SBC", "EHDC"))
    agree(web, "Ann")
    assert (stands(web).turn, stands(web).who) == (Turn.APPROVE, ("EHDC",))
    agree(web, "Ben")
    assert (stands(web).turn, stands(web).next) == (Turn.TEST, "decant test web-1 --stage quiet")
    prove(web, "quiet")
    assert (stands(web).turn, stands(web).next) == (Turn.ACT, "decant decommission web-1")
    agree(web, "Ann", withdraw=True)
    assert (stands(web).turn, stands(web).who) == (Turn.APPROVE, ("SBC",))


@pytest.mark.parametrize(
    "passes", [timedelta(minutes=61), timedelta(days=15)], ids=["quiet", "all of it"]
)
def test_what_expires_is_judged_anew(web: Scene, passes: timedelta) -> None:
    """Time alone takes away what was proved."""
    prove(web)
    agree(web, "Ann")
    agree(web, "Ben")
    prove(web, "quiet")
    assert stands(web).turn is Turn.ACT
    web.clock.now += passes
    assert stands(web).turn is Turn.TEST
    assert "it expired" in stands(web).blocks


def test_a_clock_that_was_set_back_has_all_judged_anew(web: Scene) -> None:
    """Evidence of the future counts no more than it would for the gate."""
    prove(web)
    assert stands(web).turn is Turn.APPROVE
    web.clock.now -= timedelta(hours=1)
    assert stands(web).turn is Turn.TEST


def _edited_playbook(made: Scene) -> None:
    path = made.folder / "playbooks" / "rehost.yaml"
    path.write_text(path.read_text().replace("partners: 2", "partners: 1"))


def _another_trust(made: Scene) -> None:
    trust = replace(made.bench.trust, people={}, verified=set())
    made.bench = replace(made.bench, trust=trust)


def _another_plan(made: Scene) -> None:
    moves = (replace(made.bench.estate.moves[0], wave=3),)
    made.bench = replace(made.bench, estate=replace(made.bench.estate, moves=moves))
    plan.run(made.bench)


@pytest.mark.parametrize("change", [_edited_playbook, _another_trust, _another_plan])
def test_what_changes_is_judged_anew(web: Scene, change: Callable[[Scene], None]) -> None:
    """The playbook, whom the estate trusts, the plan: what is told is what is judged."""
    prove(web)
    agree(web, "Ann")
    before = stands(web)
    change(web)
    assert stands(web) != before


def test_nothing_is_read_again_where_nothing_changed(web: Scene) -> None:
    """A remembered standing needs no entry of the ledger."""
    prove(web)
    first = stands(web)
    environment = {"XDG_CACHE_HOME": str(web.folder / "cache")}
    remembered = open_standings(web.bench.estate, environment)
    ((server_id, kept),) = remembered.memory.servers.items()
    other = replace(kept, standing=replace(kept.standing, blocks="as remembered"))
    remembered.keep(replace(remembered.memory, servers={server_id: other}))
    again = status.run(web.bench, open_standings(web.bench.estate, environment))
    assert replace(first, blocks="as remembered") in again


@pytest.mark.parametrize("damage", ["", "{", '{"x": 1}', "[]"])
def test_a_damaged_memory_is_none(web: Scene, damage: str) -> None:
    """All is judged anew."""
    prove(web)
    first = stands(web)
    environment = {"XDG_CACHE_HOME": str(web.folder / "cache")}
    path = open_standings(web.bench.estate, environment).path
    path.write_text(damage)
    assert stands(web) == first


def test_a_memory_that_cannot_be_written_is_none(web: Scene) -> None:
    """Status says what it says all the same."""
    (web.folder / "file").write_text("")
    environment = {"XDG_CACHE_HOME": str(web.folder / "file")}
    for _ in range(2):
        said = status.run(web.bench, open_standings(web.bench.estate, environment))
        assert said == status.run(web.bench)


def test_steps_say_of_each_stage_what_satisfied_says(web: Scene) -> None:
    """Looked at once, and with the same words; a fault of the ledger comes before all else."""
    prove(web)
    ledger = read_ledger(web.bench.store, web.bench.trust)
    move = one_move(web.bench.store, "web-1")
    case = case_of(web.bench, move, web.bench.shelf.read("rehost"), ledger=ledger)
    assert [each for each, _ in steps(case)] == list(case.playbook.stages)
    for broken in (case, replace(case, ledger_fault="entry 1 was altered")):
        for stage, decision in steps(broken):
            assert decision == satisfied(broken, stage)


def test_a_program_that_judges_otherwise_remembers_nothing() -> None:
    """Whatever file of the gate it is: the digest of what judges covers them all."""
    parts = (floor, gate, reliance, case, chain)
    assert {Path(str(each.__file__)) for each in parts} <= set(judging_files())


def _left_open(made: Scene, job: str) -> datetime:
    """Leave the act of a migration service behind, as the run that began it saw it last."""
    seen = Effect(aftermath=Aftermath.UNKNOWN, detail="the service said no end", job=job)
    action = Action(
        describe=lambda _task: "launch a copy",
        apply=lambda _task: seen,
        look=lambda _task: seen,
        moves=True,
    )
    plugin = replace(made.switch.action(), value=action)
    shelf = replace(made.bench.shelf, actions={"power-off-ssh": plugin})
    made.bench = replace(made.bench, shelf=shelf)
    prove(made)
    agree(made, "Ann")
    agree(made, "Ben")
    prove(made, "quiet")
    decommission.run(made.bench, one_move(made.bench.store, "web-1"), apply=True)
    (act,) = read_ledger(made.bench.store, made.bench.trust).acts
    return act.intent.at


def test_what_a_service_is_at_work_on_is_not_called_interrupted(web: Scene) -> None:
    """It has a turn of its own: the service's, since when, by which job, and how to look again."""
    began = _left_open(web, "job-1")
    found = stands(web)
    assert (found.turn, found.since) == (Turn.SERVICE, began)
    assert (found.state, found.next) == ("power-off: at work", "decant migrate web-1 --apply")
    assert "as job-1; nothing need be done" in found.blocks


def test_what_cannot_be_told_of_a_service_is_looked_into(web: Scene) -> None:
    """A state that says nothing is no work."""
    _left_open(web, "")
    found = stands(web)
    assert (found.turn, found.state, found.since) == (Turn.LOOK, "interrupted", None)


def test_nobody_is_believed_who_says_that_a_service_is_at_work(web: Scene) -> None:
    """What was signed by a key that the estate does not trust says nothing of an act."""
    _left_open(web, "")
    (act,) = read_ledger(web.bench.store, web.bench.trust).acts
    assert act.result is not None
    said = replace(act.result, job="job-1")
    enter(web.bench.store, said, at=web.clock(), signer=KEYS["Eve"].signer)
    assert stands(web).turn is Turn.LOOK


def _ready_and_refused(made: Scene) -> None:
    """Prove and agree to all; then the new server is another instance, and it is refused."""
    prove(made)
    agree(made, "Ann")
    agree(made, "Ben")
    prove(made, "quiet")
    assert stands(made).turn is Turn.ACT
    made.cloud.says = replace(RUNNING, image="ami-2")
    decommission.run(made.bench, one_move(made.bench.store, "web-1"), apply=True)


def test_what_was_seen_at_the_last_refusal_is_told(web: Scene) -> None:
    """The record alone would call for the act again; what was seen when it was tried says no."""
    _ready_and_refused(web)
    found = stands(web)
    assert (found.turn, found.next) == (Turn.LOOK, "decant decommission web-1 --explain")
    assert found.blocks.startswith("refused 2026-11-23 09:0")
    assert "test/ec2-instance: passed, but void: the new server changed since" in found.blocks


def test_a_refusal_lasts_until_each_of_its_reasons_is_put_right(web: Scene) -> None:
    """A test that was run again settles its own reason, and no other."""
    _ready_and_refused(web)
    prove(web, "quiet")
    assert "test/ec2-instance" in stands(web).blocks
    prove(web)
    assert stands(web).turn is Turn.APPROVE
    agree(web, "Ann")
    agree(web, "Ben")
    prove(web, "quiet")
    assert stands(web).turn is Turn.ACT


def test_a_refusal_that_nobody_trusted_signed_is_none(web: Scene) -> None:
    """Whoever can write to the database does not hold a server up by it in what is shown."""
    prove(web)
    agree(web, "Ann")
    agree(web, "Ben")
    prove(web, "quiet")
    now = web.clock()
    said = Refusal(
        id="",
        server_id=one_move(web.bench.store, "web-1").server_id,
        playbook="rehost",
        stage="power-off",
        why=("test/ec2-instance: passed, but void",),
        at=now,
    )
    enter(web.bench.store, said, at=now, signer=KEYS["Eve"].signer)
    assert stands(web).turn is Turn.ACT
    enter(web.bench.store, said, at=now, signer=KEYS["tests"].signer)
    assert stands(web).turn is Turn.LOOK


def test_a_refusal_for_the_hour_alone_is_over_with_it(web: Scene) -> None:
    """Time puts it right."""
    prove(web)
    agree(web, "Ann")
    agree(web, "Ben")
    prove(web, "quiet")
    (ready,) = (each for each in status.run(web.bench) if each.server == "web-1")
    assert ready.turn is Turn.ACT
    now = web.clock()
    said = Refusal(
        id="",
        server_id=one_move(web.bench.store, "web-1").server_id,
        playbook="rehost",
        stage="power-off",
        why=("power-off/schedule: only Mon to Fri, 09:00 to 16:00",),
        at=now,
    )
    enter(web.bench.store, said, at=now, signer=KEYS["tests"].signer)
    assert stands(web) == ready
