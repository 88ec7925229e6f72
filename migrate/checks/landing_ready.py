"""The landing zone that the server's wave moves to is ready."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from migrate.checks._say import unknown
from migrate.conditions._together import together
from migrate.model.check import Check, Sight
from migrate.model.evidence import CheckResult, Outcome
from migrate.model.plan import Destination
from migrate.model.playbook import About

_CONDITIONS: Final = (
    *("addresses", "backups", "connections", "keys", "licences", "monitoring", "names"),
    *("policies", "quotas", "routes", "security-groups", "sizes", "tags"),
)
_CLOUDS: Final = frozenset({Destination.AWS, Destination.AZURE})


def _run(sight: Sight, parameters: Mapping[str, Any]) -> CheckResult:
    move = sight.move
    if move.to not in _CLOUDS:
        return unknown(f"{move.server} goes to {move.to.value}, which has no landing zone")
    wanted = parameters.get("conditions", _CONDITIONS)
    found = [(name, sight.landing(name)) for name in wanted]
    judged = together(_named(found), none="no condition is asked for")
    return CheckResult(
        outcome=judged.outcome,
        detail=judged.detail,
        observed={name: each.outcome.value for name, each in found},
    )


def _named(found: Sequence[tuple[str, CheckResult]]) -> list[CheckResult]:
    """Return the results with the conditions that they are of; those that say the same as one."""
    alike: dict[tuple[Outcome, str], list[str]] = {}
    for name, each in found:
        alike.setdefault((each.outcome, each.detail), []).append(name)
    return [
        CheckResult(outcome=outcome, detail=f"{', '.join(names)} of {detail}")
        for (outcome, detail), names in alike.items()
    ]


CHECK = Check(
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "conditions": {
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": {"enum": list(_CONDITIONS)},
                "default": list(_CONDITIONS),
                "description": "Conditions that must hold; every one unless given.",
            }
        },
    },
    run=_run,
    reads="Asks the cloud about the landing zone that decant.toml describes, as decant landing "
    "does, for what the server's wave needs.",
    about=About.PLACE,
)
