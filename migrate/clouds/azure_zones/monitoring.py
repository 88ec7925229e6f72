"""Log Analytics workspaces and action groups of Azure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inventory.model.cloud_calls import azure_call
from inventory.model.fact import Reason, Unknown
from migrate.clouds.azure_zones._network import by_asked, listed
from migrate.clouds.zones import AzureZoneAsked, partly
from migrate.model.landing_monitoring import Alert, Logs, Monitoring
from migrate.model.reader import Reader

_LOGS = azure_call("GET Microsoft.OperationalInsights/workspaces")
_GROUPS = azure_call("GET Microsoft.Insights/actionGroups")
_ENDING = "Receivers"
_OFF = frozenset({"Disabled", "NotSpecified"})


def _read(asked: AzureZoneAsked) -> Mapping[str, Monitoring]:
    zone = asked.zone

    def logs() -> Mapping[str, Logs]:
        found = listed(asked, "Microsoft.OperationalInsights/workspaces", "2023-09-01")
        return {each: workspace(said) for each, said in by_asked(zone.logs, found).items()}

    def alerts() -> Mapping[str, Alert | Unknown]:
        found = listed(asked, "Microsoft.Insights/actionGroups", "2023-01-01")
        return {each: action_group(said) for each, said in by_asked(zone.alerts, found).items()}

    return {
        asked.id: Monitoring(
            logs=partly(asked, logs, _LOGS) if zone.logs else {},
            alerts=partly(asked, alerts, _GROUPS) if zone.alerts else {},
        )
    }


def workspace(said: Mapping[str, Any]) -> Logs:
    """Make it of a workspace's JSON. Pure."""
    properties = said["properties"]
    state = properties.get("provisioningState", "")
    usable: bool | Unknown = state in {"Succeeded", "Updating"}
    if not usable and state not in {"Creating", "Failed", "Canceled", "Deleting"}:
        detail = f"its state is {state or 'not given'}, which says nothing"
        usable = Unknown(reason=Reason.NOT_TOLD, detail=detail)
    return Logs(usable=usable, state=state, kept_days=properties.get("retentionInDays"))


def action_group(said: Mapping[str, Any]) -> Alert:
    """Make it of an action group's JSON. Pure. Addresses are not kept.

    A receiver without a status is one that cannot be switched off by itself.
    """
    properties = said["properties"]
    if not properties.get("enabled"):
        return Alert(receivers=(), silent=("the group is disabled",))
    lists = {
        name.removesuffix(_ENDING): each or ()
        for name, each in properties.items()
        if name.endswith(_ENDING)
    }
    on, off = [], []
    for kind, receivers in sorted(lists.items()):
        bad = sum(each.get("status") in _OFF for each in receivers)
        on += [f"{len(receivers) - bad} {kind}"] if len(receivers) > bad else []
        off += [f"{bad} {kind} disabled"] if bad else []
    return Alert(receivers=tuple(on), silent=tuple(off))


READER = Reader(tells=Monitoring, calls=(_LOGS, _GROUPS), read=_read)
