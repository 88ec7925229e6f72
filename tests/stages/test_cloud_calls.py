"""Calls of clouds are named by what they ask, and nothing undeclared is sent."""

from __future__ import annotations

import pytest

from inventory.model.cloud_calls import Provider, Tally, azure_call_name
from migrate.clouds.readers import REGISTRIES, calls

_SUBSCRIPTION = "/subscriptions/11111111-1111-1111-1111-111111111111"
_VM = f"{_SUBSCRIPTION}/resourceGroups/a/providers/Microsoft.Compute/virtualMachines/web-1"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/subscriptions", "GET Microsoft.Resources/subscriptions"),
        (
            f"{_SUBSCRIPTION}/resourceGroups/a",
            "GET Microsoft.Resources/subscriptions/resourceGroups",
        ),
        (
            f"{_SUBSCRIPTION}/providers/Microsoft.Compute",
            "GET Microsoft.Resources/subscriptions/providers",
        ),
        (_VM, "GET Microsoft.Compute/virtualMachines"),
        (f"{_VM}/instanceView", "GET Microsoft.Compute/virtualMachines/instanceView"),
        (
            f"{_VM}/providers/Microsoft.Insights/metrics",
            "GET Microsoft.Insights/metrics",
        ),
        ("/providers/Microsoft.ResourceGraph/resources", "GET Microsoft.ResourceGraph/resources"),
    ],
)
def test_a_request_is_named_by_its_type(path: str, name: str) -> None:
    """No name of a resource, group or subscription is part of it."""
    assert azure_call_name("GET", path) == name


@pytest.mark.parametrize("provider", list(Provider))
def test_looking_is_declared_as_looking(provider: Provider) -> None:
    """No reader declares a call that changes anything, nor one of another provider."""
    assert REGISTRIES[provider].names()
    for call in calls(provider):
        assert (call.provider, call.changes) == (provider, False)
        assert call.permissions
        if provider is Provider.AZURE:
            assert call.name.startswith(("GET ", "POST "))


def test_requests_are_counted_by_place_and_call() -> None:
    """Each that went out counts."""
    tally = Tally()
    for _ in range(3):
        tally.add("eu-west-2", "ec2:DescribeInstances")
    tally.add("eu-west-2", "ec2:DescribeVolumes")
    assert (tally.total, tally.rows()) == (
        4,
        (
            ("eu-west-2", "ec2:DescribeInstances", 3),
            ("eu-west-2", "ec2:DescribeVolumes", 1),
        ),
    )
