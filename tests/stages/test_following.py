"""An act of a migration service is followed for a while, and told as what it is by then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from inventory.errors import FINE, PARTLY_UNKNOWN
from inventory.model.asking import Access, Limits
from inventory.model.cloud_settings import AwsAccount, AwsSettings
from inventory.model.fact import Reason, Unknown
from migrate.actions._mgn import _placed
from migrate.actions._sending import Reply, Sent, carry_out, silence, unless_silent
from migrate.cli._acting import _code, _tell
from migrate.cli._leaving_told import events
from migrate.journal import Found
from migrate.model.action import Aftermath, Effect, Task
from migrate.model.event import Happening
from migrate.model.replication import Replications
from migrate.stages.decommission import Departure
from tests.stages.test_launched import COPY, act, move, replace_result

ACCEPTED = Sent(reply=Reply.ACCEPTED, words="taken as j-1", job="j-1")
NOT_YET = Effect(aftermath=Aftermath.NOT_DONE, detail="nothing is seen")
AT_WORK = Effect(aftermath=Aftermath.UNKNOWN, detail="at work: job j-1", job="j-1")
LAUNCHED = Effect(aftermath=Aftermath.DONE, detail="i-1 was launched", launched=("i-1",))
FAILED = Effect(aftermath=Aftermath.NOT_DONE, detail="it failed: job j-1", gave_up="j-1")
PLACED = "arn:aws:ec2:eu-west-2:123456789012:instance/i-1"
OTHER = AwsAccount(name="web", id="123456789012")
AT = datetime(2026, 11, 23, 9, tzinfo=UTC)


@dataclass
class Service:
    """A service that takes one request, and is looked at; its last state stays."""

    states: list[Effect]
    said: list[str] = field(default_factory=list)

    def follow(self, sent: Sent, *, seconds: int = 0) -> Effect:
        """Have an act carried out by it."""
        states: Iterator[Effect] = iter(self.states)
        last = [NOT_YET]

        def look() -> Effect:
            last[0] = next(states, last[0])
            return last[0]

        task = Task(
            move=move(None),
            access=Access(),
            limits=Limits(),
            parameters={"wait_seconds": seconds},
            tell=self.said.append,
        )
        return carry_out(task, look, lambda: sent)


def test_what_is_at_work_has_its_handle() -> None:
    """That of the service's state, or of its answer while its state does not show it yet."""
    for seen in (AT_WORK, NOT_YET):
        found = Service([NOT_YET, seen]).follow(ACCEPTED)
        assert (found.aftermath, found.job) == (Aftermath.UNKNOWN, "j-1")


def test_what_is_over_is_not_at_work() -> None:
    """Done, or refused: no handle is left by which anybody would wait for it."""
    done = Service([NOT_YET, LAUNCHED]).follow(ACCEPTED)
    assert (done.aftermath, done.job, done.launched) == (Aftermath.DONE, "", ("i-1",))
    refused = Service([NOT_YET]).follow(Sent(reply=Reply.REFUSED, words="no"))
    assert (refused.aftermath, refused.job) == (Aftermath.NOT_DONE, "")


def test_a_job_that_was_given_up_is_not_waited_for() -> None:
    """The very one that the request began; another one's failure says nothing of it."""
    found = Service([NOT_YET, FAILED]).follow(ACCEPTED, seconds=600)
    assert (found.aftermath, found.job) == (Aftermath.NOT_DONE, "")
    other = replace(FAILED, gave_up="j-0")
    found = Service([NOT_YET, other]).follow(ACCEPTED)
    assert (found.aftermath, found.job) == (Aftermath.UNKNOWN, "j-1")


def test_whoever_waits_is_told_what_for() -> None:
    """Before the wait, and only where there is one."""
    service = Service([NOT_YET, LAUNCHED])
    service.follow(ACCEPTED, seconds=600)
    assert service.said == [
        "taken as j-1; followed for 600 s at most, and ending this loses nothing"
    ]
    brief = Service([NOT_YET, LAUNCHED])
    brief.follow(ACCEPTED)
    assert brief.said == []


def test_where_nobody_answers_naming_the_server_does_not_help() -> None:
    """Each reason is said once; where something answered, the name is what lacks."""
    lacking = Unknown(reason=Reason.NEEDS_PRIVILEGE, detail="no credentials")
    found = silence([lacking, lacking])
    assert (found.reason, found.detail) == (lacking.reason, "needs privilege: no credentials")
    assert unless_silent(found, "name it") == ""
    assert unless_silent(silence([], "no subscription is named"), "name it") == ""
    assert silence([Replications(servers=())], "none").detail == "none"
    assert unless_silent(Unknown(reason=Reason.NOT_TOLD, detail="none fits"), "name it")


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (AwsSettings(region="eu-west-2"), "i-1"),
        (AwsSettings(region="eu-west-1"), PLACED),
        (AwsSettings(region="eu-west-2", accounts=(OTHER,)), PLACED),
    ],
)
def test_an_instance_elsewhere_is_named_with_its_place(settings: AwsSettings, named: str) -> None:
    """By its ARN, in the account and region of the source server: else another would be asked."""
    arn = "arn:aws:mgn:eu-west-2:123456789012:source-server/s-1"
    task = Task(
        move=move(None),
        access=Access(),
        limits=Limits(),
        particulars=(f"source server {arn}",),
        aws=settings,
    )
    assert _placed(task, "i-1") == named


def departure(effect: Effect, *, found: bool) -> Departure:
    """Return what an act came to, seen by this run or by a later one."""
    begun = replace_result(act(COPY, None), aftermath=Aftermath.UNKNOWN, job="j-1")
    return Departure(
        stage="copy",
        what="launch a copy",
        decision=None,
        effect=effect,
        found=Found(act=begun, effect=effect, moves=True) if found else None,
    )


@pytest.mark.parametrize(
    ("effect", "undo", "said"),
    [
        (AT_WORK, False, "nothing need be done meanwhile"),
        (LAUNCHED, False, 'next: give its address in decant.toml, replacement = "ssh://…"'),
        (replace(LAUNCHED, launched=()), False, "next: take its replacement and vm out"),
        (replace(LAUNCHED, launched=None), False, "done: i-1 was launched"),
        (NOT_YET, True, "taken back: nothing is seen"),
        (replace(LAUNCHED, launched=None), True, "it still stands: i-1 was launched"),
    ],
)
def test_what_comes_next_is_said(
    effect: Effect,
    undo: bool,  # noqa: FBT001 - a parameter
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whoever typed the command need not know the service."""
    _tell(departure(effect, found=False), apply=True, explain=False, undo=undo)
    told = capsys.readouterr().out
    assert said in told
    assert all(len(line) <= 80 for line in told.splitlines())


def test_a_launch_at_work_ends_a_run_with_a_code_of_its_own() -> None:
    """Also one that only looked: it is not over."""
    for apply in (True, False):
        assert _code(departure(AT_WORK, found=True), apply=apply, undo=False) == PARTLY_UNKNOWN
    assert _code(departure(LAUNCHED, found=True), apply=True, undo=False) == FINE


def test_people_hear_of_a_launch_when_it_is_over() -> None:
    """As done or failed, and not as of a run that was cut off; and not while it is at work."""
    told = {
        each.aftermath: [
            (event.happening, event.words)
            for event in events(AT, move(None), departure(each, found=True), undo=False)
        ]
        for each in (AT_WORK, LAUNCHED, FAILED)
    }
    assert told[Aftermath.UNKNOWN] == []
    assert told[Aftermath.DONE] == [(Happening.DONE, "copy: done: i-1 was launched")]
    assert told[Aftermath.NOT_DONE] == [(Happening.FAILED, "copy: not done: it failed: job j-1")]
