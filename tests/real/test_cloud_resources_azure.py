"""Whatever goes wrong at whichever question for resources of Azure, only that one is unknown."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from clouds import azure_settings

from inventory.model.cloud_calls import Tally
from inventory.model.cloud_settings import Patience
from inventory.model.fact import Reason, Unknown
from inventory.model.resource import Listing
from inventory.sources._azure_listings import CALLS, azure_resources
from migrate.demo.arm import LoopbackArm, loopback_arm
from migrate.demo.arm_message import Answer, Fault, busy, forbidden, refusal, throttled

ONCE = Patience(connect_seconds=10, answer_seconds=10, attempts=1, longest_pause_seconds=0.1)
FAULTS: dict[str, tuple[Fault, Reason]] = {
    "throttled": (throttled(60), Reason.NOT_TOLD),
    "denied": (forbidden(), Reason.NEEDS_PRIVILEGE),
    "busy": (busy(), Reason.UNREACHABLE),
    "a new code": (Fault(answer=refusal(400, "WordOfNextYear", "made")), Reason.NOT_TOLD),
    "cut": (Fault(cut=True), Reason.UNREACHABLE),
    "malformed": (Fault(garbage=b"<html>"), Reason.UNREADABLE),
    "something else": (Fault(answer=Answer(status=200, body={"a": "b"})), Reason.UNREADABLE),
    "no id": (Fault(answer=Answer(status=200, body={"value": [{}]})), Reason.UNREADABLE),
}
HOLDERS = (
    "Sql/servers",
    "Sql/managedInstances",
    "DBforPostgreSQL/flexibleServers",
    "DBforMySQL/flexibleServers",
    "Storage/storageAccounts",
)
WITHOUT_PARTS = (
    "Network/loadBalancers",
    "Network/applicationGateways",
    "Compute/virtualMachineScaleSets",
)


@pytest.fixture(scope="module")
def arm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackArm]:
    """Return a running Azure that has one of each, which the environment leads to."""
    with (
        pytest.MonkeyPatch.context() as patch,
        loopback_arm(tmp_path_factory.mktemp("azure")) as running,
    ):
        for name, value in running.environment().items():
            patch.setenv(name, value)
        for each in (*HOLDERS, *WITHOUT_PARTS):
            running.resources.put(_id(running, each), location="uksouth", properties={})
        yield running


def _id(arm: LoopbackArm, of_type: str) -> str:
    return arm.vm_id("one").replace("Compute/virtualMachines", of_type)


def _ask(arm: LoopbackArm) -> list[Listing]:
    return list(azure_resources(azure_settings(arm, ONCE), arm.subscription, Tally()))


def test_every_declared_question_is_put(arm: LoopbackArm) -> None:
    """Each type is listed by the page, and what holds parts is asked for them."""
    arm.behave()
    found = _ask(arm)
    assert {each.question for each in found} == {each.name for each in CALLS}
    assert not [each for each in found if isinstance(each.told, Unknown)]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_question_costs_only_that_one(arm: LoopbackArm, fault: str) -> None:
    """It is unknown with its reason, and with it what its resources hold; all others are told.

    Being denied is tried at each of them, all else at a type, at its parts, and at the last.
    """
    arm.behave()
    whole = [(each.question, each.of) for each in _ask(arm)]
    how, reason = FAULTS[fault]
    tried = range(len(whole)) if fault == "denied" else (0, 1, len(whole) - 1)
    for number in tried:
        asked = whole[number]
        arm.behave()
        arm.misbehave(Fault(), times=number)
        arm.misbehave(how, times=1)
        found = {(each.question, each.of): each.told for each in _ask(arm)}
        unknown = {key: told for key, told in found.items() if isinstance(told, Unknown)}
        assert {key: told.reason for key, told in unknown.items()} == {asked: reason}
        parts = {key for key in whole if not asked[1] and key[0].startswith(f"{asked[0]}/")}
        assert set(found) == set(whole) - parts
    arm.behave()


def test_long_listings_are_read_to_their_end(arm: LoopbackArm) -> None:
    """By the page; the number of requests is that of pages, not of resources."""
    arm.behave()
    shares = f"{_id(arm, 'Storage/storageAccounts')}/fileServices/default/shares"
    for number in range(120):
        arm.resources.put(f"{shares}/s{number}", location="", properties={"shareQuota": 1})
    before = len(arm.log)
    found = [each for each in _ask(arm) if each.question.endswith("/shares")]
    asked = [path for _, path in arm.log[before:] if path.endswith("/shares")]
    (listing,) = found
    assert not isinstance(listing.told, Unknown)
    assert (len(listing.told), len(asked)) == (120, 3)
    assert {each.region for each in listing.told} == {"uksouth"}
