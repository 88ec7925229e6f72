"""An Azure on loopback that checks permissions by the actions of a role, as Azure does.

What a request needs is found from its method and path alone, by Resource Manager's own rule, and
not from what Decant declares. Sources:
https://learn.microsoft.com/azure/role-based-access-control/role-definitions (actions, wildcards)
and https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from migrate.demo.arm import LoopbackArm
from migrate.demo.arm_message import Answer, Request, refusal

_VERBS = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}
_OTHERWISE = {
    "Microsoft.ResourceGraph/resources/action": "Microsoft.ResourceGraph/resources/read",
    "Microsoft.CostManagement/query/action": "Microsoft.CostManagement/query/read",
    "Microsoft.PolicyInsights/policyStates/queryResults/action": (
        "Microsoft.PolicyInsights/policyStates/queryResults/read"
    ),
}
"""Questions that are put by POST, but are reading to Azure's roles: the built-in roles for reading
policy and costs, whose actions are all ``read``, may put them.
"""


def action_of(method: str, path: str) -> str:
    """Return the action that a request needs.

    >>> action_of("GET", "/subscriptions/1/providers/Microsoft.Compute/virtualMachines")
    'Microsoft.Compute/virtualMachines/read'
    >>> action_of("POST", "/subscriptions/1/providers/Microsoft.Compute/disks/d/beginGetAccess")
    'Microsoft.Compute/disks/beginGetAccess/action'
    """
    _, found, provided = path.rpartition("/providers/")
    if found and "/" in provided:
        namespace, *rest = provided.split("/")
        kind = "/".join([namespace, *rest[0::2]])
    else:
        kind = "/".join(["Microsoft.Resources", *path.strip("/").split("/")[0::2]])
    wanted = f"{kind}/{_VERBS.get(method, 'action')}"
    return _OTHERWISE.get(wanted, wanted)


def allows(role: Mapping[str, Any], action: str) -> bool:
    """Tell whether a role allows an action: case does not count, and a star is anything."""

    def is_among(patterns: list[str]) -> bool:
        return any(
            re.fullmatch(re.escape(each).replace(r"\*", ".*"), action, re.IGNORECASE)
            for each in patterns
        )

    return is_among(role["Actions"]) and not is_among(role["NotActions"])


def check_by(arm: LoopbackArm, role: Mapping[str, Any]) -> list[str]:
    """Let an Azure refuse what a role does not allow; return a list that it writes refusals to."""
    refused: list[str] = []

    def authorise(request: Request) -> Answer | None:
        action = action_of(request.method, request.path)
        if allows(role, action):
            return None
        refused.append(action)
        words = f"The client does not have authorization to perform action '{action}'."
        return refusal(403, "AuthorizationFailed", words)

    for method in (*_VERBS, "POST"):
        arm.answers.add(method, ".*", authorise)  # type: ignore[arg-type]
    return refused
