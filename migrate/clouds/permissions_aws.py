"""The least that AWS must allow, as IAM policies made of the calls that are declared. Pure.

Grammar and sizes: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
and …/reference_iam-quotas.html (a managed policy may have 6,144 characters; blanks do not count).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from inventory.model.cloud_calls import Call

MOST_CHARACTERS: Final = 6_144
VERSION: Final = "2012-10-17"
"""Of IAM's policy language; there is none newer."""
_ANY: Final = ("*",)

Resources = Mapping[str, Sequence[str]]
"""ARNs by action, for those that need not be allowed on everything; none for what is not needed."""


def policies(
    calls: Iterable[Call], resources: Resources | None = None
) -> tuple[Mapping[str, Any], ...]:
    """Return policies that allow these calls, and nothing else; as few as hold them."""
    narrowed = resources or {}
    wanted = {each for call in calls for each in call.permissions}
    actions = sorted(each for each in wanted if narrowed.get(each, _ANY))
    found: list[list[str]] = [[]]
    for action in actions:
        if size(_policy([*found[-1], action], narrowed)) > MOST_CHARACTERS:
            found.append([])
        found[-1].append(action)
    return tuple(_policy(each, narrowed) for each in found if each)


def size(policy: Mapping[str, Any]) -> int:
    """Return how many characters of a policy count towards IAM's limit."""
    return len(json.dumps(policy, separators=(",", ":")))


def _policy(actions: Iterable[str], resources: Resources) -> Mapping[str, Any]:
    together: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for action in actions:
        service = action.partition(":")[0]
        together[service, tuple(resources.get(action, _ANY))].append(action)
    statements = [
        {
            "Sid": _sid(service, number),
            "Effect": "Allow",
            "Action": mine,
            "Resource": "*" if on == _ANY else list(on),
        }
        for number, ((service, on), mine) in enumerate(together.items(), start=1)
    ]
    return {"Version": VERSION, "Statement": statements}


def _sid(service: str, number: int) -> str:
    """Return a statement's id, which may hold letters and digits only."""
    return f"Decant{number}{''.join(each for each in service.title() if each.isalnum())}"
