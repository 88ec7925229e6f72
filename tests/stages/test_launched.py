"""What a migration service launched is the plan's new server, and nothing else is taken for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from inventory.errors import RefusedError
from inventory.model.fact import Facts
from inventory.model.hardware import CLOUD_INSTANCE
from migrate.launched import bare, contradiction, launched, mistaken, resolved, sure_of
from migrate.model.act import Act, Intent, Result
from migrate.model.action import Aftermath
from migrate.model.evidence import Evidence, Fingerprint
from migrate.model.plan import Destination, Move
from migrate.model.playbook import Builds, Playbook, Stage
from tests.stages.gate_samples import LOOKED, NOW, PLAYBOOK, seen

COPY = Stage(name="copy", help="c", needs=(), action="copy", builds=Builds.COPY, moves=True)
REMOVE = Stage(name="remove", help="r", needs=(), action="remove", moves=True)
SWITCH = Stage(
    name="switch", help="s", needs=(), action="switch", builds=Builds.REPLACEMENT, moves=True
)
BOOK = replace(PLAYBOOK, stages=(COPY, REMOVE, SWITCH))
ARN = "arn:aws:ec2:eu-west-2:123456789012:instance/i-1"


def act(
    stage: Stage,
    said: tuple[str, ...] | None,
    *,
    at: datetime = NOW,
    aftermath: Aftermath = Aftermath.DONE,
    undo: bool = False,
    book: Playbook = BOOK,
    signers: tuple[str, str] = ("key-tests", "key-tests"),
) -> Act:
    """Return an act of a stage, and what its service told that it launched."""
    return Act(
        intent=Intent(
            id=f"{stage.name}-{at}",
            server_id="s1",
            playbook=book.name,
            stage=stage.name,
            action=stage.name,
            undo=undo,
            what=stage.name,
            relied_on=(),
            before=Fingerprint(parts={}),
            changes=(),
            holder="tests",
            at=at,
            signer=signers[0],
        ),
        result=Result(
            id=f"result of {stage.name}-{at}",
            server_id="s1",
            intent=f"{stage.name}-{at}",
            aftermath=aftermath,
            detail="d",
            after=None,
            launched=said,
            at=at + timedelta(minutes=9),
            signer=signers[1],
        ),
    )


COPIED = act(COPY, ("i-1",))
SWITCHED = act(SWITCH, ("i-2",), at=NOW + timedelta(hours=1))


def named(*acts: Act) -> str | None:
    """Return the resource that acts leave standing."""
    found = launched(acts, BOOK)
    return found.resource if found else None


def test_the_newest_launch_that_stands_counts() -> None:
    """The copy, until what replaces the server is launched; then that, and never both."""
    assert named() is None
    assert named(COPIED) == "i-1"
    assert named(COPIED, SWITCHED) == "i-2"
    again = act(SWITCH, ("i-3",), at=NOW + timedelta(hours=3))
    assert named(COPIED, SWITCHED, again) == "i-3"


def test_a_copy_that_was_removed_stands_for_nothing() -> None:
    """So the plan names no new server, until the next one is launched."""
    removed = act(REMOVE, (), at=NOW + timedelta(minutes=30))
    assert named(COPIED, removed) is None
    assert named(COPIED, removed, SWITCHED) == "i-2"


def test_a_launch_that_was_taken_back_stands_for_nothing() -> None:
    """What was there before it is named again: whether it still runs is for a look to say."""
    back = act(SWITCH, None, aftermath=Aftermath.NOT_DONE, undo=True, at=NOW + timedelta(hours=2))
    assert named(COPIED, SWITCHED, back) == "i-1"
    failed = act(SWITCH, None, aftermath=Aftermath.DONE, undo=True, at=NOW + timedelta(hours=2))
    assert named(COPIED, SWITCHED, failed) == "i-2"  # it was tried, and the launch still stands


@pytest.mark.parametrize("aftermath", [Aftermath.NOT_DONE, Aftermath.UNKNOWN])
def test_a_launch_that_is_not_seen_done_names_nothing(aftermath: Aftermath) -> None:
    """Not even where its entry names something."""
    assert named(replace_result(COPIED, aftermath=aftermath)) is None


def replace_result(given: Act, **changes: object) -> Act:
    """Return the act with another result."""
    assert given.result
    return replace(given, result=replace(given.result, **changes))  # type: ignore[arg-type] # by name


def test_a_launch_of_which_nothing_is_told_does_not_bring_the_copy_back() -> None:
    """The service did not say what replaces the server: people have to, and it is not the copy."""
    assert named(COPIED, act(SWITCH, None, at=NOW + timedelta(hours=1))) is None


@pytest.mark.parametrize("signers", [("", "key-tests"), ("key-tests", "")])
def test_nobody_s_word_names_nothing(signers: tuple[str, str]) -> None:
    """What was written into the database names neither another server nor none."""
    forged = act(SWITCH, ("i-bad",), at=NOW + timedelta(hours=2), signers=signers)
    found = launched((COPIED, forged), BOOK)
    assert found is None or found.resource == "i-1"


def test_an_act_of_another_playbook_names_nothing() -> None:
    """Its life is another one."""
    assert launched((COPIED,), replace(BOOK, name="another")) is None


def move(resource: str | None, launched_by: str = "") -> Move:
    """Return a move as the plan has it."""
    return Move(
        server_id="s1",
        server="web-1",
        source="ssh://10.0.0.4",
        to=Destination.AWS,
        replacement="ssh://10.9.0.4",
        resource=resource,
        playbook="rehost",
        wave=1,
        why_wave="",
        launched_by=launched_by,
    )


def test_what_was_launched_is_the_resource_of_a_move_that_names_none() -> None:
    """And a plan that was made before the next launch does not hold on to the one before."""
    found = launched((COPIED, SWITCHED), BOOK)
    for planned in (move(None), move("i-1", launched_by="copy")):
        now = sure_of(planned, found)
        assert (now.resource, now.launched_by) == ("i-2", "switch")
    assert resolved(move("i-1", launched_by="copy"), None).resource is None


def test_a_name_in_decant_toml_has_to_be_the_same() -> None:
    """As an id or an ARN; another one is refused, and both are named."""
    found = launched((COPIED,), BOOK)
    assert sure_of(move("i-1"), found) == move("i-1")
    assert sure_of(move(ARN), found).resource == ARN
    with pytest.raises(RefusedError) as refused:
        sure_of(move("i-9"), found)
    assert str(refused.value) == (
        "decant.toml names i-9 for web-1, and what stands there is i-1, launched by copy, "
        f"as the service told on {NOW + timedelta(minutes=9):%Y-%m-%d %H:%M} UTC"
    )
    assert contradiction(move("i-9"), None) == ""


def test_ids_are_the_same_however_they_are_spelled() -> None:
    """Resource ids of Azure are the same in any case, and with a slash behind."""
    assert bare(ARN) == "i-1"
    assert bare("/Subscriptions/A/vm/X/") == bare("/subscriptions/a/VM/x")


def at(when: datetime) -> Evidence:
    """Return evidence that was taken then, of what LOOKED sees."""
    return replace(seen("http", stage="test"), at=when)


def test_what_answered_before_the_launch_is_not_what_was_launched() -> None:
    """The copy whose address still stands in decant.toml, by its own identity."""
    found = launched((COPIED, SWITCHED), BOOK)
    planned, new = move("i-2", launched_by="switch"), Facts()
    (why,) = mistaken(planned, found, new, LOOKED.target, [at(NOW)])
    assert "answered as the same server before switch launched i-2" in why
    assert mistaken(planned, found, new, LOOKED.target, [at(NOW + timedelta(hours=2))]) == ()
    another = replace(LOOKED.target, parts={**LOOKED.target.parts, "identity": "another"})
    assert mistaken(planned, found, new, another, [at(NOW)]) == ()
    forged = replace(at(NOW), signer="")
    assert mistaken(planned, found, new, LOOKED.target, [forged]) == ()


def test_a_server_that_says_it_is_another_instance_is_not_taken_for_it() -> None:
    """By its firmware, where that names the instance; whoever named the resource."""
    says = Facts.from_observations([CLOUD_INSTANCE.known("i-0BAD")])
    for planned in (move("i-2"), move("i-2", launched_by="switch")):
        (why,) = mistaken(planned, None, says, LOOKED.target, ())
        assert why == "server: ssh://10.9.0.4 is i-0bad, and not i-2"
    assert mistaken(move("i-0bad"), None, says, LOOKED.target, ()) == ()
    vm = "/subscriptions/a/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/v"
    assert mistaken(move(vm), None, says, LOOKED.target, ()) == ()
