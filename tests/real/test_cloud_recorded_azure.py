"""What Azure once said of a virtual machine, judged by every check that can judge it.

The recordings are of the tests of Microsoft's own SDK, of November 2019, made by its makers and not
by us. The machine (Standard_A0, Windows 2016, West US, its disk a blob of the old kind) has an
interface in a network without any filter, and no public address; other subscriptions' lists of
sizes, filters and public addresses stand beside it. Its instance view was not recorded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest
from clouds import azure_settings
from recorded_azure import ARCHIVES, SUBSCRIPTION, answers, repeat
from sights import move, sight

from inventory.model.cloud_settings import AwsSettings
from inventory.model.fact import Unknown
from migrate.clouds.look import CloudLook, open_clouds
from migrate.demo.arm import loopback_arm
from migrate.model.evidence import Outcome
from migrate.model.plan import Destination
from migrate.model.target_size import Capacity
from migrate.workbench import CHECKS

pytestmark = pytest.mark.skipif(
    not all(each.is_file() for each in ARCHIVES.values()),
    reason="needs Azure's recordings: tools/recordings fetches them",
)


@dataclass(frozen=True, kw_only=True)
class World:
    """What was recorded, told again."""

    clouds: CloudLook
    machine: str
    """Its id."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Return an Azure that repeats what it once said."""
    machine = list(answers("compute", "test_mgmt_compute.test_vm_extensions"))
    with (
        pytest.MonkeyPatch.context() as patch,
        loopback_arm(tmp_path_factory.mktemp("recorded")) as arm,
    ):
        for name, value in arm.environment().items():
            patch.setenv(name, value)
        repeat(
            arm,
            *machine,
            *answers("compute", "test_mgmt_compute.test_resources_skus"),
            *answers("network", "test_mgmt_network.test_network_security_groups"),
            *answers("network", "test_mgmt_network.test_public_ip_addresses"),
        )
        look = open_clouds(AwsSettings(), replace(azure_settings(arm), subscription=SUBSCRIPTION))
        of_type = "Microsoft.Compute/virtualMachines"
        yield World(
            clouds=look,
            machine=next(body["id"] for _, body in machine if body.get("type") == of_type),
        )
        look.close()


@pytest.mark.parametrize(
    ("check", "given", "outcome", "words"),
    [
        pytest.param(
            *("target-running", {}, Outcome.UNKNOWN, "state is not given"),
            id="its instance view was not recorded",
        ),
        pytest.param(
            *("target-right-size", {"size": "Standard_A0"}, Outcome.PASSED, "Standard_A0"),
            id="it is the size that it was made with",
        ),
        pytest.param(
            *("target-right-size", {"size": "Standard_D2s_v5"}, Outcome.FAILED, "Standard_A0"),
            id="it is another size",
        ),
        pytest.param(
            *("target-in-place", {"regions": ["uksouth"]}, Outcome.FAILED, "westus"),
            id="it is in West US",
        ),
        pytest.param(
            *("target-in-place", {"regions": ["westus"]}, Outcome.PASSED, ""),
            id="it is where it may be",
        ),
        pytest.param(
            *("target-tagged", {"tags": {"Owner": []}}, Outcome.FAILED, "Owner"),
            id="it has no tags",
        ),
        pytest.param(
            *("target-not-exposed", {}, Outcome.PASSED, "no filter"),
            id="it has no public address, and that nothing filters is said",
        ),
        pytest.param(
            *("target-encrypted", {}, Outcome.UNKNOWN, "no managed disk"),
            id="its disk is a blob, of which the machine says nothing",
        ),
        pytest.param(
            *("target-protected", {}, Outcome.FAILED, ""),
            id="no lock was recorded",
        ),
        pytest.param(
            *("target-backed-up", {}, Outcome.FAILED, "no plan"), id="there is no vault either"
        ),
        pytest.param(
            *("target-boots", {}, Outcome.UNKNOWN, ""), id="boot diagnostics were not recorded"
        ),
        pytest.param(*("target-metadata", {}, Outcome.UNKNOWN, "only AWS"), id="it is not in AWS"),
    ],
)
def test_what_azure_once_said_is_judged(
    world: World, check: str, given: Mapping[str, Any], outcome: Outcome, words: str
) -> None:
    """As the recording argues; nothing that it does not tell is passed."""
    going = move(to=Destination.AZURE, resource=world.machine)
    result = CHECKS.one(check).value.run(replace(sight(), move=going, clouds=world.clouds), given)
    assert result.outcome is outcome, result
    assert words in result.detail


def test_a_size_of_the_recorded_list_is_known(world: World) -> None:
    """A Standard_A0 had one shared processor and 0.75 GiB, as Azure's list of sizes says."""
    going = move(to=Destination.AZURE, resource=world.machine)
    told = world.clouds.told(going, Capacity)
    assert not isinstance(told, Unknown)
    assert (told.size, told.vcpus, told.memory_bytes) == ("Standard_A0", 1, 3 << 28)
