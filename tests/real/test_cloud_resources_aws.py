"""Whatever goes wrong at whichever question for resources of AWS, only that one is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aws_made_up import (
    NEXT_YEAR,
    Fault,
    MadeUp,
    of_something_else,
    raising,
    refused,
    without_its_list,
)
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError
from clouds import BRIEF

from inventory.clouds.aws_reach import AwsPlace, AwsReach
from inventory.discovery.resources import ask_resources
from inventory.errors import AccessRefusedError
from inventory.model.cloud_settings import AwsSettings
from inventory.model.fact import Reason, Unknown
from inventory.model.resource import Listing
from inventory.model.source import Place
from inventory.sources._aws_listings import CALLS, aws_resources
from inventory.store.opening import open_store
from inventory.store.resources import ResourceKeeper, questions, resources
from inventory.store.runs import begin_run

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HERE, THERE = AwsPlace(region="eu-west-2"), AwsPlace(region="eu-west-1")
WHERE = "https://made.up"
FAULTS: dict[str, tuple[Fault, Reason]] = {
    "throttled": (refused("ThrottlingException", 429), Reason.NOT_TOLD),
    "denied": (refused("AccessDenied", 403), Reason.NEEDS_PRIVILEGE),
    "broken": (refused("InternalFailure", 500), Reason.UNREACHABLE),
    "not set up": (refused("OptInRequired", 403), Reason.NOT_TOLD),
    "a new code": (refused("WordOfNextYear", 400), Reason.NOT_TOLD),
    "slow": (raising(ReadTimeoutError(endpoint_url=WHERE)), Reason.TIMED_OUT),
    "cut": (raising(ConnectionClosedError(endpoint_url=WHERE)), Reason.UNREACHABLE),
    "malformed": (raising(ResponseParserError("no XML")), Reason.UNREADABLE),
    "another's answer": (of_something_else, Reason.UNREADABLE),
    "no list in it": (without_its_list, Reason.UNREADABLE),
}


@dataclass(frozen=True, kw_only=True)
class _Reach(AwsReach):
    """AWS whose answers are made up; in one region it may be that nothing is allowed."""

    closed: str = ""

    def client(self, service: str, place: AwsPlace, calls: Any, *, changes: bool = False) -> Any:
        """Return a client that asks nobody."""
        client = super().client(service, place, calls, changes=changes)
        made = _AWS
        if place.region == self.closed and service != "sts":
            made = MadeUp(self, fault=refused("AccessDenied", 403), failing=1)
        return made.answering(client)


_AWS = MadeUp(AwsReach(settings=AwsSettings()), ids=("i-0a1b2c3d4e5f60718",))


_SETTINGS = AwsSettings(regions=("eu-west-2", "eu-west-1"), patience=BRIEF)
_SHARED = _Reach(settings=_SETTINGS)
"""Its clients are made once: that takes longer than all else here."""


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give credentials that nobody would take, and let the made-up AWS begin anew."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    _let()
    yield
    _let()


def _let(*, words: str | None = None, fault: Fault | None = None, failing: int = 0) -> None:
    """Let AWS answer so from now on."""
    _AWS.words, _AWS.fault, _AWS.failing, _AWS.calls = words, fault, failing, []


def _listings() -> dict[str, Listing]:
    return {each.question: each for each in aws_resources(_SHARED, HERE)}


def test_every_declared_question_is_put_and_read() -> None:
    """An answer that the models allow becomes a resource, but a bucket of another region."""
    found = _listings()
    assert {*found, "sts:GetCallerIdentity"} == {each.name for each in CALLS}
    told = [each.told for each in found.values()]
    assert not [each for each in told if isinstance(each, Unknown)]
    empty = {name for name, each in found.items() if each.told == ()}
    assert empty == {"resourcegroupstaggingapi:GetResources", "s3:ListBuckets"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_question_costs_only_that_one(fault: str) -> None:
    """It is unknown with its reason; all others are told."""
    how, reason = FAULTS[fault]
    asked = tuple(_listings())
    for number, question in enumerate(asked, start=2):
        _let(fault=how, failing=number)
        found = _listings()
        unknown = {
            name: each.told for name, each in found.items() if isinstance(each.told, Unknown)
        }
        assert {name: each.reason for name, each in unknown.items()} == {question: reason}


def test_an_account_that_is_not_told_is_no_account() -> None:
    """Without it nothing can be known again: the whole place does not tell."""
    _let(fault=FAULTS["denied"][0], failing=1)
    with pytest.raises(AccessRefusedError):
        _listings()


def test_tags_that_are_denied_are_unknown_and_not_none() -> None:
    """A load balancer is told without them: None, not empty."""
    _let(fault=FAULTS["denied"][0], failing=2)
    told = _listings()["elbv2:DescribeLoadBalancers"].told
    assert not isinstance(told, Unknown)
    assert [each.tags for each in told] == [None]


def test_words_of_next_year_stay_words() -> None:
    """Every enumeration may have one that we have never heard of."""
    _let(words=NEXT_YEAR)
    told = _listings()["elbv2:DescribeLoadBalancers"].told
    assert not isinstance(told, Unknown)
    assert (told[0].engine, told[0].state) == (NEXT_YEAR, NEXT_YEAR)


def test_a_region_that_is_denied_leaves_the_other_known(tmp_path: Path) -> None:
    """What it held stays, with the doubt; what the other holds is told anew."""
    with open_store(f"sqlite:///{tmp_path / 'decant.db'}") as store:
        for closed, minute in (("", 0), ("eu-west-1", 1)):
            reach = _Reach(settings=_SETTINGS, closed=closed)
            at = NOW.replace(minute=minute)
            run = begin_run(store, command="discover aws:", at=at)
            keeper = ResourceKeeper(store=store, run_id=run.id, at=at)
            silent: list[tuple[str, str]] = []
            for place in (HERE, THERE):
                asking = Place(
                    name=str(place),
                    ask=lambda: ("", ()),
                    resources=partial(aws_resources, reach, place),
                )
                silent += ask_resources(keeper, asking, set()).silent
            reach.close()
        known = resources(store)
        asked = [each for each in questions(store) if each.why]
    assert len(silent) == len(CALLS) - 1
    assert {each.source for each in asked} == {"aws:1:eu-west-1"}
    assert not [each for each in known if each.gone_since]
    doubted = {each.resource.source for each in known if each.doubt}
    assert doubted == {"aws:1:eu-west-1"}
    assert {each.last_seen.minute for each in known if each.doubt} == {0}
    assert {each.last_seen.minute for each in known if not each.doubt} == {1}
