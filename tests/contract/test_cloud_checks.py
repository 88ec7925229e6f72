"""Every check of a cloud says what passes and what fails, and never passes what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from inventory.model.cloud_calls import Provider
from inventory.model.fact import Reason, Unknown
from migrate.clouds.readers import readers
from migrate.model.evidence import Outcome
from migrate.model.plan import Destination
from migrate.playbooks import parameters_fault
from migrate.workbench import CHECKS
from tests.sights import SaidClouds, move, sight

OF_CLOUDS = {name: each.value for name, each in CHECKS.all().items() if each.value.of_cloud}
_SILENT = [Unknown(reason=each, detail="made by a test") for each in Reason]


@pytest.mark.parametrize("name", OF_CLOUDS)
def test_it_says_what_it_comes_to(name: str) -> None:
    """The reference's table is made of its sentences, and of readers that there are."""
    said = OF_CLOUDS[name].of_cloud
    assert said
    assert all((said.passes, said.fails, said.unknown))
    told = {*readers(Provider.AWS), *readers(Provider.AZURE)}
    assert said.aspects
    assert set(said.aspects) <= told


@pytest.mark.parametrize("name", OF_CLOUDS)
def test_what_only_a_parameter_asks_for_is_not_asked_for_a_wave(name: str) -> None:
    """What a stage reads ahead is always looked at, or could be: nothing costs calls in vain."""
    of = OF_CLOUDS[name].of_cloud
    assert of
    assert of.on_request < set(of.aspects)
    assert of.always | of.on_request == set(of.aspects)
    assert not of.always & of.on_request


@pytest.mark.parametrize("why", _SILENT, ids=lambda each: each.reason.value)
@pytest.mark.parametrize("to", [Destination.AWS, Destination.AZURE])
@pytest.mark.parametrize("name", OF_CLOUDS)
def test_what_a_cloud_does_not_tell_is_unknown(name: str, to: Destination, why: Unknown) -> None:
    """Whatever the reason, and the reason is handed on."""
    check = OF_CLOUDS[name]
    of = check.of_cloud
    assert of
    parameters = _least(check.parameters)
    assert not parameters_fault(check.parameters, parameters)
    clouds = SaidClouds(says=why, aspects=dict.fromkeys(of.aspects, why))
    seen = replace(sight(), move=move(to=to, resource=_RESOURCES[to]), clouds=clouds)
    result = check.run(seen, parameters)
    assert result.outcome is Outcome.UNKNOWN, result
    assert result.detail


_RESOURCES = {
    Destination.AWS: "i-0a1b2c3d4e5f60718",
    Destination.AZURE: "/subscriptions/1/resourceGroups/a/providers/Microsoft.Compute"
    "/virtualMachines/web-1",
}


def _least(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the least that a schema asks for."""
    return {name: _value(schema["properties"][name]) for name in schema.get("required", ())}


def _value(schema: Mapping[str, Any]) -> object:
    if "enum" in schema:
        return schema["enum"][0]
    if "default" in schema:
        return schema["default"]
    kind = schema.get("type", "string")
    if kind == "object":
        return _least(schema) or {"Owner": ["ICT"]}
    if kind == "array":
        return [_value(schema.get("items", {}))] * schema.get("minItems", 1)
    return {"integer": schema.get("minimum", 1), "number": 1, "boolean": True}.get(kind, "a")
