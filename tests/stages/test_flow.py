"""From discovered to powered off: refused at every earlier point, and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from inventory.errors import BadInputError, RefusedError, UsageError
from inventory.model.fact import Reason, Unknown
from inventory.model.target import Target
from inventory.store.servers import servers
from migrate.ledger.book import Ledger, enter, read_ledger
from migrate.model.act import Intent
from migrate.model.action import Aftermath
from migrate.model.evidence import Outcome
from migrate.model.plan import Move
from migrate.selection import one_move
from migrate.stages import approve, decommission, plan, status, test
from migrate.workbench import CHECKS
from tests.stages.workbenches import KEYS, RUNNING, Scene, own_key, scene


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Scene]:
    """Give a scene in which web-1 is discovered and planned."""
    with scene(tmp_path) as made:
        plan.run(made.bench)
        yield made


def move(made: Scene) -> Move:
    """Return the move of web-1."""
    return one_move(made.bench.store, "web-1")


def agree(made: Scene, person: str) -> None:
    """Let somebody approve by their own key."""
    approve.run(made.bench, move(made), person=person, sign=own_key)


def entered(made: Scene) -> Ledger:
    """Return the ledger."""
    return read_ledger(made.bench.store, made.bench.trust)


def prove(made: Scene) -> None:
    """Go all the way to where powering off is permitted."""
    assert test.run(made.bench, move(made), "test").outcome is Outcome.PASSED
    agree(made, "Ann")
    agree(made, "Ben")
    assert test.run(made.bench, move(made), "quiet").outcome is Outcome.PASSED


def attempt(made: Scene) -> decommission.Departure:
    """Try in earnest."""
    return decommission.run(made.bench, move(made), apply=True)


def why(departure: decommission.Departure) -> str:
    """Return every reason of a refusal."""
    assert departure.refused
    assert departure.decision is not None
    return " | ".join(
        f"{each.stage}/{each.name}: {each.why}" for each in departure.decision.refusals
    )


def state(made: Scene) -> str:
    """Return where web-1 stands."""
    return next(each.state for each in status.run(made.bench) if each.server == "web-1")


def test_it_is_refused_at_every_earlier_point_and_permitted_at_the_end(web: Scene) -> None:
    """Each step takes away its own reasons, the last one the last; the switch is pressed once."""
    assert "test/ec2-instance: was never run" in why(attempt(web))
    with pytest.raises(RefusedError, match="cannot be approved"):
        agree(web, "Ann")
    test.run(web.bench, move(web), "test")
    assert state(web) == "test"
    assert "0 of 2 partners" in why(attempt(web))
    agree(web, "Ann")
    assert "1 of 2 partners" in why(attempt(web))
    agree(web, "Ben")
    assert state(web) == "approve"
    assert "quiet/no-inbound-connections: was never run" in why(attempt(web))
    test.run(web.bench, move(web), "quiet")
    assert state(web) == "quiet"
    assert web.switch.pressed == 0
    rehearsal = decommission.run(web.bench, move(web), apply=False)
    assert rehearsal.decision is not None
    assert rehearsal.decision.allowed
    assert web.switch.pressed == 0
    done = attempt(web)
    assert done.effect is not None
    assert done.effect.aftermath is Aftermath.DONE
    assert (web.switch.pressed, state(web)) == (1, "powered off")


def test_doing_it_again_says_that_it_is_done(web: Scene) -> None:
    """A second run looks, and presses nothing."""
    prove(web)
    attempt(web)
    again = attempt(web)
    assert again.decision is None
    assert again.effect is not None
    assert again.effect.aftermath is Aftermath.DONE
    assert web.switch.pressed == 1


def test_a_server_that_was_switched_on_again_goes_through_the_gate_again(web: Scene) -> None:
    """That it was once off permits nothing; its evidence has to count still."""
    prove(web)
    attempt(web)
    web.switch.on = True
    web.clock.now += timedelta(days=15)
    assert "it expired" in why(attempt(web))
    assert web.switch.pressed == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_is_cut_off_never_leads_to_a_blind_repetition(web: Scene, when: str) -> None:
    """After a crash in the middle the next run looks first, and tells what became of it."""
    prove(web)
    setattr(web.switch, f"breaks_{when}", True)
    with pytest.raises(KeyboardInterrupt):
        attempt(web)
    web.switch.breaks_before = web.switch.breaks_after = False
    assert state(web) == "interrupted"
    assert entered(web).unresolved(move(web).server_id) is not None
    after = attempt(web)
    assert after.effect is not None
    assert after.effect.aftermath is Aftermath.DONE
    assert web.switch.pressed == 1
    assert entered(web).unresolved(move(web).server_id) is None
    assert "found by a later run" in str(entered(web).acts[0].result)


def test_when_it_cannot_be_told_what_became_of_it_nothing_more_is_done(web: Scene) -> None:
    """An open act that cannot be looked into refuses, until it can."""
    prove(web)
    web.switch.breaks_after = web.switch.blind = True
    with pytest.raises(KeyboardInterrupt):
        attempt(web)
    web.switch.breaks_after = False
    with pytest.raises(RefusedError, match="cannot be told"):
        attempt(web)
    with pytest.raises(RefusedError, match="cannot be told"):
        attempt(web)
    assert web.switch.pressed == 1
    web.switch.blind = False
    found = attempt(web).effect
    assert found is not None
    assert found.aftermath is Aftermath.DONE


@pytest.mark.parametrize("server", ["web-1", "web-1-new"])
def test_a_change_on_either_server_voids_what_was_proved(web: Scene, server: str) -> None:
    """Another package after the test is enough; the refusal names the part that changed."""
    prove(web)
    web.say(server, lambda said: said.replace(b"Package: bash\n", b"Package: bash-changed\n"))
    side = "old" if server == "web-1" else "new"
    assert f"the {side} server changed since: packages" in why(attempt(web))
    assert web.switch.pressed == 0


def test_another_instance_in_the_cloud_voids_what_was_proved(web: Scene) -> None:
    """A new image behind the same name is not the one that was tested."""
    prove(web)
    web.cloud.says = replace(RUNNING, image="ami-2")
    assert "the new server changed since: cloud" in why(attempt(web))


def test_a_cloud_that_does_not_answer_refuses(web: Scene) -> None:
    """What cannot be seen now is not what was proved."""
    prove(web)
    web.cloud.says = Unknown(reason=Reason.UNREACHABLE, detail="throttled")
    assert "throttled" in why(attempt(web))


@pytest.mark.parametrize("server", ["web-1", "web-1-new"])
def test_a_server_that_does_not_answer_refuses(web: Scene, server: str) -> None:
    """Neither a silent old server nor a silent new one is switched off, or relied on."""
    prove(web)
    web.say(server, lambda _said: b"")
    assert "unreachable" in why(attempt(web))
    assert web.switch.pressed == 0


def test_a_plan_changed_after_the_test_voids_it(web: Scene) -> None:
    """Evidence counts for the plan under which it was taken."""
    prove(web)
    other = replace(move(web), resource="i-2")
    departure = decommission.run(web.bench, other, apply=True)
    assert "the playbook or the plan changed since: plan" in why(departure)


def test_an_edited_playbook_voids_what_was_proved_by_it(web: Scene) -> None:
    """A weaker playbook does not profit from the evidence of the stronger one."""
    prove(web)
    path = web.folder / "playbooks" / "rehost.yaml"
    path.write_text(path.read_text().replace("partners: 2", "partners: 1"))
    assert "the playbook or the plan changed since: playbook" in why(attempt(web))


OWN_CHECK = """\
\"\"\"The council's own opinion of the new server.\"\"\"

from migrate.model.check import Check
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.playbook import About

CHECK = Check(
    parameters={"type": "object"},
    run=lambda sight, parameters: CheckResult(outcome=Outcome.PASSED, detail="it is fine"),
    reads="Nothing.",
    about=About.NEW,
)
"""


def test_an_edited_check_of_ones_own_voids_what_was_proved_with_it(web: Scene) -> None:
    """What a check's code asks for is part of what was agreed to."""
    own, path = web.folder / "checks", web.folder / "playbooks" / "rehost.yaml"
    own.mkdir()
    (own / "opinion.py").write_text(OWN_CHECK)
    path.write_text(
        path.read_text().replace("ec2-instance\n", "ec2-instance\n      - check: opinion\n")
    )
    web.bench = replace(web.bench, shelf=replace(web.bench.shelf, checks=CHECKS.all(own)))
    prove(web)
    (own / "opinion.py").write_text(OWN_CHECK.replace("fine", "splendid"))
    assert "the playbook or the plan changed since: own checks" in why(attempt(web))
    (own / "opinion.py").write_text(OWN_CHECK)
    done = attempt(web).effect
    assert done is not None
    assert done.aftermath is Aftermath.DONE


def test_the_old_servers_address_answering_as_another_server_refuses(web: Scene) -> None:
    """When something else answers at the old address, nothing is sent there."""
    prove(web)
    new = web.sources["web-1-new"].read_bytes()
    web.say("web-1", lambda _said: new)
    with pytest.raises(RefusedError, match="now answers as another server"):
        attempt(web)
    assert web.switch.pressed == 0


def test_an_altered_ledger_refuses(web: Scene) -> None:
    """The database refuses to alter an entry; one altered behind its back is found."""
    prove(web)
    change = text("UPDATE chain SET body = replace(body, 'unknown', 'passed') WHERE seq = 1")
    with pytest.raises(DatabaseError), web.bench.store.engine.begin() as connection:
        connection.execute(change)
    with web.bench.store.engine.begin() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        for (name,) in names.all():
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        connection.execute(text("UPDATE chain SET at = '2020-01-01T00:00:00.000000+00:00'"))
    with pytest.raises(RefusedError, match="the ledger is not whole: entry 1 was altered"):
        attempt(web)
    assert web.switch.pressed == 0


def test_only_those_named_may_approve(web: Scene) -> None:
    """A stranger is turned away."""
    test.run(web.bench, move(web), "test")
    with pytest.raises(UsageError, match="speaks for nobody"):
        agree(web, "Eve")


def test_a_refusal_is_entered_and_a_rehearsal_is_not(web: Scene) -> None:
    """The ledger tells who was turned away in earnest; looking leaves no mark in it."""
    decommission.run(web.bench, move(web), apply=False)
    assert entered(web).refusals == ()
    attempt(web)
    (refusal,) = entered(web).refusals
    assert any("was never run" in reason for reason in refusal.why)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"server": "wbe-1"}, "no server named 'wbe-1'"),
        ({"playbook": "nothing"}, "no playbook 'nothing'"),
        ({"parameters": {"tpc": {}}}, "has no check 'tpc'"),
        ({"parameters": {"listeners-parity": {"expected_missing": 1}}}, "expected_missing"),
    ],
)
def test_a_move_that_cannot_be_planned_names_its_place(
    web: Scene, change: dict[str, object], says: str
) -> None:
    """A typing error in decant.toml is found by plan, and named by file and field."""
    wrong = replace(web.bench.estate.moves[0], **change)
    bench = replace(web.bench, estate=replace(web.bench.estate, moves=(wrong,)))
    with pytest.raises(BadInputError, match=says):
        plan.run(bench)


def test_a_server_cannot_be_planned_as_its_own_replacement(web: Scene) -> None:
    """The plan refuses it; the gate would refuse it too."""
    source = f"recorded://{web.sources['web-1']}"
    wrong = replace(web.bench.estate.moves[0], replacement=source)
    bench = replace(web.bench, estate=replace(web.bench.estate, moves=(wrong,)))
    with pytest.raises(BadInputError, match="as its own replacement"):
        plan.run(bench)


def test_a_replica_with_its_originals_name_and_machine_id_is_another_server(web: Scene) -> None:
    """Replication copies the disk: what replaces web-1 calls itself web-1, and is another server.

    So it is even where no firmware's UUID can be seen, by its network addresses.
    """
    kind = (b"\n    veth numtxqueues", b" numtxqueues")
    device = b"\n==> /sys/class/net/eth0/device/uevent <==\nDRIVER=virtio_net\n"
    card = (b"\n==> /sys/class/net/lo/type <==", device + b"\n==> /sys/class/net/lo/type <==")
    web.say("web-1", lambda said: said.replace(b"eth0@if3", b"eth0").replace(*kind).replace(*card))
    old = web.sources["web-1"].read_bytes()
    marks = {b"02:00:0a:4d:00:0b": b"02:00:0a:4d:00:15", b"10.77.0.11": b"10.77.0.21"}
    assert all(mark in old for mark in marks)
    for mark, other in marks.items():
        old = old.replace(mark, other)
    replica = web.folder / "replica.txt"
    replica.write_bytes(old)
    changed = replace(web.bench.estate.moves[0], replacement=f"recorded://{replica}")
    web.bench = replace(web.bench, estate=replace(web.bench.estate, moves=(changed,)))
    both = [Target.parse(f"recorded://{path}") for path in (web.sources["web-1"], replica)]
    web.bench.ask(both, command="discover")
    plan.run(web.bench)
    assert [each.name for each in servers(web.bench.store)].count("web-1") == 2
    prove(web)
    done = attempt(web)
    assert done.effect is not None
    assert done.effect.aftermath is Aftermath.DONE


def test_the_same_server_at_another_address_is_no_replacement(web: Scene) -> None:
    """When the replacement's address leads to the old server after all, nothing is switched off."""
    twin = web.folder / "twin.txt"
    twin.write_bytes(web.sources["web-1"].read_bytes())
    changed = replace(web.bench.estate.moves[0], replacement=f"recorded://{twin}")
    bench = replace(web.bench, estate=replace(web.bench.estate, moves=(changed,)))
    plan.run(bench)
    prove(web)
    assert "the replacement is the old server itself" in why(attempt(web))
    assert web.switch.pressed == 0


def test_an_act_that_a_stranger_says_was_begun_is_not_even_looked_at(web: Scene) -> None:
    """Whoever can write into the database can forbid, but leads nobody to undo what they name."""
    prove(web)
    ledger = entered(web)
    now = web.bench.clock()
    begun = Intent(
        id="",
        server_id=move(web).server_id,
        playbook="rehost",
        stage="power-off",
        action="power-off-ssh",
        what="power off web-1",
        particulars=("whatever they like",),
        relied_on=(),
        before=ledger.evidence[0].fingerprints.source,
        changes=("packages",),
        holder="somebody",
        at=now,
    )
    enter(web.bench.store, begun, at=now, signer=KEYS["Eve"].signer)
    looked = web.switch.looked
    for attempted in (decommission.run, decommission.undo):
        for apply in (False, True):
            with pytest.raises(RefusedError, match="no key that the estate trusts signed it"):
                attempted(web.bench, move(web), apply=apply)
    assert (web.switch.looked, web.switch.pressed) == (looked, 0)


def test_what_lies_behind_an_act_that_was_done_may_run_out(web: Scene) -> None:
    """A server that is off stays off in the status, long after its evidence has expired."""
    prove(web)
    attempt(web)
    web.clock.now += timedelta(days=60)
    assert state(web) == "powered off"
    web.switch.on = True
    decommission.undo(web.bench, move(web), apply=True)
    assert state(web) == "planned"


def test_an_anchor_that_does_not_vouch_stops_the_act_and_not_the_looking(web: Scene) -> None:
    """Everything else is met; only the head that should be kept outside is not there."""
    prove(web)
    anchored = replace(web.bench.estate, anchors=(f"file:{web.folder / 'heads'}",))
    web.bench = replace(web.bench, estate=anchored)
    departure = attempt(web)
    assert departure.decision is not None
    assert {each.name for each in departure.decision.refusals} == {"ledger"}
    assert web.switch.pressed == 0
    assert state(web) == "quiet"


def test_an_approval_is_entered_again_only_where_it_adds_something(web: Scene) -> None:
    """One that ends before what it agrees to can be given anew; the first stage it lacks comes."""
    path = web.folder / "playbooks" / "rehost.yaml"
    short = "needs: [test]\n    valid_for: "
    path.write_text(path.read_text().replace(f"{short}14d", f"{short}1d"))
    test.run(web.bench, move(web), "test")

    def said() -> approve.Agreed:
        return approve.run(web.bench, move(web), person="Ann", sign=own_key)

    first = said()
    again = said()
    assert (first.entered, again.entered) == (True, False)
    assert again.approval.id == first.approval.id
    web.clock.now += timedelta(hours=2)
    assert said().entered
    web.clock.now += timedelta(days=2)
    assert said().entered
    assert len(entered(web).approvals) == 3
