"""The least that Azure must allow, as a custom role made of the calls that are declared. Pure.

Source: https://learn.microsoft.com/azure/role-based-access-control/role-definitions
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from inventory.model.cloud_calls import Call, Purpose

ANY_SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000000"
"""Stands for the subscription of those who have not said which one it is."""
_DESCRIPTIONS: Final[Mapping[Purpose, str]] = {
    Purpose.LOOK: "Lets Decant look at what is in a subscription. It changes nothing.",
    Purpose.MIGRATE: "Lets Decant look at a subscription, and act on moves behind its gate.",
    Purpose.LEDGER: "Lets Decant keep the heads of its ledger in blobs, and sign with keys.",
}


def role(calls: Iterable[Call], purpose: Purpose, subscriptions: Sequence[str]) -> dict[str, Any]:
    """Return a role that allows these calls, as ``az role definition create`` takes it."""
    needed = tuple(calls)
    return {
        "Name": f"Decant {purpose.value}",
        "IsCustom": True,
        "Description": _DESCRIPTIONS[purpose],
        "Actions": _permissions(each for each in needed if not each.is_data),
        "NotActions": [],
        "DataActions": _permissions(each for each in needed if each.is_data),
        "NotDataActions": [],
        "AssignableScopes": [
            f"/subscriptions/{each}" for each in subscriptions or (ANY_SUBSCRIPTION,)
        ],
    }


def _permissions(calls: Iterable[Call]) -> list[str]:
    found = {each.lower(): each for call in calls for each in call.permissions}
    return [found[key] for key in sorted(found)]
