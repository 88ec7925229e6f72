"""What holds for every check, whoever wrote it."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from sights import NO_ANSWER, facts, sight

from inventory.registry import Plugin, Registry
from migrate.model.check import Check
from migrate.model.evidence import Outcome
from migrate.model.plan import Destination

CHECKS = Registry(package="migrate.checks", attribute="CHECK", kind=Check).all()


@pytest.fixture(params=sorted(CHECKS))
def check(request: pytest.FixtureRequest) -> Plugin[Check]:
    """Return each check in turn."""
    return CHECKS[request.param]


def _defaults(check: Check) -> dict[str, object]:
    properties = check.parameters["properties"]
    return {name: each["default"] for name, each in properties.items() if "default" in each}


def test_it_says_what_it_takes(check: Plugin[Check]) -> None:
    """Its parameters are a valid JSON Schema of an object that takes nothing else."""
    Draft202012Validator.check_schema(dict(check.value.parameters))
    assert check.value.parameters["type"] == "object"
    assert check.value.parameters["additionalProperties"] is False
    assert not Draft202012Validator(check.value.parameters).is_valid({"no such parameter": 1})


def test_its_defaults_are_what_it_takes(check: Plugin[Check]) -> None:
    """The defaults that it states are valid themselves."""
    Draft202012Validator(check.value.parameters).validate(_defaults(check.value))


def test_it_explains_itself(check: Plugin[Check]) -> None:
    """It says in a sentence what must be true, and in another what it looks at."""
    assert len(check.help) > 20
    assert check.value.reads.endswith(".")


@pytest.mark.parametrize("to", list(Destination))
@pytest.mark.parametrize("parameters", [{}, None], ids=["no parameters", "defaults"])
def test_nothing_seen_is_unknown(
    check: Plugin[Check], to: Destination, parameters: dict[str, object] | None
) -> None:
    """When neither server nor the cloud answers, it is unknown, with a reason: never passed."""
    given = _defaults(check.value) if parameters is None else parameters
    result = check.value.run(sight(to=to, new_address=None, new=None), given)
    assert result.outcome is Outcome.UNKNOWN
    assert result.detail


@pytest.mark.parametrize("seen", [NO_ANSWER, facts()], ids=["silent", "nothing told"])
def test_half_a_sight_never_passes_without_an_address(check: Plugin[Check], seen: object) -> None:
    """Servers that told nothing pass no check, and what was observed can be kept as JSON."""
    result = check.value.run(sight(old=seen, new=seen, new_address=None), {})  # type: ignore[arg-type]
    assert result.outcome is Outcome.UNKNOWN
    json.dumps(dict(result.observed))
