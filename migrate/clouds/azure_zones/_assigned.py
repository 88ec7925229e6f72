"""The policies that are assigned to a subscription, initiatives taken apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from inventory.model.cloud_calls import azure_call
from migrate.clouds.azure_zones._policy import resolved
from migrate.clouds.zones import AzureZoneAsked

CALLS = (
    azure_call("GET Microsoft.Authorization/policyAssignments"),
    azure_call("GET Microsoft.Authorization/policyDefinitions"),
    azure_call("GET Microsoft.Authorization/policySetDefinitions"),
)
_VERSION = "2023-04-01"
_SET = "/policysetdefinitions/"
_NOT_ENFORCED = "DoNotEnforce"
_DENY = "deny"


@dataclass(frozen=True, kw_only=True)
class Denial:
    """A policy that denies what its rule is true of."""

    policy: str
    """Its name, and that of the assignment."""
    rule: Any
    """The ``if`` of the definition; None when the definition is not told of."""
    parameters: Mapping[str, Any]
    narrowed: str = ""
    """How the assignment is narrowed in ways that are not judged here; empty when it is not."""


def denials(asked: AzureZoneAsked) -> list[Denial]:
    """Return what denies in a zone's subscription: three listings, with what lies above it."""
    return asked.shared.once((asked.place, "denials"), lambda: _denials(asked))


def _denials(asked: AzureZoneAsked) -> list[Denial]:
    arm, at = asked.arm, f"{asked.here}/providers/Microsoft.Authorization"
    assigned = list(arm.pages(f"{at}/policyAssignments", _VERSION, filter_="atScope()"))
    named = {each["properties"]["policyDefinitionId"].lower() for each in assigned}
    sets = arm.pages(f"{at}/policySetDefinitions", _VERSION) if _any_set(named) else ()
    definitions = arm.pages(f"{at}/policyDefinitions", _VERSION) if assigned else ()
    return list(denying(assigned, sets, definitions, asked.here))


def denying(
    assigned: Iterable[Mapping[str, Any]],
    sets: Iterable[Mapping[str, Any]],
    definitions: Iterable[Mapping[str, Any]],
    scope: str,
) -> Iterator[Denial]:
    """Yield the denials of assignments, as Azure lists these, initiatives and definitions. Pure."""
    by_id = {each["id"].lower(): each["properties"] for each in (*sets, *definitions)}
    for assignment in assigned:
        properties = assignment["properties"]
        spared = {each.lower() for each in properties.get("notScopes") or ()}
        if properties.get("enforcementMode") == _NOT_ENFORCED or scope.lower() in spared:
            continue
        name = properties.get("displayName") or assignment["name"]
        narrowed = ", ".join(
            each for each in ("resourceSelectors", "overrides") if properties.get(each)
        )
        for definition, given in _parts(properties, by_id):
            yield from _denial(name, definition, given, by_id, narrowed)


def _any_set(named: Iterable[str]) -> bool:
    return any(_SET in each for each in named)


def _parts(
    assignment: Mapping[str, Any], by_id: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the definitions that an assignment means, each with what its parameters are given."""
    named = assignment["policyDefinitionId"].lower()
    given = _values(assignment.get("parameters"))
    if _SET not in named:
        yield named, given
        return
    initiative = by_id.get(named)
    if initiative is None:
        yield named, given
        return
    known = _defaults(initiative) | given
    for each in initiative.get("policyDefinitions") or ():
        values = _values(each.get("parameters"))
        yield (
            each["policyDefinitionId"].lower(),
            {name: resolved(value, known) for name, value in values.items()},
        )


def _denial(
    name: str, named: str, given: dict[str, Any], by_id: Mapping[str, Any], narrowed: str
) -> Iterator[Denial]:
    definition = by_id.get(named)
    if definition is None:
        policy = f"{name} ({named.rpartition('/')[2]})"
        yield Denial(policy=policy, rule=None, parameters=given, narrowed=narrowed)
        return
    parameters = _defaults(definition) | given
    rule = definition["policyRule"]
    effect = str(resolved(rule["then"]["effect"], parameters)).lower()
    if effect != _DENY and not effect.startswith("["):
        return
    title = definition.get("displayName") or named.rpartition("/")[2]
    yield Denial(
        policy=name if name == title else f"{title} ({name})",
        rule=rule["if"],
        parameters=parameters,
        narrowed=narrowed if effect == _DENY else "its effect",
    )


def _values(parameters: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: each.get("value") for name, each in (parameters or {}).items()}


def _defaults(definition: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: each["defaultValue"]
        for name, each in (definition.get("parameters") or {}).items()
        if "defaultValue" in each
    }
