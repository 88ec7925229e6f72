"""The new server has the tags that it must have, with values that are allowed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from migrate.checks._cloud import judged
from migrate.checks._conditions import aspect
from migrate.checks._say import unknown
from migrate.model.check import Check, OfCloud, Sight
from migrate.model.evidence import CheckResult
from migrate.model.plan import Destination
from migrate.model.playbook import About
from migrate.model.target import Machine


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    wanted: Mapping[str, str | list[str]] = parameters.get("tags", {})
    if not wanted:
        return unknown("no tag is asked for, so nothing is shown; name some under tags")
    machine = aspect(sight, Machine)
    if isinstance(machine, CheckResult):
        return machine
    same = _without_case if sight.move.to is Destination.AZURE else str
    has = {same(name): text for name, text in machine.tags.items()}
    faults = [
        fault
        for name, allowed in wanted.items()
        if (fault := _fault(name, allowed, has.get(same(name))))
    ]
    fine = f"it has the tags {', '.join(wanted)}"
    seen = {name: has.get(same(name)) for name in wanted}
    return judged(sight, faults, [], fine, seen)


def _without_case(name: str) -> str:
    """Azure's names of tags are the same in either case, its values are not."""
    return name.casefold()


def _fault(name: str, allowed: str | list[str], value: str | None) -> str:
    if value is None or not value.strip():
        return f"the tag {name} is missing" if value is None else f"the tag {name} is empty"
    values = [allowed] if isinstance(allowed, str) else allowed
    if values and value not in values:
        return f"the tag {name} is {value!r}, not {' or '.join(map(repr, values))}"
    return ""


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "tags": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {
                    "anyOf": [
                        {"type": "string", "minLength": 1},
                        {"type": "array", "items": {"type": "string", "minLength": 1}},
                    ]
                },
                "description": "the tags by name, each with its value or with the values that are "
                "allowed; an empty list allows any",
            }
        },
    },
    run=_run,
    reads="Asks the cloud for the new server's tags.",
    about=About.NEW,
    of_cloud=OfCloud(
        aspects=(Machine,),
        passes="Every tag that is asked for is there, with an allowed value.",
        fails="A tag is missing or empty, or has another value.",
        unknown="Nothing but a cloud that does not answer.",
    ),
)
